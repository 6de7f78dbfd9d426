"""In English."""

from bot.texts.catalogue import Catalogue

EN = Catalogue(
    language="en",
    locale="en_GB",
    commands={
        "start": "Begin",
        "help": "How to ask",
        "sources": "List of articles",
    },
    start=(
        "Hello! I am Dayek. Write a question: I find the words in the articles that answer it, quote them exactly "
        "and show where they stand. I add nothing of my own."
    ),
    help=(
        "Write your question as an ordinary message. The answer is the article's exact words; below them stand "
        "the source, date, title and paragraph. The articles are in Kazakh, so Kazakh questions work best.\n\n"
        "When the articles do not answer, I say so.\n\n"
        "/sources – the list of articles"
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
    article_gone="This article is no longer here.",
    sources_heading={"one": "{number} article", "other": "{number} articles"},
    sources_button="Articles",
    sources_page="Page {page} of {pages}",
    card_paragraphs={"one": "{number} paragraph", "other": "{number} paragraphs"},
    card_link="Original",
    paragraph="paragraph {number}",
    unknown_source="source unknown",
    unknown_date="date unknown",
)
