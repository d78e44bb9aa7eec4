"""The writer: what a language model does to answers, by how much it can be trusted with.

A strong model reads passages and answers in its own words (`reading_passages`), a small one rewords the reader's extract
(`rewording`). Either way every sentence is checked before it is shown, and the extract stands where the model is slow, down or wrong.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Literal

from assistant.answering.writing.choosing import Tested, self_test
from assistant.answering.writing.prompting import load_prompts
from assistant.answering.writing.reading_passages import PassageWriter
from assistant.answering.writing.rewording import ExtractWriter
from assistant.answering.writing.rewriting import rewrite
from assistant.llm.model import LanguageModel
from assistant.retrieval.question import Understanding

Reads = Literal["passages", "extract"]
READY_WITHIN = 600.0
"""Seconds for which the self-test waits for a model whose weights are being loaded."""

logger = logging.getLogger(__name__)


class Writer:
    """Writes answers with one model. Safe to use from several threads."""

    def __init__(self, model: LanguageModel, reads: Reads | Literal["auto"] = "extract") -> None:
        """`auto` puts the self-test to the model in the background; until it has passed, the extract is reworded."""
        self.model = model
        self.prompts = load_prompts()
        self.tested: Tested | None = None
        """What became of the self-test; None where there was none, or it has not ended."""
        self._reads: Reads = "extract" if reads == "auto" else reads
        self._by: dict[Reads, PassageWriter | ExtractWriter] = {
            "passages": PassageWriter(model, self.prompts),
            "extract": ExtractWriter(model, self.prompts),
        }
        if reads == "auto":
            threading.Thread(target=self.choose, name="language-model-self-test", daemon=True).start()

    @property
    def reads(self) -> Reads:
        """What the model is shown at present."""
        return self._reads

    @property
    def way(self) -> PassageWriter | ExtractWriter:
        """How answers are written at present."""
        return self._by[self._reads]

    def choose(self) -> Tested:
        """Put the self-test to the model and choose by it; waits for a model that is still being loaded."""
        self.model.wait(READY_WITHIN)
        self.tested = self_test(self.model, self.prompts)
        self._reads = "passages" if self.tested.reads else "extract"
        logger.info("The language model %s reads: %s", self.model.name, self._reads)
        return self.tested

    def rewrite(
        self, text: str, history: Sequence[str], understanding: Understanding, stopped: threading.Event
    ) -> str | None:
        """Make a follow-up whole, or return None; see `rewriting`."""
        return rewrite(text, history, understanding, self.model, self.prompts, stopped)
