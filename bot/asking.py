"""What a message asks: the question in it, and what it continues."""

import re

from telegram import Message, MessageEntity

from bot.memory import Asked
from retrieval.index import Index
from retrieval.query import is_function_word
from retrieval.script import fold
from retrieval.tongues import foreign, is_function
from retrieval.words import words

_COMMAND = re.compile(r"/(?:ask|check)(?:@\w+)?\s*")
_MORE = frozenset(map(fold, ("тағы", "жалғасы", "келесі", "ещё", "еще", "дальше", "more", "next")))
_SHORT = 4
"""Words of a follow-up at the most."""

LONGEST = 4096
"""Characters of a message, as Telegram takes it."""


def question_of(message: Message, username: str) -> str:
    """The question in a message, without the command and the bot's own name; the part quoted, if any, first."""
    # A longer text than Telegram's longest is none of Telegram's, and would take its time.
    text = (message.text or message.caption or "")[:LONGEST]
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair could not be said back
    text = _COMMAND.sub("", text, count=1) if text.startswith("/") else text
    text = re.sub(rf"@{re.escape(username)}\b", "", text, flags=re.IGNORECASE).strip()
    if message.quote is not None and _is_from(message.reply_to_message, username):
        return f"{message.quote.text} {text}".strip()
    return text


def is_for_bot(message: Message, username: str) -> bool:
    """Whether a message in a group speaks to the bot: it names it, or replies to it."""
    mentions = message.parse_entities([MessageEntity.MENTION]).values()
    mentions_in_caption = message.parse_caption_entities([MessageEntity.MENTION]).values()
    named = any(name.lower() == f"@{username}".lower() for name in (*mentions, *mentions_in_caption))
    return named or _is_from(message.reply_to_message, username)


def asks_for_more(text: str) -> bool:
    """Whether the text asks for nothing but more of the last answer: тағы, ещё, more.

    >>> asks_for_more("Тағы!"), asks_for_more("Тағы кім айтты?")
    (True, False)
    """
    said = [word.text for word in words(text)]
    return len(said) == 1 and fold(said[0]) in _MORE


def continued(index: Index, text: str, before: Asked | None) -> str:
    """The whole question: a follow-up such as "кім айтты?" or "қашан?" together with the one before it."""
    said = [word.text for word in words(text)]
    if before is None or not said or len(said) > _SHORT:
        return text
    which = said[0] == "қай" and len(said) <= 2  # noqa: PLR2004 - қай күні? қай жерде?
    if which or all(is_function_word(index, word) or is_function(word, foreign(word)) for word in said):
        return f"{before.question} {text}"
    return text


def _is_from(message: Message | None, username: str) -> bool:
    sender = None if message is None else message.from_user
    return sender is not None and (sender.username or "").lower() == username.lower()
