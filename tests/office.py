"""Admins at work: the real Application with a real library on the disk, talking to the double of the Bot API."""

import time
from contextlib import ExitStack
from datetime import UTC, datetime

from telegram import Update

from bot.app import build_application
from bot.desk import Desk
from bot.drafts import Drafts
from bot.memory import Memory
from bot.transport import AiohttpRequest
from bot.writer import Writer
from retrieval.document import Document
from retrieval.formats import documents
from retrieval.library import Library
from retrieval.reading import read_txt
from tests.double import TOKEN

ADMIN, READER = 7, 8
STORY = (
    "Түркістанда жаңа кітапхана ашылды\n\nТүркістан қаласында бүгін жаңа балалар кітапханасы есігін айқара ашты. "
    "Онда қырық мың кітап бар.\n\nКітапхана меңгерушісі Айша Серікқызы оқырмандарды күтеміз деді.\n"
)
QUESTION = "Түркістанда балалар кітапханасы"


def document(name, text, **known):
    read = read_txt(name, text)
    return Document(name, text, **{"title": read.title, "body": read.body} | known)


def channel_post(
    chat="qala_news", post=15, title="Қала жаңалықтары", at=datetime(2026, 3, 1, 20, 30, tzinfo=UTC)
):
    known = {"username": chat} if chat else {}
    return {
        "type": "channel",
        "chat": {"id": -1001234567890, "type": "channel", "title": title, **known},
        "message_id": post,
        "date": int(at.timestamp()),
    }


class Office:
    """A bot with an admin; may be closed and opened again over the same folder."""

    def __init__(self, folder, api, *, pages=None, library=None):
        self.api, self.folder, self.pages = api, folder, pages or {}
        self.now = time.time()
        self.changes = 0
        self._given = library
        self._offset = 0
        self._closing = ExitStack()

    async def __aenter__(self):
        closing, database = self._closing, self.folder / "dayek.db"
        self.library = closing.enter_context(Library.open(database, (), say=lambda _: None))
        writer = Writer(database)
        closing.callback(writer.close)
        self.drafts = Drafts(database, writer)
        closing.callback(self.drafts.close)
        memory = Memory(database, time.time(), writer)
        closing.callback(memory.close)
        self.desk = Desk(
            frozenset({ADMIN}), self._given(self.library) if self._given else self.library, self.drafts,
            documents, self._page, changed=self._changed, now=lambda: self.now,
        )  # fmt: skip
        self.failures: dict[int, Exception] = {}
        self.application = build_application(
            lambda: self.library.index, TOKEN, memory,
            api_url=self.api.url, request=AiohttpRequest(), failures=self.failures, desk=self.desk,
        )  # fmt: skip
        await self.application.initialize()
        return self

    async def __aexit__(self, *_):
        await self.application.bot.get_updates(offset=self._offset)  # confirms what was handled
        await self.application.shutdown()
        self._closing.close()

    async def _page(self, url):
        return self.pages[url]

    def _changed(self):
        self.changes += 1

    async def work(self, times=1):
        """Handles what was sent; returns the calls that the bot made for it, reading and typing left out."""
        before = len(self.api.calls)
        updates = await self.application.bot.get_updates(offset=self._offset)
        for update in updates:
            self._offset = update.update_id + 1
            for _ in range(times):
                read = Update.de_json(update.to_dict(), self.application.bot)
                await self.application.process_update(read)
        quiet = {
            "getUpdates",
            "sendChatAction",
            "getFile",
            "file",
            "answerCallbackQuery",
            "getMyCommands",
            "setMyCommands",
        }
        return [call for call in self.api.calls[before:] if call.method not in quiet and call.ok]

    async def shown(self, times=1):
        """The one message that the bot sent or changed for what was sent to it."""
        (call,) = await self.work(times)
        assert call.method in {"sendMessage", "editMessageText"}
        return call.result

    async def file(self, data, name="kitap.txt", **more):
        self.api.document(data if isinstance(data, bytes) else data.encode(), name, **more)
        return await self.shown()

    async def text(self, text, **more):
        self.api.text(text, **more)
        return await self.shown()

    async def press(self, message, label, **more):
        """Presses the button with this label under a message."""
        self.api.press(data_of(message, label), message_id=message["message_id"], **more)
        return await self.shown()

    async def notice(self, message, data, **more):
        """What is said over the chat when a button is pressed that changes nothing."""
        before = len(self.api.calls)
        self.api.press(data, message_id=message["message_id"], **more)
        assert await self.work() == []
        (answer,) = [call for call in self.api.calls[before:] if call.method == "answerCallbackQuery"]
        return answer.params.get("text")


def labels(message):
    return [
        button["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row
    ]


def data_of(message, label):
    rows = message["reply_markup"]["inline_keyboard"]
    return next(button["callback_data"] for row in rows for button in row if button["text"] == label)
