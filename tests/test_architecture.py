"""The promises of the design that a machine can check: imports keep the contracts, modules stay small, only the terminal prints.

Which way imports go, and by which door a library enters, stands in pyproject.toml under `[tool.importlinter]`.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("assistant", "embeddings", "prompts", "seeds")
BY_NAME = frozenset(
    {
        "assistant/corpus/sandbox.py",  # a parser of ours, in the child
        "assistant/evaluation/judge.py",  # ragas, an extra
        "assistant/llm/chat.py",  # openai, which comes with an extra
        "assistant/llm/gguf_child.py",  # xllamacpp, an extra
        "embeddings/__init__.py",  # our own names, when they are first used
    }
)
"""Files that import a module by a name in a string, which no contract sees."""

PRINTERS = ("assistant/cli.py", "assistant/terminal.py")
EMPTY_NAMES = frozenset({"common", "helpers", "misc", "utils"})
LONGEST_MODULE = 320
LONGEST_FUNCTION = 60


def test_imports_keep_the_contracts() -> None:
    done = _linted(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("path", "source", "broken"),
    [
        ("assistant/corpus/shelf.py", "def f():\n    from assistant import retrieval\n", "Imports go one way"),
        ("assistant/settings_too.py", "", "Imports go one way"),
        ("assistant/corpus/shelf.py", "from assistant import open_assistant\n", "public names"),
        ("assistant/corpus/shelf.py", "from embeddings.encoder import Encoder\n", "no vectors"),
        ("assistant/answering/shelf.py", "def f():\n    import torch.nn as nn\n", "encoder"),
    ],
)
def test_a_planted_import_breaks_its_contract(tmp_path: Path, path: str, source: str, broken: str) -> None:
    for kept in _sources(ROOT):
        _plant(tmp_path, kept.relative_to(ROOT).as_posix(), kept.read_text("utf-8"))
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    _plant(tmp_path, path, source)
    done = _linted(tmp_path)
    assert done.returncode == 1
    assert any(broken in line for line in done.stdout.splitlines() if line.endswith(" BROKEN")), done.stdout


def test_modules_are_imported_by_name_in_few_places() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in _sources(ROOT)
        for node in _nodes(path)
        if isinstance(node, ast.Name | ast.Attribute)
        and (node.id if isinstance(node, ast.Name) else node.attr) in {"import_module", "__import__"}
    }
    assert found == BY_NAME


def test_modules_functions_and_names_stay_small_and_say_what_they_know() -> None:
    assert _oversized(ROOT) == []


def test_only_the_terminal_prints() -> None:
    assert _prints(ROOT) == []


def test_a_planted_giant_a_print_and_an_empty_name_are_reported(tmp_path: Path) -> None:
    _plant(tmp_path, "assistant/corpus/long.py", "x = 1\n" * (LONGEST_MODULE + 1))
    _plant(tmp_path, "assistant/corpus/deep.py", "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION)
    _plant(tmp_path, "assistant/corpus/utils.py", "print('x')\n")
    assert [fault.split(":")[0] for fault in _oversized(tmp_path)] == [
        "assistant/corpus/deep.py",
        "assistant/corpus/long.py",
        "assistant/corpus/utils.py",
    ]
    assert len(_prints(tmp_path)) == 1


def _linted(root: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the sources in a folder; nothing of them is run."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    told = {**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200"}
    return subprocess.run(
        [*command, "--no-cache", "--no-logo"], cwd=root, env=told, capture_output=True, text=True, check=False
    )


def _oversized(root: Path) -> list[str]:
    faults = []
    for path in _sources(root):
        place, text = path.relative_to(root).as_posix(), path.read_text("utf-8")
        if path.stem in EMPTY_NAMES:
            faults.append(f"{place}: the name says nothing of what it knows")
        if (lines := text.count("\n")) > LONGEST_MODULE:
            faults.append(f"{place}: {lines} lines, more than {LONGEST_MODULE}")
        for node in _nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    faults.append(
                        f"{place}:{node.lineno}: {node.name} has {length} lines, more than {LONGEST_FUNCTION}"
                    )
    return sorted(faults)


def _prints(root: Path) -> list[str]:
    return [
        f"{place}:{node.lineno}: prints"
        for path in _sources(root)
        if (place := path.relative_to(root).as_posix()) not in PRINTERS
        for node in _nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]


def _sources(root: Path) -> list[Path]:
    return sorted(path for top in OURS for path in (root / top).rglob("*.py"))


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file, which several tests look at; a planted file has a name of its own."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"), str(path))))


def _plant(root: Path, path: str, source: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(source, "utf-8")
