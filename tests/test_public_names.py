"""The names that others may build on: a short list, and light to import."""

from __future__ import annotations

import subprocess
import sys

import pytest

import assistant

HEAVY = ("chromadb", "gradio", "langchain", "langchain_core", "numpy", "pydantic", "sentence_transformers", "torch")


def test_the_public_names_are_these() -> None:
    assert assistant.__all__ == [
        "Answer",
        "Assistant",
        "Citation",
        "Evidence",
        "Figure",
        "Report",
        "ReportRef",
        "Retrieved",
        "Settings",
        "Turn",
        "ZhengwenError",
        "__version__",
        "open_assistant",
    ]


def test_every_public_name_is_there() -> None:
    assert [name for name in assistant.__all__ if not hasattr(assistant, name)] == []


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Manager'"):
        _ = assistant.Manager


def test_settings_and_single_overrides_together_are_refused() -> None:
    with pytest.raises(TypeError, match="not both"):
        assistant.open_assistant(assistant.Settings(), top_k=5)


def test_importing_the_package_loads_nothing_heavy() -> None:
    look = f"import sys, assistant; print(*sorted(set({HEAVY}) & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []
