# Everything a newcomer or the CI runs. `make demo` and `make test` set up what they need.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
PIPPED := $(VENV)/.pipped
HOT    := $(shell find monitor -name '*.pyx' -o -name '*.pxd')

# Each of the tests' processes would compile and rewrite every file again where nothing may be kept.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test slow corpora browser lint types check clean

demo: $(STAMP)
	@$(BIN)/monitor demo

test: $(STAMP)
	$(BIN)/python -m pytest -n 4 -m "not slow" --ignore=tests/corpora

# Here properties are tried on all examples that they ask for; `make test` tries a fifth of them.
slow: $(STAMP)
	EXAMPLES=100 $(BIN)/python -m pytest -n 2 -m "slow or hypothesis" --ignore=tests/corpora

corpora: $(STAMP)
	$(BIN)/python -m pytest -n 2 tests/corpora

# Debian's chromium is taken if it is there; the browser tests say so and are left out if it is not.
browser: $(STAMP)
	@if command -v uv >/dev/null 2>&1; then \
	    VIRTUAL_ENV=$(VENV) uv pip install --quiet --group browser; \
	else \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --group browser; \
	fi

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

check: lint types test

# uv is used where it is there, pip otherwise; both read pyproject.toml's dependency group.
$(PIPPED): pyproject.toml
	@export MONITOR_COMPILE=no; \
	if command -v uv >/dev/null 2>&1; then \
	    echo "Setting up $(VENV) with uv ..."; \
	    uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && \
	    VIRTUAL_ENV=$(VENV) uv pip install --quiet -e . --group dev; \
	else \
	    echo "Setting up $(VENV) with pip ..."; \
	    $(PYTHON) -m venv $(VENV) && \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1' && \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check -e . --group dev; \
	fi
	@touch $@

# pip keeps to itself what the build says. Here it is seen, and an edit is compiled again without pip.
$(STAMP): $(PIPPED) hatch_build.py $(HOT)
	@$(BIN)/python -m hatchling build --hooks-only --target wheel:editable --directory $(VENV)
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
	find monitor -name '*.so' -delete
