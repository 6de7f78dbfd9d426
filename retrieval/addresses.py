"""Which links may be asked for, and how people see them. Pure: no names are looked up here.

A link comes from anybody, so it may not make this machine knock on doors that only it can reach. That is judged by
the addresses themselves and not by Python's `is_global`, which differs between versions of Python and takes the
wrapped forms (a private IPv4 address inside an IPv6 one) for public.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import unquote

from yarl import URL

from retrieval.errors import FetchError, FetchFault

LONGEST = 2048
"""Characters of a link."""
_PORTS = frozenset({80, 443, 8080, 8443})
"""Where sites stand. What listens elsewhere is another service: a mail server, a database, somebody's router.

No list of the known bad ports would be complete, and asking one after the other would make a port scanner of us.
"""
_SHOWN = 120  # characters of a link in a sentence

_NO_IPV4 = [
    *map(ip_network, ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16")),
    *map(ip_network, ("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16")),
    *map(ip_network, ("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4")),
    ip_network("168.63.129.16/32"),  # looks public, but inside Azure it is the machine's own host
]
_IPV6 = ip_network("2000::/3")  # all that is given out; loopback, local and multicast addresses lie outside
_NO_IPV6 = [*map(ip_network, ("2001::/23", "2001:db8::/32", "3fff::/20"))]
_WRAPPED = [  # IPv6 addresses that stand for an IPv4 one, and where it begins, in bits from the right
    (ip_network("::ffff:0:0/96"), 0),
    (ip_network("64:ff9b::/96"), 0),  # NAT64
    (ip_network("2002::/16"), 80),  # 6to4
]

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_CYRILLIC = re.compile(r"[\u0400-\u052f\d-]+")
_LATIN_LOOKING = frozenset("асԁеһіјӏорԛѕԝхуъьҽпгѵѡүө0123456789-")
_SAME_SITE = re.compile(r"^(?:(?:www|m|mobile|amp)\.)+")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|yclid|ysclid|_openstat", re.IGNORECASE)


def address(text: str) -> URL:
    """The address in a link, as it will be asked for: without a fragment, its host in ASCII and small letters.

    Raises FetchError for what is no http or https link that a person can check by eye: with spaces or invisible
    characters, a user or password, a number written in an odd way for a host.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise _wrong(
            text, f"this link is longer than {LONGEST} characters; give the link of the article itself"
        )
    if not text.isprintable() or " " in text or "\\" in text:
        raise _wrong(text, "this link has spaces, backslashes or invisible characters; copy it again")
    if not re.match("https?://", text, re.IGNORECASE):
        raise _wrong(text, "this is no link to a web page; write it from https:// on")
    try:
        url = URL(text).with_fragment(None)
        host, port, names = url.raw_host or "", url.port, url.raw_user or url.raw_password
    except ValueError:
        raise _wrong(text, "this is no valid link; copy it again from the browser") from None
    if names is not None:
        raise _wrong(text, "this link has a user name or a password in it; take them out")
    if not _is_host(host.removesuffix(".")) or not port:
        raise _wrong(text, "the site's name in this link is not valid; copy it again from the browser")
    return url.with_host(host.removesuffix(".")) if host.endswith(".") else url


def place(url: URL) -> str:
    """The host and port that an address leads to, as the names of allowed private hosts are written."""
    host = url.raw_host or ""
    return f"[{host}]:{url.port}" if ":" in host else f"{host}:{url.port}"


def places(text: str) -> frozenset[str]:
    """The private hosts that an operator allows: `host:port`, separated by spaces or commas.

    Raises ValueError, in words for people, for one that is not written so.
    """
    found = set()
    for part in re.split(r"[\s,]+", text.strip()):
        if not part:
            continue
        try:
            url = address(f"http://{part}")
        except FetchError:
            url = URL()
        if not url.host or url.raw_path_qs != "/" or not re.search(r":\d+$", part):
            raise ValueError(f"{part!r} is no host with a port, such as news.example:8080")
        found.add(place(url))
    return frozenset(found)


