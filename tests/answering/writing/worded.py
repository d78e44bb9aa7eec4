"""The whole assistant on the five seeds with a language model in front: for the tests of what a model may do to answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant import Assistant
from assistant.answering.writing.writer import Reads, Writer
from assistant.llm.model import LanguageModel
from assistant.llm.opening import open_language_model
from assistant.settings import Settings
from assistant.types import Answer, Preview, Turn
from tests.llm.fault_server import FaultServer

PATIENCE = 0.5
Words = Callable[[str], str]


def worded_by(
    assistant: Assistant, model: LanguageModel, reads: Reads = "extract", price: tuple[float, float] | None = None
) -> Assistant:
    """The same library and reader with a model that words the answers, or reads the passages."""
    with_writer = object.__new__(Assistant)
    with_writer.__dict__ |= assistant.__dict__ | {"_writer": Writer(model, reads, price)}
    return with_writer


@contextmanager
def answering(
    assistant: Assistant,
    faults: FaultServer,
    mode: str,
    *,
    reads: Reads = "extract",
    price: tuple[float, float] | None = None,
    **settings: object,
) -> Iterator[Assistant]:
    """The assistant with the service in one of its modes; `ok` says what `faults.reply` makes of the messages."""
    chosen = {"llm": f"openai:{mode}", "llm_base_url": faults.address, "llm_patience": PATIENCE} | settings
    model = open_language_model(Settings(**chosen))  # type: ignore[arg-type]  # pydantic checks the values
    assert model is not None
    model._backend.connection().result()  # type: ignore[attr-defined]  # the tests are about what comes after the imports
    yield worded_by(assistant, model, reads, price)
    model.close()


def asked(assistant: Assistant, question: str, *history: str) -> tuple[Preview | None, list[str], Answer]:
    """Ask and return what the stream gave: the preview, the parts of the text, the answer."""
    *parts, answer = assistant.stream(question, [Turn(earlier) for earlier in history])
    assert isinstance(answer, Answer)
    previews = [part for part in parts if isinstance(part, Preview)]
    texts = [part for part in parts if isinstance(part, str)]
    assert "".join(texts) == answer.answer, "what was shown was taken back"
    return (previews[0] if previews else None), texts, answer


def passages_in(messages: list[dict[str, object]]) -> list[str]:
    """The numbered passages of a prompt."""
    prompt = str(messages[-1]["content"])
    return [line for line in prompt.splitlines() if line.startswith("[")]
