"""How a question was understood, as lines for its reader: typos, other languages, words that nobody knows."""

from collections.abc import Iterable, Sequence

from bot.markup import Block, line, shortened
from bot.texts import Catalogue
from retrieval.printable import printable
from retrieval.search import Answer
from retrieval.translated import named

MOST_NAMED = 8
"""Words that a line names; a long text pasted in would name hundreds."""
_LABEL = 40
"""Characters of a word when it is said back."""


def looked_for(answer: Answer, texts: Catalogue) -> tuple[Block, ...]:
    """What was looked for instead of words with typos, or of another language; nothing where there are none."""
    said = []
    if answer.corrected:
        pairs = (f"«{_word(typed)}» → {_word(meant)}" for typed, meant in answer.corrected)
        said.append(line(texts.corrected.format(pairs=_listed(answer.corrected, pairs, ", "))))
    return (*said, *_in_kazakh(answer, texts), *_without_translation(answer, texts))


def not_found(answer: Answer, texts: Catalogue) -> tuple[Block, ...]:
    """The words that may be why a question has no answer."""
    said = []
    if answer.unknown:
        words = _listed(answer.unknown, map(_word, answer.unknown), ", ")
        said.append(line(texts.unknown_words.format(words=words)))
    return (*_in_kazakh(answer, texts), *said, *_without_translation(answer, texts))


def _in_kazakh(answer: Answer, texts: Catalogue) -> tuple[Block, ...]:
    if not answer.translated:
        return ()
    pairs = (
        f"{_word(typed)} → {shortened(named(kazakh), 2 * _LABEL)}" for typed, kazakh in answer.translated
    )
    return (line(texts.translated.format(pairs=_listed(answer.translated, pairs, "; "))),)


def _without_translation(answer: Answer, texts: Catalogue) -> tuple[Block, ...]:
    if not answer.untranslated:
        return ()
    words = _listed(answer.untranslated, map(_word, answer.untranslated), ", ")
    return (line(texts.untranslated.format(words=words)),)


def _listed(all_: Sequence[object], shown: Iterable[str], between: str) -> str:
    """The first of what is shown of them all; dots say that there are more."""
    named = [one for one, _ in zip(shown, range(MOST_NAMED), strict=False)]
    return between.join(named) + (f"{between}…" if len(all_) > MOST_NAMED else "")


def _word(word: str) -> str:
    return shortened(printable(word), _LABEL)
