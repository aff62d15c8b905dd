# `make demo` and `make test` do everything on a fresh machine: Python >= 3.11, git and make,
# and the package registries. `make help` lists the rest.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input
DB     := demo/qa.db
SAMPLE ?= en-02-cancel-broadband-stereo
DIALOGUES ?= 30

export PYTHONUTF8 = 1

.DEFAULT_GOAL := help
.PHONY: help install models demo test lint bench eval samples lock docs readme clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.installed ## .venv with everything from the lock file

models: $(VENV)/.installed ## fetch and verify the model packs
	@$(BIN)/qa models fetch
	@$(BIN)/qa models verify

demo: models ## score the sample calls with real models and show the result
	@mkdir -p demo
	$(BIN)/qa run audio_samples/calls --db $(DB) --config audio_samples/qa.toml
	@$(BIN)/qa show --db $(DB)
	@$(BIN)/qa show $(SAMPLE) --db $(DB)
	@echo
	@echo "Open the review desk:  $(BIN)/qa serve --demo --db $(DB)"
	@echo "(it prints two accounts with a random password; for your own: $(BIN)/qa user add NAME --role lead --db $(DB))"

test: models lint ## lint, types, import contracts, rubrics, then every test
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(VENV)/.installed ## all that needs no model
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/qa rubric lint
	$(BIN)/qa rubric test

bench: models ## the benchmark; writes its table into bench/
	$(BIN)/python -m bench.desk
	$(BIN)/python -m bench.rescore 2000
	$(BIN)/python -m bench.diarization --senko --made 4 $(filter-out %.json,$(wildcard audio_samples/calls/*-mono.*))
	$(BIN)/python -m bench.night
	$(BIN)/python -m bench.stages
	$(BIN)/python -m bench.stages --kind mono
	$(BIN)/python -m bench.scaling

eval: models ## how good are we: the scripted corpus, development and held-out part, 60 recordings each; bench/EVAL.md
	$(PIP) install --quiet -e '.[samples]'
	@set -e; for part in dev heldout phantoms; do \
		folder=$$($(BIN)/python -m bench.corpus.build --part $$part --calls $(DIALOGUES)); \
		config=$$folder/qa.toml; test -f $$config || config=audio_samples/qa.toml; \
		$(BIN)/qa run $$folder --config $$config --db $$folder/qa.db; \
		eval "$$part=$$folder"; \
	done; \
	$(BIN)/python -m bench.evaluate $$dev/qa.db $$dev $$heldout/qa.db $$heldout --phantoms $$phantoms/qa.db $$phantoms \
		--config $$heldout/qa.toml; \
	$(BIN)/qa evaluate $$phantoms --db $$phantoms/qa.db

samples: models ## build the sample calls again from their scripts (installs the voices)
	$(PIP) install -e '.[samples]'
	$(BIN)/python audio_samples/build.py

docs: $(VENV)/.installed ## write the generated pages and the desk's catalogues again
	$(BIN)/python docs/catalogues.py
	$(BIN)/python docs/refresh.py

readme: demo ## take the README's real output again
	$(BIN)/python docs/refresh.py --readme $(DB)

lock: $(VENV)/.installed ## pin the newest versions again, with hashes
	$(PIP) install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra all --universal --generate-hashes --no-emit-index-url \
		--no-header --python-version 3.11 --upgrade --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra all --extra dev --universal --generate-hashes --no-emit-index-url \
		--no-header --python-version 3.11 --upgrade --quiet -c requirements.lock -o requirements-dev.lock

clean: ## forget the environment and the demo (models and recordings stay)
	rm -rf $(VENV) demo build dist

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "$(PYTHON): not found. Install Python 3.11 or newer, or name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is older than Python 3.11. Name a newer one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) has no venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.locked: requirements-dev.lock | $(VENV)/bin/python
	$(PIP) install --quiet --progress-bar off --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.locked
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@
