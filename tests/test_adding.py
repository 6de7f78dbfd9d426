"""Articles added in Telegram: a file, a link or a channel's post, shown first, put right, added."""

import sqlite3
from contextlib import closing
from datetime import date

import pytest
from telegram.error import NetworkError

from bot.bringing import KAZAKHSTAN, MOST
from bot.service import remind
from bot.texts import CATALOGUES, catalogue
from retrieval.article import Article
from retrieval.document import Document, Unread
from retrieval.errors import StoreError, Trouble
from retrieval.importing import article_of
from tests.office import (
    ADMIN,
    QUESTION,
    READER,
    STORY,
    Office,
    channel_post,
    data_of,
    document,
    labels,
)
from tests.running import at_work
from tests.unreadable import UNREADABLE, zipped

KK = catalogue("kk")


class Full:
    """A library whose disk is full."""

    def __init__(self, library):
        self.library, self.full = library, True

    def __getattr__(self, name):
        return getattr(self.library, name)

    def store(self, articles, origin, location):
        if self.full:
            raise StoreError("the disk is full")
        self.library.store(articles, origin, location)


async def test_a_file_is_shown_before_it_is_added_and_found_by_the_next_question(tmp_path, api):
    async with Office(tmp_path, api) as office:
        shown = await office.file(STORY)
        assert shown["text"] == (
            "Осы мақаланы қосайын ба?\n\n"
            "Түркістанда жаңа кітапхана ашылды\nдереккөзі белгісіз · күні белгісіз\n2 үзінді\nkitap.txt\n\n"
            "Түркістан қаласында бүгін жаңа балалар кітапханасы есігін айқара ашты. Онда қырық мың кітап бар.\n"
            "Кітапхана меңгерушісі Айша Серікқызы оқырмандарды күтеміз деді."
        )
        assert labels(shown) == ["Қосу", "Тақырыбы", "Дереккөзі", "Күні", "Бас тарту"]
        assert not office.library.index.articles
        added = await office.press(shown, "Қосу")
        assert added["text"].startswith("Қосылды.")
        assert added["message_id"] == shown["message_id"]
        answer = await office.text(QUESTION, user=READER)
        assert "қырық мың кітап" in answer["text"]
    assert office.changes == 1


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_the_preview_is_in_the_admins_language(tmp_path, api, language):
    texts = catalogue(language)
    async with Office(tmp_path, api) as office:
        shown = await office.file(STORY, language=language)
    assert shown["text"].startswith(texts.draft_heading)
    assert labels(shown)[0] == texts.add_button


async def test_title_source_and_date_are_put_right_one_after_the_other(tmp_path, api):
    async with Office(tmp_path, api) as office:
        shown = await office.file(STORY)
        for label, question, value in [
            ("Тақырыбы", KK.ask_title, "Кітапхана ашылды"),
            ("Дереккөзі", KK.ask_source, "baq.kz"),
            ("Күні", KK.ask_date, "1 наурыз 2026"),
        ]:
            asked = await office.press(shown, label)
            assert asked["text"] == question
            assert api.calls[-1].params["reply_markup"] == {"force_reply": True}
            shown = await office.text(value)
        assert shown["text"].split("\n")[2:4] == ["Кітапхана ашылды", "baq.kz · 2026 ж. 1 наурыз"]
        await office.press(shown, "Қосу")
        article = office.library.index.articles["kitap.txt"]
    assert (article.title, article.source, article.published) == (
        "Кітапхана ашылды",
        "baq.kz",
        date(2026, 3, 1),
    )
    assert article.text == STORY


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("wrong", ["ертең", "2026-02-30", "32.01.2026", "былтыр 1 наурыз"])
async def test_a_wrong_date_gets_a_sentence_with_an_example_and_the_next_message_may_be_right(
    tmp_path, api, language, wrong
):
    texts = catalogue(language)
    async with Office(tmp_path, api) as office:
        shown = await office.file(STORY, language=language)
        await office.press(shown, texts.edit_date_button, language=language)
        told = await office.text(wrong, language=language)
        assert told["text"].startswith(texts.wrong_date)
        assert "2026" in texts.wrong_date
        shown = await office.text("01.03.2026", language=language)
        assert texts.day(date(2026, 3, 1)) in shown["text"]


