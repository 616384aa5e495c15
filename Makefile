# make run      install what is needed and start the bot
# make test     add the test set and run all tests
# make check    everything that must be green: format, lint, types, layers, lock, tests with coverage
# make crash    kill the bot 200 times on each database in bad weather, and see that everything is told once
# make setup    only install; does nothing when nothing has changed
# make eval     measure against gold data in EVAL how feeds and pages are read, and what articles are about, where, and who acts
# make bench    measure; make pictures needs more, see CONTRIBUTING.md

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
UV := $(BIN)/uv
# Index settings of a machine must not find their way into the lock.
CLEAN := env -u UV_INDEX -u UV_EXTRA_INDEX_URL -u UV_DEFAULT_INDEX -u UV_INDEX_URL -u UV_FIND_LINKS
# .python-version is for hosts; here uv would put its Python in place of the one that .venv was made with.
export UV_PYTHON := $(CURDIR)/.venv/bin/python
# What is started a hundred times by the tests is compiled once, wherever an image says that nothing is to be kept.
unexport PYTHONDONTWRITEBYTECODE
ARGS ?=

.PHONY: setup run test crash check format lint types layers lock lock-check bench eval pictures clean
.DEFAULT_GOAL := run

setup: .venv/.run

run: setup
	@exec $(BIN)/python -m bot run $(ARGS)

test: .venv/.test
	$(BIN)/pytest $(CORES) $(ARGS)

crash: .venv/.test
	$(BIN)/python -m tests.wire.crash $(ARGS)

check: .venv/.test format lint types layers lock-check
	$(BIN)/pytest $(CORES) --cov --cov-report=term-missing:skip-covered --cov-fail-under=$(COVERAGE)

# Tests on every core; what is done first takes over from what is slow.
CORES := -n auto --dist worksteal

# Branch coverage of the whole; what runs in worker processes is not counted there.
COVERAGE := 95

format:
	$(BIN)/ruff format --check .

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

layers:
	$(BIN)/lint-imports

lock:
	$(CLEAN) $(UV) lock --no-config

lock-check:
	$(CLEAN) $(UV) lock --check --no-config
	@! grep -n 'registry = ' uv.lock | grep -v 'registry = "https://pypi.org/simple"'

# A folder with score.py and data/, which belong to others and are no part of the project.
EVAL ?= ../shared/eval
SCORE = $(BIN)/python $(EVAL)/score.py
PREDICT = $(BIN)/python -m bot parse - --files $(EVAL)/data

eval: .venv/.test
	@if [ ! -f $(EVAL)/score.py ]; then echo "There is no evaluation kit in $(EVAL): name its folder with make eval EVAL=…"; else \
	$(SCORE) inputs feeds | $(PREDICT)/feeds --eval feeds | $(SCORE) feeds --gold feeds --pred - && \
	$(SCORE) inputs article_extraction | $(PREDICT)/article_extraction --eval extract | $(SCORE) extract --gold article_extraction --pred - && \
	$(BIN)/python -m benchmarks.pruning $(EVAL)/data/feeds/files.tar.gz && \
	$(BIN)/python -m benchmarks.gold about $(EVAL) && $(BIN)/python -m benchmarks.gold geo $(EVAL) && \
	$(BIN)/python -m benchmarks.gold events $(EVAL); fi

bench: .venv/.test
	$(BIN)/python -m benchmarks

pictures: setup
	UV_PROJECT_ENVIRONMENT=.venv-pictures $(UV) sync --frozen --quiet --group pictures
	.venv-pictures/bin/python docs/pictures.py docs/pictures

clean:
	rm -rf .venv .venv-pictures

.venv/bin/uv:
	@test -n "$(PYTHON)" || { echo "Sitrep needs Python 3.11, 3.12 or 3.13: install one, or name it with make PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "$(PYTHON) is not Python 3.11, 3.12 or 3.13: name one with make PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: on Debian or Ubuntu, apt install python3-venv"; exit 1; }
	@echo "Installing into .venv …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

.venv/.run: $(UV) pyproject.toml uv.lock
	@$(UV) sync --frozen --quiet --inexact
	@touch $@

.venv/.test: .venv/.run
	@$(UV) sync --frozen --quiet --inexact --group test
	@touch $@
