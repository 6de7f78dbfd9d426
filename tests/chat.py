"""A chat with the real Application, over a request object that records."""

import re
from typing import Any

from telegram import Update

from bot.app import build_application
from bot.memory import Memory
from tests.double.entities import parse
from tests.recording import RecordingRequest


class Chat:
    """One reader's private chat, or a group, with the bot, over an index or a function that gives one."""

    def __init__(self, index, language="kk", chat=None, memory=None, **more):
        self.request = RecordingRequest()
        self.memory = memory or Memory(":memory:")
        present = index if callable(index) else lambda: index
        self.application = build_application(present, "1:token", self.memory, request=self.request, **more)
        self.user = {"id": 7, "is_bot": False, "first_name": "Оқырман", "language_code": language}
        self.chat = chat or {"id": 7, "type": "private", "first_name": "Оқырман"}
        self.updates = 0

    async def __aenter__(self):
        await self.application.initialize()
        return self

    async def __aexit__(self, *_):
        await self.application.shutdown()

    async def update(self, **content: Any):
        self.updates += 1
        before = len(self.request.calls)
        data = {"update_id": self.updates, **content}
        await self.application.process_update(Update.de_json(data, self.application.bot))
        return self.request.calls[before:]

    async def message(self, **content: Any):
        found = {"message_id": 50 + self.updates, "date": 1, "chat": self.chat, "from": self.user, **content}
        return await self.update(message=found)

    async def text(self, text: str, **content: Any):
        command = re.match(r"/\w+(@\w+)?", text)
        entities = [{"type": "bot_command", "offset": 0, "length": command.end()}] if command else []
        entities += [
            {"type": "mention", "offset": found.start(), "length": len(found[0])}
            for found in re.finditer(r"@\w+", text)
            if not command
        ]
        return await self.message(text=text, entities=entities, **content)

    async def press(self, data: str, question: str | None = None):
        """Presses a button under a message that answers `question`."""
        shown = {"message_id": 60, "date": 1, "chat": self.chat, "text": "…"}
        if question is not None:
            shown["reply_to_message"] = {
                "message_id": 59, "date": 1, "chat": self.chat, "from": self.user, "text": question,
            }  # fmt: skip
        query = {"id": "9", "from": self.user, "message": shown, "chat_instance": "1", "data": data}
        return await self.update(callback_query=query)


def buttons(parameters):
    return [button for row in parameters["reply_markup"]["inline_keyboard"] for button in row]


def said(calls):
    (sent,) = [call for call in calls if call.method == "sendMessage"]
    return parse(sent.parameters["text"], "html").text
