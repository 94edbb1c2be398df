PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test check serve format lock clean

setup: $(STAMP)

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --progress-bar off --quiet -e ".[dev]"
	touch $(STAMP)

demo: setup  ## the whole product in two minutes, on real portraits
	$(BIN)/facet demo

serve: setup  ## the server on 127.0.0.1:8000
	$(BIN)/facet serve

check: setup  ## format, lint, types, floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml deploy/compose.yml

test: check  ## everything that CI runs
	$(BIN)/python -m pytest tests/unit tests/api
	# Engines and runtimes of a dozen libraries need not share a process with the rest.
	$(BIN)/python -m pytest tests/contracts tests/integration tests/acceptance

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:  ## pin what the Docker image installs
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --upgrade pip
	build/lock/bin/python -m pip install --quiet ".[postgres]"
	# A local version such as +cpu names one index; the plain one is found on any.
	build/lock/bin/python -m pip freeze --exclude facet | sed 's/+cpu$$//' > requirements.lock
	rm -rf build/lock

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
