"""What sites ask of programs in their robots.txt, by RFC 9309.

Python's urllib.robotparser takes the first rule that fits instead of the longest and knows no `*` and `$`, so it lets
through what sites mean to keep out, and keeps out what they allow.
"""

import asyncio
import math
import re
import ssl
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from yarl import URL

from retrieval.addresses import address, shown
from retrieval.connecting import Resolve, lookup
from retrieval.errors import FetchError, FetchFault
from retrieval.fetching import LIMITS, Limits, fetch

TOKEN = "dayek"  # noqa: S105 a name, not a secret
"""Our name in a robots.txt."""
_READ = 512_000
"""Bytes of a robots.txt that count; RFC 9309 wants 500 KiB at least."""
_SITES = 1000
_DAY = 24 * 3600.0
_SOON = 600.0
"""Seconds until a robots.txt that could not be read is asked for again."""
_MANY = 429
_OWN_FAULT = 500
_ESCAPE = re.compile("%([0-9a-fA-F]{2})")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True)
class Rules:
    """What one site asks of us: its rules as (pattern, allowed), and the seconds it wants between two requests."""

    patterns: tuple[tuple[str, bool], ...] = ()
    delay: float | None = None

    def allow(self, path: str) -> bool:
        """Whether a path with its query, as `/a?b=c`, may be asked for: the longest rule that fits decides.

        Of two as long the one that allows wins.

        >>> Rules((("/a", False), ("/a/b", True))).allow("/a/b/c")
        True
        """
        path = _escaped(path)
        if path == "/robots.txt":
            return True
        fitting = [(len(pattern), allowed) for pattern, allowed in self.patterns if _fits(pattern, path)]
        return max(fitting, default=(0, True))[1]


@dataclass
class _Group:
    patterns: list[tuple[str, bool]] = field(default_factory=list)
    delay: float | None = None


def rules_of(text: str) -> Rules:
    """The rules for us in a robots.txt: those that name us, all groups of them together, else those for all (`*`)."""
    groups: dict[str, _Group] = {}
    named: list[str] = []
    within = False
    for line in text.removeprefix("\ufeff").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            named, within = ([] if within else named), False
            named.append(_agent(value))
            groups.setdefault(named[-1], _Group())
        elif key in ("allow", "disallow", "crawl-delay"):
            within = True
            for group in {name: groups[name] for name in named}.values():
                _enter(group, key, value)
    ours = groups.get(TOKEN) or groups.get("*") or _Group()
    return Rules(tuple(ours.patterns), ours.delay)


class Robots:
    """The robots.txt of the sites that are asked, each read once a day.

    By RFC 9309 a site without one (any 4xx) is open, and one whose robots.txt cannot be had for now (5xx, 429, no
    answer) is closed until it can. `also`, `resolve` and `tls` are those of retrieval.fetching.fetch; `clock` gives
    seconds.
    """

    def __init__(
        self,
        *,
        limits: Limits = LIMITS,
        also: frozenset[str] = frozenset(),
        resolve: Resolve = lookup,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = limits
        self._also = also
        self._resolve = resolve
        self._tls = tls
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, Rules | FetchError]] = OrderedDict()
        self._asking: dict[str, asyncio.Lock] = {}

    async def check(self, url: str) -> None:
        """Raise FetchError where the site of a link does not want it read by programs: the `may` of a fetch."""
        here = address(url)
        if here.raw_path_qs == "/robots.txt":
            return
        rules = await self._rules(here)
        if not rules.allow(here.raw_path_qs):
            raise FetchError(
                shown(here),
                "the site asks programs not to read this page (its robots.txt); open it in a browser, save it and "
                "add the file",
                FetchFault.ROBOTS,
            )

    async def delay(self, url: str) -> float | None:
        """The seconds that a link's site wants between two requests (its Crawl-delay), None where it says nothing.

        Raises FetchError where its robots.txt cannot be had for now.
        """
        return (await self._rules(address(url))).delay

    async def _rules(self, url: URL) -> Rules:
        origin = str(url.origin())
        async with self._asking.setdefault(origin, asyncio.Lock()):
            until, known = self._known.get(origin, (-math.inf, Rules()))
            if until <= self._clock():
                known, lasting = await self._read(origin)
                self._known[origin] = self._clock() + lasting, known
            self._known.move_to_end(origin)
        while len(self._known) > _SITES:
            oldest, _ = self._known.popitem(last=False)
            self._asking.pop(oldest, None)
        if isinstance(known, FetchError):
            raise FetchError(shown(url), known.reason, known.fault, known.status, known.retry_after)
        return known

    async def _read(self, origin: str) -> tuple[Rules | FetchError, float]:
        """The rules of a site, or why there are none for now; and the seconds for which this holds."""
        try:
            fetched = await fetch(
                f"{origin}/robots.txt",
                limits=self._limits,
                also=self._also,
                resolve=self._resolve,
                tls=self._tls,
            )
        except FetchError as error:
            return _without(error)
        return rules_of(fetched.body[:_READ].decode(errors="replace")), _DAY


def _without(error: FetchError) -> tuple[Rules | FetchError, float]:
    away = error.fault is FetchFault.STATUS and error.status is not None and error.status < _OWN_FAULT
    if (away and error.status != _MANY) or error.fault in (FetchFault.REDIRECT, FetchFault.KIND):
        return Rules(), _DAY
    return error, max(error.retry_after or 0.0, _SOON)


def _agent(value: str) -> str:
    """The name in a User-agent line, without a version behind it."""
    match = re.match(r"[A-Za-z_-]+|\*", value)
    return match[0].lower() if match else ""


def _enter(group: _Group, key: str, value: str) -> None:
    if key == "crawl-delay":
        try:
            seconds = float(value)
        except ValueError:
            return
        if math.isfinite(seconds) and seconds >= 0:
            group.delay = max(seconds, group.delay or 0.0)
    elif value.startswith(("/", "*")):
        group.patterns.append((_escaped(value), key == "allow"))


def _escaped(path: str) -> str:
    """A path with everything escaped that has to be, and nothing else, so that one can be compared with another."""

    def plain(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char in _PLAIN else match[0].upper()

    return quote(_ESCAPE.sub(plain, path), safe="%/?#[]@!$&'()*+,;=:|")


def _fits(pattern: str, path: str) -> bool:
    """Whether a path begins as the pattern says; `*` stands for any letters, `$` at its end for the path's end.

    The pieces between the stars are looked for one behind the other, so that no pattern takes long.
    """
    closed = pattern.endswith("$")
    first, *pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if closed and not pieces:
        return path == first
    at = len(first)
    last = pieces.pop() if closed else ""
    for piece in pieces:
        if not piece:
            continue
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return path.endswith(last) and len(path) - len(last) >= at
