"""robots.txt: the examples of RFC 9309 and of the search engines' documentation, and real requests on 127.0.0.1."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import FetchError, FetchFault
from retrieval.fetching import LIMITS, fetch
from retrieval.robots import Robots, rules_of
from tests.site import Site, page


def allowed(robots, path):
    return rules_of(robots).allow(path)


@asynccontextmanager
async def site(robots, **more):
    """A site with this answer for its robots.txt, and what knows it."""
    async with Site({"/robots.txt": robots, "/a": page(b"story")}) as here:
        yield here, Robots(also=frozenset({here.place}), **more)


async def fault(robots, link):
    with pytest.raises(FetchError) as caught:
        await robots.check(link)
    return caught.value.fault


# Rules


def test_a_group_that_names_us_replaces_the_group_for_all():
    robots = "User-agent: *\nDisallow: /\n\nUser-agent: DAYEK/2.0 bot\nDisallow: /private\n"
    assert allowed(robots, "/a")
    assert not allowed(robots, "/private/a")
    assert not allowed(robots.replace("DAYEK", "DayekBot"), "/a")


def test_groups_that_name_us_are_taken_together():
    robots = (
        "User-agent: dayek\nDisallow: /a\nUser-agent: other\nDisallow: /b\nUser-agent: dayek\nDisallow: /c\n"
    )
    assert [allowed(robots, path) for path in ("/a", "/b", "/c")] == [False, True, False]


def test_agents_one_under_the_other_share_their_rules():
    robots = "User-agent: other\nUser-agent: dayek\n\nDisallow: /a\n"
    assert not allowed(robots, "/a")


@pytest.mark.parametrize(
    ("rules", "path", "is_allowed"),
    [
        ("Allow: /p\nDisallow: /", "/page", True),
        ("Allow: /folder\nDisallow: /folder", "/folder/page", True),
        ("Allow: /page\nDisallow: /*.htm", "/page.htm", False),
        ("Allow: /page\nDisallow: /*.ph", "/page.php5", True),
        ("Allow: /$\nDisallow: /", "/", True),
        ("Allow: /$\nDisallow: /", "/page.htm", False),
        ("Disallow: /example/page.html\nDisallow: /example/disallowed.gif\nAllow: /example/", "/example/page.html", False),
        ("Disallow: /", "/robots.txt", True),
        ("Disallow:", "/a", True),
        ("Disallow: fish", "/fish", True),
        ("", "/a", True),
    ],
)  # fmt: skip
def test_the_longest_rule_decides_and_of_equals_the_one_that_allows(rules, path, is_allowed):
    assert allowed(f"User-agent: *\n{rules}\n", path) is is_allowed


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [
        ("/fish", ["/fish", "/fish.html", "/fish/salmon", "/fishheads", "/fish.php?id=1"], ["/Fish.asp", "/catfish", "/?id=fish"]),
        ("/fish*", ["/fish", "/fishheads/yummy.html"], ["/Fish.asp", "/catfish"]),
        ("/fish/", ["/fish/", "/fish/?id=1"], ["/fish", "/fish.html"]),
        ("/*.php", ["/index.php", "/a/b.php?x=1", "/filename.php5"], ["/", "/windows.PHP"]),
        ("/*.php$", ["/filename.php", "/folder/filename.php"], ["/filename.php?x=1", "/filename.php/", "/php"]),
        ("/fish*.php", ["/fish.php", "/fishheads/catfish.php?x=1"], ["/Fish.PHP", "/fis.php"]),
        ("/a$", ["/a"], ["/ab", "/"]),
        ("/a*a$", ["/aa", "/aba"], ["/a", "/ab"]),
        ("*/x", ["/x", "/b/x/c"], ["/y"]),
        ("/жол", ["/жол/а", "/%D0%B6%D0%BE%D0%BB", "/%d0%b6%d0%be%d0%bb"], ["/%D0%B6"]),
        ("/%7Eme/a%2fb", ["/~me/a%2Fb", "/%7eme/a%2fb"], ["/~me/a/b"]),
    ],
)  # fmt: skip
def test_patterns_fit_as_the_documentation_says(pattern, fits, fits_not):
    robots = f"User-agent: *\nDisallow: {pattern}\n"
    assert [path for path in fits if allowed(robots, path)] == []
    assert [path for path in fits_not if not allowed(robots, path)] == []


def test_a_file_as_people_write_it_is_understood():
    robots = "\ufeff# сайт\r\nDisallow: /early\rUSER-AGENT : *\r\nSitemap: https://a.kz/s.xml\r\ndisallow:/a # why\nnonsense\n"
    assert [allowed(robots, path) for path in ("/early", "/a", "/b")] == [True, False, True]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10", 10.0), ("0.5", 0.5), ("nan", None), ("inf", None), ("-1", None), ("soon", None), ("", None)],
)
def test_the_wait_between_requests_is_read(text, seconds):
    assert rules_of(f"User-agent: *\nCrawl-delay: {text}\n").delay == seconds


@given(st.text(alphabet="/ab*$%2f", max_size=12), st.text(alphabet="/ab$%2", max_size=12))
def test_no_pattern_breaks_the_comparison(pattern, path):
    assert allowed(f"User-agent: *\nDisallow: /{pattern}\n", f"/{path}") in (True, False)


def test_a_pattern_of_many_stars_takes_no_longer():
    # A backtracking matcher would not come to an end.
    robots = f"User-agent: *\nDisallow: /{'*a' * 200_000}b$\n"
    assert allowed(robots, "/" + "a" * 2000)


# Sites


async def test_a_page_that_the_site_keeps_from_programs_is_not_asked_for():
    async with site(page("User-agent: *\nDisallow: /a\n")) as (here, robots):
        with pytest.raises(FetchError) as caught:
            await fetch(f"{here.url}/a", also=frozenset({here.place}), may=robots.check)
        await robots.check(f"{here.url}/b")
        await robots.check(f"{here.url}/robots.txt")
    assert caught.value.fault is FetchFault.ROBOTS
    assert "robots.txt" in caught.value.reason
    assert here.asked == ["/robots.txt"]


async def test_the_query_is_part_of_what_is_asked_for():
    async with site(page("User-agent: *\nDisallow: /*?print=\n")) as (here, robots):
        await robots.check(f"{here.url}/a")
        assert await fault(robots, f"{here.url}/a?print=1") is FetchFault.ROBOTS


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone"])
async def test_a_site_without_robots_txt_is_open(status):
    async with site(page("User-agent: *\nDisallow: /\n", status)) as (here, robots):
        await robots.check(f"{here.url}/a")
        assert await robots.delay(f"{here.url}/a") is None


async def test_a_robots_txt_that_leads_in_circles_counts_as_none():
    async with site(page(status="302 Found", location="/robots.txt?")) as (here, robots):
        here.answers["/robots.txt?"] = page(status="302 Found", location="/robots.txt")
        await robots.check(f"{here.url}/a")


async def test_a_robots_txt_is_followed_to_where_it_moved():
    async with site(page(status="301 Moved Permanently", location="/r")) as (here, robots):
        here.answers["/r"] = page("User-agent: *\nDisallow: /a\nCrawl-delay: 3\n")
        assert await fault(robots, f"{here.url}/a") is FetchFault.ROBOTS
        assert await robots.delay(f"{here.url}/b") == 3.0


@pytest.mark.parametrize("status", ["500 Oops", "503 Service Unavailable", "429 Too Many Requests"])
async def test_a_site_whose_robots_txt_cannot_be_had_is_closed_until_it_can(status):
    now = 0.0
    async with site(page(status=status, retry_after="900"), clock=lambda: now) as (here, robots):
        assert await fault(robots, f"{here.url}/a") is FetchFault.STATUS
        here.answers["/robots.txt"] = page("")
        now = 899.0
        assert await fault(robots, f"{here.url}/a") is FetchFault.STATUS
        now = 900.0
        await robots.check(f"{here.url}/a")


async def test_a_site_that_does_not_answer_is_closed():
    async with site(b"") as (here, robots):
        assert await fault(robots, f"{here.url}/a") is FetchFault.BROKEN
    assert await fault(Robots(), "http://127.0.0.1/a") is FetchFault.PRIVATE


async def test_a_robots_txt_is_read_once_a_day_and_once_for_those_who_ask_together():
    now = 0.0
    async with site(page("User-agent: *\nDisallow: /a\n"), clock=lambda: now) as (here, robots):
        await asyncio.gather(*(robots.check(f"{here.url}/{n}") for n in range(20)))
        now = 86_399.0
        await robots.check(f"{here.url}/b")
        assert here.asked == ["/robots.txt"]
        now = 86_400.0
        await robots.check(f"{here.url}/b")
        assert here.asked == ["/robots.txt"] * 2


async def test_only_the_beginning_of_a_huge_robots_txt_counts():
    early, late = "User-agent: *\nDisallow: /early\n", "Disallow: /late\n"
    async with site(page(early + "# …\n" * 120_000 + late)) as (here, robots):
        await robots.check(f"{here.url}/late")
        assert await fault(robots, f"{here.url}/early") is FetchFault.ROBOTS
    async with site(page(early), limits=replace(LIMITS, size=5)) as (here, robots):
        assert await fault(robots, f"{here.url}/late") is FetchFault.SIZE


async def test_one_site_says_nothing_of_another():
    async with site(page("User-agent: *\nDisallow: /\n")) as (closed, _), site(page("")) as (open_, _):
        robots = Robots(also=frozenset({closed.place, open_.place}))
        assert await fault(robots, f"{closed.url}/a") is FetchFault.ROBOTS
        await robots.check(f"{open_.url}/a")
