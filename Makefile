# Two commands: `make build` and `make test`. `lint` and `athena-test` are parts of the second.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

.PHONY: build test lint athena-test clean

build: $(VENV)/ready
	lake build

test: lint
	pytest --ignore tests/python/athena -r s
	$(MAKE) athena-test

# The local Athena, and the whole project on it. Without Trino it says so and skips; with CI set that is a failure.
athena-test: $(VENV)/athena
	pytest tests/python/athena -r s

lint: $(VENV)/athena
	ruff check scripts tests/python
	ruff format --check scripts tests/python
	mypy
	dbt parse --quiet
	dbt-bouncer run
	# Two workers share dbt's locks, which Python takes for a leak when they end.
	PYTHONWARNINGS=ignore::UserWarning:multiprocessing.resource_tracker sqlfluff lint models tests --processes 2

clean:
	rm -rf target logs lake.duckdb lake.duckdb.wal

$(VENV)/ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(VENV)/bin/python -c "from duckdb_extensions import import_extension; [import_extension(name) for name in ('avro', 'postgres_scanner')]"
	touch $@

$(VENV)/athena: requirements-athena.txt $(VENV)/ready
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r requirements-athena.txt
	touch $@