async def test_a_dash_says_that_nothing_is_known(tmp_path, api):
    async with Office(tmp_path, api) as office:
        shown = await office.file(STORY)
        await office.press(shown, "Тақырыбы")
        shown = await office.text("-")
        await office.press(shown, "Қосу")
        assert office.library.index.articles["kitap.txt"].title is None


async def test_a_title_without_end_is_not_taken(tmp_path, api):
    async with Office(tmp_path, api) as office:
        await office.press(await office.file(STORY), "Тақырыбы")
        told = await office.text("а" * 301)
    assert told["text"].startswith(KK.wrong_value.format(longest=300))


async def test_after_ten_minutes_the_next_message_is_a_question_again(tmp_path, api):
    async with Office(tmp_path, api) as office:
        await office.press(await office.file(STORY), "Тақырыбы")
        office.now += 601
        assert (await office.text("Қар қашан жауды?"))["text"].startswith(KK.not_found)


async def test_the_same_file_again_is_unchanged_and_a_changed_one_says_what_changes(tmp_path, api):
    async with Office(tmp_path, api) as office:
        await office.press(await office.file(STORY), "Қосу")
        again = await office.file(STORY)
        assert KK.draft_same in again["text"]
        assert "Қосу" not in labels(again)
        changed = await office.file(
            STORY.replace("қырық", "елу").replace("жаңа кітапхана ашылды", "кітапхана ашылды")
        )
        assert KK.draft_replaces.format(fields="тақырыбы, мәтіні") in changed["text"]
        assert "тақырыбы: Түркістанда жаңа кітапхана ашылды → Түркістанда кітапхана ашылды" in changed["text"]
        await office.press(changed, "Қосу")
        assert "елу мың" in office.library.index.articles["kitap.txt"].text


async def test_cancelled_nothing_is_added_and_the_old_buttons_do_nothing_more(tmp_path, api):
    async with Office(tmp_path, api) as office:
        shown = await office.file(STORY)
        await office.press(shown, "Дереккөзі")
        corrected = await office.text("BAQ.KZ")
        assert (await office.press(corrected, "Бас тарту"))["text"] == KK.draft_cancelled
        assert (await office.press(shown, "Қосу"))["text"] == KK.draft_cancelled
        assert not office.library.index.articles


async def test_a_link_alone_is_fetched_and_its_page_shown(tmp_path, api):
    url = "https://baq.example.kz/news/kitap"
    page = document(url, STORY, url=url, source="BAQ.KZ", language="kk", published=date(2026, 3, 1))
    async with Office(tmp_path, api, pages={url: [page]}) as office:
        shown = await office.text(url)
        assert shown["text"].split("\n")[2:6] == [
            "Түркістанда жаңа кітапхана ашылды", "BAQ.KZ · 2026 ж. 1 наурыз", "2 үзінді · Тілі: қазақ тілі", url,
        ]  # fmt: skip
        await office.press(shown, "Қосу")
        assert office.library.index.articles[url].source == "BAQ.KZ"


async def test_a_link_without_its_scheme_is_a_link_as_telegram_sees_one(tmp_path, api):
    url = "https://baq.example.com/kitap"
    async with Office(tmp_path, api, pages={url: [document(url, STORY, url=url)]}) as office:
        assert KK.draft_heading in (await office.text("baq.example.com/kitap"))["text"]


async def test_a_link_in_a_question_is_a_question(tmp_path, api):
    async with Office(tmp_path, api) as office:
        said = await office.text("https://baq.example.kz/news/kitap не туралы?")
    assert said["text"].startswith(KK.not_found)


