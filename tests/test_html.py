import csv
from pathlib import Path

import pytest

from retrieval.document import Document, Unread
from retrieval.formats.cleaning import clean
from retrieval.formats.html import documents, readable
from retrieval.passages import split

PAGES = Path(__file__).parent / "documents"
EXPECTED = list(
    csv.DictReader(
        (PAGES / "pages.tsv").read_text("utf-8").splitlines(), delimiter="	", quoting=csv.QUOTE_NONE
    )
)

STORY = "<p>Ауылда жаңа көпір ашылды.</p><p>Оны тұрғындар екі жыл күтті, енді жол қысқарды.</p>"


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def only(data: bytes, url: str | None = None, charset: str | None = None) -> Document:
    (found,) = documents("a.html", data, url, charset)
    assert isinstance(found, Document), found
    return found


def refused(data: bytes) -> str:
    (found,) = documents("a.html", data)
    assert isinstance(found, Unread), found
    return found.reason


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row["page"])
def test_a_page_gives_its_facts_and_its_story_without_what_stands_around_it(row):
    found = only((PAGES / f"{row['page']}.html").read_bytes())
    published = found.published.isoformat() if found.published else ""
    told = (found.title, published, found.source, found.url, found.language, found.author)
    assert told == (
        row["title"] or None,
        row["published"],
        row["source"] or None,
        row["url"] or None,
        row["language"] or None,
        row["author"] or None,
    )
    assert found.text.startswith(row["first"])
    assert found.text.endswith(row["last"])
    assert row["kept"] in found.text
    assert clean(found.text) == found.text
    assert any(row["kept"] in found.text[slice(*passage.span)] for passage in split(found.as_article("1")))
    assert [words for words in row["absent"].split("|") if words in found.text] == []


@pytest.mark.parametrize(
    ("head", "hidden"),
    [
        ("", '<p style="display:none">{}</p>'),
        ("", '<p style="Visibility : HIDDEN">{}</p>'),
        ("", "<p hidden>{}</p>"),
        ("", '<p aria-hidden="true">{}</p>'),
        ("", '<p>Көрінеді. <span style="font-size:0px">{}</span></p>'),
        ("", '<p style="position:absolute;left:-5000px">{}</p>'),
        ("", '<p style="text-indent:-9999px">{}</p>'),
        ("", '<p style="color:#FFFFFF">{}</p>'),
        ("", '<div style="background:black;color:rgb(0,0,0)"><p>{}</p></div>'),
        ("", '<p style="opacity:0">{}</p>'),
        ("", "<template><p>{}</p></template>"),
        ("", "<noscript><p>{}</p></noscript>"),
        ("<style>p.x { display : none }</style>", '<p class="x">{}</p>'),
        ("<style>/* } */#x,.y{visibility:hidden}</style>", '<p id="x">{}</p>'),
        ("<style>.a > .x{font-size:1px}</style>", '<div class="a"><p class="x">{}</p></div>'),
        ("<style>.x{display:none} p{display:block}</style>", '<p class="x">{}</p>'),
        ("", '<p style="font:0/0 a">{}</p>'),
        ("", '<p style="font-size:calc(0px)">{}</p>'),
        ("", '<p style="color:hsl(0,0%,100%)">{}</p>'),
        ("", '<p style="color:rgb(100% 100% 100% / 1)">{}</p>'),
        ("", '<p style="color:rgba(0,0,0,0)">{}</p>'),
        ("", '<p style="color:#00000000">{}</p>'),
        ("", '<p style="color:whitesmoke">{}</p>'),
        ("", '<div style="background:crimson"><p style="color:#dc143c">{}</p></div>'),
        ("", '<p style="-webkit-text-fill-color:transparent">{}</p>'),
        ("", '<table bgcolor="#123456"><tr><td><font color="#123456">{}</font></td></tr></table>'),
        ("", '<p style="--paper:#fff;color:var(--paper)">{}</p>'),
        ("<style>:root{--h:none}.x{display:var(--h)}</style>", "<p class=x>{}</p>"),
        ("<style>.x{display:var(--nowhere, none)}</style>", "<p class=x>{}</p>"),
        ("", '<p style="clip-path:inset(50%)">{}</p>'),
        ("", '<p style="clip-path:polygon(0 0, 0 0, 0 0)">{}</p>'),
        ("", '<p style="transform:scale(0)">{}</p>'),
        ("", '<p style="transform:translateX(-9999px)">{}</p>'),
        ("", '<p style="margin-left:-9999px">{}</p>'),
        ("", '<p style="position:absolute;left:9999px">{}</p>'),
        ("", '<p style="position:fixed;bottom:-9999px">{}</p>'),
        ("", '<p style="filter:opacity(0)">{}</p>'),
        ("", '<p style="opacity:0.4%">{}</p>'),
        ("", '<div style="max-width:0;overflow-x:hidden">{}</div>'),
        ("", '<p style="display/**/:none">{}</p>'),
        ("", '<p style="displ\\61 y:none">{}</p>'),
        ("", '<p class="visually-hidden">{}</p>'),
        ("<style>.x{display:none!important}</style>", '<p class=x style="display:block">{}</p>'),
        ('<style>p[data-k="1"]{display:none}</style>', '<p data-k="1">{}</p>'),
        ("<style>.x *{display:none}</style>", "<div class=x><p>{}</p></div>"),
        ("<style>@layer a{.x{display:none}}</style>", "<p class=x>{}</p>"),
        ("<style>@supports (display:grid){.x{display:none}}</style>", "<p class=x>{}</p>"),
        ("<style>@media screen{.x{display:none}}</style>", "<p class=x>{}</p>"),
        ('<style>@import "a.css";.x{display:none}</style>', "<p class=x>{}</p>"),
        ("<style><!-- .x{display:none} --></style>", "<p class=x>{}</p>"),
        ("<style>.x{display:none}" + ".x{margin:0;color:#000}" * 60 + "</style>", "<p class=x>{}</p>"),
        ("<style>" + ".q," * 60 + ".x{display:none}</style>", "<p class=x>{}</p>"),
    ],
)
def test_what_a_page_hides_is_not_in_the_story(head, hidden):
    secret = "Бұл сөйлемді ешкім көрмейді, сондықтан ол дәйексөз болмайды."
    found = only(page(f"<article>{STORY}{hidden.format(secret)}{STORY}</article>", head))
    assert secret not in found.text
    assert "Оны тұрғындар" in found.text


