"""The result.json of Telegram Desktop: the posts of a channel, as its export gives them."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from retrieval.document import Document, Unread
from retrieval.errors import FormatError, Trouble
from retrieval.formats.cleaning import clean, one_line
from retrieval.formats.encoding import decoded
from retrieval.reading import read_txt

_FEWEST_WORDS = 5
_WORD = re.compile(r"\w+")
_CHANNEL = re.compile(r"(?:public|private)_channel")
_USERNAME = re.compile(r"(?:https?://t\.me/(?:s/)?|@)?([A-Za-z]\w{3,31})/?")
_NO_EXPORT = (
    "is JSON, but no export of Telegram Desktop: "
    "export the channel there as JSON, or give one article a line as .jsonl"
)
_NO_CHANNEL = "is the export of a chat between people, not of a channel: export the channel"
_NO_POSTS = f"holds no post of {_FEWEST_WORDS} words or more: export the channel with its messages"


@dataclass(frozen=True, slots=True)
class _Channel:
    name: str | None
    link: str | None  # what a post's number stands behind
    place: str  # likewise, in the names of the documents


def documents(name: str, data: bytes, url: str | None = None) -> Iterator[Document | Unread]:
    """The posts of the channels in an export, one document each, named `name#123` by the post's number.

    An album is one post. Service messages and posts of fewer than five words are passed over. A forwarded post has
    the channel that it was forwarded from as its source. A post has a link where the export or `url`
    (`https://t.me/channel`) gives the channel's name in links. Raises FormatError where it is no such export.
    """
    try:
        export: Any = json.loads(decoded(data))
    except (ValueError, RecursionError) as error:
        raise FormatError("is not whole JSON: export it anew", Trouble.DAMAGED) from error
    chats = _chats(export)
    found = False
    for chat in chats:
        place = f"{name}#" if len(chats) == 1 else f"{name}#{chat.get('id')}/"
        for document in _posts(_channel(chat, place, url), chat["messages"]):
            found = True
            yield document
    if not found:
        yield Unread(name, _NO_POSTS, Trouble.EMPTY)


def _chats(export: object) -> list[dict[str, Any]]:
    """The channels of an export of one chat, or of all."""
    if not isinstance(export, dict):
        raise FormatError(_NO_EXPORT, Trouble.FORMAT)
    listed = export.get("chats")
    chats = listed.get("list") if isinstance(listed, dict) else [export]
    chats = [
        chat
        for chat in (chats if isinstance(chats, list) else [])
        if isinstance(chat, dict) and isinstance(chat.get("messages"), list)
    ]
    if not chats:
        raise FormatError(_NO_EXPORT, Trouble.FORMAT)
    channels = [chat for chat in chats if _CHANNEL.fullmatch(str(chat.get("type")))]
    if not channels:
        raise FormatError(_NO_CHANNEL, Trouble.OTHER)
    return channels


def _channel(chat: dict[str, Any], place: str, url: str | None) -> _Channel:
    said = chat.get("username") or url
    username = _USERNAME.fullmatch(said) if isinstance(said, str) else None
    link = None if username is None else f"https://t.me/{username[1]}/"
    return _Channel(_line(chat.get("name")), link, place)


def _posts(channel: _Channel, messages: Sequence[Any]) -> Iterator[Document]:
    posts = [
        message
        for message in messages
        if isinstance(message, dict) and message.get("type") == "message" and type(message.get("id")) is int
    ]
    for album in _albums(posts):
        document = _document(channel, album)
        if document is not None:
            yield document


def _albums(posts: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Posts, those together that are the pictures of one album: sent in the same second, one behind the other."""
    album = list(posts[:1])
    for before, post in pairwise(posts):
        if not (_is_media(before) and _is_media(post) and _sent(before) == _sent(post) is not None):
            yield album
            album = []
        album.append(post)
    if album:
        yield album


def _is_media(post: dict[str, Any]) -> bool:
    return "photo" in post or "file" in post


def _sent(post: dict[str, Any]) -> object:
    return post.get("date_unixtime") or post.get("date")


def _document(channel: _Channel, album: Sequence[dict[str, Any]]) -> Document | None:
    text = clean("\n\n".join(filter(None, (_text(post.get("text")) for post in album))))
    if len(_WORD.findall(text)) < _FEWEST_WORDS:
        return None
    first = album[0]
    number = first["id"]
    place = f"{channel.place}{number}"
    read = read_txt(place, text)
    return Document(
        place,
        text,
        read.title,
        _line(first.get("forwarded_from")) or channel.name,
        _day(first.get("date")),
        None if channel.link is None else f"{channel.link}{number}",
        author=_line(first.get("author")),
        body=read.body,
    )


def _text(text: object) -> str:
    """The text of a message: a string, or a list of strings and of entities, whose marks are left away."""
    parts = text if isinstance(text, list) else [text]
    contents = [part.get("text") if isinstance(part, dict) else part for part in parts]
    return "".join(content for content in contents if isinstance(content, str))


def _line(value: object) -> str | None:
    return one_line(value) or None if isinstance(value, str) else None


def _day(sent: object) -> date | None:
    """The day that an export gives as 2026-03-01T10:00:00, in the time of who exported."""
    try:
        return date.fromisoformat(str(sent)[:10])
    except ValueError:
        return None
