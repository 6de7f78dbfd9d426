"""What can go wrong, in words for people."""

from enum import Enum, StrEnum, auto


class Trouble(Enum):
    """Why something that was given could not be read, for callers that say it in words of their own."""

    PASSWORD = auto()
    SCANNED = auto()  # its pages are pictures of text
    PICTURE = auto()  # a picture, sound or video
    DAMAGED = auto()
    EMPTY = auto()  # it has no text
    NO_STORY = auto()  # a page without an article: a list of news, or one that a script draws
    LARGE = auto()  # more bytes, files or markup than are looked at
    FORMAT = auto()  # of a kind that has no reader
    ENCODING = auto()  # nothing tells which letters its bytes are
    LINE = auto()  # a line of JSON Lines that is no article
    FEED = auto()  # a feed where an article was expected
    UNREACHABLE = auto()  # the link is wrong, or its site does not give the page
    PRIVATE = auto()  # the link leads into a private network
    ROBOTS = auto()  # the site's robots.txt does not allow it
    TWICE = auto()  # its id is that of another in the same group
    OTHER = auto()


class RetrievalError(Exception):
    """The base of this library's errors; its text says what, where and what to do."""


class ArticlesError(RetrievalError):
    """The articles cannot be read."""


class FormatError(RetrievalError):
    """Data that cannot be read as an article; the text says why and what to do, without their name."""

    def __init__(self, reason: str, kind: Trouble) -> None:
        super().__init__(reason)
        self.kind = kind


class StoreError(RetrievalError):
    """The database cannot be opened, read or written."""


class GlossaryError(RetrievalError):
    """A glossary cannot be read."""


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


_TROUBLES = {
    FetchFault.PRIVATE: Trouble.PRIVATE,
    FetchFault.ROBOTS: Trouble.ROBOTS,
    FetchFault.SIZE: Trouble.LARGE,
    FetchFault.KIND: Trouble.PICTURE,
}
"""What a fault is to a reader; all others only mean that the page cannot be reached."""


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

    @property
    def kind(self) -> Trouble:
        """The same as `fault`, as coarsely as it is told of files too."""
        return _TROUBLES.get(self.fault, Trouble.UNREACHABLE)
