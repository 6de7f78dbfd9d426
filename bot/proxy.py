"""The proxy on the way to Telegram, as the environment names it."""

from urllib.request import getproxies, proxy_bypass

from yarl import URL


class UnusableProxyError(ValueError):
    """The proxy is none at http://[user:password@]host:port. The text leaves out what it is."""


def proxy_of_environment(origin: str) -> URL | None:
    """The proxy for an origin such as https://api.telegram.org, None where there is none. Raises UnusableProxyError."""
    try:
        target = URL(origin)
    except ValueError:
        return None  # aiohttp will say so
    proxies = getproxies()
    address = proxies.get(target.scheme) or proxies.get("all")
    if address is None or proxy_bypass(f"{target.host}:{target.port}"):
        return None
    return proxy_address(address)


def proxy_address(text: str) -> URL:
    """The address of a proxy, as people write it. Raises UnusableProxyError."""
    try:
        address = URL(text if "://" in text else f"http://{text}")
    except ValueError:
        address = URL()
    if address.scheme != "http" or not address.host:
        raise UnusableProxyError("the proxy is none at http://[user:password@]host:port")
    return address