def admitted(url: URL, also: frozenset[str] = frozenset(), before: URL | None = None) -> bool:
    """Whether the address is a private one that is allowed by name (in `also`); False for all others that may be asked.

    `before` is the address that passed on to this one. Raises FetchError where it may not be asked. A private host is
    reached directly or from another such host, never by a redirect of a public page: else any page could use it.
    """
    if before is not None and before.scheme == "https" and url.scheme != "https":
        raise FetchError(
            shown(before),
            "the site passes on from a secure to an insecure connection; look in a browser for a link that begins "
            "with https://",
            FetchFault.REDIRECT,
        )
    if place(url) in also and (before is None or place(before) in also):
        return True
    host = url.raw_host or ""
    if (":" in host or _NUMBER.fullmatch(host.rpartition(".")[2])) and not is_public(host):
        raise private(url)
    if url.port not in _PORTS:
        raise FetchError(
            shown(url),
            f"port {url.port} is no port of a web site; only 80, 443, 8080 and 8443 are read",
            FetchFault.ADDRESS,
        )
    return False


def is_public(text: str) -> bool:
    """Whether an IP address belongs to a machine on the open internet; an IPv6 form of an IPv4 one counts as that."""
    try:
        ip = ip_address(text)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in block for block in _NO_IPV4)
    if ip.scope_id is not None:
        return False
    for block, shift in _WRAPPED:
        if ip in block:
            return is_public(str(IPv4Address(int(ip) >> shift & 0xFFFFFFFF)))
    return ip in _IPV6 and not any(ip in block for block in _NO_IPV6)


def private(url: URL) -> FetchError:
    """What to say of a link into a private network."""
    return FetchError(
        shown(url),
        "this link leads into a private network; only public pages are read (save the page and "
        "add the file instead; a host of your own network can be named in FETCH_ALSO)",
        FetchFault.PRIVATE,
    )


def shown(url: URL | str) -> str:
    """A link for people's eyes: nothing invisible in it, no name that passes for another, at most 120 characters.

    A name with letters beyond ASCII is shown in them where it is Cyrillic and no Latin word could look like it, else
    as `xn--…`. Never raises, whatever the text is.
    """
    if isinstance(url, str):
        try:
            url = address(url)
        except FetchError as error:
            return error.where
    port = "" if url.is_default_port() else f":{url.port}"
    host = url.raw_host or ""
    name = f"[{host}]" if ":" in host else ".".join(map(_shown_label, host.split(".")))
    return _cut(f"{url.scheme}://{name}{port}{_shown_path(url.raw_path_qs)}")


def page_link(url: URL) -> str:
    """The link of a page without what only says where its reader came from."""
    kept = [(key, value) for key, value in url.query.items() if not _TRACKING.fullmatch(key)]
    return str(
        url.with_fragment(None) if len(kept) == len(url.query) else url.with_fragment(None).with_query(kept)
    )


def canonical(link: str | None, page: URL) -> str:
    """The link that a page gives as its own, where it can be believed, else the page's link.

    A page can say anything: it is believed about its own site (www., m., mobile. and amp. aside), and not when an
    article calls itself the front page, as careless templates do.
    """
    if link is None:
        return page_link(page)
    try:
        own = address(link)
    except FetchError:
        return page_link(page)
    believed = (
        _site(own) == _site(page)
        and own.scheme in (page.scheme, "https")
        and (own.raw_path_qs != "/" or page.raw_path_qs == "/")
    )
    return page_link(own if believed else page)


def _site(url: URL) -> tuple[str, int | None]:
    return _SAME_SITE.sub("", url.raw_host or ""), None if url.is_default_port() else url.port


def _is_host(host: str) -> bool:
    if ":" in host:
        return "%" not in host and _is_ip(host, IPv6Address)
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):  # 127.1, 2130706433, 0x7f.0.0.1: a resolver takes them for addresses
        return _is_ip(host, IPv4Address)
    return len(host) <= 253 and all(map(_LABEL.fullmatch, labels))  # noqa: PLR2004 the limit of names in DNS


def _is_ip(text: str, kind: type[IPv4Address | IPv6Address]) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True


def _shown_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        name = label[4:].encode().decode("punycode")
    except UnicodeError:
        return label
    return name if _CYRILLIC.fullmatch(name) and not _LATIN_LOOKING.issuperset(name) else label


def _shown_path(path: str) -> str:
    text = unquote(path, errors="replace")
    return text if text.isprintable() and " " not in text and "\ufffd" not in text else path


def _wrong(text: str, reason: str) -> FetchError:
    visible = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return FetchError(_cut(re.sub(r"//[^/?#]*@", "//", visible)), reason, FetchFault.ADDRESS)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
