"""The setting FEEDS."""

import pytest

from retrieval.subscriptions import Subscription, labels, shown, subscriptions


def test_feeds_stand_between_spaces_and_new_lines_each_with_its_own_pace():
    assert subscriptions(
        " https://a.kz/rss\n\thttps://b.kz/rss=30m https://c.kz:8443/f?cat=5=1h http://d.kz/=2d https://e.kz/=300s\n"
    ) == (
        Subscription("https://a.kz/rss", 15 * 60),
        Subscription("https://b.kz/rss", 30 * 60),
        Subscription("https://c.kz:8443/f?cat=5", 3600),
        Subscription("http://d.kz/", 2 * 24 * 3600),
        Subscription("https://e.kz/", 300),
    )


def test_a_value_of_a_query_is_no_time():
    assert subscriptions("https://a.kz/f?cat=5") == (Subscription("https://a.kz/f?cat=5"),)


def test_nothing_is_no_feed():
    assert subscriptions("") == subscriptions(" \n") == ()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("a.kz/rss", "https:// or http://"),
        ("ftp://a.kz/rss", "https:// or http://"),
        ("https://a.kz/rss,https://b.kz/rss", "Put spaces"),
        ("https://", "Put spaces"),
        ("https://[::1/rss", "Put spaces"),
        ("https://a.kz:0/rss", "Put spaces"),
        ("https://a.kz/rss\u202e", "Put spaces"),
        ("https://me:secret@a.kz/rss", "a user name or a password"),
        ("https://a.kz/rss=4m", "5 minutes"),
        ("https://a.kz/rss=299s", "5 minutes"),
        ("https://a.kz/rss=8d", "once a week"),
        ("https://a.kz/rss=10", "is no time"),
        ("https://a.kz/rss=often", "is no time"),
        ("https://a.kz/rss https://a.kz/rss=30m", "twice"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(value, said):
    with pytest.raises(ValueError, match=said) as caught:
        subscriptions(value)
    assert "secret" not in str(caught.value)


def test_what_may_be_a_key_is_not_shown():
    assert shown("https://a.kz/rss?key=secret#x") == "https://a.kz/rss?…"
    assert Subscription("https://A.kz:8443/rss").host == "a.kz:8443"


def test_names_that_are_shown_differ_where_addresses_do():
    urls = ["https://a.kz/?k=1", "https://a.kz/?k=2", "https://a.kz/", "https://a.kz/?k=3"]
    assert labels(urls) == {
        "https://a.kz/?k=1": "https://a.kz/?…",
        "https://a.kz/?k=2": "https://a.kz/?… #2",
        "https://a.kz/": "https://a.kz/",
        "https://a.kz/?k=3": "https://a.kz/?… #3",
    }
