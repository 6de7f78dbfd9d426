"""What an admin sees of an article before it is added, and of one that may be removed; plain data."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from babel import Locale

from bot import reply
from bot.desk import is_same
from bot.drafts import Draft
from bot.markup import Block, Element, Kind, Run, Style, line, paragraphs
from bot.reply import Button, Reply, as_reply
from bot.texts import Catalogue
from retrieval.article import Article
from retrieval.document import Unread
from retrieval.index import Index
from retrieval.newest import Newest
from retrieval.passages import split

_TITLE, _NAME, _LINK, _LEAD = 200, 80, 300, 600
"""Characters of a title, of a name in a list, of a link and of the first lines."""
_LISTED = 10
"""Articles of many, and things left out, that are named."""
_SHORT_FIELDS = ("title", "source", "published", "url", "language", "author")
# Signs that turn the direction of writing: in a title they would turn our own words round.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

Rows = tuple[tuple[Button, ...], ...]


def preview(
    drafts: Sequence[Draft], index: Index, texts: Catalogue, left_out: Sequence[Unread] = ()
) -> Reply:
    """What would be added, with the buttons for it; what cannot be read is named."""
    if not drafts:
        nothing = [Element((line(texts.draft_nothing),))] if not left_out else []
        return as_reply([*nothing, *_left_out(left_out, texts)])
    if len(drafts) > 1:
        return _summary(drafts, texts, left_out)
    draft = drafts[0]
    article = draft.article
    present = index.articles.get(article.id)
    same = is_same(present, article)
    elements = [
        Element((line(Run(texts.draft_heading, Style.BOLD)),)),
        *about(article, len(split(article)), texts),
        *_against(present, article, texts),
        *_left_out(left_out, texts),
    ]
    return as_reply(elements, _draft_buttons(draft.message, texts, may_add=not same))


def about(article: Article, passages: int, texts: Catalogue) -> list[Element]:
    """Title, source, date, link, language, number of passages and the first lines."""
    rows = [line(Run(shown(reply.shown_title(article), _TITLE) or "…", Style.BOLD))]
    where = [shown(article.source or texts.unknown_source, _NAME), texts.day(article.published)]
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


def added(drafts: Sequence[Draft], new: int, index: Index, texts: Catalogue) -> Reply:
    """That the drafts of a message are in the library; `new` of them were not there as they are."""
    if len(drafts) > 1:
        counts = [texts.counted(texts.draft_added_many, new)]
        if new < len(drafts):
            counts.append(texts.counted(texts.draft_unchanged_many, len(drafts) - new))
        return reply.said("\n".join(counts))
    said = [Element((line(texts.draft_added),))]
    article = index.articles.get(drafts[0].document.name)
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
    seen = "".join(" " if sign.isspace() else sign for sign in text[: 4 * limit] if sign not in _BIDI)
    plain = "".join(sign for sign in seen if sign >= " " and not "\x7f" <= sign <= "\x9f")
    words = " ".join(plain.encode("utf-8", "replace").decode().split())
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


def _summary(drafts: Sequence[Draft], texts: Catalogue, left_out: Sequence[Unread]) -> Reply:
    heading = line(Run(texts.counted(texts.draft_many, len(drafts)), Style.BOLD))
    rows = _some((shown(reply.shown_title(one.article), _NAME) for one in drafts), len(drafts), texts)
    message = drafts[0].message
    buttons = (
        (Button(texts.add_all_button.format(number=len(drafts)), f"draft:add:{message}"),),
        (Button(texts.cancel_button, f"draft:cancel:{message}"),),
    )
    return as_reply([Element((heading, *rows)), *_left_out(left_out, texts)], buttons)


def _left_out(left_out: Sequence[Unread], texts: Catalogue) -> list[Element]:
    if not left_out:
        return []
    said = (f"{shown(one.name, _NAME)}: {texts.unread[one.kind]}" for one in left_out)
    return [Element((line(texts.draft_left_out), *_some(said, len(left_out), texts)))]


def _some(rows: Iterable[str], count: int, texts: Catalogue) -> list[Block]:
    first = [line(f"• {row}") for row in islice(rows, _LISTED)]
    more = [line(texts.counted(texts.draft_more, count - _LISTED))] if count > _LISTED else []
    return [*first, *more]


def _against(present: Article | None, article: Article, texts: Catalogue) -> list[Element]:
    """What the article changes of the one that is here."""
    if present is None:
        return []
    if is_same(present, article):
        return [Element((line(texts.draft_same),))]
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
