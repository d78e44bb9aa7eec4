# Needs Python 3.11 or newer with pip and venv; everything else is put into .venv. Another interpreter: make PYTHON=python3.12 test
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip
# Two processes, each with its own browser and its own copy of the library; what a file shares is made once. For one: ARGS="-n 0".
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Nothing here talks to a model hub or counts its users.
export GRADIO_ANALYTICS_ENABLED := False
export HF_HUB_OFFLINE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help serve test test-all lint format clean

help:
	@echo 'make serve     install and open the chat page (ARGS="--port 8000" is passed on)'
	@echo 'make test      install and run the linters and the tests'
	@echo 'make test-all  the same with the slow tests'
	@echo 'make lint      the linters and the type checker alone'
	@echo 'make format    let ruff rewrite the sources'
	@echo 'make clean     remove .venv and everything that was built; your library stays'

serve: .venv/.serve
	@exec $(BIN)/zhengwen serve $(ARGS)

test: lint
	$(PYTEST) $(ARGS)

test-all: lint
	$(PYTEST) --slow $(ARGS)

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/mypy

format: .venv/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# pip comes last into a new environment, so an interrupted start is made again.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 …' >&2; exit 1; }
	$(PYTHON) -m venv .venv

# On Linux, PyPI's torch is a CUDA build of several GB. Without a GPU the CPU wheel is tried first; where PyTorch's own index
# cannot be reached, what pip finds otherwise will do. --no-deps: the rest comes from PyPI, as pinned.
.venv/.torch: constraints.txt | $(BIN)/pip
	nvidia-smi >/dev/null 2>&1 \
		|| $(PIP) install --no-deps -c constraints.txt --retries 0 --timeout 10 \
			--index-url https://download.pytorch.org/whl/cpu torch \
		|| echo 'No CPU wheel from there (the error above does no harm); torch comes from the usual index instead.'
	$(PIP) install -c constraints.txt torch
	@touch $@

.venv/.serve: pyproject.toml constraints.txt .venv/.torch
	$(PIP) install -c constraints.txt -e .
	@touch $@

.venv/.test: pyproject.toml constraints.txt .venv/.serve
	$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@
