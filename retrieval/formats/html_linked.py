"""What a page's JSON-LD says of its article."""

import html as entities
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import html

_ARTICLE = re.compile(r"(?:Article|Posting|Reportage\w*)$")
_LARGEST = 1_000_000
_NODES = 2_000

Node = dict[str, Any]


def nodes(tree: html.HtmlElement) -> list[Node]:
    """The objects of the page's JSON-LD, those of graphs and lists among them; none that is not valid JSON."""
    found: list[Node] = []
    for script in tree.iter("script"):
        kind, source = script.get("type", "").partition(";")[0].strip().lower(), script.text or ""
        if kind != "application/ld+json" or len(source) > _LARGEST:
            continue
        try:
            value = json.loads(source.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
        except (ValueError, RecursionError):
            continue
        found.extend(node for node, _ in zip(_flat(value), range(_NODES), strict=False))
    return found


def article(found: list[Node]) -> Node:
    """The node of the article; an empty one where there is none."""
    return next(
        (node for node in found if any(_ARTICLE.search(kind) for kind in texts(node.get("@type")))), {}
    )


def _flat(value: object) -> Iterator[Node]:
    waiting = [value]
    while waiting:
        match waiting.pop(0):
            case list() as several:
                waiting = [*several[:_NODES], *waiting][:_NODES]
            case dict() as node:
                yield node
                waiting = [*(node[key] for key in ("@graph", "mainEntity") if key in node), *waiting]


def texts(value: object) -> list[str]:
    """The text or texts of a property."""
    values = value if isinstance(value, list) else [value]
    return [
        " ".join(entities.unescape(text).split()) for text in values if isinstance(text, str) and text.strip()
    ]


def named(value: object, found: list[Node]) -> list[str]:
    """The names of the people or organisations that a property gives, by themselves or by their @id."""
    result: list[str] = []
    for one in value if isinstance(value, list) else [value]:
        node = one
        if isinstance(one, dict) and "name" not in one and "@id" in one:
            node = next((other for other in found if other.get("@id") == one["@id"] and "name" in other), one)
        result += texts(node.get("name") if isinstance(node, dict) else node)
    return result
