# `make report` and `make test` need nothing but Python 3.11 or newer, pip, make and a network the first time.
# Paths are relative, so the folder may stand anywhere and may have spaces in its name.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
QUIETLY := -qq --no-input --disable-pip-version-check
EXTRAS := lab,mcp,pdf,postgres,spark,docs,dev
JOBS ?= 2
SIZES ?= 1
# The engine of tomorrow, beside the one in constraints.txt, and the tests that run with it.
NEXT_DUCKDB := 2.0.1
WITH_NEXT_DUCKDB := tests/load/test_databases.py

NOTEBOOK := notebooks/care_report.ipynb
DEMO := reports/demo/2026-10
JOURNEY := reports/journey/2017-12
SOURCES := $(shell find carestudy -type f ! -path '*/__pycache__/*' ! -name '.*')
report_files = $(addprefix $(1)/$(basename $(notdir $(NOTEBOOK))).,vi.html en.html figures.json)

.PHONY: help report reports test style notebooks next docs lab bench compat constraints clean
# An interrupted run leaves the last good report where it is.
.PRECIOUS: $(call report_files,$(DEMO)) $(call report_files,$(JOURNEY))

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):[^#]*## /\1 /p' $(MAKEFILE_LIST) | while read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

report: $(call report_files,$(DEMO)) $(call report_files,$(JOURNEY)) ## set up, and write the monthly reports in both languages
	@echo 'The reports are here:'
	@for page in $(filter %.html,$^); do echo "  $$PWD/$$page"; done

$(call report_files,$(DEMO)) &: $(VENV)/.report $(NOTEBOOK) $(SOURCES) $(wildcard data/demo/*)
	@echo 'Writing the report of the demo company, October 2026, in Vietnamese and English ...'
	@$(BIN)/carestudy report $(NOTEBOOK) --data data/demo --period 2026-10 --lang both --out reports/demo

$(call report_files,$(JOURNEY)) &: $(VENV)/.report $(NOTEBOOK) $(SOURCES) $(wildcard data/journey/*)
	@echo 'Writing the report of the Complete Journey baskets, December 2017, in Vietnamese and English ...'
	@$(BIN)/carestudy report $(NOTEBOOK) --data data/journey --period 2017-12 --lang both --out reports/journey

reports: $(VENV)/.report ## the same, and every other report of the demo company
	@$(MAKE) --no-print-directory report
	@echo 'Writing the reports on churn, segments, service, value and voice ...'
	@$(BIN)/carestudy report $(filter-out notebooks/explore.ipynb $(NOTEBOOK),$(wildcard notebooks/*.ipynb)) \
	  --data data/demo --period 2026-10 --lang both --out reports/demo

# One after the other whatever -j says; pytest's own closing line comes last.
test: $(VENV)/.dev ## set up, and run every check and test
	@$(MAKE) --no-print-directory style
	@$(MAKE) --no-print-directory notebooks
	@$(MAKE) --no-print-directory next
	@echo 'Running the tests ...'
	@$(BIN)/pytest -n $(JOBS) --dist loadfile --doctest-modules tests carestudy

style: $(VENV)/.dev ## check the style and the types
	@echo 'Checking style and types ...'
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary

# Cells run in the order of the notebook, and no cache decides which of them run; in surroundings that nobody stored
# them in, as outputs must be the same anywhere.
notebooks: $(VENV)/.dev ## run the notebooks again and compare their outputs with those stored
	@echo 'Running the notebooks and comparing their outputs ...'
	@TZ=America/New_York LC_ALL=C.UTF-8 PYTHONHASHSEED=5 COLUMNS=40 \
	  $(BIN)/pytest -n $(JOBS) --dist loadfile -p no:randomly -p no:cacheprovider --nbval --nbval-current-env --nbval-cell-timeout=120 notebooks

# Some tests are about DuckDB 1.5 alone and are skipped, which a machine that runs all of them would not allow.
next: $(VENV)/duckdb-$(NEXT_DUCKDB)/.done ## run tests of the engine with the next DuckDB
	@echo 'Running tests of the engine with DuckDB $(NEXT_DUCKDB) ...'
	@CI= PYTHONPATH=$(VENV)/duckdb-$(NEXT_DUCKDB) $(BIN)/python -m pytest -q -m 'not slow' -W ignore::DeprecationWarning $(WITH_NEXT_DUCKDB)

$(VENV)/duckdb-$(NEXT_DUCKDB)/.done: $(VENV)/.dev
	@$(BIN)/python -m pip install $(QUIETLY) --no-deps --upgrade --target $(@D) duckdb==$(NEXT_DUCKDB)
	@touch $@

docs: $(VENV)/.dev ## build the site of the documentation into docs/_build
	@$(BIN)/python -m sphinx -q -W --keep-going -D pictures=1 docs docs/_build
	@echo "The documentation is here: $$PWD/docs/_build/index.html"

lab: $(VENV)/.dev ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks

bench: $(VENV)/.dev $(VENV)/lifetimes/.done $(VENV)/pymc/.done ## measure speed and memory beside others, at SIZES millions
	@$(BIN)/python benchmarks/run.py $(SIZES)
	@$(BIN)/python benchmarks/lifetime.py --lifetimes $(VENV)/lifetimes/bin/python --pymc $(VENV)/pymc/bin/python

# Peers whose versions are others than ours stand in environments of their own.
$(VENV)/lifetimes/.done $(VENV)/pymc/.done: $(VENV)/%/.done: benchmarks/%.txt | $(VENV)/.python
	@echo 'Installing $* to measure beside; this takes a few minutes ...'
	@$(BIN)/python -m venv --clear $(VENV)/$*
	@$(VENV)/$*/bin/python -m pip install $(QUIETLY) -r $<
	@touch $@

# In a fresh environment, so that nothing is pinned that nothing asks for.
compat: $(VENV)/.python ## run the quick tests with the lowest and the newest versions that pyproject.toml allows
	@$(BIN)/python -m venv --clear $(VENV)/compat
	@$(VENV)/compat/bin/python -m pip install $(QUIETLY) uv
	@for versions in lowest-direct highest; do \
	  echo "Installing the versions by the rule $$versions; this takes a few minutes ..."; \
	  $(VENV)/compat/bin/uv venv -q --clear --python $(BIN)/python $(VENV)/compat/$$versions || exit 1; \
	  $(VENV)/compat/bin/uv pip install -q --python $(VENV)/compat/$$versions --resolution $$versions -e '.[$(EXTRAS)]' || exit 1; \
	  $(VENV)/compat/$$versions/bin/python -m pytest -n $(JOBS) --dist loadfile -W default -m 'not slow' tests || exit 1; \
	done

constraints: ## write constraints.txt anew from what pyproject.toml allows today (Python 3.11)
	@python3.11 -m venv --clear $(VENV)/constraints
	@echo 'Installing the newest allowed versions; this takes a few minutes ...'
	@$(VENV)/constraints/bin/python -m pip install $(QUIETLY) -e '.[$(EXTRAS)]'
	@sed -n '/^#/p' constraints.txt > $(VENV)/constraints.txt
	@$(VENV)/constraints/bin/python -m pip freeze --exclude-editable >> $(VENV)/constraints.txt
	@mv $(VENV)/constraints.txt constraints.txt
	@rm -r $(VENV)/constraints
	@echo 'constraints.txt is new; run make test before keeping it.'

clean: ## remove what make made: .venv, caches, reports
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis reports/demo reports/journey
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up. Each step leaves a mark when it is done, so an interrupted one is taken up again.

# `python3.12` may be on the path and still not start (pyenv), or lack venv (Debian): each candidate is tried.
$(VENV)/.python:
	@for python in $(if $(PYTHON),'$(PYTHON)',python3.11 python3.12 python3.13 python3.14 python3 python); do \
	  "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  echo "Setting up $(VENV) with $$("$$python" --version) ..."; \
	  "$$python" -m venv --clear $(VENV) && touch $@; exit; \
	done; \
	echo 'carestudy needs Python 3.11 or newer with venv and pip, and found none$(if $(PYTHON), at $(PYTHON))'. >&2; \
	echo 'Install it (Debian, Ubuntu: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.11' >&2; \
	exit 1

# Matplotlib lists the fonts of the machine once; done here, no report waits for it or tells of it.
$(VENV)/.report: $(VENV)/.python pyproject.toml constraints.txt
	@echo 'Installing what a report needs; the first time this takes a minute or two ...'
	@$(BIN)/python -m pip install $(QUIETLY) -c constraints.txt -e .
	@$(BIN)/python -W ignore -c 'import matplotlib.font_manager' 2>/dev/null
	@touch $@

$(VENV)/.dev: $(VENV)/.report
	@echo 'Installing JupyterLab and what the tests need; the first time this takes a minute or two ...'
	@$(BIN)/python -m pip install $(QUIETLY) -c constraints.txt -e '.[$(EXTRAS)]'
	@touch $@
