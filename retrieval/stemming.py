"""The command that stems words."""

import argparse
import sys

from retrieval.kazakh import stem as stem_of
from retrieval.words import normal


def stem(_: argparse.Namespace) -> int:
    """Prints word<TAB>stem for each word, one a line, on standard input."""
    for line in sys.stdin:
        word = line.rstrip("\n")
        sys.stdout.write(f"{word}\t{stem_of(normal(word))}\n")
    return 0
