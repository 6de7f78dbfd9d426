import asyncio
import json
import os
import sys

from tests.feedserver import LONG, site
from tests.running import ROOT

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Дала жаңалықтары</title>
<item><title>Елордада қар жауды</title><link>{base}/snow</link><guid>{base}/snow</guid>
<pubDate>Mon, 02 Mar 2026 08:00:00 +0500</pubDate>
<content:encoded><![CDATA[<p>Көшеге жүз техника шықты.</p><p>{text}</p>]]></content:encoded></item>
</channel></rss>"""


async def command(folder, found, *arguments, feeds):
    """What a command does whose feeds are on the site: its status, and what it prints and says."""
    known = {
        "ARTICLES": str(folder / "articles"),
        "DATABASE": str(folder / "dayek.db"),
        "FEEDS": feeds,
        "FETCH_ALSO": found.base.removeprefix("http://"),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "retrieval", *arguments,
        cwd=ROOT, env={**os.environ, **known}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, said = await process.communicate()
    return process.returncode, printed.decode(), said.decode()


async def test_refresh_takes_in_what_the_feeds_have_and_names_one_that_cannot_be_read(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.txt").write_text("Өзен тасыды.", "utf-8")
    async with site() as found:
        found.put("/rss", FEED.format(base=found.base, text=LONG))
        feeds = f"{found.base}/rss {found.base}/gone"

        status, printed, said = await command(tmp_path, found, "refresh", "--json", feeds=feeds)
        counts = json.loads(printed)
        assert (status, len(counts["added"]), len(counts["skipped"])) == (1, 1, 1)
        assert "/gone" in said

        status, printed, _ = await command(tmp_path, found, "search", "жүз техника", "--json", feeds="")
        (quote, *_) = json.loads(printed)["quotes"]
        assert (status, quote["title"], quote["published"]) == (0, "Елордада қар жауды", "2026-03-02")
        assert "Көшеге жүз техника шықты." in quote["quote"]


async def test_a_wrong_feed_setting_is_one_sentence(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.txt").write_text("Өзен тасыды.", "utf-8")
    async with site() as found:
        status, printed, said = await command(tmp_path, found, "refresh", feeds="ftp://example.org/rss")

    assert (status, printed) == (1, "")
    assert said.startswith("FEEDS ")
    assert "Traceback" not in said
