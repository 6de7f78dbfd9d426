"""Which letters of a PDF's page a reader can see."""

from collections.abc import Iterable, Sequence

from retrieval.formats.pdf_ground import Behind, Box, Ground
from retrieval.formats.pdf_pen import Run


def seen(runs: Iterable[Run], page: Box, behind: Behind) -> list[Run]:
    """The runs that can be seen on a page of these sides, in their order.

    The text that was recognised in a scan is drawn without ink over its picture, and counts as seen; so do white
    letters on something dark, and those of a page that has hardly any others: its background may be anything.
    """
    on_page = [run for run in runs if _is_on(run, page)]
    clear = [run for run in on_page if run.is_clear]
    if len(clear) == len(on_page):
        return clear
    inked = [run for run in on_page if not run.is_clear]
    is_scan = _letters(clear) > _letters(inked)
    white = _letters([run for run in inked if run.is_white])
    is_inverted = 2 * white >= _letters(inked)
    return [
        run
        for run in on_page
        if (is_scan and _lies_on(behind.pictures, run) if run.is_clear else True)
        and (is_inverted or not run.is_white or _lies_on(behind.dark, run))
    ]


def _is_on(run: Run, page: Box) -> bool:
    return run.left < page.right and run.right > page.left and page.bottom <= run.baseline <= page.top


def _letters(runs: Sequence[Run]) -> int:
    return sum(len(run.text) for run in runs)


def _lies_on(ground: Ground, run: Run) -> bool:
    return ground.lies_at((run.left + run.right) / 2, run.baseline + run.size / 3)
