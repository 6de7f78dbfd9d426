"""What an admin sees of an article before it is added, and of one that may be removed; plain data."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from babel import Locale

from bot import reply
from bot.drafts import Draft
from bot.markup import Block, Element, Kind, Run, Style, line, paragraphs
from bot.reply import Button, Reply, as_reply
from bot.texts import Catalogue
from retrieval.article import Article
from retrieval.document import Unread
from retrieval.importing import Outcome, State
from retrieval.index import Index
from retrieval.newest import Newest
from retrieval.passages import split
from retrieval.printable import printable

_TITLE, _NAME, _LINK, _LEAD = 200, 80, 300, 600
"""Characters of a title, of a name in a list, of a link and of the first lines."""
_LISTED = 10
"""Articles of many, and things left out, that are named."""
_SHORT_FIELDS = ("title", "source", "published", "url", "language", "author")

Rows = tuple[tuple[Button, ...], ...]


def preview(
    drafts: Sequence[Draft],
    outcomes: Sequence[Outcome],
    index: Index,
    texts: Catalogue,
    left_out: Sequence[Unread] = (),
) -> Reply:
    """What would be added, with the buttons for it; what cannot be read is named.

    `outcomes` says of each draft what would come of it.
    """
    left_out = [*left_out, *_skipped(outcomes)]
    if all(one.state is State.SKIPPED for one in outcomes):
        nothing = [Element((line(texts.draft_nothing),))] if not left_out else []
        return as_reply([*nothing, *_left_out(left_out, texts)])
    if len(drafts) > 1:
        return _summary(drafts, outcomes, texts, left_out)
    draft, outcome = drafts[0], outcomes[0]
    article = replace(draft.article, id=outcome.id or "")
    elements = [
        Element((line(Run(texts.draft_heading, Style.BOLD)),)),
        *about(article, len(split(article)), texts),
        *_against(index.articles.get(article.id), article, outcome, texts),
        *_left_out(left_out, texts),
    ]
    may_add = outcome.state is not State.UNCHANGED
    return as_reply(elements, _draft_buttons(draft.message, texts, may_add=may_add))


def about(article: Article, passages: int, texts: Catalogue) -> list[Element]:
    """Title, source, date, link, language, number of passages and the first lines."""
    rows = [line(Run(shown(reply.shown_title(article), _TITLE) or "…", Style.BOLD))]
    where = [shown(reply.shown_source(article) or texts.unknown_source, _NAME), texts.day(article.published)]
    if article.author:
        where.insert(1, shown(article.author, _NAME))
    rows.append(line(" · ".join(where)))
    facts = [texts.counted(texts.article_passages, passages)]
    if article.language:
        name = Locale.parse(texts.locale).languages.get(article.language, article.language)
        facts.append(texts.article_language.format(language=shown(name, _NAME)))
    rows.append(line(" · ".join(facts)))
    rows.append(line(shown(article.url or article.id, _LINK)))
    opening = article.text[article.body : article.body + 4 * _LEAD].split("\n")
    lead = "\n".join(words for row in opening if (words := shown(row, _LEAD)))[:_LEAD]
    quoted = [Element((Block((Run(lead),), Kind.QUOTE),))] if lead else []
    return [Element(tuple(rows)), *quoted]


def added(drafts: Sequence[Draft], index: Index, texts: Catalogue, outcomes: Sequence[Outcome] = ()) -> Reply:
    """That the drafts of a message are in the library; `outcomes` says what came of each, where it is known."""
    left_out = _skipped(outcomes)
    if outcomes and len(left_out) == len(outcomes):
        return as_reply(_left_out(left_out, texts))
    if len(drafts) > 1:
        same = sum(one.state is State.UNCHANGED for one in outcomes)
        counts = [line(texts.counted(texts.draft_added_many, len(drafts) - same - len(left_out)))]
        counts += [line(texts.counted(texts.draft_unchanged_many, same))] if same else []
        return as_reply([Element(tuple(counts)), *_left_out(left_out, texts)])
    said = [Element((line(texts.draft_added),))]
    id_ = outcomes[0].id if outcomes else drafts[0].document.name
    article = index.articles.get(id_ or "")
    if article is None:  # removed again meanwhile
        return as_reply(said)
    rows = [line(Run(shown(reply.shown_title(article), _TITLE), Style.BOLD))]
    opened = Button(texts.card_button, f"shelf:open:{article.key}")
    return as_reply([*said, Element(tuple(rows))], ((opened,),))


def asked(texts: Catalogue, field: str, problem: str = "") -> Reply:
    """The question for a field of a draft; with what was wrong with the last answer."""
    words = {"title": texts.ask_title, "source": texts.ask_source, "published": texts.ask_date}[field]
    return tuple(replace(one, asks=True) for one in reply.said("\n\n".join(filter(None, (problem, words)))))


def listed(index: Index, texts: Catalogue, page: int = 0) -> Reply:
    """A page of the articles for an admin; each opens through its button."""
    return _pointed(reply.sources(index, texts, page))


def card(index: Index, article: Article, texts: Catalogue) -> Reply:
    """One article, with a button that removes it."""
    elements = about(article, len(index.passages_of(article)), texts)
    back = Button(
        f"‹ {texts.sources_button}", f"shelf:page:{Newest(index.parts).place(article.id) // reply.PAGE}"
    )
    return as_reply(elements, ((Button(texts.remove_button, f"shelf:ask:{article.key}"),), (back,)))


def remove_question(article: Article, texts: Catalogue) -> Reply:
    """Whether the article is really to be removed."""
    rows = (line(texts.remove_question), line(Run(shown(reply.shown_title(article), _TITLE), Style.BOLD)))
    yes = Button(texts.remove_yes_button, f"shelf:drop:{article.key}")
    no = Button(texts.cancel_button, f"shelf:open:{article.key}")
    return as_reply([Element(rows)], ((yes, no),))


def removed(key: str, texts: Catalogue) -> Reply:
    """That an article was removed, with the way back."""
    buttons = (
        Button(texts.undo_button, f"shelf:undo:{key}"),
        Button(f"‹ {texts.sources_button}", "shelf:page:0"),
    )
    return as_reply(paragraphs(texts.removed), (buttons,))


def undone(key: str, texts: Catalogue) -> Reply:
    """That an article is back."""
    return as_reply(paragraphs(texts.undone), ((Button(texts.card_button, f"shelf:open:{key}"),),))


def shown(text: str, limit: int) -> str:
    """The text on one line, without what turns or hides it, in at most so many characters."""
    words = printable(text[: 4 * limit])
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"


def _draft_buttons(message: int, texts: Catalogue, *, may_add: bool) -> Rows:
    adding = ((Button(texts.add_button, f"draft:add:{message}"),),) if may_add else ()
    edits = tuple(
        Button(label, f"draft:{field}:{message}")
        for label, field in (
            (texts.edit_title_button, "title"),
            (texts.edit_source_button, "source"),
            (texts.edit_date_button, "published"),
        )
    )
    return (*adding, edits, (Button(texts.cancel_button, f"draft:cancel:{message}"),))


def _summary(
    drafts: Sequence[Draft], outcomes: Sequence[Outcome], texts: Catalogue, left_out: Sequence[Unread]
) -> Reply:
    pairs = zip(drafts, outcomes, strict=True)
    taken = [(draft, outcome) for draft, outcome in pairs if outcome.state is not State.SKIPPED]
    heading = line(Run(texts.counted(texts.draft_many, len(taken)), Style.BOLD))
    rows = _some((shown(reply.shown_title(one.article), _NAME) for one, _ in taken), len(taken), texts)
    counts = _counts([outcome for _, outcome in taken], texts)
    message = drafts[0].message
    adding = (Button(texts.add_all_button.format(number=len(taken)), f"draft:add:{message}"),)
    is_new = any(outcome.state is not State.UNCHANGED for _, outcome in taken)
    buttons = (*((adding,) if is_new else ()), (Button(texts.cancel_button, f"draft:cancel:{message}"),))
    return as_reply([Element((heading, *rows)), *counts, *_left_out(left_out, texts)], buttons)


def _counts(outcomes: Sequence[Outcome], texts: Catalogue) -> list[Element]:
    """Of many articles, how many are not simply added."""
    counts = (
        (texts.draft_replaces_many, sum(one.state is State.CHANGED for one in outcomes)),
        (texts.draft_beside_many, sum(one.state is State.ADDED and one.beside for one in outcomes)),
        (texts.draft_unchanged_many, sum(one.state is State.UNCHANGED for one in outcomes)),
    )
    rows = tuple(line(texts.counted(forms, number)) for forms, number in counts if number)
    return [Element(rows)] if rows else []


def _skipped(outcomes: Iterable[Outcome]) -> list[Unread]:
    return [Unread(one.name, one.reason, one.kind) for one in outcomes if one.state is State.SKIPPED]


def _left_out(left_out: Sequence[Unread], texts: Catalogue) -> list[Element]:
    if not left_out:
        return []
    said = (f"{shown(one.name, _NAME)}: {texts.unread[one.kind]}" for one in left_out)
    return [Element((line(texts.draft_left_out), *_some(said, len(left_out), texts)))]


def _some(rows: Iterable[str], count: int, texts: Catalogue) -> list[Block]:
    first = [line(f"• {row}") for row in islice(rows, _LISTED)]
    more = [line(texts.counted(texts.draft_more, count - _LISTED))] if count > _LISTED else []
    return [*first, *more]


def _against(present: Article | None, article: Article, outcome: Outcome, texts: Catalogue) -> list[Element]:
    """What the article changes of the one that is here, or that it leaves another of its name alone."""
    if outcome.state is State.UNCHANGED:
        return [Element((line(texts.draft_same),))]
    if outcome.state is State.ADDED and outcome.beside:
        return [Element((line(texts.draft_beside),))]
    if outcome.state is State.ADDED or present is None:
        return []
    differing = [name for name in _SHORT_FIELDS if getattr(present, name) != getattr(article, name)]
    rows = [
        line(f"{texts.article_fields[name]}: {_value(present, name)} → {_value(article, name)}")
        for name in differing
    ]
    if (present.text, present.body) != (article.text, article.body):
        differing.append("text")
    fields = ", ".join(texts.article_fields[name] for name in differing)
    return [Element((line(texts.draft_replaces.format(fields=fields)), *rows))]


def _value(article: Article, name: str) -> str:
    return shown(str(getattr(article, name) or "–"), _NAME)


def _pointed(shown: Reply) -> Reply:
    """The list of articles, its buttons leading to the cards with which articles are removed."""
    ways = {"sources": "shelf:page", "article": "shelf:open"}

    def led(button: Button) -> Button:
        action, _, argument = button.data.partition(":")
        return replace(button, data=f"{ways[action]}:{argument}")

    return tuple(replace(one, buttons=tuple(tuple(map(led, row)) for row in one.buttons)) for one in shown)
