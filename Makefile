# What people and CI run. Needs Python 3.11 or newer (with venv), Git and make; the rest comes, pinned
# with hashes, into .venv. Nothing here changes a tracked file but `make format` and `make pins`.

PYTHON ?= python3
UV ?= uv
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
RUN := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)
# The stamp's name holds the pins, the place and the Python: a change in any of them makes the environment anew.
KEY := $(shell { pwd; $(PYTHON) --version; cat requirements/*.txt; } 2>&1 | cksum | cut -d ' ' -f 1)
READY := $(VENV)/ready-$(KEY)
BUSY := $(VENV)/installing
INSTALL := $(RUN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input
PINNED := $(INSTALL) --require-hashes --only-binary :all:

unexport PYTHONHOME PYTHONPATH

# An installation that was interrupted leaves this mark, and the environment is made anew.
ifneq ($(wildcard $(BUSY)),)
$(shell rm -rf $(VENV))
endif

.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help tour test lint format bench coverage wheel pins system clean

help: ## Say what can be made.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z]*\):.*## /  make \1: /p' Makefile

tour: $(READY)-program ## A guided run of the whole loop in a throw-away repository.
	@$(RUN)/goldengit tour $(ARGS)

test: $(READY)-test $(READY)-program ## Run the tests; `make test ARGS='-k name'` runs some of them.
	@$(RUN)/python -m pytest -n auto --dist worksteal $(ARGS)

lint: $(READY)-lint $(READY)-program ## Format, lint, types, import contracts, workflows: checked, not changed.
	@echo 'lint: ruff format' && $(BIN)/ruff format --quiet --check .
	@echo 'lint: ruff check' && $(BIN)/ruff check --quiet .
	@echo 'lint: mypy' && $(BIN)/mypy --no-error-summary
	@echo 'lint: import contracts' && $(BIN)/lint-imports --no-logo >$(VENV)/imports.log \
		|| { cat $(VENV)/imports.log; exit 1; }
	@echo 'lint: workflows'
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema custom.github-workflows-require-timeout \
		.github/workflows/*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(BIN)/zizmor --quiet --offline --persona=auditor .github action.yml

format: $(READY)-lint $(READY)-program ## Format the code and mend what ruff can mend.
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

bench: $(READY)-test $(READY)-program ## Measure the speed budgets.
	@$(RUN)/python -m benchmarks $(ARGS)

coverage: $(READY)-test $(READY)-program ## Run the tests once more and say what they did not reach.
	@$(BIN)/coverage erase
	@$(RUN)/coverage run -m pytest $(ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

wheel: $(READY)-run ## Build the wheel into dist/.
	@$(RUN)/python -m pip wheel --quiet --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --wheel-dir dist .

# Universal: one file serves every system and every Python. `make pins ARGS=--upgrade` takes newer releases.
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--python-version 3.11 --custom-compile-command 'make pins' $(ARGS)
pins: ## Write requirements/*.txt anew from pyproject.toml (needs uv).
	@command -v $(UV) >/dev/null || { \
		echo 'make pins needs uv: pip install uv, or name it: make pins UV=...'; exit 1; }
	@echo 'pins: requirements/*.txt from pyproject.toml'
	@$(COMPILE) --group build --output-file requirements/build.txt >/dev/null
	@$(COMPILE) pyproject.toml --all-extras --output-file requirements/run.txt >/dev/null
	@$(COMPILE) --group test --constraints requirements/run.txt \
		--output-file requirements/test.txt >/dev/null
	@$(COMPILE) --group lint --constraints requirements/run.txt --constraints requirements/test.txt \
		--output-file requirements/lint.txt >/dev/null

system: ## Install the programs that some tests need (Debian, as root).
	apt-get update -qq && apt-get install -qq --no-install-recommends openssh-client

clean: ## Remove .venv and everything that tools left behind.
	@rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache \
		.ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment, filled in steps: the libraries, what the tests need, the linters, and the program itself.
$(READY)-run:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "goldengit needs Python 3.11 or newer, and '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)." \
			"Name another one: make $(firstword $(MAKECMDGOALS) test) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' has no venv module; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo 'setting up $(VENV): pinned libraries'
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@touch $(BUSY)
	@$(PINNED) -r requirements/build.txt -r requirements/run.txt
	@rm $(BUSY) && touch $@

$(READY)-test: | $(READY)-run
	@echo 'setting up $(VENV): what the tests need'
	@touch $(BUSY)
	@$(PINNED) -r requirements/test.txt
	@rm $(BUSY) && touch $@

$(READY)-lint: | $(READY)-test
	@echo 'setting up $(VENV): the linters'
	@touch $(BUSY)
	@$(PINNED) -r requirements/lint.txt
	@rm $(BUSY) && touch $@

$(READY)-program: pyproject.toml | $(READY)-run
	@echo 'setting up $(VENV): goldengit itself'
	@touch $(BUSY)
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@rm $(BUSY) && touch $@
