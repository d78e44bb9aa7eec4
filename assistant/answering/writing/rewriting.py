"""A follow-up that no rule makes whole (第二个呢, 还有别的吗), made whole by the model and held to what was said before."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Sequence

from assistant.answering.writing.drafting import cleaned
from assistant.answering.writing.prompting import Prompts
from assistant.answering.writing.stopping import until_stopped
from assistant.errors import LanguageModelError
from assistant.language.folding import fold
from assistant.llm.model import LanguageModel, Message
from assistant.retrieval.question import Question, Understanding

logger = logging.getLogger(__name__)

LONGEST, LONGEST_TOKENS = 80, 60
MOST_TURNS = 4
"""Earlier questions that the model is shown; what was asked before them rarely matters."""


def rewrite(
    text: str,
    history: Sequence[str],
    understanding: Understanding,
    model: LanguageModel,
    prompts: Prompts,
    stopped: threading.Event,
) -> str | None:
    """Return the follow-up as one whole question, or None where the model gave none that keeps to the conversation."""
    earlier = "\n".join(f"问：{question}" for question in history[-MOST_TURNS:])
    prompt = prompts.fill("follow_up", history=earlier, question=text)
    try:
        written = "".join(until_stopped(model.complete([Message("user", prompt)], longest=LONGEST_TOKENS), stopped))
    except LanguageModelError as error:
        logger.info("A follow-up was made whole by rule alone: %s", error)
        return None
    whole = re.sub(r"^(?:问|问题|补全后的问题|完整问题)[:：]\s*", "", cleaned(written.strip().split("\n")[0]))
    return whole if _keeps_to(whole, [*history, text], understanding) else None


def _keeps_to(whole: str, said: Sequence[str], understanding: Understanding) -> bool:
    """Whether a question names no place, time, indicator or number that nobody has named, and is none asked before."""
    if not 4 <= len(whole) <= LONGEST or whole in said:
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
