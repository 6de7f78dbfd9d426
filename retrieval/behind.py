"""What an index has to catch up with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.index import Index, Part


@dataclass(frozen=True, slots=True)
class Stale:
    """What an index has to catch up with, by article id: those to put in, anew or again, and those to remove."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]


def stale(index: Index, stored: Mapping[str, str]) -> Stale:
    """How an index differs from the articles that are stored, given by id with their digests; no text is read."""
    held: dict[str, str] = {}
    for part in index.parts:
        held.update(_held(part))
    return Stale(
        tuple(sorted(id_ for id_, digest in stored.items() if held.get(id_) != digest)),
        tuple(sorted(held.keys() - stored.keys())),
    )


def stale_of(index: Index, digests: Mapping[str, str | None]) -> Stale:
    """The same for some articles alone: the digest of each, None for one that is not to be there."""
    changed, removed = [], []
    for id_, digest in digests.items():
        held = digest_in(index.parts, id_)
        if digest is not None and held != digest:
            changed.append(id_)
        elif digest is None and held is not None:
            removed.append(id_)
    return Stale(tuple(sorted(changed)), tuple(sorted(removed)))


def stale_against(index: Index, other: Index) -> Stale:
    """How an index differs from another one; of segments that both have, only what was removed is looked at."""
    shared = {part.segment.digest for part in index.parts} & {part.segment.digest for part in other.parts}
    suspects: set[str] = set()
    held: list[dict[str, str]] = []
    for one in (index, other):
        held.append({})
        for part in one.parts:
            if part.segment.digest in shared:
                suspects.update(_gone(part))
            else:
                held[-1].update(_held(part))
    suspects.update(id_ for id_, _ in held[0].items() ^ held[1].items())
    return stale_of(index, {id_: digest_in(other.parts, id_) for id_ in suspects})


def digest_in(parts: Sequence[Part], id_: str) -> str | None:
    """`Article.digest` of an article of the parts; None where it is not there."""
    for part in parts:
        number = part.number_of(id_)
        if number is not None:
            return bytes(part.segment.digests[number]).hex()
    return None


def _held(part: Part) -> Iterable[tuple[str, str]]:
    gone = frozenset(part.gone_articles.tolist())
    articles = enumerate(zip(part.segment.ids, part.segment.hexdigests, strict=True))
    return (article for number, article in articles if number not in gone)


def _gone(part: Part) -> Iterable[str]:
    return (part.segment.names[number] for number in part.gone_articles.tolist())
