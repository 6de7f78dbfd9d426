import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.base_image import python_base
from tests.deploy.containers import Engine, built
from tests.deploy.tools import PINNED, missing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Elsewhere than in their own environment these tests are skipped, and said to be."""
    if absent := missing(PINNED):
        reason = (
            f"NOT TESTED: this environment has no {', '.join(absent)}; `make test-deploy` makes one that has"
        )
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason))


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """podman, with everything that it keeps in a folder of its own."""
    engine = Engine(Path(tempfile.mkdtemp(prefix="dayek-")))
    try:
        yield engine
    finally:
        engine.close()


@pytest.fixture(scope="session")
def image(engine: Engine) -> str:
    """The image of deploy/Dockerfile, built as compose.yaml says, on a base made of this machine's Python."""
    root = engine.folder / "base"
    root.mkdir()
    engine.imported(python_base(root), "localhost/base")
    return built(engine, "localhost/base")
