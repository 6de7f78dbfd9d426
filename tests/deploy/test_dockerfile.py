"""deploy/Dockerfile, read by hadolint; test_image.py builds it."""

from tests.deploy.tools import DEPLOY, pinned


def test_hadolint_finds_nothing_in_the_dockerfile():
    done = pinned("hadolint", "--no-color", DEPLOY / "Dockerfile")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_hadolint_would_find_something(tmp_path):
    (tmp_path / "Dockerfile").write_text(
        "FROM debian\nRUN cd /tmp && sudo apt-get install curl\n", encoding="utf-8"
    )

    assert pinned("hadolint", tmp_path / "Dockerfile").returncode == 1
