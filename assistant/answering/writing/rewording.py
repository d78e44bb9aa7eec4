"""A small language model words what the reader has found, sentence by checked sentence, and never makes it less true.

The reader's extract is ready before the model is asked. It is what the model is shown, what its sentences are held against, what
stands in for one that fails, and the answer where the model is silent, down or wrong.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.answering.writing.checking import Checker
from assistant.answering.writing.composition import Composition
from assistant.answering.writing.drafting import sentences_of
from assistant.answering.writing.prompting import Prompts
from assistant.answering.writing.sources import Material, material
from assistant.answering.writing.stopping import until_stopped
from assistant.errors import LanguageModelError
from assistant.language.injection import addresses_a_model
from assistant.llm.model import LanguageModel, Message
from assistant.retrieval.question import Question
from assistant.types import Answer, Preview, Writing

FEWEST_TOKENS, MOST_TOKENS = 120, 700
_NOT_TAKEN = "模型写的话没有通过核对，这里是报告原文。"
_BROKEN_OFF = "{reason}，这里是报告原文。"
_ENDED_EARLY = "{reason}，没写到的用报告原文补上了。"
_STOPPED = "已停止，这里是报告原文。"
_ADDRESSED = "这段原文里有写给模型的指令，没有交给模型，这里是报告原文。"


@dataclass(frozen=True)
class ExtractWriter:
    """Rewords what the reader has found, with one model: what a small one can do."""

    model: LanguageModel
    prompts: Prompts

    def takes(self, reading: Reading, extract: Answer) -> bool:
        """Whether a model is asked: where there is an extract to reword."""
        return reading.verdict == "answered"

    def write(
        self,
        extract: Answer,
        reading: Reading,
        question: Question,
        history: Sequence[str],
        reader: Reader,
        started: float,
        stopped: threading.Event,
    ) -> Iterator[Preview | str | Answer]:
        """Yield the extract, checked sentences as they pass, then the whole answer, which is the extract where nothing passed.

        What is yielded is never taken back: the text of the answer is all the parts in a row.
        """
        yield Preview(extract)
        written = material(reading.lines, reader.shelf.facts_of)
        writing = Writing(self.model.name, self.prompts.version, reader_seconds=extract.seconds)
        if any(addresses_a_model(source.text) or addresses_a_model(source.lead) for source in written.sources):
            yield extract.answer
            yield replace(extract, notice=_ADDRESSED)
            return
        understanding = reader.understanding
        checker = Checker(written, question, reader.lexicon, understanding.gazetteer, understanding.segmenter)
        composition = Composition(checker, extract)
        completion = self.model.complete(
            [Message("user", self._prompt(extract, written, question))], longest=_longest(extract.answer)
        )
        notice = ""
        try:
            with closing(until_stopped(completion, stopped)) as pieces:
                for sentence in sentences_of(pieces):
                    for part in composition.add(sentence):
                        writing = _first(writing, started)
                        yield part
                    if composition.is_given_up:
                        break
        except LanguageModelError as error:
            told = _ENDED_EARLY if composition.kept else _BROKEN_OFF
            notice = told.format(reason=str(error).rstrip("。"))
        if stopped.is_set():
            notice = _STOPPED
        for part in composition.finish(broken=bool(notice)):
            writing = _first(writing, started)
            yield part
        yield self._answer(
            extract,
            composition,
            replace(
                writing,
                prompt_tokens=completion.usage.prompt_tokens,
                completion_tokens=completion.usage.completion_tokens,
            ),
            notice,
            started,
        )

    def _prompt(self, extract: Answer, written: Material, question: Question) -> str:
        reports = "、".join(dict.fromkeys(f"《{s.report.title}》（{s.report.report_year}年）" for s in written.sources))
        today = date.today()
        return self.prompts.fill(
            "answer",
            passages=written.as_shown(),
            today=f"{today.year}年{today.month}月{today.day}日",
            reports=reports,
            question=question.text,
            decline=self.prompts.fill("decline"),
        )

    def _answer(
        self, extract: Answer, composition: Composition, writing: Writing, notice: str, started: float
    ) -> Answer:
        writing = replace(
            writing, kept=composition.kept, replaced=composition.replaced, unsupported=composition.unsupported
        )
        seconds = round(time.perf_counter() - started, 4)
        if not composition.kept:
            return replace(extract, writing=writing, notice=notice or _NOT_TAKEN, seconds=seconds)
        return replace(
            extract,
            answer=composition.text,
            figures=composition.figures,
            model=self.model.name,
            writing=writing,
            notice=notice,
            seconds=seconds,
        )


def _first(writing: Writing, started: float) -> Writing:
    if writing.first_seconds is not None:
        return writing
    return replace(writing, first_seconds=round(time.perf_counter() - started, 4))


def _longest(extract: str) -> int:
    """Tokens a draft may have: a character of Chinese is about 0.7 tokens, and a draft may be half as long again."""
    return min(MOST_TOKENS, max(FEWEST_TOKENS, round(1.2 * len(extract)) + 60))
