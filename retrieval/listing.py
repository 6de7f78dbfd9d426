"""The commands that name the articles, and that remove some."""

import argparse
import json
import sys
from dataclasses import asdict

from retrieval.catalogue import Catalogue, Entry
from retrieval.environment import database_path
from retrieval.opening import say, up_to_date_library
from retrieval.printable import printable


def list_(options: argparse.Namespace) -> int:
    """Prints the articles, newest first, one a line."""
    with up_to_date_library(), Catalogue(database_path()) as catalogue:
        if options.json:
            found = [asdict(entry) for entry in catalogue.entries()]
            sys.stdout.write(json.dumps({"articles": found}, ensure_ascii=False) + "\n")
            return 0
        for entry in catalogue.entries():
            sys.stdout.write(_line(entry) + "\n")
    return 0


def remove(options: argparse.Namespace) -> int:
    """Removes articles; what they came from does not bring them back."""
    with up_to_date_library() as library:
        here = library.index.articles
        ids = [id_ for id_ in dict.fromkeys(options.ids) if id_ in here]
        library.remove(ids)
    for id_ in options.ids:
        if id_ not in ids:
            say(f"There is no article {id_!r}; `python -m retrieval list` names them.")
    for id_ in ids:
        sys.stdout.write(f"{printable(id_)}: removed\n")
    return 0 if ids == list(dict.fromkeys(options.ids)) else 1


def _line(entry: Entry) -> str:
    earlier = {0: None, 1: "1 earlier version"}.get(entry.versions, f"{entry.versions} earlier versions")
    known = (entry.id, entry.published, entry.source, entry.title, entry.origin, earlier)
    return " · ".join(printable(one) for one in known if one)
