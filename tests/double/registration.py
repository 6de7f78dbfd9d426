"""What setWebhook registers, and what Telegram refuses to register."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Any

from yarl import URL

from tests.double.entities import Json
from tests.double.parameters import RefusedError, bad_request, quiet_loss, words

MAX_CONNECTIONS = 100
MAX_SECRET = 256
_CONNECTIONS = 40  # unless the bot says otherwise
_PORTS = (443, 80, 88, 8443)
_KINDS = words(
    "message edited_message channel_post edited_channel_post business_connection business_message "
    "edited_business_message deleted_business_messages message_reaction message_reaction_count inline_query "
    "chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media poll poll_answer "
    "my_chat_member chat_member chat_join_request chat_boost removed_chat_boost managed_bot guest_message"
)


@dataclass(frozen=True)
class Registration:
    """A webhook as the bot has set it; `secret_token` and `ip_address` are empty where none were given."""

    url: str
    max_connections: int
    secret_token: str
    ip_address: str

    @property
    def address(self) -> URL:
        """The address in its parts. Raises ValueError where it is none."""
        # Telegram takes an address without a scheme for https.
        url = self.url if "://" in self.url else f"https://{self.url}"
        return URL(url, encoded=url.isascii())


def registration(params: Json) -> Registration:
    """What a setWebhook call with an address registers; raises RefusedError."""
    if params.get("certificate"):
        raise quiet_loss("certificates are not part of the double")
    connections = params.get("max_connections", _CONNECTIONS)
    if not 1 <= connections <= MAX_CONNECTIONS:
        raise quiet_loss(f"max_connections {connections}; Telegram takes 1 to {MAX_CONNECTIONS}")
    wanted = Registration(params["url"], connections, _secret(params), params.get("ip_address", ""))
    _check_address(wanted)
    return wanted


def allowed_updates(params: Json) -> list[str] | None:
    """The kinds of updates that a call asks for; None where it leaves them as they are; raises RefusedError."""
    given: Any = params.get("allowed_updates")
    if given is None:
        return None
    if not isinstance(given, list) or not all(isinstance(kind, str) for kind in given):
        raise quiet_loss("allowed_updates is not a list of names; Telegram ignores it")
    if unknown := set(given) - _KINDS:
        raise quiet_loss(f"{min(unknown)} is no kind of update; Telegram ignores it")
    return given


def _secret(params: Json) -> str:
    secret: str = params.get("secret_token", "")
    if "secret_token" in params and not secret:
        raise quiet_loss("secret_token is empty; Telegram sends none then")
    if len(secret) > MAX_SECRET:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    return secret


def _check_address(wanted: Registration) -> None:
    try:
        address = wanted.address
        scheme, host, port = address.scheme, address.raw_host, address.port
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if scheme not in {"http", "https"} or not host:
        raise bad_request("invalid webhook URL specified")
    if scheme == "http":
        raise _bad_webhook("An HTTPS URL must be provided for webhook")
    if port not in _PORTS:
        raise _bad_webhook("Webhook can be set up only on ports 80, 88, 443 or 8443")
    if wanted.ip_address:
        _check_ip(wanted.ip_address)
    elif ":" in host or re.fullmatch(r"[\d.]+", host):
        _check_ip(host)
    elif host == "localhost":
        _check_ip("127.0.0.1")
    elif "." not in host:
        raise _bad_webhook("Failed to resolve host: Name or service not known")


def _check_ip(address: str) -> None:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        raise _bad_webhook("Invalid IP address specified") from None
    if ip.version != 4:
        raise _bad_webhook("IPv6-only addresses are not allowed")
    if not ip.is_global or ip.is_multicast:
        raise _bad_webhook(f"IP address {ip} is reserved")


def _bad_webhook(reason: str) -> RefusedError:
    return bad_request(f"bad webhook: {reason}")
