"""What the store is told of articles and tells of them, besides the articles."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did, by article id, and how many articles stayed as they were.

    `refused` are those that were left out, for another origin has an article of that id.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    refused: tuple[str, ...] = ()

    def __str__(self) -> str:
        total = len(self.added) + len(self.changed) + self.unchanged
        said = [
            f"{len(ids)} {name}"
            for name, ids in (("new", self.added), ("changed", self.changed), ("removed", self.removed))
            if ids
        ]
        return f"{total} articles: " + (", ".join(said) or "nothing changed")


@dataclass(frozen=True, slots=True)
class Taken:
    """What the articles of an origin were last taken from: `fingerprint` tells it, `problems` are what was said."""

    fingerprint: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of a stored article besides its fields.

    `location` is the path or the link that it came from, where it came from one. `removed` says that it is; then
    `barred` says that a person removed it, so that what it came from is not to bring it back.
    """

    digest: str
    origin: str
    location: str | None
    removed: bool
    barred: bool
