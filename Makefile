# `make demo` opens the shop with its sandbox, `make test` and `make check` are what CI runs.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test property check format messages pins bench bench-load audit nightly clean

help:  ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile

demo: export DEMO = 1
demo:  ## Set up and open the whole shop; PORT and SANDBOX_PORT choose the ports
	@$(PYTHON) tools/setup.py
	@$(BIN)/python -m shop.stack

test:  ## Set up and run all tests; on PostgreSQL and Redis too where they answer
	@$(PYTHON) tools/setup.py --with-tests
	@$(BIN)/python -m tools.test

property:  ## Compare the prices of 10,000 random baskets with the sandbox's
	@$(PYTHON) tools/setup.py --with-tests
	@PROPERTY_CASES=10000 $(BIN)/python -m pytest -q tests/checkout/test_goods_property.py

nightly:  ## Live 1,000 random lives of an order (FAULT_SEED chooses others), die at every step of one, scan 50 printed sheets
	@$(PYTHON) tools/setup.py --with-tests
	@SHEETS_READ=50 $(BIN)/python -m pytest -q -o faulthandler_timeout=0 tests/orders/test_sheets.py
	@CRASH_STEP=1 $(BIN)/python -m pytest -q -o faulthandler_timeout=0 tests/faults/test_crash_points.py
	@FAULT_SEQUENCES=1000 $(BIN)/python -m pytest -q -o faulthandler_timeout=0 tests/faults/test_random.py

check:  ## Set up and run all gates: style, types, floors, templates, migrations, settings, translations
	@$(PYTHON) tools/setup.py --with-tests
	@$(BIN)/python -m tools.check

format:  ## Put the code into its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

messages:  ## Bring the translations in step with the code and compile them
	@$(BIN)/python -m tools.messages update
	@$(BIN)/python -m tools.messages compile

pins:  ## Renew requirements/*.txt from requirements/*.in
	@$(BIN)/python -m tools.pins

bench:  ## Measure; see benchmarks/
	@$(PYTHON) tools/setup.py --with-tests
	@$(BIN)/python -m benchmarks

bench-load:  ## 200 visitors at once against the production topology; LOAD_SECONDS and LOAD_VISITORS for less
	@$(PYTHON) tools/setup.py --with-tests
	@$(BIN)/python -m benchmarks.load

audit:  ## Ask the public list of known weaknesses about every pinned package; needs the network
	@$(PYTHON) tools/setup.py --with-tests
	@$(BIN)/uv tool run pip-audit --require-hashes --disable-pip --requirement requirements/runtime.txt --requirement requirements/sentry.txt

clean:  ## Remove the environment, the demo's data and all caches
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
