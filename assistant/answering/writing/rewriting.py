"""A question that rules and heads are not sure of (第二个呢, 这两个哪个高), read by the model and held to what was said before."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.answering.writing.drafting import cleaned
from assistant.answering.writing.prompting import Prompts
from assistant.answering.writing.stopping import until_stopped
from assistant.errors import LanguageModelError
from assistant.language.folding import fold
from assistant.llm.model import LanguageModel, Message
from assistant.retrieval.question import Question, Understanding
from assistant.types import Role

logger = logging.getLogger(__name__)

LONGEST, LONGEST_TOKENS = 80, 120
MOST_TURNS = 4
"""Earlier questions that the model is shown; what was asked before them rarely matters."""
_ROLES: dict[str, Role] = {"目标": "target", "完成": "actual"}


@dataclass(frozen=True, slots=True)
class Restated:
    """A question as the model reads it."""

    text: str
    """Whole, naming nothing that nobody has named."""
    role: Role | None = None
    """Goal or result, where the model takes it to ask for one."""


def restate(
    text: str,
    history: Sequence[str],
    understanding: Understanding,
    model: LanguageModel,
    prompts: Prompts,
    stopped: threading.Event,
) -> Restated | None:
    """Return the question as one whole one, or None where the model gave none that keeps to the conversation.

    The model writes JSON: the question and its slots. A slot that nobody has named, there or in the question, is no reading of it.
    """
    today = date.today()
    prompt = prompts.fill(
        "understand",
        history="\n".join(f"问：{question}" for question in history[-MOST_TURNS:]),
        question=text,
        today=f"{today.year}年{today.month}月{today.day}日",
    )
    try:
        written = "".join(until_stopped(model.complete([Message("user", prompt)], longest=LONGEST_TOKENS), stopped))
    except LanguageModelError as error:
        logger.info("A question was read by rules alone: %s", error)
        return None
    slots = _slots(written)
    asked = slots.get("question")
    whole = _question(asked) if isinstance(asked, str) else ""
    said = [*history, text]
    if not _keeps_to(whole, said, understanding) or not _are_named(slots, said, understanding):
        return None
    return Restated(whole, _ROLES.get(str(slots.get("role"))))


def _slots(written: str) -> dict[str, Any]:
    """The JSON object of a reply; a small model writes the question alone."""
    found = re.search(r"\{.*\}", written, re.DOTALL)
    if found is None:
        return {"question": written.strip().split("\n")[0]}
    try:
        slots = json.loads(found.group())
    except ValueError:
        return {}
    return slots if isinstance(slots, dict) else {}


def _question(written: str) -> str:
    return re.sub(r"^(?:问|问题|补全后的问题|完整问题)[:：]\s*", "", cleaned(written))


def _are_named(slots: dict[str, Any], said: Sequence[str], understanding: Understanding) -> bool:
    """Whether somebody has named the places and years of the slots."""
    before = [understanding.read(question) for question in said]
    places = {place.name for question in before for place in question.places}
    years = {year for question in before for p in question.periods for year in (p.first, p.last)}
    told, spoken = slots.get("places") or [], slots.get("years") or []
    if not isinstance(told, list) or not isinstance(spoken, list):
        return False
    named = {place.name for one in told for place in understanding.gazetteer.find(fold(str(one)))}
    return named <= places and {int(year) for year in re.findall(r"\d{4}", str(spoken))} <= years


def _keeps_to(whole: str, said: Sequence[str], understanding: Understanding) -> bool:
    """Whether a question names no place, time, indicator or number that nobody has named, and is none asked before."""
    if not 4 <= len(whole) <= LONGEST or whole in said[:-1]:
        return False
    asked = understanding.read(whole)
    before = [understanding.read(question) for question in said]
    return (
        _named(asked) <= frozenset().union(*map(_named, before))
        and set(re.findall(r"\d+", fold(whole))) <= set(re.findall(r"\d+", fold(" ".join(said))))
        and bool(asked.subject_regions or not any(question.subject_regions for question in before))
    )


def _named(question: Question) -> frozenset[object]:
    periods = {(period.first, period.last, period.partial) for period in question.periods}
    return frozenset({place.name for place in question.places} | periods | set(question.indicators))
