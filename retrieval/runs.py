"""Questions in, runs out: the two file formats of evaluation."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from retrieval.errors import QuestionsError
from retrieval.evaluate import Question, Relevant
from retrieval.search import Answer


def read_questions(path: Path) -> list[Question]:
    """The questions of a `.jsonl` file: one `{"id", "text", "relevant"?, "category"?}` a line.

    Raises QuestionsError that names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # U+2028 may stand inside a string
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"{path}: cannot be read ({error})") from error
    return [_question(f"{path}, line {number}", line) for number, line in enumerate(lines, 1) if line.strip()]


def _question(where: str, line: str) -> Question:
    try:
        record: dict[str, Any] = json.loads(line)
        relevant = tuple(_relevant(one) for one in record.get("relevant", ()))
        return Question(str(record["id"]), str(record["text"]), relevant, str(record.get("category", "")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuestionsError(
            f"{where}: a question is an object with id, text and relevant ({error!r})"
        ) from error


def _relevant(one: Any) -> Relevant:  # noqa: ANN401 - whatever JSON holds
    if isinstance(one, str):
        return Relevant(one, None)
    article, quote = one["article"], one["quote"]
    if not quote.strip():
        raise ValueError("an empty quote")
    return Relevant(article, quote)


def run_line(question: Question, answer: Answer) -> dict[str, Any]:
    """One line of a run, as plain data."""
    return {
        "id": question.id,
        "answered": answer.refusal is None,
        "results": [
            {
                "article": quote.article.id,
                "start": quote.span.start,
                "end": quote.span.end,
                "quote": quote.text,
            }
            for quote in answer.quotes
        ],
    }


def as_json_lines(records: Iterator[dict[str, Any]]) -> Iterator[str]:
    """The records as lines of JSON, each with its newline."""
    for record in records:
        yield json.dumps(record, ensure_ascii=False) + "\n"
