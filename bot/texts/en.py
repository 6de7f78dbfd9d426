"""In English."""

from bot.texts.catalogue import Catalogue

EN = Catalogue(
    language="en",
    locale="en_GB",
    commands={
        "start": "Begin",
        "help": "How to ask",
        "sources": "List of articles",
        "status": "How fresh the articles are",
        "ask": "Ask a question (in groups)",
        "check": "Check a quote",
        "settings": "Settings",
        "forget": "Delete what is stored about me",
        "about": "About the bot",
    },
    start=(
        "Hello! I am Dayek. Write a question: I find the words in the articles that answer it, quote them exactly "
        "and show where they stand. I add nothing of my own."
    ),
    help=(
        "Write your question as an ordinary message. The articles are in Kazakh, so Kazakh questions work best, in "
        "any script or without the Kazakh letters. The answer is the article's exact words; below them stand the "
        "source, date and paragraph, and a tap opens the place. Go on with “more” or “who said it?”.\n\n"
        "When the articles do not answer, I say so.\n\n"
        "/sources – the list of articles\n/check – check a quote\n/settings – settings\n/about – what is stored"
    ),
    example="For example: “{name} туралы не айтылған?”",
    not_found="The articles do not answer this question.",
    unknown_words="Words that the articles do not have: {words}",
    nearest="Closest headlines:",
    corrected="Looked for: {pairs}",
    no_words="Please write what your question is about.",
    no_articles="There are no articles yet.",
    only_text="I can only read text. Please write your question.",
    unknown_command="There is no such command. To ask, just write your question; for help: /help",
    error="Sorry, something went wrong and I could not answer. Please ask again in a moment.",
    about="I find the place in the articles that answers a question and quote it word for word. No language model writes any answer.\n\nWhat is stored: your settings; the last question of a chat, for an hour, so that you can follow it up; if you press 👍 or 👎, the number of the question and the place of the quote. Your message itself waits in a queue only until it is answered; if an error prevents that, until the operator has looked at it. The text of other questions is not stored.\n\n/forget deletes all of it at once.",
    short_description="Answers questions in the articles' own words and shows the source.",
    description="Write a question. I find the words in the articles that answer it, quote them exactly and show where they stand. When there is no answer, I say so.",
    no_more="There are no more quotes.",
    more_button="More",
    back_button="To the answer",
    card_button="About the article",
    copy_button="Copy",
    whole_button="In the text",
    changed="The article has changed since.",
    perhaps_lost="The answer may have been lost on the way. If it is not there, open it here.",
    perhaps_lost_command="The answer may have been lost on the way. If it is not there, please write again.",
    show_button="Show the answer",
    no_question="The question cannot be found: its message may have been deleted.",
    settings_heading="Settings",
    settings_language="Language of the bot",
    settings_as_telegram="As in Telegram",
    settings_quotes="Number of quotes",
    forgotten="Deleted: settings {settings}, questions {questions}, votes {votes}.",
    voted="Thank you! Only the number of the question and the place of the quote are kept.",
    ask_usage="Write your question after the command: /ask your question",
    check_usage="Write the text after the command, or reply /check to a message that holds it.",
    check_exact="✅ The article says this word for word.",
    check_altered="⚠️ The article says it differently. Underlined words are missing in yours, struck ones are not in the article.",
    check_absent="❌ The articles hold no such text.",
    check_too_short="A check needs at least four words.",
    flooded="Too many messages. Please wait a moment and write again.",
    article_gone="This article is no longer here.",
    sources_heading={"one": "{number} article", "other": "{number} articles"},
    sources_button="Articles",
    sources_page="Page {page} of {pages}",
    status_newest="Newest: {day}",
    status_refreshed="Last update: {ago}",
    status_feeds={"one": "{number} RSS feed", "other": "{number} RSS feeds"},
    status_failing="⚠️ {feed}: not read since {day}",
    feed_failing="⚠️ An RSS feed cannot be read: {feed}\n\nSince: {day}. The reason is in the bot’s log. I will not repeat this message.",
    card_paragraphs={"one": "{number} paragraph", "other": "{number} paragraphs"},
    card_link="Original",
    paragraph="paragraph {number}",
    unknown_source="source unknown",
    unknown_date="date unknown",
)
