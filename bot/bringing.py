"""What a message brings to be added: a file, a link, or a channel's post."""

import mimetypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta, timezone

from telegram import Bot, Message, MessageEntity, MessageOriginChannel
from telegram import Document as TelegramDocument
from telegram.error import BadRequest, InvalidToken, NetworkError

from bot.trouble import was_sent
from retrieval.document import Document, Unread
from retrieval.reading import read_txt

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of a file that Telegram hands to a bot."""
MOST, _MOST_LETTERS = 1000, 30_000_000
"""Articles of one message, and characters in all of them; a folder of more is for the command line."""
_NAME, _EXTENSION = 100, 10
"""Characters of a file's name and of its extension."""
KAZAKHSTAN = timezone(timedelta(hours=5))
"""Telegram says when a post was written by the clock of Greenwich, newspapers by their own."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What can be added, what cannot be read, and whether there was more than is taken at once."""

    documents: tuple[Document, ...]
    left_out: tuple[Unread, ...] = ()
    is_cut: bool = False


def brought(found: Iterable[Document | Unread]) -> Brought:
    """As much of what readers find as can be added at once; no more than that is read."""
    documents: list[Document] = []
    left_out: list[Unread] = []
    letters = 0
    for one in found:
        letters += len(one.text) if isinstance(one, Document) else 0
        if len(documents) + len(left_out) >= MOST or (documents and letters > _MOST_LETTERS):
            return Brought(tuple(documents), tuple(left_out), is_cut=True)
        if isinstance(one, Document):
            documents.append(one)
        else:
            left_out.append(one)
    return Brought(tuple(documents), tuple(left_out))


def link_in(message: Message) -> str | None:
    """The link that a message consists of; None where it says anything else."""
    text = (message.text or "").strip()
    if message.forward_origin is not None or len(text.split()) != 1:
        return None
    if has_scheme(text):
        return text
    is_link = any(
        entity.type == MessageEntity.URL and message.parse_entity(entity) == text
        for entity in message.entities
    )
    return f"https://{text}" if is_link and "@" not in text else None


def has_scheme(text: str) -> bool:
    """Whether a text begins as only a link does."""
    return text.strip().lower().startswith(("https://", "http://"))


def document_of(origin: MessageOriginChannel, text: str, clean: Callable[[str], str] = str) -> Document:
    """A channel's post as a document, named by its link without https://; `text` is clean."""
    chat = origin.chat
    channel = chat.username or f"c/{str(chat.id).removeprefix('-100')}"
    where = f"t.me/{channel}/{origin.message_id}"
    read = read_txt(where, text)
    return Document(
        where,
        text,
        title=read.title,
        source=" ".join(clean(chat.title or "").split()) or None,
        published=origin.date.astimezone(KAZAKHSTAN).date(),
        url=f"https://{where}",
        author=origin.author_signature or None,
        body=read.body,
    )


async def downloaded(bot: Bot, document: TelegramDocument) -> bytes:
    """The file. Raises BadRequest where Telegram does not hand it over, another TelegramError to be tried again."""
    file = await bot.get_file(document.file_id)
    try:
        return bytes(await file.download_as_bytearray())
    except InvalidToken:  # how the library understands that there is no such file, or no longer
        raise BadRequest("no such file") from None
    except NetworkError as error:
        if isinstance(error, BadRequest) or not was_sent(error):
            raise
        # Unlike a message that was perhaps sent, a file can be fetched again without harm.
        raise NetworkError(error.message) from None


def name_of(message: Message, document: TelegramDocument, shown: Callable[[str, int], str]) -> str:
    """The file's own name without folders; one made of the message's number where it has none.

    `shown` takes out of a name what cannot be seen.
    """
    name = shown((document.file_name or "").replace("\\", "/").rpartition("/")[2], 10 * _NAME)
    stem, dot, extension = name.rpartition(".")
    if name and not stem.strip():
        return extension[:_NAME] or "file.txt"
    if not name:
        return f"telegram-{message.message_id}{mimetypes.guess_extension(document.mime_type or '') or '.txt'}"
    return f"{stem[:_NAME]}{dot}{extension[:_EXTENSION]}"