async def test_a_link_that_cannot_be_read_is_said_in_plain_words(tmp_path, api):
    url = "http://10.0.0.1/"
    async with Office(tmp_path, api, pages={url: [Unread(url, "no", Trouble.PRIVATE)]}) as office:
        said = await office.text(url)
    assert said["text"] == f"Қосылмайтындар:\n• {url}: {KK.unread[Trouble.PRIVATE]}"


async def test_a_forwarded_channel_post_becomes_an_article_with_its_channel_day_and_link(tmp_path, api):
    async with Office(tmp_path, api) as office:
        await office.press(await office.text(STORY, forward_origin=channel_post()), "Қосу")
        article = office.library.index.articles["t.me/qala_news/15"]
    assert article.source == "Қала жаңалықтары"
    assert article.published == date(2026, 3, 2)  # 20:30 in Greenwich is past midnight in Kazakhstan
    assert article.url == "https://t.me/qala_news/15"
    assert article.title == "Түркістанда жаңа кітапхана ашылды"
    assert KAZAKHSTAN.utcoffset(None).total_seconds() == 5 * 3600


async def test_a_post_of_a_channel_without_a_name_has_the_link_that_its_members_can_open(tmp_path, api):
    async with Office(tmp_path, api) as office:
        await office.press(await office.text(STORY, forward_origin=channel_post(chat=None)), "Қосу")
        assert list(office.library.index.articles) == ["t.me/c/1234567890/15"]


async def test_the_caption_of_a_forwarded_picture_is_the_post_and_a_picture_without_one_is_told(
    tmp_path, api
):
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    async with Office(tmp_path, api) as office:
        api.text("", forward_origin=channel_post(), photo=photo, caption=STORY)
        assert "Түркістанда жаңа кітапхана ашылды" in (await office.shown())["text"]
        api.text("", forward_origin=channel_post(), photo=photo)
        assert (await office.shown())["text"] == KK.post_without_text


def picture(number, **more):
    return {"photo": [{"file_id": f"a{number}", "file_unique_id": "b", "width": 1, "height": 1}]} | more


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("forwarded", [True, False])
async def test_an_album_without_words_gets_one_sentence_for_all_its_pictures(
    tmp_path, api, language, forwarded
):
    origin = {"forward_origin": channel_post()} if forwarded else {}
    async with Office(tmp_path, api) as office:
        for album in ("1", "2"):
            for number in range(4):
                api.text("", media_group_id=album, language=language, **picture(number, **origin))
        sent = [call.result["text"] for call in await office.work()]
    assert sent == [catalogue(language).album_without_text] * 2


async def test_an_album_with_words_under_its_first_picture_is_a_post_and_no_more_is_said(tmp_path, api):
    async with Office(tmp_path, api) as office:
        for number in range(3):
            words = {} if number else {"caption": STORY}
            api.text("", media_group_id="1", forward_origin=channel_post(), **picture(number, **words))
        (call,) = await office.work()
    assert call.result["text"].startswith(KK.draft_heading)


async def test_the_sentence_for_an_album_comes_again_with_the_message_that_comes_again(tmp_path, api):
    async with Office(tmp_path, api) as office:
        for number in range(2):
            api.text("", media_group_id="1", **picture(number))
        assert len(await office.work(times=2)) == 2


async def test_a_forwarded_message_of_a_person_is_checked_as_ever(tmp_path, api):
    sender = {"type": "hidden_user", "sender_user_name": "Біреу", "date": 1}
    async with Office(tmp_path, api) as office:
        said = await office.text("Онда қырық мың кітап бар екен.", forward_origin=sender)
    assert said["text"] == KK.check_absent


async def test_each_file_of_an_album_has_its_own_preview(tmp_path, api):
    async with Office(tmp_path, api) as office:
        for number in range(3):
            api.document(f"{number}-мақала осында.\n".encode(), f"{number}.txt", media_group_id="77")
        sent = [call.result for call in await office.work()]
        assert len(sent) == 3
        await office.press(sent[1], "Қосу")
        assert list(office.library.index.articles) == ["1.txt"]


