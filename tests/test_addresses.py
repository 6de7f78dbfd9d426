"""Which links may be asked for; expected values are from the registries of special addresses and from browsers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from retrieval.addresses import address, admitted, canonical, is_public, page_link, place, places, shown
from retrieval.errors import FetchError, FetchFault


def fault(link, **more):
    """What kind of trouble a link makes before anything is asked."""
    with pytest.raises(FetchError) as caught:
        admitted(address(link), **more)
    return caught.value.fault


@pytest.mark.parametrize(
    "ip",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
        "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "168.63.129.16",
        "::", "::1", "fe80::1", "fe80::1%eth0", "2a00:1450:4001::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "2001::1",
        "2001:2::1", "2001:10::1", "3fff::1", "100::1", "5f00::1", "fec0::1", "4000::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::808:808", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:c0a8:101::1",
        "news.kz", "", "127.1",
    ],
)  # fmt: skip
def test_addresses_that_only_some_machines_can_reach_are_not_public(ip):
    assert not is_public(ip)


@pytest.mark.parametrize(
    "ip",
    ["8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "223.255.255.255", "92.46.0.1",
     "2a00:1450:4001::1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)  # fmt: skip
def test_addresses_of_the_open_internet_are_public(ip):
    assert is_public(ip)


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://[fd00:ec2::254]/latest",
        "http://169.254.169.254/latest/meta-data/", "http://①②⑦.⓪.⓪.①/", "https://192.168.1.1/",
        "http://127.0.0.1./", "http://10.0.0.1:8080/", "http://127.0.0.1:22/",
    ],
)  # fmt: skip
def test_a_private_address_in_a_link_is_refused_before_anything_is_asked(link):
    assert fault(link) is FetchFault.PRIVATE


@pytest.mark.parametrize(
    "link",
    [
        "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://0x7f.0.0.1/",
        "http://1.2.3.4.5/", "http://news.0x1/",
        "http://[fe80::1%25eth0]/", "http://news.kz%00.evil.kz/", "http://news..kz/", "http:///a", "http://-a-.kz/",
        f"http://{'a' * 64}.kz/", f"http://{'a.' * 130}kz/",
        "http://news.kz:99999/", "http://news.kz:0/", "http://news.kz:x/", "http://[::1/",
        "http://user@news.kz/", "http://user:pass@news.kz/", "https://news.kz@evil.kz/",
        "ftp://news.kz/", "file:///etc/passwd", "javascript:alert(1)", "gopher://127.0.0.1:6379/_INFO", "//news.kz/",
        "news.kz", "", "http://news.kz/a b", "http://news.kz\\@evil.kz/", "http://news.kz/\u202egnp.exe",
        "http://news.kz/\r\nHost: evil.kz", "http://news.kz/\x00", "http://ne\u200bws.kz/", "http://news.kz/\udce4",
        "http://news.kz/" + "a" * 2048,
    ],
)  # fmt: skip
def test_what_is_no_plain_link_to_a_web_page_is_refused(link):
    assert fault(link) is FetchFault.ADDRESS


@pytest.mark.parametrize("port", [21, 22, 25, 110, 3306, 5432, 6379, 9200, 11211, 27017])
def test_ports_of_other_services_are_refused(port):
    assert fault(f"http://news.kz:{port}/") is FetchFault.ADDRESS


@pytest.mark.parametrize("port", [80, 443, 8080, 8443])
def test_ports_of_web_sites_are_read(port):
    assert admitted(address(f"https://news.kz:{port}/")) is False


def test_a_link_is_asked_for_in_the_form_that_goes_over_the_line():
    assert str(address(" HTTPS://Жаңалық.ҚАЗ./жол?а=б#бөлім ")) == (
        "https://xn--80aaqw4fuxvb.xn--80ao21a/%D0%B6%D0%BE%D0%BB?%D0%B0=%D0%B1"
    )


def test_https_does_not_go_down_to_http_and_may_come_up():
    secure, plain = address("https://news.kz/"), address("http://news.kz/")
    assert fault("http://news.kz/", before=secure) is FetchFault.REDIRECT
    assert admitted(secure, before=plain) is False


def test_a_private_host_is_reached_by_its_name_and_port_only():
    also = places("127.0.0.1:8081, news.lan:80\n[::1]:9000")
    assert also == {"127.0.0.1:8081", "news.lan:80", "[::1]:9000"}
    assert admitted(address("http://127.0.0.1:8081/a"), also)
    assert admitted(address("http://NEWS.lan/"), also)
    assert admitted(address("http://[::1]:9000/"), also)
    assert fault("http://127.0.0.1:8082/", also=also) is FetchFault.PRIVATE
    assert fault("http://[::1]:9001/", also=also) is FetchFault.PRIVATE
    assert admitted(address("https://news.lan/"), also) is False  # port 443: judged by its addresses


def test_a_public_page_cannot_pass_on_to_a_private_host_that_is_allowed():
    also = frozenset({"127.0.0.1:8081", "127.0.0.1:8082"})
    assert fault("http://127.0.0.1:8081/", also=also, before=address("http://news.kz/")) is FetchFault.PRIVATE
    assert admitted(address("http://127.0.0.1:8081/"), also, address("http://127.0.0.1:8082/"))


@pytest.mark.parametrize(
    "text", ["news.lan", "http://news.lan:80", "news.lan:80/a", "a b:1", "x:0", "x:99999", "u@x:80"]
)
def test_a_private_host_that_is_not_written_with_its_port_is_named(text):
    with pytest.raises(ValueError, match="is no host with a port, such as"):
        places(text)


@pytest.mark.parametrize(
    ("link", "seen"),
    [
        ("https://xn--80aaqw4fuxvb.xn--80ao21a/%D0%B6%D0%BE%D0%BB", "https://жаңалық.қаз/жол"),
        ("https://news.kz:8443/a?b=c", "https://news.kz:8443/a?b=c"),
        ("https://аррӏе.com/", "https://xn--80ak6aa92e.com/"),  # all Cyrillic, and reads as a Latin name
        ("https://раураl.com/", "https://xn--l-7sba6dbr.com/"),  # two scripts in one name
        ("https://news.kz/%E2%80%AEgnp.exe", "https://news.kz/%E2%80%AEgnp.exe"),
        ("https://news.kz/a%20b%0Ac", "https://news.kz/a%20b%0Ac"),
        ("https://news.kz/%FF", "https://news.kz/%FF"),
        ("http://user:pass@news.kz/", "http://news.kz/"),
        ("http://user:pass@[bad", "http://[bad"),
        ("no\x1blink\u202e", "no\ufffdlink\ufffd"),
    ],
)  # fmt: skip
def test_people_see_a_link_that_cannot_pass_for_another(link, seen):
    assert shown(link) == seen


@given(
    st.text(max_size=200)
    | st.text(max_size=60).map("http://{}/".format)
    | st.text(max_size=60).map("http://a.kz/{}".format)
)
def test_whatever_the_text_is_a_link_is_refused_in_words_or_can_be_asked_for_and_shown(text):
    seen = shown(text)
    assert seen.isprintable()
    assert len(seen) <= 120
    try:
        url = address(text)
    except FetchError:
        return
    assert address(str(url)) == url
    assert str(url).isascii()


def test_a_page_is_named_without_what_only_says_where_its_reader_came_from():
    link = "https://news.kz/a?utm_source=tg&id=5&fbclid=x&UTM_campaign=y#top"
    assert page_link(URL(link)) == "https://news.kz/a?id=5"
    assert page_link(URL("https://news.kz/a?b=%D0%B1&utm=1")) == "https://news.kz/a?b=%D0%B1&utm=1"


@pytest.mark.parametrize(
    ("own", "name"),
    [
        ("https://news.kz/story", "https://news.kz/story"),
        ("https://www.news.kz/story?utm_source=x", "https://www.news.kz/story"),
        ("https://amp.news.kz/story", "https://amp.news.kz/story"),
        (None, "https://m.news.kz/a/1?id=5"),
        ("https://evil.kz/story", "https://m.news.kz/a/1?id=5"),
        ("https://news.kz.evil.kz/story", "https://m.news.kz/a/1?id=5"),
        ("https://kz/story", "https://m.news.kz/a/1?id=5"),
        ("http://news.kz/story", "https://m.news.kz/a/1?id=5"),
        ("https://news.kz/", "https://m.news.kz/a/1?id=5"),
        ("/story", "https://m.news.kz/a/1?id=5"),
        ("javascript:alert(1)", "https://m.news.kz/a/1?id=5"),
    ],
)  # fmt: skip
def test_a_page_is_believed_about_its_own_link_only_within_its_site(own, name):
    assert canonical(own, URL("https://m.news.kz/a/1?id=5&utm_medium=rss")) == name


def test_the_place_of_an_address_names_its_port_always():
    assert place(URL("https://news.kz/")) == "news.kz:443"
    assert place(URL("http://[::1]/")) == "[::1]:80"
