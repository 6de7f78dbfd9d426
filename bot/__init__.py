"""Dayek's conversation: a thin shell round the library in `retrieval`."""

import os

# python-telegram-bot 22 warns wherever it makes a RetryAfter unless its periods are timedeltas already.
os.environ.setdefault("PTB_TIMEDELTA", "true")
