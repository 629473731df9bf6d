# keji 科技工作一本账: `make run` to look around, `make test` to prove it, `make check` before a commit.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
KEJI := .venv/bin/keji
ADDR ?= 127.0.0.1:8000

help:            ## what can be made here
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

.venv/.base: requirements/base.txt pyproject.toml
	@bash tools/venv.sh base

.venv/.dev: requirements/dev.txt pyproject.toml
	@bash tools/venv.sh dev

setup: .venv/.base   ## Python packages and fonts
	@bash tools/system.sh fonts
	@bash tools/fonts.sh

run: setup       ## the demo city on http://127.0.0.1:8000 (loaded once, then kept)
	@KEJI_DATA=data/demo $(KEJI) run --demo --addr $(ADDR)

serve: setup     ## an empty house: asks for the first administrator on a set-up page
	@KEJI_DATA=data/house $(KEJI) run --addr $(ADDR)

test: .venv/.dev ## every test; starts PostgreSQL and Chromium by itself
	@bash tools/system.sh fonts browser postgres
	@bash tools/fonts.sh
	@$(PY) -m pytest -n 2 --dist loadgroup $(ARGS)
	@KEJI_TEST_DB=postgresql $(PY) -m pytest -n 2 --dist loadgroup tests/kernel tests/desk tests/site tests/modules

check: .venv/.dev ## format, lint, types, floors and shelves, migrations, generated docs
	@.venv/bin/ruff format --check . && .venv/bin/ruff check .
	@.venv/bin/mypy keji
	@.venv/bin/lint-imports
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) -m pytest -q tests/test_docs.py tests/test_architecture.py

docs: .venv/.dev ## write the pages of docs/ that are read off the code
	@$(PY) tools/generate_docs.py

screenshots: .venv/.dev ## the pictures of README.md, from a demo city that is running (make run)
	@$(PY) tools/screenshots.py http://$(ADDR)

bench: .venv/.dev ## measure; prints the tables of benchmarks/README.md
	@$(PY) -m benchmarks

lock:            ## refresh the hashed requirement files
	@bash tools/lock.sh

clean:           ## forget the demo city (data/)
	rm -rf data

.PHONY: help setup run serve test check docs screenshots bench lock clean
