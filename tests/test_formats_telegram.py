import json
from datetime import date
from typing import Any

import pytest

from retrieval.document import Document, Unread
from retrieval.formats import documents

LONG = "Кеше Алматыда қалың қар жауды."


def post(number: int, text: object = LONG, **more: object) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "date": f"2026-02-13T10:00:{number % 60:02}",
        "date_unixtime": str(1770958800 + number),
        "from": "Qala",
        "from_id": "channel1",
        "text": text,
        "text_entities": [],
    } | more


def exported(*messages: object, **more: object) -> bytes:
    channel = {"name": "Qala жаңалықтары", "type": "public_channel", "id": 1234, "messages": messages}
    return json.dumps(channel | more).encode()


def read(data: bytes, url: str | None = None) -> list[Document]:
    found = list(documents("result.json", data, url))
    assert all(isinstance(one, Document) for one in found), found
    return [one for one in found if isinstance(one, Document)]


def problem(data: bytes) -> str:
    (found,) = documents("result.json", data)
    assert isinstance(found, Unread)
    assert found.name == "result.json"
    return found.reason


def test_a_post_is_an_article_with_the_channel_as_its_source():
    assert read(exported(post(7))) == [
        Document("result.json#7", LONG, source="Qala жаңалықтары", published=date(2026, 2, 13))
    ]


def test_entities_are_read_as_their_text_and_the_title_is_the_first_line():
    text = [
        {"type": "bold", "text": "Алматыда қар жауды"},
        "\n\nКеше қалада қалың ",
        {"type": "text_link", "text": "қар", "href": "https://qala.kz"},
        " жауып, ",
        {"type": "hashtag", "text": "#жолдар"},
        " жабылды.\u202e ",
        {"type": "odd"},
        7,
        None,
    ]

    (found,) = read(exported(post(1, text)))

    assert found.text == "Алматыда қар жауды\n\nКеше қалада қалың қар жауып, #жолдар жабылды."
    assert (found.title, found.text[found.body :].lstrip()[:4]) == ("Алматыда қар жауды", "Кеше")


def test_a_forwarded_post_names_where_it_came_from_and_a_signed_one_its_author():
    forwarded = post(1, forwarded_from="Басқа\nарна", author="Айгүл")
    hidden = post(2, forwarded_from=None)

    found = read(exported(forwarded, hidden))

    assert [(one.source, one.author) for one in found] == [
        ("Басқа арна", "Айгүл"),
        ("Qala жаңалықтары", None),
    ]


def test_service_messages_and_posts_below_five_words_are_passed_over():
    service = post(1) | {"type": "service", "action": "pin_message"}
    edited = post(5, edited="2026-02-14T09:00:00", edited_unixtime="1771041600")

    found = read(exported(service, post(2, "Қар жауды, жел тұрды."), post(3, ""), post(4, []), edited))

    assert [(one.name, one.published) for one in found] == [("result.json#5", date(2026, 2, 13))]


def test_an_album_is_one_post_and_two_posts_with_pictures_are_two():
    same = {"date": "2026-02-13T10:00:00", "date_unixtime": "1770958800", "photo": "photos/1.jpg"}
    album = [post(1, **same), post(2, "", **same), post(3, "Сурет: Ерлан Омаров түсірген.", **same)]
    later = post(4, photo="photos/4.jpg")

    found = read(exported(*album, later))

    assert [(one.name, one.text) for one in found] == [
        ("result.json#1", f"{LONG}\n\nСурет: Ерлан Омаров түсірген."),
        ("result.json#4", LONG),
    ]


@pytest.mark.parametrize(
    ("more", "url", "link"),
    [
        ({}, None, None),
        ({}, "https://t.me/qala", "https://t.me/qala/7"),
        ({}, "https://t.me/s/qala/", "https://t.me/qala/7"),
        ({}, "https://qala.kz/export/result.json", None),
        ({"username": "qala"}, None, "https://t.me/qala/7"),
        ({"username": 'x"><b>'}, None, None),
    ],
)
def test_a_post_has_a_link_where_the_name_of_the_channel_is_known(more, url, link):
    assert [one.url for one in read(exported(post(7), **more), url)] == [link]


def test_of_an_export_of_everything_the_channels_are_read():
    chats = [
        json.loads(exported(post(1), id=10)),
        json.loads(exported(post(1), id=20, type="private_channel")),
        json.loads(exported(post(1), id=30, type="personal_chat")),
    ]

    found = read(json.dumps({"about": "…", "chats": {"list": [*chats, None, {"id": 4}]}}).encode())

    assert [one.name for one in found] == ["result.json#10/1", "result.json#20/1"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "not whole JSON"),
        (exported(post(1))[:-9], "not whole JSON"),
        (b"[" * 100_000, "not whole JSON"),
        (b'{"id": ' + b"9" * 5000 + b"}", "not whole JSON"),
        (b"[]", "no export"),
        (b"7", "no export"),
        (b'{"chats": 1}', "no export"),
        (b'{"messages": {}}', "no export"),
        (b'{"articles": []}', "no export"),
        (exported(post(1), type="personal_chat"), "between people"),
        (exported(post(1, "Қар.")), "5 words"),
        (exported(), "5 words"),
        (
            exported(None, 7, {}, {"type": "message"}, post(1) | {"id": "1"}, post(1) | {"id": True}),
            "5 words",
        ),
        (exported(post(1, {"text": 1}), post(2, [[LONG]])), "5 words"),
    ],
)
def test_what_is_no_export_of_a_channel_is_named(data, said):
    assert said in problem(data)


def test_odd_fields_leave_a_post_without_them():
    odd = post(1, date="кеше", forwarded_from=7, author=["x"])

    assert read(exported(odd, name=5)) == [Document("result.json#1", LONG)]
