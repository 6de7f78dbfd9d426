"""Segments of a kept index are merged in a process of its own, so that nobody has to wait meanwhile.

`python -m retrieval.merging FOLDER` is that process.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from retrieval.errors import RetrievalError
from retrieval.indexing import merge_kept

_AGAIN = 300.0
"""Seconds after which it is tried again when it failed, or was of no use."""
_LAST = 5.0
"""Seconds that the process gets to end when it is stopped."""
_LEAST_PRIORITY = 19


class Merging:
    """One such process at a time for a folder; `command` is what it runs."""

    def __init__(self, folder: Path, command: Sequence[str] | None = None, *, again: float = _AGAIN) -> None:
        self._command = command or (sys.executable, "-m", "retrieval.merging", str(folder.resolve()))
        self._again = again
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0

    @property
    def is_under_way(self) -> bool:
        """Whether a process was started whose end was not asked for yet."""
        return self._process is not None

    @property
    def may_start(self) -> bool:
        """Whether none is under way, and none has failed lately."""
        return self._process is None and time.monotonic() >= self._not_before

    def start(self) -> None:
        """Starts the process. Raises OSError where the system does not let us."""
        self._process = subprocess.Popen(  # noqa: S603 - the command is ours
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
            start_new_session=True,  # Ctrl-C is for the bot, which ends it in its own order
        )
        self._not_before = 0.0

    def ended(self) -> str | None:
        """None while it runs; once it has ended, what it failed with, empty where it did not fail."""
        if self._process is None or self._process.poll() is None:
            return None
        process, self._process = self._process, None
        with process:
            said = b"" if process.stderr is None else process.stderr.read()
        if process.returncode == 0:
            return ""
        lines = said.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"it ended with status {process.returncode}"

    def wait_long(self) -> None:
        """Has the next start wait."""
        self._not_before = time.monotonic() + self._again

    def close(self) -> None:
        """Ends the process where one runs; what the folder holds stays whole."""
        if self._process is None:
            return
        with self._process as process:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_LAST)
            process.kill()
        self._process = None


def main(arguments: Sequence[str]) -> int:
    """Merges segments of the folder's index, with the lowest priority; 0 when it is done."""
    if hasattr(os, "nice"):
        os.nice(_LEAST_PRIORITY)
    try:
        merge_kept(Path(arguments[0]))
    except RetrievalError as error:
        print(error, file=sys.stderr)  # noqa: T201 - what the one who started it reads
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
