# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
CATALOGUE := relief/locale/zh_Hans_CN/LC_MESSAGES/relief.po
CATALOGUE_HEAD := msgid ""\nmsgstr ""\n"Language: zh_Hans_CN\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n

# Held to every branch; and, of nine branches in ten, every other feature. The edges are tested for
# what they say, and not for every way of saying it.
WHOLLY_TESTED := payouts engine
EDGES := cli demo locale migrations __pycache__
FEATURES := $(filter-out $(WHOLLY_TESTED) $(EDGES),$(patsubst relief/%/,%,$(wildcard relief/*/)))

.PHONY: help demo test test-deep test-slow test-pages coverage covered lint catalogues bench mutants

help:  ## What can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

demo: .venv/installed  ## Play the demo half-year into ./demo-data
	RELIEF_DATA_DIR=demo-data $(BIN)/relief demo

test: .venv/installed-test lint  ## Lint, types, import order and the whole suite
	$(BIN)/pytest -n 2

test-deep: .venv/installed-test  ## The same properties, longer
	$(BIN)/pytest -n 2 -m "not cross" --hypothesis-profile=deep

test-slow: .venv/installed-test  ## What takes too long for every day; CI runs it
	$(BIN)/pytest -n 2 -m slow

test-pages: .venv/installed-test  ## Every page x language x screen x role in a browser
	$(BIN)/pytest -n 2 -m cross tests/browser

coverage: .venv/installed-test  ## Which branches are tested: all of payouts and engine, nine in ten of each other feature
	$(BIN)/coverage erase
	$(BIN)/pytest -n 2 --cov --cov-report= \
		--ignore=tests/faults --ignore=tests/bench --ignore=tests/packaging --ignore=tests/browser
	@$(MAKE) --no-print-directory covered

covered:
	@short=; \
	report() { $(BIN)/coverage report --include="relief/$$1/*" --fail-under=$$2 $$3 || short="$$short $$1"; }; \
	for name in $(WHOLLY_TESTED); do report $$name 100 "--skip-covered --show-missing"; done; \
	for name in $(FEATURES); do printf '%-10s ' $$name; report $$name 90 --format=total; done; \
	test -z "$$short" || { echo "Not tested enough:$$short" >&2; exit 1; }

bench: .venv/installed-test  ## Speed beside bare databases and other programs: JOBS="advance prepare" OPTIONS=--quick
	$(BIN)/python -m tests.bench $(JOBS) $(OPTIONS)

mutants: .mutants/installed  ## Break payout rules and engine on purpose, see what no test notices: AREAS="payouts clocks"
	.mutants/venv/bin/python -m tests.mutants $(AREAS)

lint: .venv/installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

catalogues: .venv/installed-test  ## Collect the messages anew, and name what is still to be translated
	$(BIN)/pybabel -q extract -F pyproject.toml -k _:1 --omit-header --sort-by-file --no-location -o .venv/relief.pot relief templates
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --omit-header --no-wrap \
		-l zh_Hans_CN -i .venv/relief.pot -o $(CATALOGUE)
	printf '$(CATALOGUE_HEAD)' | cat - $(CATALOGUE) > .venv/relief.po && mv .venv/relief.po $(CATALOGUE)
	$(BIN)/pytest -q tests/conventions/test_catalogues.py

.venv/installed: pyproject.toml hatch_build.py
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

.venv/installed-test: pyproject.toml hatch_build.py
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	touch $@ .venv/installed

.mutants/installed: pyproject.toml hatch_build.py
	test -x .mutants/venv/bin/python || $(PYTHON) -m venv .mutants/venv
	.mutants/venv/bin/python -m pip install --quiet --disable-pip-version-check -e ".[test,mutants]"
	touch $@