@pytest.mark.parametrize(
    "head",
    [
        "<style>@media print{.x{display:none}}</style>",
        "<style>@media (max-width:600px){.x{display:none}}</style>",
        "<style>.x{display:none} .x{display:block}</style>",
        "<style>.x:hover{display:none} .y .x{display:none}</style>",
        "<style>.x{color:#fff;background:#123}</style>",
        "<style>.x{color:snow;background:navy}</style>",
        "<style>@supports not (display:grid){.x{display:none}}</style>",
        "<style>.x{transform:translateX(-50%);clip-path:inset(5%)}</style>",
        "<style>.x{display:none} .x{display:block!important}</style>",
        "<style>.x[data-k]{display:none}</style>",
        "<style>:root{--h:block}.x{display:var(--h, none)}</style>",
    ],
)
def test_what_a_page_shows_on_a_screen_stays(head):
    assert (
        "Көзге түсетін сөйлем."
        in only(page(f'<article>{STORY}<p class="x">Көзге түсетін сөйлем.</p></article>', head)).text
    )


def test_a_link_of_another_site_is_not_taken_for_the_pages_own():
    data = page(f"<article>{STORY}</article>", '<link rel="canonical" href="https://akorda.kz/kz/1">')
    assert only(data, "https://evil.example.org/1").url == "https://evil.example.org/1"
    assert only(data, "https://www.akorda.kz/amp/1").url == "https://akorda.kz/kz/1"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://user:pw@a.kz/1", "http://[::1", "/", "ftp://a.kz/1"]
)
def test_a_link_that_no_reader_could_open_is_left_out(link):
    assert only(page(f"<article>{STORY}</article>", f'<link rel="canonical" href="{link}">')).url is None


def test_the_charset_of_the_content_type_is_used():
    text = f"<html><body><article>{STORY}</article></body></html>"
    assert only(text.encode("kz1048"), charset="kz1048").text.startswith("Ауылда жаңа көпір ашылды.")


def test_a_story_that_a_script_draws_is_taken_from_the_linked_data():
    data = '<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"&lt;p&gt;Көпір бүгін таңертең салтанатты түрде ашылды.&lt;/p&gt;"}</script>'
    assert only(page("<div id=root></div>", data)).text == "Көпір бүгін таңертең салтанатты түрде ашылды."


def test_a_page_without_a_story_says_what_to_do():
    assert "give its text as .txt" in refused(page("<nav>Басты бет</nav>"))


@pytest.mark.parametrize(
    "source", ["{", "[" * 100_000, '{"@type":5,"author":[null,3],"headline":{}}', "null"]
)
def test_wrong_linked_data_do_no_harm(source):
    data = page(f"<article>{STORY}</article>", f'<script type="application/ld+json">{source}</script>')
    assert only(data).text.startswith("Ауылда")


@pytest.mark.parametrize(
    "data",
    [
        b"<p>" + b"x" * 10_000_001,
        page("<div>" * 100_000 + "x"),
        page("<p>x" * 300_000),
        page("<p " + " ".join(f"a{number}=1" for number in range(200_000)) + ">x"),
        page('<p x"> <p ' + " ".join(f'a{number}=">"' for number in range(20_000)) + ">x"),
        page("<div>" * 190 + "х" * 4_000_000),
        page("<p class=x>а" * 20_000, "<style>" + ".x{left:0}" * 1_000 + "</style>"),
        page("<p>а", "<style>" + ".x,.y{left:0}" * 30_000 + "</style>"),
        b"",
    ],
    ids=["large", "deep", "tags", "attributes", "quoted", "work", "compared", "rules", "empty"],
)
def test_a_page_made_to_stall_a_reader_is_refused(data):
    assert refused(data)


