"""The writer: what a language model does to answers, by how much it can be trusted with.

A strong model reads passages and answers in its own words (`reading_passages`), a small one rewords the reader's extract
(`rewording`). Either way every sentence is checked before it is shown, and the extract stands where the model is slow, down or wrong.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from assistant.answering.writing.choosing import Tested, self_test
from assistant.answering.writing.prompting import load_prompts
from assistant.answering.writing.reading_passages import PassageWriter
from assistant.answering.writing.rewording import ExtractWriter
from assistant.answering.writing.rewriting import Restated, restate
from assistant.llm.model import LanguageModel
from assistant.retrieval.question import Understanding
from assistant.types import Answer

Reads = Literal["passages", "extract"]
READY_WITHIN = 600.0
"""Seconds for which the self-test waits for a model whose weights are being loaded."""

AGAIN = 60.0
"""Seconds after which a self-test that could not be made is tried again."""

logger = logging.getLogger(__name__)


class Writer:
    """Writes answers with one model. Safe to use from several threads."""

    def __init__(
        self, model: LanguageModel, reads: Reads | Literal["auto"] = "extract", price: tuple[float, float] | None = None
    ) -> None:
        """`auto` puts the self-test to the model in the background; until it has passed, the extract is reworded.

        `price` is in yuan for a million tokens, of prompt and of completion.
        """
        self.model = model
        self._price = price
        self.prompts = load_prompts()
        self.tested: Tested | None = None
        """What became of the self-test; None where there was none, or it has not ended."""
        self._reads: Reads = "extract" if reads == "auto" else reads
        self._is_auto = reads == "auto"
        self._choosing = threading.Lock()
        self._tried = -AGAIN
        self._by: dict[Reads, PassageWriter | ExtractWriter] = {
            "passages": PassageWriter(model, self.prompts),
            "extract": ExtractWriter(model, self.prompts),
        }
        self._choose_beside()

    @property
    def reads(self) -> Reads:
        """What the model is shown at present."""
        return self._reads

    @property
    def way(self) -> PassageWriter | ExtractWriter:
        """How answers are written at present. A self-test that could not be made is tried again now and then."""
        self._choose_beside()
        return self._by[self._reads]

    def priced(self, answer: Answer) -> Answer:
        """The answer with what its tokens cost, where a price is set and they were counted."""
        writing = answer.writing
        if self._price is None or writing is None or writing.prompt_tokens is None:
            return answer
        used = (writing.prompt_tokens, writing.completion_tokens or 0)
        cost = sum(price * tokens for price, tokens in zip(self._price, used, strict=True)) / 1e6
        return replace(answer, writing=replace(writing, cost=round(cost, 6)))

    def test(self) -> Tested:
        """Put the self-test to the model, which may still have to be loaded, and return what became of it."""
        self.model.wait(READY_WITHIN)
        self.tested = self_test(self.model, self.prompts)
        return self.tested

    def _choose_beside(self) -> None:
        """Put the self-test to the model on a thread, where it is to choose and has not been told yet."""
        is_told = self.tested is not None and not self.tested.error
        if not self._is_auto or is_told or time.monotonic() - self._tried < AGAIN or self._choosing.locked():
            return
        self._tried = time.monotonic()
        threading.Thread(target=self.choose, name="language-model-self-test", daemon=True).start()

    def choose(self) -> Tested:
        """Put the self-test to the model and choose by it what it is shown."""
        with self._choosing:
            tested = self.test()
            self._reads = "passages" if tested.reads else "extract"
        logger.info("The language model %s reads: %s", self.model.name, self._reads)
        return tested

    def restate(
        self, text: str, history: Sequence[str], understanding: Understanding, stopped: threading.Event
    ) -> Restated | None:
        """Read a question that rules and heads are not sure of, or return None; see `rewriting`."""
        return restate(text, history, understanding, self.model, self.prompts, stopped)