async def test_many_articles_in_one_zip_are_added_together(tmp_path, api):
    packed = zipped(**{f"{n:02}.txt": f"Мақала {n} осында тұр.\n" for n in range(12)}, **{"x.xyz": "?"})
    async with Office(tmp_path, api) as office:
        shown = await office.file(packed, "news.zip", mime="application/zip")
        assert shown["text"].startswith("12 мақала табылды. Қосайын ба?\n• Мақала 0 осында тұр.")
        assert "және тағы 2" in shown["text"]
        assert f"• news.zip/x.xyz: {KK.unread[Trouble.FORMAT]}" in shown["text"]
        assert labels(shown) == ["Бәрін қосу: 12", "Бас тарту"]
        added = await office.press(shown, "Бәрін қосу: 12")
        assert added["text"] == "Қосылған не өзгерген мақала саны: 12."
        assert len(office.library.index.articles) == 12
        again = await office.file(packed, "news.zip")
        assert "Өзгермегені: 12." in again["text"]
        assert labels(again) == ["Бас тарту"]


async def test_of_many_it_is_said_what_is_new_what_is_replaced_and_what_stays(tmp_path, api):
    before = {f"{n}.txt": f"Мақала {n} осында тұр.\n" for n in range(4)}
    after = before | {"0.txt": "Мақала басқаша жазылды.\n", "9.txt": "Тоғызыншы мақала келді.\n"}
    async with Office(tmp_path, api) as office:
        office.library.add([Article("news.zip/9.txt", "Өзге тоғызыншы мақала.")], "ARTICLES")
        await office.press(await office.file(zipped(**before), "news.zip"), "Бәрін қосу: 4")
        shown = await office.file(zipped(**after), "news.zip")
        assert (
            "Бұрыннан бар, ауысатыны: 1.\nАттас басқа мақаланың қасына қосылатыны: 1.\nӨзгермегені: 3."
            in (shown["text"])
        )
        added = await office.press(shown, "Бәрін қосу: 5")
        assert added["text"] == "Қосылған не өзгерген мақала саны: 2.\nӨзгермегені: 3."
        assert len(office.library.index.articles) == 6


async def test_of_two_with_one_name_the_second_is_named_and_not_added(tmp_path, api):
    url = "https://baq.example.kz/1"
    pages = [document("a.txt", STORY), document("a.txt", "Басқа мақала осында тұр.")]
    async with Office(tmp_path, api, pages={url: pages}) as office:
        shown = await office.text(url)
        assert f"Қосылмайтындар:\n• a.txt: {KK.unread[Trouble.TWICE]}" in shown["text"]
        added = await office.press(shown, "Бәрін қосу: 1")
        assert f"• a.txt: {KK.unread[Trouble.TWICE]}" in added["text"]
        assert [one.text for one in office.library.index.articles.values()] == [STORY]


@pytest.mark.parametrize(
    ("origin", "location"),
    [("ARTICLES", None), ("feed https://qala.example.kz/rss", None), ("added", "/srv/news/kitap.txt")],
)
async def test_a_file_never_takes_the_place_of_an_article_from_elsewhere(tmp_path, api, origin, location):
    theirs = Article("kitap.txt", "Бұл өзге жерден келген мақала.", "Өзге мақала")
    async with Office(tmp_path, api) as office:
        office.library.add([theirs], origin, location)
        shown = await office.file(STORY)
        assert KK.draft_beside in shown["text"]
        added = await office.press(shown, "Қосу")
        own = next(one for one in office.library.index.articles.values() if one != theirs)
        assert (own.text, own.id[:10]) == (STORY, "kitap.txt~")
        assert own.id in shown["text"]
        assert office.library.index.articles["kitap.txt"] == theirs
        assert office.library.held("kitap.txt").origin == origin
        card = await office.press(added, KK.card_button)
        assert card["text"].startswith("Түркістанда жаңа кітапхана ашылды")
        again = await office.file(STORY)
        assert KK.draft_same in again["text"]
        assert "Қосу" not in labels(again)
        changed = await office.file(STORY.replace("қырық", "елу"))
        assert KK.draft_replaces.format(fields="мәтіні") in changed["text"]
        await office.press(changed, "Қосу")
        assert "елу мың" in office.library.index.articles[own.id].text
        assert len(office.library.index.articles) == 2


