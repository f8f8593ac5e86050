# The README's two commands. They need make, git and Python 3.11 or newer, nothing else.
PYTHON ?= python3
ARGS ?=

.PHONY: help demo test setup lock clean

help:
	@echo "make demo    set everything up, read the bundled reports, serve the map (ARGS=--no-open for no browser)"
	@echo "make test    set everything up, run every check and every test"

demo:
	@$(PYTHON) scripts/setup.py runtime
	@.venv/bin/whoholds demo $(ARGS)

test:
	@$(PYTHON) scripts/browser.py
	@$(PYTHON) scripts/setup.py dev
	@.venv/bin/python scripts/check.py $(ARGS)

setup:
	@$(PYTHON) scripts/setup.py dev

# After a change of dependencies in pyproject.toml. Hashes, no addresses: any mirror will do.
lock:
	@$(PYTHON) scripts/setup.py dev
	.tools/uv-* pip compile -q --universal --generate-hashes --no-header -p 3.11 pyproject.toml -o requirements/runtime.txt
	.tools/uv-* pip compile -q --universal --generate-hashes --no-header -p 3.11 pyproject.toml --group dev -c requirements/runtime.txt -o requirements/dev.txt
	.tools/uv-* pip compile -q --universal --generate-hashes --no-header -p 3.11 requirements/build.in -o requirements/build.txt

clean:
	rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis src/whoholds/web/static/app
