"""The folder that keeps an index, as one process knows it: others may keep theirs in the same one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from retrieval import files
from retrieval.build import joined
from retrieval.errors import DamagedIndexError, IndexSaveError
from retrieval.glossary import NONE, Glossary
from retrieval.index import Index
from retrieval.mark import Mark
from retrieval.refusal import LEAST
from retrieval.segment import Segment

_LOST = "the bot works without, and builds it again at the next start"


class Kept:
    """A folder with an index. `say` is told in a sentence what is wrong with it, or why it cannot be written.

    `mark` says up to which change in the database the index that was last opened or written knows the articles;
    None where that is not known.
    """

    def __init__(
        self,
        folder: Path,
        synonyms: Sequence[Sequence[str]],
        say: Callable[[str], object],
        glossary: Glossary = NONE,
    ) -> None:
        self.folder = folder
        self._synonyms, self._glossary = synonyms, glossary
        self._say = say
        self._said = ""
        self._seal: str | None = None
        self.mark: Mark | None = None
        self._whole: frozenset[str] = frozenset()

    @property
    def is_written(self) -> bool:
        """False where the folder could not be written the last time."""
        return not self._said

    def open(self) -> Index:
        """The index that the folder holds, without articles; an empty one where it holds none that is whole."""
        if self.folder.exists():
            try:
                return self._found({})
            except DamagedIndexError as error:
                self._say(f"{error}; it is built again from the database")
        return joined({}, [], [], self._synonyms, LEAST, glossary=self._glossary)

    def others(self, known: Mapping[str, Segment]) -> Index | None:
        """What others have put there since it was last opened or written; None for nothing that can be used.

        Segments that are known already, by digest, are not read.
        """
        if files.seal_of(self.folder) == self._seal:
            return None
        try:
            return self._found(known)
        except DamagedIndexError:
            self._seal = None
            return None

    def keep(self, index: Index, mark: Mark | None = None) -> bool:
        """Has the folder hold the index, which knows the changes up to the mark; False where others have changed it meanwhile, and nothing was done.

        Where it cannot be written, that is said once.
        """
        try:
            seal = files.save(index, self.folder, whole=self._whole, instead_of=self._seal, mark=mark)
        except IndexSaveError as error:
            if str(error) != self._said:
                self._say(f"{error}; {_LOST}")
            self._said = str(error)
            return True
        if seal is None:
            return False
        self._know(index, seal, mark)
        return True

    def _found(self, known: Mapping[str, Segment]) -> Index:
        found = files.found(self.folder, self._synonyms, known)
        index = replace(found.index, glossary=self._glossary)
        self._know(index, found.seal, None if found.mark is None else Mark(*found.mark))
        return index

    def _know(self, index: Index, seal: str, mark: Mark | None) -> None:
        self._seal, self._said, self.mark = seal, "", mark
        self._whole = frozenset(part.segment.digest for part in index.parts)
