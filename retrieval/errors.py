"""What can go wrong, in words for people."""

from enum import StrEnum


class RetrievalError(Exception):
    """The base of this library's errors; its text says what, where and what to do."""


class ArticlesError(RetrievalError):
    """The articles cannot be read."""


class FormatError(RetrievalError):
    """Data that cannot be read as an article; the text says why and what to do, without their name."""


class StoreError(RetrievalError):
    """The database cannot be opened, read or written."""


class QuestionsError(RetrievalError):
    """A file of questions is not in its format."""


class DamagedIndexError(RetrievalError):
    """The kept index is not whole, or is not one of this version: it has to be built again."""


class IndexSaveError(RetrievalError):
    """The index cannot be written; what was kept before is still there."""


class FetchFault(StrEnum):
    """What kind of trouble a link made, for callers that say it in words of their own."""

    ADDRESS = "address"  # no link, or of a kind that is not read: another scheme, a password, an odd port
    PRIVATE = "private"  # it leads into a private network
    NAME = "name"  # there is no such name
    CONNECTION = "connection"  # nobody listens there
    SECURITY = "security"  # no secure connection: a wrong certificate
    TIME = "time"  # it took too long
    SIZE = "size"  # it is too large
    KIND = "kind"  # a picture, a film: nothing with an article in it
    STATUS = "status"  # the site answered, but not with the page
    REDIRECT = "redirect"  # it was passed on too often, nowhere, or to a place where it may not go
    ROBOTS = "robots"  # the site's robots.txt does not allow it
    BROKEN = "broken"  # the answer is cut off or damaged


class FetchError(RetrievalError):
    """A link cannot be read.

    `where` is the link as people may see it, `reason` what is wrong and what to do, without the link. `status` is the
    HTTP status where there was one; `retry_after` the seconds (0 or more) that the site asks to wait.
    """

    def __init__(
        self,
        where: str,
        reason: str,
        fault: FetchFault,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason
        self.fault = fault
        self.status = status
        self.retry_after = retry_after
