# Tune Up. `make` lists what there is.
# Only python3 (3.11 or later, with its venv module) and make are needed. What a target needs,
# which packages, which settings, is known to course.py, which also works without make.

PYTHON ?= python3
NB ?=
PORT ?= 8888
WORKERS ?= 2
GROUPS ?=
CHAPTER ?= 00
BIND ?= 127.0.0.1

COURSE = command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "Tune Up needs Python 3.11 or later, and '$(PYTHON)' was not found: install it, or name it with make PYTHON=..."; exit 1; }; \
	$(PYTHON) course.py
DEV := run dev
ALL := run all

.DEFAULT_GOAL := help
.PHONY: help setup lab fresh check test test-fast test-latest notebooks lint format lock upgrade tables \
	site pdf serve slides quiz clean

help:  ## list the targets
	@awk -F ':.*##' '/^[a-z-]+:.*##/ {printf "  make %-10s %s\n", $$1, $$2}' Makefile
	@echo "Groups of packages that can be added (GROUPS=all: all of them):"
	@$(COURSE) groups

setup:  ## install the course's packages into .venv (GROUPS="dev autodiff" adds groups)
	@$(COURSE) setup $(GROUPS)

lab:  ## set up (once), open JupyterLab on your own copy of the lessons (PORT=8888)
	@$(COURSE) lab --port=$(PORT)

fresh:  ## start a lesson of your copy afresh, yours is kept (NB=05a)
	@$(COURSE) fresh $(NB)

check:  ## say in one line whether this machine is ready
	@$(COURSE) check

test:  ## run every test and execute every notebook, with all groups
	@$(COURSE) $(ALL) -m pytest -n $(WORKERS) --dist loadscope tests tuneup_helpers notebooks

test-fast:  ## run the tests that take no time: no notebook, no browser, nothing slow
	@$(COURSE) $(DEV) -m pytest -m "not slow and not browser" tests tuneup_helpers

notebooks:  ## execute notebooks and store their outputs (NB=notebooks/04a_random_search.ipynb for one)
	@$(COURSE) $(ALL) tools/execute_notebooks.py $(NB)

lint:  ## check style, spelling and notebook hygiene
	@$(COURSE) $(DEV) -m ruff check .
	@$(COURSE) $(DEV) -m ruff format --check .
	@$(COURSE) $(DEV) -m codespell_lib

format:  ## format code and notebooks
	@$(COURSE) $(DEV) -m ruff check --fix .
	@$(COURSE) $(DEV) -m ruff format .

lock:  ## resolve pyproject.toml into the lock files; what is pinned stays where it can
	@$(COURSE) lock

upgrade:  ## resolve it anew, with the newest versions
	@$(COURSE) lock --upgrade

tables:  ## recompute the replay tables and stored searches (four hours)
	@$(COURSE) run deep tools/tables/make_tables.py
	@$(COURSE) run course tools/tables/make_bo_traces.py
	@$(COURSE) run course tools/tables/make_optimism.py
	@$(COURSE) run deep tools/tables/make_reviews_by_rows.py
	@$(COURSE) run deep tools/tables/make_fashion_by_rows.py
	@$(COURSE) run course tools/tables/make_comparison.py
	@$(COURSE) run deep tools/tables/make_tuner_searches.py
	@$(COURSE) run scale tools/tables/make_storage_costs.py

site:  ## build the course as a web site, offline, into build/site
	@$(COURSE) run site tools/site/build.py

pdf:  ## print the lessons of a chapter (CHAPTER=05), by Chromium, into build/pdf
	@$(COURSE) run site tools/site/build.py --pdf $(CHAPTER)

serve:  ## show build/site at http://127.0.0.1:8000 (BIND=address lets other machines see it)
	@$(COURSE) run course -m http.server --directory build/site --bind $(BIND) 8000

slides:  ## build the slides into build/slides
	@$(COURSE) run site tools/site/slides.py

quiz:  ## make a quiz bank from the exercises, into build/quiz
	@$(COURSE) run course tools/site/quiz.py

clean:  ## remove the environment and caches (my_course/ stays)
	rm -rf .venv .jax_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info

# Any other word is the name of a group: make autodiff.
.DEFAULT:
	@$(COURSE) setup $@
