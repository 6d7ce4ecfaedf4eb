# `make` alone prints the commands.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(firstword $(foreach p,python3.13 python3 python,$(if $(shell $(p) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null && echo ok),$(p))))
VENV := .venv
BIN := $(VENV)/bin
SAM := .venv-sam/bin
export PYTHONDONTWRITEBYTECODE ?=

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: python
python:
	@test -n "$(PYTHON)" || { echo "taskdock needs Python 3.13: install it, or name it with PYTHON=/path/to/python3.13" >&2; exit 1; }

# Environments: one stamp each, remade when the pinned requirements change.
$(VENV)/pyvenv.cfg: | python
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt

$(VENV)/local.stamp: requirements/local.txt pyproject.toml $(VENV)/pyvenv.cfg
	@echo "setting up: the laptop's packages"
	@test -e $(VENV)/dev.stamp || $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/local.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt pyproject.toml $(VENV)/pyvenv.cfg
	@echo "setting up: the packages for tests"
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv-sam/stamp: requirements/sam.txt $(VENV)/pyvenv.cfg
	@echo "setting up: SAM"
	@$(PYTHON) -m venv .venv-sam
	@$(BIN)/uv pip install -q --python $(SAM)/python --require-hashes -r requirements/sam.txt
	@touch $@
