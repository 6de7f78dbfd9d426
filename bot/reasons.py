"""Why something could not be read, as one of the few kinds that the bot has words for in each language."""

import re

_WHOLE = (
    ("scanned", r"pictures? of pages|pages are pictures|scan|letters it draws|text is in pictures"),
    ("robots", r"robots\.txt"),
)
_KINDS = (
    ("private", r"private network"),
    (
        "unreachable",
        r"^(?:the site|this link|there is no (?:such|site)|port \S+ is|the page cannot)|no (?:valid )?link",
    ),
    ("password", r"password|encrypted"),
    ("picture", r"is a picture|sound or video"),
    ("feed", r"is a feed"),
    (
        "large",
        r"too (?:large|many|big|deep|long|complicated|tight)|(?:larger|more) than|more markup|unpacks to",
    ),
    ("damaged", r"damaged|cut off|broken|not whole"),
    ("empty", r"empty|holds no|no text\b(?! document)|no story|no article"),
    (
        "format",
        r"(?:file|which) cannot be read|not text|format|packed|\bRTF\b|old kind|text document|inside an|JSON|encoding",
    ),
)


def kind_of(reason: str) -> str:
    """The kind of a reason as the readers and the fetching write it: a name in `Catalogue.unread`.

    >>> kind_of("it is protected by a password: save it without one")
    'password'
    """
    # Behind the colon or the semicolon stands what to do, and there other kinds may be named.
    wrong = re.split(r"[:;] ", reason, maxsplit=1)[0]
    looks = (
        *((kind, signs, reason) for kind, signs in _WHOLE),
        *((kind, signs, wrong) for kind, signs in _KINDS),
    )
    return next((kind for kind, signs, text in looks if re.search(signs, text, re.IGNORECASE)), "other")