async def test_what_an_admin_put_right_counts_when_it_is_asked_whose_the_name_is(tmp_path, api):
    theirs = article_of(document("kitap.txt", STORY))
    async with Office(tmp_path, api) as office:
        office.library.add([theirs], "ARTICLES")
        shown = await office.file(STORY)
        assert KK.draft_same in shown["text"]
        await office.press(shown, "Дереккөзі")
        shown = await office.text("BAQ.KZ")
        assert KK.draft_beside in shown["text"]
        await office.press(shown, "Қосу")
        assert {one.source for one in office.library.index.articles.values()} == {None, "BAQ.KZ"}


async def test_of_a_link_there_is_one_article_whoever_gave_it(tmp_path, api):
    url = "https://baq.example.kz/news/kitap"
    async with Office(tmp_path, api, pages={url: [document(url, STORY, url=url)]}) as office:
        office.library.add([Article(url, "Ескі мәтін осында.", url=url)], "feed https://baq.example.kz/rss")
        shown = await office.text(url)
        assert "ауысады" in shown["text"]
        await office.press(shown, "Қосу")
        assert [one.text for one in office.library.index.articles.values()] == [STORY]
        assert office.library.held(url).origin == "feed https://baq.example.kz/rss"


async def test_what_a_person_removed_can_be_added_again_by_hand(tmp_path, api):
    async with Office(tmp_path, api) as office:
        await office.press(await office.file(STORY), "Қосу")
        office.library.remove(["kitap.txt"])
        shown = await office.file(STORY)
        assert KK.draft_same not in shown["text"]
        await office.press(shown, "Қосу")
        assert list(office.library.index.articles) == ["kitap.txt"]


async def test_a_file_without_words_is_left_out_before_anything_is_asked(tmp_path, api):
    async with Office(tmp_path, api) as office:
        said = await office.file(" \n\n ")
        assert said["text"] == f"Қосылмайтындар:\n• kitap.txt: {KK.unread[Trouble.EMPTY]}"
        assert labels(said) == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("file", UNREADABLE, ids=[name for name, _, _ in UNREADABLE])
async def test_what_cannot_be_read_is_named_with_what_to_do(tmp_path, api, language, file):
    texts, (name, data, kind) = catalogue(language), file
    async with Office(tmp_path, api) as office:
        said = await office.file(data, name, language=language)
    place = f"{name}#1" if name.endswith(".jsonl") else name
    assert said["text"] == f"{texts.draft_left_out}\n• {place}: {texts.unread[kind]}"


@pytest.mark.parametrize("size", [20 * 1024 * 1024 + 1, None])
async def test_a_file_that_telegram_does_not_hand_to_bots_is_told(tmp_path, api, size):
    async with Office(tmp_path, api) as office:
        if size is None:  # Telegram did not say how large it is
            api.fail_next("getFile", status=400, description="Bad Request: file is too big")
        said = await office.file(b"x", size=size)
    assert said["text"] == KK.file_too_large


async def test_a_file_that_is_no_longer_there_is_told_and_the_token_is_not_taken_for_wrong(tmp_path, api):
    async with Office(tmp_path, api) as office:
        api.fail_next("file", status=404, description="Not Found")
        assert (await office.file(STORY))["text"] == KK.file_lost
        assert office.failures == {}


async def test_a_download_that_breaks_is_left_to_be_tried_again_not_to_be_asked_about(tmp_path, api):
    async with Office(tmp_path, api) as office:
        api.fail_next("file", status=502, description="Bad Gateway")
        api.document(STORY.encode(), "kitap.txt")
        assert await office.work() == []
        ((failure),) = office.failures.values()
    assert isinstance(failure, NetworkError)
    assert failure.__cause__ is None