def test_entities_are_not_opened_in_one_another():
    bomb = '<!DOCTYPE html [<!ENTITY a "қауіп қауіп"><!ENTITY b "&a;&a;&a;&a;">]>'
    text = only(
        f"{bomb}<html><body><article>{STORY}<p>&b; соңғы сөйлем осы.</p></article></body></html>".encode()
    ).text
    assert "қауіп" not in text


def test_empty_elements_between_words_are_no_slow_work():
    text = only(page(f"<article>{STORY}<p>{'<nav></nav><i></i>сөз ' * 8_000}</p></article>")).text
    assert text.count("сөз") == 8_000


def test_a_word_without_an_end_is_no_slow_work():
    word = "telegram" * 20_000
    assert word in only(page(f"<article>{STORY}<p><a href=x>Бір</a> {word} екі.</p>{STORY}</article>")).text


def test_a_flood_of_rules_and_classes_is_worked_off():
    rules = "".join(f".a.b{number}{{display:none}}" for number in range(30_000))
    assert only(
        page(
            f"<article>{STORY}{'<p class=a>Көп сөз осында тұр.</p>' * 2_000}</article>",
            f"<style>{rules}</style>",
        )
    )


def test_the_sentences_between_the_title_and_the_story_open_it():
    lead = "<div class=intro>Комбайндар далаға бүгін таңертең ғана шықты.</div>"
    body = f"<h1>Егін</h1>{lead}<div class=entry-content>{STORY}</div>"
    assert only(page(body)).text.startswith("Комбайндар далаға бүгін таңертең ғана шықты.\n\nАуылда жаңа")


def test_a_page_of_links_to_news_is_no_story():
    links = "<div><a href=1>Абайда қар жауды, жол жабылды.</a></div>" * 3
    assert "a list of news" in refused(page(f"<h1>Жаңалық</h1>{links}"))


@pytest.mark.parametrize(
    "call",
    [
        "Подписывайтесь на наш Telegram-канал!",
        "Біздің Telegram арнамызға жазылыңыз!",
        "Мақаланы тек жазылушылар оқи алады.",
    ],
)
def test_a_call_to_subscribe_is_left_out_and_a_sentence_about_one_stays(call):
    about = "Олар «Подписывайтесь на наш канал» деген жазуды қабырғаға ілді."
    text = only(page(f"<article>{STORY}<p>{about}</p>{STORY}<p>{call}</p></article>")).text
    assert about in text
    assert call not in text


def test_the_day_is_that_of_the_outlet_where_the_page_gives_its_offset():
    data = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-11-19T22:30:05Z"}</script>'
    time = '<time datetime="2026-11-20T03:30:05+05:00">03:30</time>'
    assert str(only(page(f"{time}<article>{STORY}</article>", data)).published) == "2026-11-20"
    assert str(only(page(f"<article>{STORY}</article>", data)).published) == "2026-11-19"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Қоғам • 20 Қараша, 2026", "2026-11-20"),
        ("20 қараша 2026, 10:15 | GMT +5", "2026-11-20"),
        ("суббота, 21 ноября 2026 г.", "2026-11-21"),
        ("20 qaraşa 2026 j.", "2026-11-20"),
        ("бүгін, 10:15", "None"),
        ("Байқау 2026-12-01 күні өтеді", "None"),
    ],
)
def test_a_date_in_a_line_of_the_page_is_read(line, day):
    assert str(only(page(f"<div>{line}</div><article>{STORY}</article>")).published) == day


@pytest.mark.parametrize(
    "signed",
    [
        "<div class=article-author><a href=/a/1>Айна Серікқызы</a>, «Дала»</div>",
        "<span class='post-author vcard'>Автор: <span class=fn>Айна Серікқызы</span></span>",
        "<div class=comment-author>Болат Ким</div><dd class=createdby>Жазған: Айна Серікқызы</dd>",
    ],
)
def test_the_name_in_a_part_called_author_is_the_author(signed):
    assert only(page(f"{signed}<article>{STORY}</article>")).author == "Айна Серікқызы"


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("", ""),
        ("Жай ғана мәтін &amp; белгі", "Жай ғана мәтін & белгі"),
        ("<p>Бір.</p><p>Екі<br>жол.</p>", "Бір.\n\nЕкі\nжол."),
        ("Бір.<br>&nbsp;<br> Екі.", "Бір.\n\nЕкі."),
        ("<p>Бір.</p><p>The post <a href=x>Көпір</a> appeared first on <a href=y>Дала</a>.</p>", "Бір."),
        ("<ol><li>алма</li><li><p>өрік</p></li></ol>", "1. алма\n\n2. өрік"),
        ("<p>Ауданы 5 м<sup>2</sup>, <q>жақсы</q>.</p><script>x()</script>", "Ауданы 5 м2, «жақсы»."),
        ("<p>Біз <del>он</del> бес едік.</p><p style='display:none'>Жоқ.</p>", "Біз бес едік."),
    ],
)
def test_a_fragment_becomes_readable_text(fragment, text):
    assert readable(fragment) == text


def test_a_style_without_an_end_is_gone_through_once():
    assert only(page(f"<article>{STORY}</article>", "<style>" + "a" * 3_000_000 + "</style>")).text
