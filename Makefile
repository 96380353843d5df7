# Tune Up. `make` lists what there is.
# Only python3 (3.11 or later, with its venv module) and make are needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
NB ?=
PORT ?= 8888
WORKERS ?= 2

# Without a display JupyterLab prints its URL instead of opening a browser. Root (a container)
# has to be allowed by name; Jupyter's token stays on in any case.
HAS_DISPLAY := $(DISPLAY)$(WAYLAND_DISPLAY)$(filter Darwin,$(shell uname -s))
LAB_FLAGS := $(if $(HAS_DISPLAY),,--no-browser) $(if $(filter 0,$(shell id -u)),--allow-root)

# One thread for BLAS and OpenMP: on small models more threads cost time.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
# Compiled bytecode saves seconds at each kernel start.
export UV_COMPILE_BYTECODE := 1
unexport PYTHONDONTWRITEBYTECODE
export PYTHONHASHSEED := 0

.DEFAULT_GOAL := help
.PHONY: help setup lab test notebooks lint format lock tables clean

help:  ## list the targets
	@awk -F ':.*##' '/^[a-z]+:.*##/ {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: $(VENV)/.ready  ## install everything into .venv (done once)

$(VENV)/.ready: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "Tune Up needs Python 3.11 or later, and '$(PYTHON)' was not found: install it, or name it with make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Tune Up needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) -V): name another one with make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) has no venv module: install it (Debian and Ubuntu: apt install python3-venv)."; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(PY) -m pip install --quiet --disable-pip-version-check uv || { \
	  echo "Nothing could be downloaded: the first set-up needs the network (PyPI); after it Tune Up works offline."; exit 1; }
	$(BIN)/uv pip sync --quiet --python $(PY) --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(PY) --no-deps --editable .
	@touch $@

# What some notebooks can do without: they say so where it is missing.
$(VENV)/.autodiff: $(VENV)/.ready requirements-autodiff.lock
	$(BIN)/uv pip install --quiet --python $(PY) --require-hashes -r requirements-autodiff.lock
	@touch $@

lab: setup  ## open JupyterLab on the start page (PORT=8888)
	cd notebooks && ../$(BIN)/jupyter lab --port=$(PORT) $(LAB_FLAGS) --LabApp.default_url=/lab/tree/00_start_here.ipynb

test: setup $(VENV)/.autodiff  ## run every test and execute every notebook
	$(PY) -m pytest -n $(WORKERS) --dist loadscope tests tuneup_helpers notebooks

notebooks: setup $(VENV)/.autodiff  ## execute notebooks and store their outputs (NB=notebooks/04_random_search.ipynb for one)
	$(PY) tools/execute_notebooks.py $(NB)

lint: setup  ## check style, spelling and notebook hygiene
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell

format: setup  ## format code and notebooks
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --fork-strategy fewest \
	--no-header --no-annotate --generate-hashes --upgrade --quiet

lock: setup  ## resolve pyproject.toml into the lock files again
	$(COMPILE) --extra test --extra dev -o requirements.lock
	$(COMPILE) --extra autodiff --constraints requirements.lock -o requirements-autodiff.lock

tables: setup  ## recompute the replay tables and stored searches (two hours)
	$(PY) data/make_tables.py
	$(PY) data/make_bo_traces.py
	$(PY) data/make_optimism.py
	$(PY) data/make_comparison.py

clean:  ## remove the environment and caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis build *.egg-info