async def test_an_update_that_comes_twice_adds_once_and_asks_once(tmp_path, api):
    async with Office(tmp_path, api) as office:
        api.document(STORY.encode(), "kitap.txt")
        first, second = [call.result for call in await office.work(times=2)]
        assert first["text"] == second["text"]
        await office.press(second, "Дереккөзі")
        api.text("BAQ.KZ")
        first, second = [call.result for call in await office.work(times=2)]
        assert first["text"] == second["text"]
        assert "BAQ.KZ · " in second["text"]
        api.press(data_of(second, "Қосу"), message_id=second["message_id"])
        (edited,) = await office.work(times=2)
        assert edited.result["text"].startswith("Қосылды.")
        assert office.changes == 1


async def test_a_preview_and_what_was_asked_survive_a_restart(tmp_path, api):
    async with Office(tmp_path, api) as office:
        shown = await office.file(STORY)
        await office.press(shown, "Дереккөзі")
    async with Office(tmp_path, api) as office:
        shown = await office.text("BAQ.KZ")
        await office.press(shown, "Қосу")
        assert office.library.index.articles["kitap.txt"].source == "BAQ.KZ"


async def test_a_preview_of_last_week_is_too_old(tmp_path, api):
    async with Office(tmp_path, api) as office:
        old = await office.file(STORY)
        office.now += 8 * 24 * 3600
        assert await office.notice(old, data_of(old, "Қосу")) == KK.draft_over


async def test_where_it_cannot_be_saved_it_is_said_and_may_be_tried_again(tmp_path, api):
    async with Office(tmp_path, api, library=Full) as office:
        shown = await office.file(STORY)
        assert (await office.press(shown, "Қосу"))["text"] == KK.not_saved
        office.desk.library.full = False
        assert (await office.press(shown, "Қосу"))["text"].startswith("Қосылды.")


async def test_where_many_cannot_be_saved_it_is_said_that_some_may_be(tmp_path, api):
    packed = zipped(**{f"{n}.txt": f"Мақала {n} осында тұр.\n" for n in range(3)})
    async with Office(tmp_path, api, library=Full) as office:
        shown = await office.file(packed, "news.zip")
        assert (await office.press(shown, "Бәрін қосу: 3"))["text"] == KK.not_all_saved
        office.desk.library.full = False
        assert (await office.press(shown, "Бәрін қосу: 3"))["text"].endswith("саны: 3.")


async def test_of_a_zip_without_end_the_first_thousand_are_taken_and_that_is_said(tmp_path, api):
    packed = zipped(**{f"{n:04}.txt": f"Мақала {n} осында тұр.\n" for n in range(MOST + 1)})
    async with Office(tmp_path, api) as office:
        api.document(packed, "news.zip")
        told, shown = [call.result for call in await office.work()]
        assert told["text"] == KK.draft_too_many.format(number=1000)
        await office.press(shown, "Бәрін қосу: 1000")
        assert len(office.library.index.articles) == 1000


async def test_thirty_posts_forwarded_at_once_all_get_their_preview(tmp_path, api):
    async with Office(tmp_path, api) as office:
        for post in range(30):
            api.text(f"Жазба {post} осында тұр.", forward_origin=channel_post(post=post))
        assert len(await office.work()) == 30


async def test_the_running_bot_takes_an_article_in_over_a_restart(tmp_path, api):
    settings = {"mode": "polling", "ADMINS": str(ADMIN)}
    async with at_work(tmp_path, api, None, **settings):
        api.document(STORY.encode(), "kitap.txt")
        shown = (await api.wait_for("sendMessage", 20)).result
    api.press(data_of(shown, "Қосу"), message_id=shown["message_id"])
    async with at_work(tmp_path, api, None, **settings):
        assert (await api.wait_for("editMessageText", 20)).result["text"].startswith("Қосылды.")
        api.text(QUESTION, user=READER)
        assert "қырық мың кітап" in (await api.wait_for("sendMessage", 20)).result["text"]
        api.text("/articles")
        assert (await api.wait_for("sendMessage", 20)).result["text"].startswith("6 мақала")
        api.text("/forget")
        assert "сұрақ – 1" in (await api.wait_for("sendMessage", 20)).result["text"]
    assert api.refusals == []


