# Two commands do all the set-up on a fresh machine: `make demo`, `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: demo test lint deep bench oracle mutants versions clean

demo: $(STAMP)
	@$(BIN)/benefits-rules screen examples/georgia_family.yaml --programs snap

test: lint
	@$(BIN)/python -m pytest -n 2 -m "not deep"

lint: $(STAMP)
	@$(BIN)/ruff check src tests
	@$(BIN)/mypy

deep: $(STAMP)
	@$(BIN)/python -m pytest -n 2 -m deep
	@$(BIN)/python -m benefits_rules.mutants

mutants: $(STAMP)
	@$(BIN)/python -m benefits_rules.mutants

bench: $(STAMP)
	@$(BIN)/python tests/bench.py

# policyengine-us (AGPL-3.0) in an environment of its own: an oracle to compare with, never a dependency.
oracle: .venv-oracle/.ready
.venv-oracle/.ready:
	@python3.11 -m venv .venv-oracle
	@.venv-oracle/bin/python -m pip install --quiet --disable-pip-version-check "policyengine-us==2.68.0"
	@touch $@

# The suite on every Python that is here, each in an environment of its own.
versions:
	@for v in 3.11 3.12 3.13 3.14; do \
	  py=$$(command -v python$$v || true); \
	  if ! "$$py" -c "" 2>/dev/null && command -v pyenv >/dev/null; then \
	    py=$$(PYENV_VERSION=$$(pyenv versions --bare | grep "^$$v" | tail -1) pyenv which python$$v 2>/dev/null || true); fi; \
	  if [ -n "$$py" ] && "$$py" -c "" 2>/dev/null; then \
	    echo "== python$$v"; $(MAKE) --no-print-directory test PYTHON="$$py" VENV=.venv-$$v || exit 1; \
	  else echo "== python$$v is not on this machine"; fi; done

$(STAMP): pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or later is needed: make PYTHON=python3.12 ...')"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

clean:
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis
