# `make` alone prints the commands.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The version that Lambda runs comes first; any from 3.12 on will do.
PYTHON ?= $(firstword $(foreach p,python3.13 python3 python3.14 python3.12 python $(wildcard $(HOME)/.pyenv/versions/3.1[2-9]*/bin/python3),$(if $(shell $(p) local/check_python.py 2>/dev/null && echo ok),$(p))))
VENV := .venv
BIN := $(VENV)/bin
SAM := .venv-sam/bin
REGION := eu-central-1
export SAM_CLI_TELEMETRY := 0
# Every instance of a function is a process that reads what Python has compiled before.
unexport PYTHONDONTWRITEBYTECODE

# Variables that make fills by itself: without a value of ours they are no options.
ifeq ($(origin AS),default)
AS :=
endif

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^##@ / {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: python
python:
	@test ! -L $(BIN)/python || $(BIN)/python -c '' 2>/dev/null || { \
	  echo "the Python of $(VENV) is gone: rm -r $(VENV) .venv-sam, then try again" >&2; exit 1; }
	@said=$$($(or $(PYTHON),python3) local/check_python.py 2>&1) || { case "$$said" in \
	  *PYTHON=*) echo "$$said" ;; \
	  *) echo "$(or $(PYTHON),python3) does not run ($${said##*$$'\n'}): install Python 3.12 or newer, or name one with PYTHON=/path/to/python3" ;; \
	  esac >&2; exit 1; }

# Environments: a stamp each, remade when what is pinned changes.
NOT_FETCHED = { echo "the packages cannot be fetched (is there a network?); what pip said is in .setup.log" >&2; exit 1; }

$(BIN)/uv: requirements/uv.txt | python
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --retries 1 --require-hashes -r requirements/uv.txt 2>.setup.log || $(NOT_FETCHED)
	@touch $@

$(VENV)/local.stamp: requirements/local.txt pyproject.toml $(BIN)/uv
	@echo "setting up: the packages of the local service"
	@test -e $(VENV)/dev.stamp || $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/local.txt 2>.setup.log || $(NOT_FETCHED)
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt pyproject.toml $(BIN)/uv
	@echo "setting up: the packages for tests"
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.txt 2>.setup.log || $(NOT_FETCHED)
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv-sam/stamp: requirements/sam.txt $(BIN)/uv
	@echo "setting up: SAM"
	@$(PYTHON) -m venv .venv-sam
	@$(BIN)/uv pip install -q --python $(SAM)/python --require-hashes -r requirements/sam.txt 2>.setup.log || $(NOT_FETCHED)
	@touch $@

##@ Run it on this machine
.PHONY: run
run: $(VENV)/local.stamp $(if $(RUNTIME),$(VENV)/dev.stamp .venv-sam/stamp) ## serve on http://127.0.0.1:3008 (PORT, TLS, STORE, LOCAL_USERS, LOCAL_NOW, RUNTIME)
	@exec $(BIN)/python -m local $(if $(RUNTIME),--runtime)

.PHONY: import
import: $(VENV)/local.stamp ## import FILE into the service at URL (ON_EXISTING; AS a local admin, or TOKEN)
	@test -n "$(FILE)" || { echo "name the file: make import FILE=tasks.json" >&2; exit 1; }
	@$(BIN)/python -m local.import_file "$(FILE)" $(if $(URL),--url "$(URL)") $(if $(AS),--as "$(AS)") $(if $(ON_EXISTING),--on-existing "$(ON_EXISTING)")

##@ Deploy it
BUILT := .aws-sam/build/template.yaml
BUILT_FROM := template.yaml samconfig.toml $(shell find functions layers -type f -not -path '*/__pycache__/*')

.PHONY: build
build: $(BUILT) ## build what is deployed into .aws-sam

$(BUILT): $(BUILT_FROM) $(BIN)/uv .venv-sam/stamp
	@mkdir -p .aws-sam/tools
	@PATH="$(CURDIR)/$(BIN):$$PATH"; rm -f .aws-sam/tools/python3.13; \
	  python3.13 -c '' 2>/dev/null || { install -m 755 layers/python_stand_in.sh .aws-sam/tools/python3.13; \
	    PATH="$(CURDIR)/.aws-sam/tools:$$PATH"; \
	    echo "no python3.13 here: the layers are built without bytecode, so cold starts would be longer"; }; \
	  $(SAM)/sam build >.aws-sam/log 2>&1 || { cat .aws-sam/log >&2; exit 1; }

.PHONY: deploy
deploy: $(BUILT) ## deploy STAGE (dev) to REGION with your credentials, and the inbox where it has WithInbox
	@$(SAM)/python -m deployment "$(or $(STAGE),dev)" --region "$(REGION)"

.PHONY: authorization
authorization: $(VENV)/local.stamp ## prepare TABLE for Authorization MODE, open or participants (ENDPOINT)
	@$(BIN)/python -m local.switch_authorization $(if $(ENDPOINT),--endpoint "$(ENDPOINT)") "$(TABLE)" "$(MODE)"

.PHONY: erase
erase: $(VENV)/local.stamp ## erase TASK, or PERSON from all tasks, at URL (AS a local admin, or TOKEN)
	@$(BIN)/python -m local.erase $(if $(TASK),--task "$(TASK)") $(if $(PERSON),--person "$(PERSON)") $(if $(URL),--url "$(URL)") $(if $(AS),--as "$(AS)")

.PHONY: restore
restore: $(VENV)/local.stamp ## bring what TABLE lacks back FROM a restored table (REPLACE=1, DRY_RUN=1, ENDPOINT)
	@$(BIN)/python -m local.restore "$(FROM)" "$(TABLE)" $(if $(REPLACE),--replace) $(if $(DRY_RUN),--dry-run) $(if $(ENDPOINT),--endpoint "$(ENDPOINT)")

.PHONY: validate
validate: .venv-sam/stamp $(BUILT) ## build, and check the template in three ways
	$(SAM)/sam validate --lint
	$(SAM)/sam validate --region $(REGION)
	AWS_DEFAULT_REGION=$(REGION) $(SAM)/python -P tests/support/translated_template.py >.aws-sam/translated.json
	$(SAM)/cfn-lint --regions $(REGION) --template .aws-sam/translated.json docs/samples/*.yaml

##@ Check it
.PHONY: test
test: checks tests ## everything that must hold, as before a change lands

# Each of these takes one core.
.PHONY: checks
checks: $(VENV)/dev.stamp .venv-sam/stamp
	@$(MAKE) --no-print-directory -j3 lint types validate

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
	@$(BIN)/python -m local.inbox_build
	$(BIN)/pytest -n 2 --dist loadgroup

.PHONY: conformance
conformance: $(VENV)/dev.stamp ## compare every recorded answer with ours (BEHIND=memory: quicker)
	@$(BIN)/python -m tests.conformance $(BEHIND)

.PHONY: fuzz
fuzz: $(VENV)/dev.stamp ## send generated requests to every route (EXAMPLES of each kind, SEED)
	@seed=$${SEED:-$$RANDOM}; echo "SEED=$$seed"; \
	  FUZZ_SEED=$$seed FUZZ_EXAMPLES=$(or $(EXAMPLES),100) $(BIN)/pytest -n 2 tests/e2e/test_described_api.py

ENGINE := .local/migration-engine
ENGINE_MADE_FROM := tests/migration_engine/pom.xml $(wildcard tests/migration_engine/src/main/*/*.* tests/migration_engine/src/main/*/*/*.*)

$(ENGINE)/target/engine.jar: $(ENGINE_MADE_FROM)
	@command -v mvn >/dev/null || { echo "test-migration needs Java 17 and Maven (mvn)" >&2; exit 1; }
	@echo "building the engine"
	@rm -rf $(ENGINE) && mkdir -p $(ENGINE) && cp -r tests/migration_engine/pom.xml tests/migration_engine/src $(ENGINE)
	@mvn -q -B -f $(ENGINE)/pom.xml package >$(ENGINE)/log 2>&1 || { cat $(ENGINE)/log >&2; exit 1; }

.PHONY: test-migration
test-migration: $(VENV)/dev.stamp $(ENGINE)/target/engine.jar ## leave a real Camunda 7 engine with TASKS tasks; needs Java, Maven and Node
	MIGRATION_ENGINE=$(ENGINE)/target/engine.jar TASKS=$(or $(TASKS),2000) $(BIN)/pytest tests/migration_engine

.PHONY: bench
bench: $(VENV)/dev.stamp .venv-sam/stamp ## measure what is said to be fast, and print the tables
	@export BIG="$(BIG)"; for program in $$(grep -l __main__ benchmarks/*.py); do \
	  $(BIN)/python -m "benchmarks.$$(basename "$$program" .py)" || exit; \
	done

.PHONY: nightly
nightly: $(VENV)/dev.stamp ## what takes hours: delayed indexes, kills, long fuzzing (EXAMPLES), a million tasks, every bench
	LOCAL_INDEX_DELAY=300 $(BIN)/pytest -n 2 tests/e2e tests/clients
	$(BIN)/python -m tests.attack --write
	KILLS=20 $(BIN)/pytest tests/e2e/test_kills.py
	MIRRORS=1000 $(BIN)/pytest tests/unit/changes
	COLUMNS_IN_EVERY_STATE=1 COLUMN_QUERIES=50000 $(BIN)/pytest -n 2 tests/unit/columns tests/conformance/test_by_columns.py
	$(MAKE) fuzz EXAMPLES=$(or $(EXAMPLES),2000)
	@if command -v mvn >/dev/null; then $(MAKE) test-migration; else echo "no mvn here: the migration is not tested with an engine" >&2; fi
	$(MAKE) bench BIG=1
	$(MAKE) bench-inbox

.PHONY: bench-inbox
bench-inbox: $(VENV)/dev.stamp ## measure the inbox in Chromium, and write docs/inbox.md; needs npm
	@for program in open_page first_load first_task many_tasks lighthouse; do \
	  $(BIN)/python -m "benchmarks.inbox.$$program" || exit; \
	done

##@ Keep it
.PHONY: docs
docs: $(VENV)/dev.stamp ## write docs/openapi.json, docs/schemas and the tables of docs/api.md
	@$(BIN)/python -m api_description

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
  --no-emit-index-url --no-header --no-annotate $(if $(UPGRADE),--upgrade)

.PHONY: pictures
pictures: $(VENV)/dev.stamp ## take the pictures of the inbox in docs/pictures anew; needs npm and Chromium
	@$(BIN)/python -m benchmarks.inbox.pictures

.PHONY: lock
lock: $(BIN)/uv ## pin the packages that pyproject.toml asks for (UPGRADE=1: the newest)
	$(COMPILE) pyproject.toml --group dev -o requirements/dev.txt
	$(COMPILE) pyproject.toml --group local -c requirements/dev.txt -o requirements/local.txt
	$(COMPILE) --group sam -o requirements/sam.txt
	printf '%s\n' aws-lambda-powertools msgspec multipart pydantic | $(COMPILE) - -c requirements/dev.txt -o layers/dependencies/requirements.txt
	echo uv==0.13.9 | $(COMPILE) - -o requirements/uv.txt

.PHONY: clean
clean: ## remove what can be made again, the local tasks included
	rm -rf $(VENV) .venv-sam .aws-sam .local inbox/node_modules inbox/dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
