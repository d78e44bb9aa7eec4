from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from assistant.llm.model import LanguageModel, Message
from assistant.llm.opening import open_language_model
from assistant.settings import Settings
from tests.llm.fault_server import FaultServer

PATIENCE = 0.5

Opener = Callable[..., LanguageModel]


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
