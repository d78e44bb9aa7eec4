"""Asks every gold question and judges the answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from assistant.errors import QuestionError
from assistant.evaluation.judge import Judgement
from assistant.evaluation.judged import Judged
from assistant.evaluation.metrics import judge
from assistant.evaluation.questions import GoldQuestion, GoldSet
from assistant.evaluation.scorecard import build_scorecard
from assistant.types import Answer, Turn

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant

Progress = Callable[[str, int, int], None]
"""Called with a stage (in words for the user), how much is done and how much there is."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All answers with their scores, and what they come to."""

    judged: tuple[Judged, ...]
    """In the order of the gold questions."""
    scorecard: dict[str, Any]
    """As `scorecard.json` holds it."""


def evaluate(
    assistant: Assistant,
    gold: GoldSet,
    progress: Progress | None = None,
    limit: int | None = None,
    what: Mapping[str, Any] | None = None,
) -> Evaluation:
    """Ask the gold questions (the first `limit`) one after the other; `what` (see `what_ran`) goes into the scorecard.

    All but the times is the same whenever the same assistant is asked. A question that is refused as a question is judged
    by the sentence that a user would have got.
    """
    questions = tuple(islice(gold.questions, limit))
    assistant.search("政府工作报告", 1)  # loads the models, so that no question is timed with that
    judged = []
    for done, question in enumerate(questions):
        if progress is not None:
            progress("回答测试题", done, len(questions))
        judged.append(judge(question, *_timed(assistant, question)))
    if progress is not None and questions:
        progress("回答测试题", len(questions), len(questions))
        progress("计算置信区间", 0, 1)
    scorecard = build_scorecard(judged, what or {})
    if progress is not None and questions:
        progress("计算置信区间", 1, 1)
    return Evaluation(tuple(judged), scorecard)


def with_judgement(evaluation: Evaluation, judgement: Judgement) -> Evaluation:
    """Return the evaluation with a model's opinions among its scores, and what gave them pinned in its scorecard."""
    opinions = {opinion.id: opinion for opinion in judgement.opinions}
    judged = [
        replace(
            one,
            scores={
                **one.scores,
                "faithfulness": opinions[one.gold.id].faithfulness,
                "answer_relevancy": opinions[one.gold.id].answer_relevancy,
            },
        )
        for one in evaluation.judged
    ]
    what = {**evaluation.scorecard["what"], "judge": {"model": judgement.model, "ragas": judgement.ragas}}
    return Evaluation(tuple(judged), build_scorecard(judged, what))


def _timed(assistant: Assistant, question: GoldQuestion) -> tuple[Answer, float]:
    started = time.perf_counter()
    try:
        answer = assistant.ask(question.question, [Turn(earlier) for earlier in question.history])
    except QuestionError as error:
        answer = Answer(question.question, "needs_clarification", f"{error}{error.hint}")
    return answer, time.perf_counter() - started
