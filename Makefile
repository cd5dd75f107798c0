# make sheets   every sheet of templates/sheets/ into outputs/ (the default)
# make test     lint, types, tests, with a share of the rows of the large tables
# make same     every sheet built again, its files the same byte for byte
# make whole    the tests with all rows of all tables
# make lint     ruff alone
# make bench    the measurements, with their numbers printed
# make soundness  all claims, forgeries, wrong answers; ten times the fuzzing and the points of `make whole`
# make picture the page that the README shows, from the first sheet
# make clean    what was made here, outputs/ excepted
#
# On a fresh clone each of them first makes .venv. Another Python: make PYTHON=python3.12

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := sheets
.DELETE_ON_ERROR:
.PHONY: sheets test same whole lint bench soundness picture clean

# The first interpreter that pyproject.toml allows; python3 if there is none, for the sentence below.
SUITABLE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
    if $$p -c '$(SUITABLE)' 2>/dev/null; then echo $$p; exit; fi; done; echo python3)

# Compiled modules are kept, whatever the caller has set: each process would compile all of them again.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint .ci/constraints.txt
PARALLEL ?= 2

sheets: .venv/.run
	$(BIN)/derive build templates/sheets/*.toml --output outputs

test: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/bench
	$(BIN)/pytest -q -n $(PARALLEL) --dist loadgroup --no-loadscope-reorder --ignore=tests/bench

same: .venv/.test
	DERIVE_WHOLE=1 $(BIN)/pytest -q -n $(PARALLEL) tests/golden/test_outputs.py

whole: .venv/.test
	DERIVE_WHOLE=1 $(BIN)/pytest -q -n $(PARALLEL) --dist loadgroup --no-loadscope-reorder --ignore=tests/bench

lint: .venv/.test
	$(BIN)/ruff check .

bench: .venv/.test
	DERIVE_WHOLE=1 DERIVE_BULK=1000 $(BIN)/pytest -q -s tests/bench

soundness: .venv/.test
	DERIVE_FUZZ=10 $(BIN)/pytest -q -rP -n $(PARALLEL) --dist loadgroup \
	    tests/fuzz tests/forged tests/constructs tests/refuted tests/kernel tests/rules tests/sheets/test_result.py \
	    tests/claims/test_soundness.py

# The page that the README shows; wants poppler-utils.
picture: sheets
	pdftoppm -r 80 -f 1 -l 1 -png -singlefile outputs/signals-1.pdf outputs/signals-1

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find derive tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The measurements run before the tests and alone, since two processes on one core measure each other. Tests of one
# construct go to one process (loadgroup), where its claims are derived once; tests/conftest.py says which go first.
# A stamp is younger than what it was made from, so .venv changes only when pyproject.toml or the versions do.

.venv/bin/python:
	@$(PYTHON) -c '$(SUITABLE)' 2>/dev/null || { \
	    echo "derive needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is not one; name one with: make PYTHON=python3.12" >&2; \
	    exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	    echo "$(PYTHON) has no venv module; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.run: pyproject.toml .ci/constraints.txt | .venv/bin/python
	$(PIP) --editable .
	touch $@

.venv/.test: pyproject.toml .ci/constraints.txt | .venv/bin/python
	$(PIP) --editable '.[test]'
	touch .venv/.run $@
