"""Files of the double, fetched by the real library."""

import pytest
from telegram.error import BadRequest, InvalidToken

from tests.double import TOKEN


async def _sent(bot, api, data=b"\x00abc", name="мақала.txt", **more):
    api.document(data, name, **more)
    return (await bot.get_updates())[-1].message.document


async def test_a_file_comes_as_it_was_sent_behind_a_path_with_the_token(api, bot):
    document = await _sent(bot, api, mime="text/plain")
    assert (document.file_name, document.mime_type, document.file_size) == ("мақала.txt", "text/plain", 4)
    file = await bot.get_file(document.file_id)
    assert file.file_path == f"{api.url}/file/bot{TOKEN}/documents/file_0.txt"
    assert bytes(await file.download_as_bytearray()) == b"\x00abc"
    assert [call.method for call in api.calls][-2:] == ["getFile", "file"]


async def test_a_file_of_more_than_20_mb_is_too_big(api, bot):
    document = await _sent(bot, api, size=20 * 1024 * 1024 + 1)
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(document.file_id)


async def test_an_unknown_file_is_refused(bot):
    with pytest.raises(BadRequest, match="Wrong file_id"):
        await bot.get_file("none")


async def test_a_path_that_is_too_old_is_not_found(api, bot):
    file = await bot.get_file((await _sent(bot, api)).file_id)
    api.expire_files()
    with pytest.raises(InvalidToken):
        await file.download_as_bytearray()
