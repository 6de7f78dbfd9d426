"""What the bot can say; each language fills in one catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_timedelta

from retrieval.errors import Trouble


@dataclass(frozen=True)
class Catalogue:
    """Every sentence a reader can see, in one language.

    Names in braces are filled in. A mapping holds plural forms by CLDR's categories, `other` among them.
    Short command descriptions are `commands`, and `admin_commands` for those who may add and remove articles;
    Telegram takes at most 256 characters for each. `unread` says each kind of trouble that a
    document can make.
    """

    language: str
    locale: str
    commands: Mapping[str, str]
    start: str
    help: str
    example: str
    not_found: str
    unknown_words: str
    nearest: str
    corrected: str
    translated: str
    untranslated: str
    no_words: str
    no_articles: str
    only_text: str
    unknown_command: str
    error: str
    about: str
    short_description: str
    description: str
    no_more: str
    more_button: str
    back_button: str
    card_button: str
    copy_button: str
    whole_button: str
    changed: str
    earlier: str
    earlier_same: str
    earlier_differs: str
    earlier_gone: str
    present_button: str
    also_in: str
    also_more: Mapping[str, str]
    perhaps_lost: str
    perhaps_lost_command: str
    show_button: str
    no_question: str
    settings_heading: str
    settings_language: str
    settings_as_telegram: str
    settings_quotes: str
    forgotten: str
    voted: str
    ask_usage: str
    check_usage: str
    check_exact: str
    check_altered: str
    check_absent: str
    check_too_short: str
    admin_commands: Mapping[str, str]
    draft_heading: str
    draft_replaces: str
    draft_beside: str
    draft_same: str
    draft_many: Mapping[str, str]
    draft_replaces_many: Mapping[str, str]
    draft_beside_many: Mapping[str, str]
    draft_more: Mapping[str, str]
    draft_too_many: str
    draft_left_out: str
    draft_nothing: str
    draft_added: str
    draft_added_many: Mapping[str, str]
    draft_unchanged_many: Mapping[str, str]
    draft_cancelled: str
    draft_over: str
    add_button: str
    add_all_button: str
    cancel_button: str
    edit_title_button: str
    edit_source_button: str
    edit_date_button: str
    ask_title: str
    ask_source: str
    ask_date: str
    wrong_value: str
    wrong_date: str
    article_fields: Mapping[str, str]
    article_language: str
    article_passages: Mapping[str, str]
    file_too_large: str
    file_lost: str
    post_without_text: str
    album_without_text: str
    not_saved: str
    not_all_saved: str
    unread: Mapping[Trouble, str]
    admins_only: str
    remove_button: str
    remove_question: str
    remove_yes_button: str
    removed: str
    undo_button: str
    undone: str
    undo_late: str
    flooded: str
    article_gone: str
    sources_heading: Mapping[str, str]
    sources_button: str
    sources_page: str
    status_newest: str
    status_refreshed: str
    status_feeds: Mapping[str, str]
    status_failing: str
    feed_failing: str
    card_paragraphs: Mapping[str, str]
    card_link: str
    paragraph: str
    unknown_source: str
    unknown_date: str

    def day(self, day: date | None) -> str:
        """The date as people write it, or that it is unknown."""
        if day is None:
            return self.unknown_date
        return _long(day, self.locale)

    def ago(self, seconds: float) -> str:
        """How long ago something was, as people say it: in minutes, hours or days."""
        passed = timedelta(seconds=-max(60.0, seconds))
        return str(format_timedelta(passed, granularity="minute", add_direction=True, locale=self.locale))

    def counted(self, forms: Mapping[str, str], number: int) -> str:
        """The plural form that CLDR gives for the number, with the number filled in."""
        form = str(Locale.parse(self.locale).plural_form(number))
        return forms.get(form, forms["other"]).format(number=number)


@lru_cache(maxsize=4096)
def _long(day: date, locale: str) -> str:
    # CLDR parts the number from its unit by a narrow space that some phones show as a box.
    return format_date(day, "long", locale=locale).replace("\u202f", " ").replace("\u00a0", " ")
