"""What can go wrong, in words for people."""


class RetrievalError(Exception):
    """The base of this library's errors; its text says what, where and what to do."""


class ArticlesError(RetrievalError):
    """The articles cannot be read."""


class StoreError(RetrievalError):
    """The database cannot be opened, read or written."""


class QuestionsError(RetrievalError):
    """A file of questions is not in its format."""
