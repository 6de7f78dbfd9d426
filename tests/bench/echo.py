"""The peer: the least that python-telegram-bot needs to echo, behind its own webhook in its default settings.

Takes the settings of the bot from the environment.
"""

import os
from typing import Any
from urllib.parse import urlsplit

from telegram import Update
from telegram.ext import Application, MessageHandler, filters


async def echo(update: Update, _: Any) -> None:
    """Says the same."""
    if update.message is not None and update.message.text is not None:
        await update.message.reply_text(update.message.text)


def main() -> None:
    """Serves the webhook until it is stopped."""
    url = os.environ["WEBHOOK_URL"]
    builder = Application.builder().token(os.environ["TELEGRAM_BOT_TOKEN"])
    application = builder.base_url(f"{os.environ['TELEGRAM_API_URL']}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    application.run_webhook(
        listen="127.0.0.1",
        port=int(os.environ["PORT"]),
        url_path=urlsplit(url).path,
        webhook_url=url,
        secret_token=os.environ["WEBHOOK_SECRET"],
    )


if __name__ == "__main__":
    main()
