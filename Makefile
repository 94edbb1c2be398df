PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
STAMP := $(VENV)/.installed

COMPILE := pip compile pyproject.toml --quiet --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-header --no-annotate

locked = $(shell sed -n 's/^\($(1)==[^ ]*\).*/\1/p' requirements-dev.lock)

# Each process of tests has one thread for its networks; a file's tests stay together, in the order
# of tests/plugins/order.py.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest --dist loadfile --no-loadscope-reorder
PROCESSES := $(shell $(PYTHON) -c "import os; print(min(os.cpu_count() or 2, 4))")
# Those that start servers wait for them half of their time.
MORE_PROCESSES := $(shell $(PYTHON) -c "import os; print(min(os.cpu_count() or 2, 4) + 1)")

SERVED := tests/contracts tests/integration tests/acceptance tests/hostile
ALONE := tests/hostile/alone

SHELL := bash

# Each process of tests would compile every module anew, and rewrite every assertion.
unexport PYTHONDONTWRITEBYTECODE

# Clients of other systems as they are published, in environments of their own.
SDKS := build/sdks/compreface/.installed tests/integration/sdks/javascript/node_modules/.installed

# Packages of Node, which itself comes as a wheel: each has its own lock.
NPM := $(BIN)/python -m deploy.node npm
NODE_MODULES := clients/typescript/node_modules/.installed console/node_modules/.installed

# Chromium and what the console is checked by in it.
BROWSER := deploy/console/node_modules/.installed

# The console as a server answers it.
CONSOLE := app/api/web/assets/index.html
CONSOLE_SOURCES := $(shell find console clients/typescript/src -type f -not -path "*/node_modules/*")

.PHONY: setup console demo test check types floors style scripts files serve format docs references screenshots lock newest third-party sbom clean

setup: $(STAMP) $(CONSOLE)

$(STAMP): pyproject.toml requirements-dev.lock
	$(PYTHON) -m venv $(VENV)
	$(PIP) install $(call locked,pip)
	# Which build of torch, for CPU or CUDA, is the machine's affair: its version is pinned alone.
	$(PIP) install $(call locked,torch)
	$(PIP) install --require-hashes --requirement requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $(STAMP)

%/node_modules/.installed: %/package-lock.json $(STAMP)
	$(NPM) ci --prefix $*
	touch $@

build/sdks/%/.installed: tests/integration/sdks/%.lock
	$(PYTHON) -m venv build/sdks/$*
	build/sdks/$*/bin/python -m pip --quiet --disable-pip-version-check \
	    install --require-hashes --requirement $<
	touch $@

$(CONSOLE): $(CONSOLE_SOURCES) console/node_modules/.installed
	$(NPM) run build --silent --prefix console

console: $(CONSOLE)  ## the pages of /console/, built into the package

demo: setup  ## the whole product in two minutes, on real portraits
	$(BIN)/facet demo

serve: setup  ## the server on 127.0.0.1:8000
	$(BIN)/facet serve

check: setup $(NODE_MODULES)  ## format, lint, types, floors
	@$(MAKE) --no-print-directory --jobs 2 --output-sync types floors style scripts files

types:
	$(BIN)/mypy

floors:
	$(BIN)/lint-imports

style:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

scripts:
	$(NPM) run check --silent --prefix clients/typescript
	$(NPM) run check --silent --prefix console

files:
	$(BIN)/hadolint Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml deploy/compose.yml

test: check $(SDKS) $(BROWSER)  ## everything that CI runs
	$(NPM) test --silent --prefix console
	$(PYTEST) --numprocesses $(PROCESSES) tests/api tests/unit tests/house
	# Engines and runtimes of a dozen libraries need not share a process with the rest.
	$(PYTEST) --numprocesses $(MORE_PROCESSES) $(SERVED) --ignore $(ALONE)
	# Measures how soon an attacked server answers others: alone on the machine.
	$(BIN)/python -m pytest $(ALONE)

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup  ## the documents as a site in build/site, which loads nothing from elsewhere
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

references: setup  ## renew what is made from the service: pages of docs/reference, clients
	$(BIN)/python -m deploy.site
	$(BIN)/python -m deploy.clients.python
	$(BIN)/python -m deploy.clients.typescript

screenshots: setup $(BROWSER)  ## renew the pictures of the console in docs/assets/console
	$(BIN)/python -m deploy.console.screenshots

lock:  ## renew the exact versions that `make` and the Docker image install
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet uv
	build/lock/bin/uv $(COMPILE) --upgrade --all-extras --output-file requirements-dev.lock
	build/lock/bin/uv $(COMPILE) --extra postgres --constraint requirements-dev.lock \
	    --output-file requirements.lock
	build/lock/bin/uv pip compile tests/integration/sdks/compreface.in --quiet --universal \
	    --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	    --upgrade --output-file tests/integration/sdks/compreface.lock
	rm -rf build/lock

third-party: setup  ## renew the list of what Facet stands on, with its licences
	$(BIN)/python -m deploy.image.third_party > THIRD_PARTY.md

sbom: setup  ## the server's packages with versions, licences and dependencies, as CycloneDX
	rm -rf build/sbom && $(PYTHON) -m venv build/sbom/venv
	build/sbom/venv/bin/python -m pip install --quiet $(call locked,torch)
	build/sbom/venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
	build/sbom/venv/bin/python -m pip install --quiet --no-deps .
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-format JSON \
	    --output-file build/sbom/facet.cdx.json build/sbom/venv/bin/python

# Names as locks write them: pip's own have dots and underscores.
PLAIN_NAMES := :again; s/^([^=]*)[_.]/\1-/; t again

newest:  ## run all tests with the newest packages that pyproject.toml admits; tell what breaks
	rm -rf build/newest && $(PYTHON) -m venv build/newest
	build/newest/bin/python -m pip install --quiet --upgrade pip
	build/newest/bin/python -m pip install --quiet --editable ".[dev]"
	touch build/newest/.installed
	@echo "Newer than locked:"
	@build/newest/bin/python -m pip freeze --exclude-editable | sed -E '$(PLAIN_NAMES)' \
	    | grep --invert-match --ignore-case --fixed-strings --line-regexp --file \
	        <(sed -n 's/^\([^ #]*==[^ ]*\).*/\1/p' requirements-dev.lock | sed -E '$(PLAIN_NAMES)') \
	    || echo "nothing"
	@echo "Newer than pyproject.toml admits:"
	@build/newest/bin/python -m pip list --outdated
	$(MAKE) --keep-going VENV=build/newest test

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
