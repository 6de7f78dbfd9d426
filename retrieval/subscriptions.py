"""The setting FEEDS: which feeds are followed, and how often each is looked at."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

EVERY = 15 * 60
"""Seconds between two looks at a feed where nothing else was said."""
LEAST = 5 * 60
"""Seconds between two looks at the least."""
MOST = 7 * 24 * 3600
"""Seconds between two looks at the most."""
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 24 * 3600}
_EXAMPLE = "https://news.example.org/rss=30m"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed by its address, and the seconds between two looks at it."""

    url: str
    every: int = EVERY

    @property
    def host(self) -> str:
        """Whose server it is on: the name and the port."""
        return host_of(self.url)

    @property
    def shown(self) -> str:
        """The address as others may see it: what stands behind `?` may be somebody's key."""
        return shown(self.url)


def host_of(url: str) -> str:
    """The name and the port of an address, by which one server is told from another."""
    return urlsplit(url).netloc.lower()


def shown(url: str) -> str:
    """An address without what may be secret in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}{'?…' if parts.query else ''}"


def subscriptions(value: str) -> tuple[Subscription, ...]:
    """The feeds that a value of FEEDS names: addresses with spaces or new lines between, each perhaps with `=30m`.

    Raises ValueError with a sentence that says what is wrong and what to do.
    """
    found = tuple(_subscription(part) for part in value.split())
    urls = [one.url for one in found]
    if twice := next((one for one in found if urls.count(one.url) > 1), None):
        raise ValueError(f"has {twice.shown} twice. Leave one of them out.")
    return found


def labels(urls: list[str]) -> dict[str, str]:
    """A name for each address that may be shown and that no other one has."""
    names: dict[str, str] = {}
    for url in urls:
        name = shown(url)
        same = sum(taken == name or taken.startswith(f"{name} #") for taken in names.values())
        names[url] = f"{name} #{same + 1}" if same else name
    return names


def _subscription(part: str) -> Subscription:
    match = re.fullmatch(r"(?P<url>.+)=(?P<number>\d{1,6})(?P<unit>[smhd])", part)
    url = match["url"] if match else part
    every = int(match["number"]) * _UNITS[match["unit"]] if match else EVERY
    _check(url)
    if match is None and "?" not in url and (wrong := re.search(r"=(\w*)$", url)):
        raise ValueError(
            f"has {wrong[0]!r} behind {shown(url)}, which is no time. Write minutes, hours or days: {_EXAMPLE}"
        )
    if every < LEAST:
        raise ValueError(
            f"looks at {shown(url)} more often than every 5 minutes. Write 5m or more: {_EXAMPLE}"
        )
    if every > MOST:
        raise ValueError(f"looks at {shown(url)} less than once a week. Write 7d or less: {_EXAMPLE}")
    return Subscription(url, every)


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        complete = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a bracket that is not closed
        complete = False
    if not complete or not url.isprintable() or re.search(r"[,;]https?://", url):
        raise ValueError(
            "has an entry that does not begin with https:// or http://. Put spaces between addresses, "
            f"each such as {_EXAMPLE}"
        )
    if "@" in parts.netloc:  # it would be shown and logged
        raise ValueError(f"has a user name or a password in {shown(url)}. Name a feed that needs none.")
