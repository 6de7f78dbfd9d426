"""What can go wrong, in words for people."""


class RetrievalError(Exception):
    """The base of this library's errors; its text says what, where and what to do."""


class ArticlesError(RetrievalError):
    """The articles cannot be read."""


class StoreError(RetrievalError):
    """The database cannot be opened, read or written."""


class QuestionsError(RetrievalError):
    """A file of questions is not in its format."""


class DamagedIndexError(RetrievalError):
    """The kept index is not whole, or is not one of this version: it has to be built again."""


class IndexSaveError(RetrievalError):
    """The index cannot be written; what was kept before is still there."""
