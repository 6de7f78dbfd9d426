# make run    sets up, then starts the bot (Telegram with a token, otherwise a chat in the terminal)
# make test   sets up, then lint, types, import rules and every test
# make bench  measures the service under load, and the index, in tables with ratios to peers, in a virtual
#             environment of its own
# make test-deploy  tests what is in deploy/ with the tools it is for, in a virtual environment of its own
# make setup  sets up .venv; quick when nothing changed
# make lock   renews the pinned requirements from pyproject.toml
# make format formats the code

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.ready

.PHONY: run test test-deploy bench setup lock format
.DEFAULT_GOAL := run

run: setup
	@$(BIN)/python -m bot

test: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest
	@echo "The files in deploy/ have tests of their own: make test-deploy"

test-deploy: .venv-deploy/.ready
	.venv-deploy/bin/python -m pytest tests/deploy tests/test_deploy.py

bench: .venv-bench/.ready
	@.venv-bench/bin/python -m tests.bench

setup: $(STAMP)

$(STAMP): tests/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Dayek needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12"; exit 1; }
	@test ! -L .venv || { echo "Here .venv is a link, and a set-up would empty what it leads to. Remove the link."; exit 1; }
	@echo "Setting up .venv (half a minute or so, once) ..." >&2
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
		-r tests/requirements.txt
	@touch $(STAMP)

.venv-deploy/.ready: tests/requirements.txt tests/deploy/requirements.txt
	@echo "Setting up .venv-deploy (a minute or so, once) ..." >&2
	@$(PYTHON) -m venv --clear .venv-deploy
	@.venv-deploy/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--only-binary :all: -r tests/requirements.txt -r tests/deploy/requirements.txt
	@touch $@

.venv-bench/.ready: tests/requirements.txt tests/bench/requirements.txt
	@echo "Setting up .venv-bench (a minute or so, once) ..." >&2
	@$(PYTHON) -m venv --clear .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--only-binary :all: -r tests/requirements.txt -r tests/bench/requirements.txt
	@touch $@

lock: setup
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --quiet -o deploy/requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --quiet -c deploy/requirements.txt -o tests/requirements.txt

	$(BIN)/uv pip compile tests/deploy/requirements.in --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --quiet -o tests/deploy/requirements.txt
	$(BIN)/uv pip compile tests/bench/requirements.in --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --quiet -o tests/bench/requirements.txt

format: setup
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
