"""Albums: several messages that a person sees as one, so one sentence is enough for all of them."""

from collections import OrderedDict

_KNOWN = 1000
"""Albums that are remembered."""


class Albums:
    """Which message of an album speaks for those without words; lost at a restart, which costs a sentence more."""

    def __init__(self) -> None:
        self._speakers: OrderedDict[tuple[int, str], int] = OrderedDict()

    def speaks(self, chat: int, album: str, message: int) -> bool:
        """Whether it is this message: the first of its album that was asked about, also when it comes again."""
        speaker = self._speakers.setdefault((chat, album), message)
        self._speakers.move_to_end((chat, album))
        while len(self._speakers) > _KNOWN:
            self._speakers.popitem(last=False)
        return speaker == message