async def test_an_answer_to_a_file_that_was_perhaps_lost_is_asked_to_be_sent_again_not_shown(tmp_path, api):
    async with Office(tmp_path, api) as office:
        api.document(STORY.encode(), "kitap.txt")
        (update,) = await office.application.bot.get_updates()
        assert await remind(update, office.application.bot) is None
        assert api.calls[-1].result["text"] == KK.perhaps_lost_command


async def test_readers_add_nothing(tmp_path, api):
    async with Office(tmp_path, api) as office:
        said = await office.file(STORY, user=READER)
        assert said["text"] == KK.only_text
        post = await office.text(STORY, user=READER, forward_origin=channel_post())
        assert post["text"] == KK.check_absent
        link = await office.text("https://baq.example.kz/1", user=READER)
        assert link["text"].startswith(KK.not_found)


async def test_in_a_group_an_admins_link_is_none_of_the_bots_business(tmp_path, api):
    async with Office(tmp_path, api) as office:
        api.text("https://baq.example.kz/1", chat=-100123, user=ADMIN)
        assert await office.work() == []


@pytest.mark.parametrize(
    "title",
    [
        "<b>x</b><a href='tg://user?id=1'>y</a>",
        "&lt;i&gt; &amp;",
        "\u202eтерс\u202c жазу",
        "a\u2066b\u200fc",
        "т" * 5000,
    ],
)
async def test_nothing_of_a_document_becomes_markup_or_turns_our_words(tmp_path, api, title):
    url = "https://x.example.kz/"
    page = Document(
        url, f"{title}\n\nМәтін <b>осында</b> тұр.", title, f"{title}", None, 'https://x/"><b>', "</b>", title
    )
    async with Office(tmp_path, api, pages={url: [page]}) as office:
        shown = await office.text(url)
        assert not set(shown["text"]) & set("\u202e\u202c\u2066\u200f")
        assert {one["type"] for one in shown["entities"]} <= {"bold", "blockquote", "url", "text_link"}
        bold = [one for one in shown["entities"] if one["type"] == "bold"]
        assert len(bold) == 2  # our heading and the whole title
        added = await office.press(shown, "Қосу")
        assert not set(added["text"]) & set("\u202e\u202c\u2066\u200f")
    assert not [call for call in api.refusals if call.method in {"sendMessage", "editMessageText"}]


@pytest.mark.parametrize(
    ("name", "id_"),
    [("../../etc/passwd.txt", "passwd.txt"), ("C:\\news\\a.txt", "a.txt"), ("\u202etxt.a.txt", "txt.a.txt"),
     ("қ" * 250 + ".txt", "қ" * 100 + ".txt"), ("a\nb.txt", "a b.txt"), ("<b>.txt", "<b>.txt")],
)  # fmt: skip
async def test_the_name_of_a_file_is_made_safe(tmp_path, api, name, id_):
    async with Office(tmp_path, api) as office:
        await office.press(await office.file(STORY, name), "Қосу")
        assert list(office.library.index.articles) == [id_]


async def test_forgetting_deletes_the_previews(tmp_path, api):
    async with Office(tmp_path, api) as office:
        shown = await office.file(STORY)
        assert office.drafts.forget(ADMIN) == 1
        assert await office.notice(shown, data_of(shown, "Қосу")) == KK.draft_over
    with closing(sqlite3.connect(tmp_path / "dayek.db")) as database:
        assert database.execute("select count(*) from drafts").fetchone() == (0,)


def test_every_field_has_its_words_in_every_language():
    for texts in CATALOGUES:
        assert set(texts.article_fields) == set(KK.article_fields)
        assert set(texts.admin_commands) == {"articles"}
