"""A request object that records Bot API calls instead of sending them, for the real Application."""

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from telegram.request import BaseRequest, RequestData


@dataclass
class Recorded:
    method: str
    parameters: dict[str, Any]


@dataclass
class RecordingRequest(BaseRequest):
    calls: list[Recorded] = field(default_factory=list)
    failures: dict[str, tuple[int, str]] = field(default_factory=dict)
    migrations: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self._ids = itertools.count(1000)

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(  # noqa: PLR0917 - the signature is the base class's
        self,
        url: str,
        method: str,  # noqa: ARG002 - always POST
        request_data: RequestData | None = None,
        read_timeout: Any = None,  # noqa: ARG002 - nothing takes time here
        write_timeout: Any = None,  # noqa: ARG002
        connect_timeout: Any = None,  # noqa: ARG002
        pool_timeout: Any = None,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        name = url.rsplit("/", 1)[1]
        parameters = request_data.parameters if request_data else {}
        self.calls.append(Recorded(name, dict(parameters)))
        if name in self.migrations:
            body: dict[str, Any] = {
                "ok": False,
                "error_code": 400,
                "description": "Bad Request: group upgraded",
            }
            body["parameters"] = {"migrate_to_chat_id": self.migrations.pop(name)}
            return 400, json.dumps(body).encode()
        if name in self.failures:
            status, description = self.failures.pop(name)
            body = {"ok": False, "error_code": status, "description": description}
            return status, json.dumps(body).encode()
        return 200, json.dumps({"ok": True, "result": self._result(name, parameters)}).encode()

    def _result(self, name: str, parameters: dict[str, Any]) -> Any:
        if name == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "Dayek", "username": "dayek_bot"}
        if name == "getMyCommands":
            return []
        if name in {"getMyDescription", "getMyShortDescription"}:
            return {"description": "", "short_description": ""}
        if name == "answerGuestQuery":
            return {"inline_message_id": "i1"}
        if name in {"sendMessage", "editMessageText"}:
            chat = {"id": parameters["chat_id"], "type": "private"}
            return {
                "message_id": next(self._ids),
                "date": 1,
                "chat": chat,
                "text": parameters["text"] or "-",
            }
        return True

    def of(self, method: str) -> list[dict[str, Any]]:
        return [call.parameters for call in self.calls if call.method == method]
