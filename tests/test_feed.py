"""RSS and Atom as they are written, and as somebody hostile might write them."""

from datetime import date

import pytest

from retrieval.document import Document, Unread
from retrieval.formats.feed import MOST, NotAFeedError, completed, document, parse
from retrieval.formats.feed_limits import DEEPEST, LARGEST
from tests.feedserver import LONG, item, read_html, rss

ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru"><title type="text">Қала &amp;lt;b></title>
<link rel="self" href="https://qala.kz/atom"/><link href="https://qala.kz/"/>{entries}</feed>"""


def one(text, url="https://qala.kz/dir/feed"):
    (entry,) = parse(text.encode(), url).entries
    return entry


def test_an_rss_feed_says_who_it_is_and_what_it_has():
    feed = parse(
        rss(
            item(
                "/a/1",
                base="https://qala.kz",
                text=f"<p>{LONG}</p>",
                more="<dc:creator>А. Серік</dc:creator>",
            )
        ).encode()
    )
    assert (feed.title, feed.link, feed.language) == ("Qala.kz", "https://qala.kz/", "kk")
    (entry,) = feed.entries
    assert (entry.link, entry.id) == ("https://qala.kz/a/1", "https://qala.kz/a/1")
    assert (entry.title, entry.author, entry.is_summary) == ("Қар жауды", "А. Серік", False)
    assert "түнімен қар жауып" in entry.text


@pytest.mark.parametrize(
    ("written", "day"),
    [
        # The day is the one that the outlet writes: in UTC the first would still be the 12th.
        ("Fri, 13 Feb 2026 01:30:00 +0500", date(2026, 2, 13)),
        ("Fri, 13 Feb 2026 23:30:00 -0800", date(2026, 2, 13)),
        ("2026-02-13T01:30:00+05:00", date(2026, 2, 13)),
        ("2026-02-13T01:30:00Z", date(2026, 2, 13)),
        ("2026-02-13", date(2026, 2, 13)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_day_of_an_entry_is_that_of_its_own_time_zone(written, day):
    assert one(rss(f"<item><title>а</title><pubDate>{written}</pubDate></item>")).published == day


def test_titles_lose_their_markup_and_nothing_else():
    assert (
        one(
            rss("<item><title>Қар &lt;b&gt;жауды&lt;/b&gt;! 3 &amp;lt; 5 &amp;amp; т.б.</title></item>")
        ).title
        == "Қар жауды! 3 < 5 & т.б."
    )
    assert one(rss("<item><title>\u202eжел\u200b\n  соқты</title></item>")).title == "жел соқты"
    assert one(rss("<item><title>жел\U000e0041\u3164 соқты\u2800</title></item>")).title == "жел соқты"
    entries = (
        '<entry><id>1</id><title type="text">3 &lt; 5 &lt;b></title></entry>'
        '<entry><id>2</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Қар <b>жауды</b></div></title></entry>'
    )
    feed = parse(ATOM.format(entries=entries).encode())
    assert [entry.title for entry in feed.entries] == ["3 < 5 <b>", "Қар жауды"]
    assert feed.language == "ru"


def test_links_become_whole_and_only_those_of_the_web_are_taken():
    base = "https://qala.kz/dir/feed"
    assert (
        one(rss("<item><title>а</title><link>../b?x=1</link></item>"), base).link == "https://qala.kz/b?x=1"
    )
    for bad in (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "tag:qala.kz,2026:1",
        "ftp://qala.kz/a",
        "mailto:a@b.kz",
    ):
        assert one(rss(f"<item><title>а</title><link>{bad}</link></item>"), base).link is None
    atom = (
        '<entry><id>tag:1</id><link rel="enclosure" href="a.mp3"/><link rel="alternate" href="b/3"/></entry>'
    )
    assert one(ATOM.format(entries=atom)).link == "https://qala.kz/dir/b/3"
    assert one(ATOM.format(entries="<entry><id>tag:1</id></entry>")).link is None


@pytest.mark.parametrize(
    ("body", "is_summary"),
    [
        (f"<content:encoded><![CDATA[<p>{LONG}</p>]]></content:encoded>", False),
        (f"<description>Қысқа</description><yandex:full-text>{LONG}</yandex:full-text>", False),
        (f"<description><![CDATA[<p>{LONG}</p>]]></description>", False),
        ("<description>Елордада түнімен қар жауды.</description>", True),
        ("<content:encoded><![CDATA[<p>Елордада түнімен қар жауды.</p>]]></content:encoded>", True),
        (f"<content:encoded><![CDATA[<p>{LONG} […]</p>]]></content:encoded>", True),
        (f"<description><![CDATA[<p>{LONG} <a href='/a'>Читать далее</a></p>]]></description>", True),
        ("", True),
    ],
)
def test_a_teaser_is_told_from_the_whole_article(body, is_summary):
    assert one(rss(f"<item><title>а</title>{body}</item>")).is_summary is is_summary


def test_a_plain_text_keeps_its_paragraphs_and_is_no_markup():
    text = f"{LONG}\nЖел соқты: 3 &amp;lt; 5.\n{LONG}"
    entry = one(rss(f"<item><title>а</title><yandex:full-text>{text}</yandex:full-text></item>"))
    assert entry.text.count("<p>") == 3
    assert "<p>Жел соқты: 3 &lt; 5.</p>" in entry.text
    content = f'<content type="text">&lt;script> {LONG}</content>'
    assert "&lt;script&gt;" in one(ATOM.format(entries=f"<entry><id>1</id>{content}</entry>")).text


def test_what_is_hidden_in_a_text_reaches_the_reader_of_pages_as_it_was_written():
    hidden = '<p style="display:none">Жасырын сөз</p>'
    entry = one(rss(item("/a", base="https://qala.kz", text=f"{hidden}<p>{LONG}</p>")))
    assert 'style="display:none"' in entry.text


def test_an_entry_becomes_a_document_with_what_its_feed_knows():
    feed = parse(rss(item("/a/1", base="https://qala.kz", text=f"<p>{LONG}</p>")).encode())
    found = document(feed.entries[0], feed, read_html, "https://qala.kz/a/1")
    assert found == Document(
        "https://qala.kz/a/1", " ".join(LONG.split()), "Қар жауды", "Qala.kz", date(2026, 2, 13),
        "https://qala.kz/a/1", "kk",
    )  # fmt: skip


def test_an_entry_without_words_is_unread():
    feed = parse(rss("<item><guid>1</guid></item>").encode())
    assert isinstance(document(feed.entries[0], feed, read_html, "feed#1"), Unread)


def test_a_page_keeps_what_it_says_itself():
    feed = parse(rss(item("/a/1", base="https://qala.kz")).encode())
    page = Document("n", "т", title="Тақырып", source="Басқа", published=date(2026, 1, 1), language="ru")
    found = completed(page, feed.entries[0], feed)
    assert (found.title, found.source, found.published) == ("Тақырып", "Басқа", date(2026, 1, 1))
    assert (found.url, found.language) == ("https://qala.kz/a/1", "ru")


def test_the_name_of_a_server_gives_way_to_that_of_the_feed():
    feed = parse(rss(item("/a/1", base="https://qala.kz")).encode())
    page = Document("n", "т", source="qala.kz", url="https://www.qala.kz/a/1")
    assert completed(page, feed.entries[0], feed).source == "Qala.kz"


def test_english_as_the_language_of_a_feed_is_taken_for_a_default():
    feed = parse(rss(item("/a/1", base="https://qala.kz")).replace(">kk<", ">en-US<").encode())
    assert feed.language == "en"
    assert completed(Document("n", "т"), feed.entries[0], feed).language is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251", "koi8-r"])
def test_the_declared_encoding_is_followed(encoding):
    text = rss("<item><title>Снег шёл всю ночь</title></item>").replace(
        'encoding="utf-8"', f'encoding="{encoding}"'
    )
    (entry,) = parse(text.encode(encoding)).entries
    assert entry.title == "Снег шёл всю ночь"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body><p>hello</p></body></html>", "a web page"),
        (b"\x89PNG\r\n\x1a\n\0\0", "something else"),
        (b'{"version": 2}', "something else"),
        (b"x" * (LARGEST + 1), "larger than 5 MB"),
    ],
)
def test_what_is_no_feed_is_said_with_what_to_do(data, said):
    with pytest.raises(NotAFeedError, match=said) as caught:
        parse(data)
    assert "name " in str(caught.value)


def test_a_body_that_is_the_name_of_a_file_opens_nothing(tmp_path):
    path = tmp_path / "feed.xml"
    path.write_text(rss(item("/a", base="https://qala.kz")))
    with pytest.raises(NotAFeedError):
        parse(str(path).encode())


def test_entities_are_neither_multiplied_nor_read_from_files(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("құпия")
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    text = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "лол">{levels}<!ENTITY f SYSTEM "{secret.as_uri()}">]>'
        "<rss version='2.0'><channel><title>а</title><item><title>б &e11; &f;</title></item></channel></rss>"
    )
    try:
        feed = parse(text.encode())
    except NotAFeedError:
        return
    assert len(repr(feed)) < 10_000
    assert "құпия" not in repr(feed)


def test_a_feed_that_is_cut_off_gives_what_is_whole():
    text = rss(*(item(f"/a/{n}", base="https://qala.kz", text=f"<p>{LONG}</p>") for n in range(3)))
    feed = parse(text[: text.rindex("<content:encoded>")].encode())
    assert [entry.link for entry in feed.entries][:2] == ["https://qala.kz/a/0", "https://qala.kz/a/1"]


def test_only_the_top_of_an_endless_feed_is_looked_at():
    feed = parse(rss(*(f"<item><guid>{n}</guid></item>" for n in range(MOST + 5))).encode())
    assert [entry.id for entry in feed.entries] == [str(n) for n in range(MOST)]


_HEAD = "<rss version='2.0'><channel><title>а</title>"
_MANY = 200_000


@pytest.mark.parametrize(
    "text",
    [
        _HEAD + "<item>" * _MANY,
        _HEAD + "</x>" * _MANY + "<item>" * _MANY,
        _HEAD + "<item><title>" + "<b>" * _MANY,
        _HEAD + "<item><title>" + "<b><br/>" * (DEEPEST + 1),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_tags_that_are_never_closed_are_refused(text, encoding):
    with pytest.raises(NotAFeedError, match="not closed"):
        parse(text.encode(encoding))


def test_tags_cannot_be_hidden_in_the_encoding():
    text = '<?xml version="1.0" encoding="UTF-7"?>' + _HEAD + "+ADw-item+AD4-" * 100
    with pytest.raises(NotAFeedError, match="hides its tags"):
        parse(text.encode())
    with pytest.raises(NotAFeedError, match="hides its tags"):
        parse(_HEAD.encode(), None, "application/rss+xml; charset=utf7")


def test_an_article_of_many_open_paragraphs_is_read():
    paragraphs = "<p>" + "<p>".join([LONG[:90], "<br>"] * 600)
    feed = parse(rss(*(item(f"/{n}", base="https://qala.kz", text=paragraphs) for n in range(5))).encode())
    assert [entry.is_summary for entry in feed.entries] == [False] * 5


@pytest.mark.parametrize(
    "entry",
    [
        f"<author>{'a' * 4_000_000}</author>",
        f"<author>{'a@' * 2_000_000}</author>",
        f"<author>x@{'a.' * 2_000_000}</author>",
        f"<pubDate>{'1' * 4_000_000}</pubDate>",
        f"<pubDate>{'(' * 4_000_000}</pubDate>",
        f"<description><![CDATA[{'<a ' * 1_300_000}]]></description>",
        f"<link>{'http:' * 800_000}</link>",
    ],
)
def test_fields_of_millions_of_signs_come_to_an_end(entry):
    feed = parse(rss(f"<item><title>а</title>{entry}</item>").encode())
    assert [one.title for one in feed.entries] == ["а"]


def test_a_picture_in_the_text_does_not_stand_in_the_way():
    picture = f'<img src="data:image/png;base64,{"iVBORw0KGgo" * 5000}">'
    entry = one(rss(item("/a", base="https://qala.kz", text=f"<p>{LONG}</p>{picture}")))
    assert not entry.is_summary
    assert len(entry.text) < 5000
