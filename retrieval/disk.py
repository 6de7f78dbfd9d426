"""Waiting until what was written is on the disk."""

import os
from pathlib import Path


def keep_names(folder: Path) -> None:
    """Waits until the folder's list of names is on the disk too, as it is not when the files are."""
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
