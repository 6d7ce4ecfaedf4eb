# `make` alone prints the commands.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(firstword $(foreach p,python3.13 python3 python,$(if $(shell $(p) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null && echo ok),$(p))))
VENV := .venv
BIN := $(VENV)/bin
SAM := .venv-sam/bin
REGION := eu-central-1
export SAM_CLI_TELEMETRY := 0

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: python
python:
	@test -n "$(PYTHON)" || { echo "taskdock needs Python 3.13: install it, or name it with PYTHON=/path/to/python3.13" >&2; exit 1; }

# Environments: a stamp each, remade when what is pinned changes.
$(BIN)/uv: requirements/uv.txt | python
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/local.stamp: requirements/local.txt pyproject.toml $(BIN)/uv
	@echo "setting up: the laptop's packages"
	@test -e $(VENV)/dev.stamp || $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/local.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt pyproject.toml $(BIN)/uv
	@echo "setting up: the packages for tests"
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv-sam/stamp: requirements/sam.txt $(BIN)/uv
	@echo "setting up: SAM"
	@$(PYTHON) -m venv .venv-sam
	@$(BIN)/uv pip install -q --python $(SAM)/python --require-hashes -r requirements/sam.txt
	@touch $@

# The laptop.
.PHONY: run
run: $(VENV)/local.stamp $(if $(RUNTIME),$(VENV)/dev.stamp .venv-sam/stamp) ## serve on http://127.0.0.1:3008 (PORT, TLS, STORE, LOCAL_USERS, LOCAL_NOW, RUNTIME)
	@exec $(BIN)/python -m local $(if $(RUNTIME),--runtime)

.PHONY: import
import: $(VENV)/local.stamp ## import FILE into the service at URL (ON_EXISTING; AS a local admin, or TOKEN)
	@test -n "$(FILE)" || { echo "name the file: make import FILE=tasks.json" >&2; exit 1; }
	@$(BIN)/python -m local.import_file "$(FILE)" $(if $(URL),--url "$(URL)") $(if $(AS),--as "$(AS)") $(if $(ON_EXISTING),--on-existing "$(ON_EXISTING)")

# The deployment.
BUILT := .aws-sam/build/template.yaml
BUILT_FROM := template.yaml samconfig.toml $(shell find functions layers -type f -not -path '*/__pycache__/*')

.PHONY: build
build: $(BUILT) ## build what is deployed into .aws-sam

$(BUILT): $(BUILT_FROM) $(BIN)/uv .venv-sam/stamp
	@mkdir -p .aws-sam
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(SAM)/sam build >.aws-sam/log 2>&1 || { cat .aws-sam/log >&2; exit 1; }

.PHONY: validate
validate: .venv-sam/stamp $(BUILT) ## build, and check the template in three ways
	$(SAM)/sam validate --lint
	$(SAM)/sam validate --region $(REGION)
	AWS_DEFAULT_REGION=$(REGION) $(SAM)/python -P tests/support/translated_template.py >.aws-sam/translated.json
	$(SAM)/cfn-lint --regions $(REGION) --template .aws-sam/translated.json docs/samples/*.yaml

# What must hold.
.PHONY: test
test: lint types validate tests ## everything that must hold, as before a change lands

.PHONY: lint
lint: $(VENV)/dev.stamp ## style, format and who imports whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

.PHONY: types
types: $(VENV)/dev.stamp ## every type, strictly
	$(BIN)/mypy

.PHONY: tests
tests: $(VENV)/dev.stamp $(BUILT)
	$(BIN)/pytest -n 2

.PHONY: conformance
conformance: $(VENV)/dev.stamp ## compare every recorded answer with ours (BEHIND=memory: quicker)
	@$(BIN)/python -m tests.conformance $(BEHIND)

.PHONY: fuzz
fuzz: $(VENV)/dev.stamp ## send generated requests to every route (EXAMPLES of each kind, SEED)
	@seed=$${SEED:-$$RANDOM}; echo "SEED=$$seed"; \
	  FUZZ_SEED=$$seed FUZZ_EXAMPLES=$(or $(EXAMPLES),100) $(BIN)/pytest -n 2 tests/e2e/test_described_api.py

.PHONY: bench
bench: $(VENV)/dev.stamp .venv-sam/stamp ## measure what is said to be fast, and print the tables
	@for program in $$(grep -l __main__ benchmarks/*.py); do \
	  $(BIN)/python -m "benchmarks.$$(basename "$$program" .py)" || exit; \
	done

# Housekeeping.
.PHONY: docs
docs: $(VENV)/dev.stamp ## write docs/openapi.json and the tables of docs/api.md
	@$(BIN)/python -m api_description

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes \
  --no-emit-index-url --no-header --no-annotate $(if $(UPGRADE),--upgrade)

.PHONY: lock
lock: $(BIN)/uv ## pin the packages that pyproject.toml asks for (UPGRADE=1: the newest)
	$(COMPILE) pyproject.toml --group dev -o requirements/dev.txt
	$(COMPILE) pyproject.toml --group local -c requirements/dev.txt -o requirements/local.txt
	$(COMPILE) --group sam -o requirements/sam.txt
	printf '%s\n' aws-lambda-powertools pydantic | $(COMPILE) - -c requirements/dev.txt -o layers/dependencies/requirements.txt
	echo uv==0.13.9 | $(COMPILE) - -o requirements/uv.txt

.PHONY: clean
clean: ## remove what can be made again, the local tasks included
	rm -rf $(VENV) .venv-sam .aws-sam .local .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
