"""A model reads the passages, answers in its own words, and every sentence is proven before it is shown.

What fails is corrected once by the model itself, in one request for all that failed, when it is quick; else the passage's own
sentence stands in its place, or nothing. Where nothing passes the reader's extract stands, or its refusal.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering import coverage
from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.answering.writing.drafting import Sentence, sentences_of
from assistant.answering.writing.free_checking import FreeChecker
from assistant.answering.writing.passages import Shown, shown
from assistant.answering.writing.prompting import Prompts
from assistant.answering.writing.proven import Proven, failing
from assistant.answering.writing.stopping import until_stopped
from assistant.errors import LanguageModelError, TooLongForModel
from assistant.llm.model import LanguageModel, Message, Usage
from assistant.retrieval.question import Question
from assistant.types import Answer, Preview, Writing

MOST_TOKENS = 900
CORRECTING = 8.0
"""Seconds that the correction may take; a model that is slower leaves the passage's own sentence."""
MOST_CITED = 12
"""Paragraphs of an extract up to which a model is asked: a table of thirty places is the program's own."""
MOST_TURNS = 3
DOUBTFUL = frozenset({"figure", "sentence", "topic", "list", "enumeration", "problems"})
"""Parts of the reader that choose by likelihood: what they found gives way to a model that has read it and finds no answer."""
REFUSED = "not stated"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PassageWriter:
    """Answers from passages with one model."""

    model: LanguageModel
    prompts: Prompts

    def takes(self, reading: Reading, extract: Answer) -> bool:
        """Whether a model is asked: not where the catalogue or the program itself has said all there is to say."""
        if reading.verdict == "not_covered":
            return reading.decided_by == REFUSED and bool(reading.evidence)
        own = reading.decided_by.startswith(("claim", "over places"))
        return reading.verdict == "answered" and not own and len(extract.citations) <= MOST_CITED

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
        """Yield a preview, the proven parts as they pass, then the answer; what is yielded is never taken back."""
        read = shown(reading, question, reader)
        if not read.material.sources:
            yield extract.answer
            yield extract
            return
        yield Preview(extract, passages=len({source.number for source in read.material.sources}))
        understanding = reader.understanding
        checker = FreeChecker(read.material, question, reader.lexicon, understanding.gazetteer, understanding.segmenter)
        proven = Proven(checker, read, extract)
        failed, notice, used = yield from self._drafted(proven, question, history, stopped)
        if failed:
            used = _sum(used, (yield from self._repaired(proven, failed, stopped, corrects=not notice)))
        if last := proven.finish(lost=bool(failed)):
            yield last
        writing = Writing(
            self.model.name,
            self.prompts.version,
            kept=proven.kept,
            replaced=proven.replaced,
            unsupported=proven.unsupported,
            prompt_tokens=used.prompt_tokens,
            completion_tokens=used.completion_tokens,
            first_seconds=round(proven.first_shown - started, 4) if proven.first_shown else None,
            reader_seconds=extract.seconds,
        )
        yield from self._ended(extract, reading, question, proven, writing, notice, started)

    def _drafted(
        self, proven: Proven, question: Question, history: Sequence[str], stopped: threading.Event
    ) -> Generator[str, None, tuple[list[Sentence], str, Usage]]:
        """Yield what passes of the draft up to the first sentence that does not; return the rest, what went wrong, and the tokens."""
        failed: list[Sentence] = []
        notice, used = "", Usage()
        for read in (proven.shown, proven.shown.shorter()):
            prompt = self._prompt(read, question, history)
            completion = self.model.complete([Message("user", prompt)], longest=MOST_TOKENS)
            notice = ""
            try:
                with closing(until_stopped(completion, stopped)) as pieces:
                    for sentence in sentences_of(pieces):
                        part = None if failed else proven.add(sentence)
                        if part is None:
                            failed.append(sentence)
                        elif part:
                            yield part
            except TooLongForModel as error:
                notice = _broken_off(error, proven)
                continue  # fewer passages, once more
            except LanguageModelError as error:
                notice = _broken_off(error, proven)
            used = completion.usage
            break
        if stopped.is_set():
            notice = "已停止。" if proven.kept else "已停止，这里是报告原文。"
        return failed, notice, used

    def _repaired(
        self, proven: Proven, failed: Sequence[Sentence], stopped: threading.Event, *, corrects: bool
    ) -> Generator[str, None, Usage]:
        """Yield what was held back from the first failed sentence on: as it is, corrected, or in the passage's words."""
        corrected: dict[int, Sentence] = {}
        used = Usage()
        if corrects:
            corrected, used = self._corrected(proven, failed, stopped)
        for at, sentence in enumerate(failed):
            part = proven.add(sentence)
            if part is None and at in corrected:
                part = proven.add(corrected[at])
            if part is None:
                part = proven.in_its_place(sentence)
            if part:
                yield part
        return used

    def _ended(
        self,
        extract: Answer,
        reading: Reading,
        question: Question,
        proven: Proven,
        writing: Writing,
        notice: str,
        started: float,
    ) -> Iterator[str | Answer]:
        """The whole answer: what was proven, else what the reader has to say."""
        seconds = round(time.perf_counter() - started, 4)
        if proven.kept or proven.replaced:
            yield replace(
                extract,
                verdict="answered",
                answer=proven.text,
                citations=proven.citations(),
                figures=tuple(dict.fromkeys(proven.figures)),
                suggestions=(),
                model=self.model.name,
                writing=writing,
                notice=notice,
                seconds=seconds,
                decided_by=extract.decided_by if reading.verdict == "answered" else "model",
            )
            return
        if proven.declined and reading.decided_by in DOUBTFUL:
            reports = list({item.report.id: item.report for item in reading.evidence}.values())
            words = coverage.not_stated(question, reports)
            extract = replace(
                extract, verdict="not_covered", answer=words, citations=(), figures=(), decided_by="not stated, model"
            )
        elif reading.verdict == "answered" and not notice:
            notice = "模型写的话没有通过核对，这里是报告原文。"
        yield extract.answer
        yield replace(extract, writing=writing, notice=notice, seconds=seconds)

    def _prompt(self, read: Shown, question: Question, history: Sequence[str]) -> str:
        today = date.today()
        earlier = "".join(f"前面问过：{text}\n" for text in history[-MOST_TURNS:])
        prompt = self.prompts.fill(
            "read",
            passages=read.passages,
            facts=read.facts,
            history=earlier,
            today=f"{today.year}年{today.month}月{today.day}日",
            reports=read.reports,
            question=question.text,
            way=self.prompts.way(question.asked.intent),
            decline=self.prompts.fill("decline"),
        )
        return re.sub(r"\n{3,}", "\n\n", prompt)

    def _corrected(
        self, proven: Proven, failed: Sequence[Sentence], stopped: threading.Event
    ) -> tuple[dict[int, Sentence], Usage]:
        """What the model makes of the sentences that failed, by their place among those held back; empty where it is not quick."""
        wrong = [(at, s, checked) for at, s in enumerate(failed) if not (checked := proven.check(s)).passes]
        if not wrong:
            return {}, Usage()
        numbers = sorted({number for _, sentence, _ in wrong for number in sentence.numbers})
        prompt = self.prompts.fill(
            "correct",
            question=proven.checker.question.text,
            passages=proven.shown.of(numbers) or proven.shown.passages,
            sentences=failing([(sentence, checked) for _, sentence, checked in wrong]),
        )
        completion = self.model.complete([Message("user", prompt)], longest=MOST_TOKENS // 2)
        late = threading.Event()
        timer = threading.Timer(CORRECTING, late.set)
        timer.daemon = True
        timer.start()
        try:
            written = "".join(until_stopped(completion, _Either(late, stopped)))
        except LanguageModelError as error:
            logger.info("Failed sentences were not corrected: %s", error)
            return {}, completion.usage
        finally:
            timer.cancel()
        return _by_number(written, [at for at, _, _ in wrong], failed), completion.usage


def _broken_off(error: LanguageModelError, proven: Proven) -> str:
    return f"{str(error).rstrip('。')}，{'后面的没有写完' if proven.kept else '这里是报告原文'}。"


class _Either(threading.Event):
    """Set once either of two events is."""

    def __init__(self, one: threading.Event, other: threading.Event) -> None:
        super().__init__()
        self._both = (one, other)

    def is_set(self) -> bool:
        return any(event.is_set() for event in self._both)


def _by_number(written: str, places: Sequence[int], failed: Sequence[Sentence]) -> dict[int, Sentence]:
    """The corrected sentences by place; each keeps how its line begins."""
    corrected = {}
    for line in written.splitlines():
        led = re.match(r"\s*(\d{1,2})[.、．:：)）]\s*(.+)", line)
        if led is None or not 1 <= int(led[1]) <= len(places) or re.match(r"\[?删去", led[2]):
            continue
        place = places[int(led[1]) - 1]
        sentences = list(sentences_of([led[2]]))
        if sentences:
            old, new = failed[place], sentences[0]
            corrected[place] = replace(new, opens_line=old.opens_line, is_item=old.is_item, end=old.end)
    return corrected


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(
        *(
            None if a is None and b is None else (a or 0) + (b or 0)
            for a, b in (
                (one.prompt_tokens, other.prompt_tokens),
                (one.completion_tokens, other.completion_tokens),
            )
        )
    )
