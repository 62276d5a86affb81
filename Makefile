# TheoGen. `make` lists the commands.
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.12 python3.11 python3; do command -v $$p >/dev/null && \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
RUN := $(BIN)/python -m localhost

help: ## List the commands
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-19s %s\n", $$1, $$2}'

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "TheoGen needs Python 3.11 or 3.12; none was found."; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.app: requirements.txt requirements-localhost.txt constraints.txt | $(VENV)/bin/python
	@echo "Installing the app's packages (once; one to three minutes)…"
	@$(PIP) -r requirements.txt -r requirements-localhost.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.app
	@echo "Installing the tools for tests…"
	@$(PIP) -r requirements-dev.txt
	@touch $@

demo: $(VENV)/.app ## Set everything up and turn the sample interviews into a theory
	@$(RUN) demo

up: $(VENV)/.app ## Start the app and its databases on this machine
	@$(RUN) up

down: $(VENV)/.app ## Stop them; the data stays
	@$(RUN) down

env: $(VENV)/.app ## Print the settings of what runs, as KEY=value lines
	@$(RUN) env

verify: $(VENV)/.app ## Check what runs, and say what to do about what fails
	@$(RUN) verify

clean: $(VENV)/.app ## Stop everything and remove data and logs
	@$(RUN) clean

# Files side by side, each process with a stack of its own, in the order of tests/conftest.py.
test: check ## Lint, types, import contracts and all tests
	@$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

crash: $(VENV)/.dev ## Kill engine and broker in 200 seeded runs (a few minutes; 20 of them are in `make test`)
	@$(BIN)/python -m tests.localhost.crash

check: $(VENV)/.dev ## Lint, types and import contracts only
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports

test-servicebus-714: $(VENV)/bin/python ## The broker's tests with the SDK before settlements were answered
	@$(BIN)/python -m venv build/servicebus-714
	@build/servicebus-714/bin/python -m pip install --quiet --disable-pip-version-check \
		"azure-servicebus==7.14.*" aiohttp hypothesis pytest pytest-asyncio pytest-timeout
	@build/servicebus-714/bin/python -m pytest --confcutdir=tests/localhost/service_bus tests/localhost/service_bus

fix: $(VENV)/.dev ## Format, and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

PEERS := .localhost/bench-venv

# A peer that cannot be installed is left out of the table, which says so.
$(PEERS)/.peers: bench/requirements-peers.txt | $(VENV)/bin/python
	@echo "Installing the peers (once)…"
	@mkdir -p $(PEERS) && $(BIN)/python -m venv $(PEERS) \
		&& $(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -r $< && touch $@ || true

bench-orchestration: $(VENV)/.app $(PEERS)/.peers ## Orchestration speed beside Celery + Redis and DBOS (ten minutes)
	@$(BIN)/python -m bench.orchestration --peers $(PEERS)/bin/python

bench-growth: $(VENV)/.app ## Time and memory per document as batches grow (three minutes)
	@$(BIN)/python -m bench.growth

soak: $(VENV)/.dev ## 2,000 texts and 50 scans in a row: memory and temporary files (a quarter of an hour)
	@$(BIN)/python -m bench.soak

bench-batch: $(VENV)/.dev ## 5,000 small documents in one batch through the whole app (ten minutes and more)
	@$(BIN)/python -m bench.batch

bench-cold-start: $(VENV)/.dev ## First requests of a cold worker beside those of a warm one (two minutes)
	@$(BIN)/python -m bench.cold_start

bench-costs: $(VENV)/.dev ## What a scan costs in CPU, by process, and in transactions (two minutes)
	@$(BIN)/python -m bench.costs

bench-limited: $(VENV)/.dev ## 500 and 1,000 scans where OCR and model take ten requests a second (five minutes)
	@$(BIN)/python -m bench.limited

eval: $(VENV)/.dev ## Measure how well documents are read, into docs/quality.md (needs THEOGEN_DATA)
	@$(BIN)/python -m bench.evaluation

eval-long: $(VENV)/.dev ## Long files: 872 pages of Word, 400 scanned pages in fast mode (needs THEOGEN_DATA; ten minutes)
	@$(BIN)/python -m bench.evaluation long

bench-reading: $(VENV)/.dev ## What reading costs beside the bare OCR engine and Tesseract (some minutes)
	@$(BIN)/python -m bench.reading


.PHONY: help demo up down env verify clean test crash check test-servicebus-714 fix bench-orchestration bench-growth \
	bench-batch bench-costs bench-limited bench-reading bench-cold-start soak eval eval-long
