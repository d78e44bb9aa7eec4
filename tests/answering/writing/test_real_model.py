"""A real small model in a child process words real answers: it errs, and none of its errors is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.answering.compose import plain
from assistant.answering.verification import unsupported
from assistant.evaluation.gold import load_gold
from assistant.evaluation.metrics import answer_right
from assistant.evaluation.questions import GoldQuestion
from assistant.llm.opening import open_language_model
from assistant.settings import Settings
from assistant.types import Answer, Turn
from tests.answering.writing.worded import worded_by

GOLD = Path(__file__).resolve().parents[3] / "seeds" / "questions.jsonl"
FEW = ("sbx-003", "hl22-067", "dl23-019", "fu-002")
"""A comparison, a definition, a list, and a follow-up; the slow test below asks all."""


@pytest.fixture(scope="module")
def worded(assistant: Assistant, small_gguf: Path) -> Iterator[Assistant]:
    model = open_language_model(Settings(llm=f"gguf:{small_gguf}", llm_patience=60, llm_deadline=120))
    assert model is not None
    yield worded_by(assistant, model)
    model.close()


def gold() -> list[GoldQuestion]:
    return list(load_gold([GOLD]).questions)


def held(assistant: Assistant, question: GoldQuestion) -> Answer:
    """Ask, and hold the answer to what must be true of every one of them."""
    *_, answer = assistant.stream(question.question, [Turn(earlier) for earlier in question.history])
    assert isinstance(answer, Answer)
    if answer.verdict == "answered":
        computed = [figure for figure in answer.figures if figure.status == "computed"]
        missing = unsupported(plain(answer.answer), [citation.paragraph for citation in answer.citations], computed)
        assert missing == [], question.question
        assert answer.writing is not None
        assert answer.writing.model.startswith("gguf:")
    return answer


@pytest.mark.parametrize("question", [one for one in gold() if one.id in FEW], ids=lambda one: one.id)
def test_a_real_model_answers_no_worse_than_the_reader(
    worded: Assistant, assistant: Assistant, question: GoldQuestion
) -> None:
    answer = held(worded, question)
    by_reader = assistant.ask(question.question, [Turn(earlier) for earlier in question.history])
    assert answer_right(question, answer) == answer_right(question, by_reader)
    assert answer.citations == by_reader.citations


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_figure_of_a_real_models_drafts_is_shown_without_a_passage(worded: Assistant) -> None:
    answers = [held(worded, question) for question in gold()]
    drafted = sum(answer.writing.unsupported for answer in answers if answer.writing)
    assert drafted > 0, "a model of this size errs; if it never does, the count is broken"
