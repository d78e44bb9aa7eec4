"""The assistant: a question in, an `Answer` out. The command line, the page and the API all receive this object."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from assistant.answering import about
from assistant.answering.changes import Changes, NoChanges
from assistant.answering.compose import compose, retrieved
from assistant.answering.conversation import Standalone, standalone
from assistant.answering.explaining import Explained, explained
from assistant.answering.integrity import citable, refuse_altered
from assistant.answering.offering.suggesting import Suggester
from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.answering.recognised import with_cautions
from assistant.answering.routing import read
from assistant.answering.understood import holds_more, understood_as, with_its_place
from assistant.answering.writing.writer import Writer
from assistant.corpus.fact_rows import FactQuery
from assistant.errors import LibraryError, QuestionError
from assistant.facts.told import Told
from assistant.language.lexicon import Lexicon
from assistant.panel.panel import Panel
from assistant.retrieval.question import Question
from assistant.types import Answer, Aspect, Evidence, Paragraph, Preview, Report, Role, Turn

MOST_SUGGESTIONS = 4
MOST_NARROW = 64
"""Sets of regions for which an assistant of their own is kept."""
LONGEST_QUESTION = 500
"""Characters; whole questions about reports are a tenth of that."""

OpenReader = Callable[[], Reader]


class Assistant:
    """Answers questions from one library. Safe to use from several threads."""

    def __init__(
        self,
        open_reader: OpenReader,
        lexicon: Lexicon,
        settings: str,
        changes: Changes,
        writer: Writer | None = None,
    ) -> None:
        """`changes` changes what is held; `writer` words the answers, without one they are the reader's own."""
        self._open_reader = open_reader
        self._lexicon = lexicon
        self._settings = settings
        self.changes = changes
        self._writer = writer
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._suggester: Suggester | None = None
        self._narrow: dict[frozenset[str], Assistant] = {}

    def within(self, regions: Collection[str]) -> Assistant:
        """Return an assistant that has only the reports of these regions; it adds none, and is closed with this one."""
        wanted = frozenset(regions)
        with self._lock:
            if len(self._narrow) > MOST_NARROW:
                self._narrow.clear()
            if wanted not in self._narrow:
                self._narrow[wanted] = Assistant(
                    lambda: self._current_reader().within(wanted),
                    self._lexicon,
                    self._settings,
                    NoChanges(),
                    self._writer,
                )
            return self._narrow[wanted]

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer one question; `history` holds the earlier questions of the conversation, oldest first.

        Raises `QuestionError` where the question is empty, too long or holds no words.
        """
        *_, answer = self.stream(question, history)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self, question: str, history: Sequence[Turn] = (), stopped: threading.Event | None = None
    ) -> Iterator[Preview | str | Answer]:
        """Yield the answer's text in parts, which are never taken back, then the whole `Answer`.

        Where a language model is to word it, a `Preview` comes first. Setting `stopped` stops the model: the answer ends with the
        reader's own words. Raises `QuestionError` as `ask` does.
        """
        started = time.perf_counter()
        text = checked(question)
        reader = self._current_reader()
        stopped = stopped or threading.Event()
        taken, understood = self._taken(text, [turn.question for turn in history], reader, stopped)
        reading = citable(read(reader, understood), reader.shelf)
        if taken.wider:
            wide, told = self._read(taken.wider, reader)
            if holds_more(wide, told, reading, reader.shelf):
                taken, understood, reading = replace(taken, text=taken.wider), wide, told
        if whole := with_its_place(taken.text, understood, reading, reader):
            # Once it is known which place answers, nothing of another one is set beside it.
            placed, told = self._read(whole, reader)
            if told.verdict == "answered":
                taken, understood, reading = replace(taken, text=whole), placed, told
        if reading.suggestions:
            reading = replace(reading, suggestions=self._answerable(reader, reading.suggestions))
        answer = self._answer(text, understood, reading, reader, started)
        if taken.text != text:
            answer = replace(answer, standalone=taken.text, alternatives=self._answerable(reader, taken.alternatives))
        if self._writer is None or not self._writer.way.takes(reading, answer):
            yield from with_cautions((answer.answer, answer))
            return
        asked = [turn.question for turn in history]
        parts = self._writer.way.write(answer, reading, understood, asked, reader, started, stopped)
        yield from with_cautions(self._writer.priced(part) if isinstance(part, Answer) else part for part in parts)

    def explain(self, question: str) -> Explained:
        """Return how a question is read and what decides its answer, for whoever wants to know why.

        Raises `QuestionError` as `ask` does.
        """
        return explained(self._current_reader(), checked(question), read)

    @property
    def writer(self) -> Writer | None:
        """What writes with the language model; None where none is set."""
        return self._writer

    def warm_up(self, seconds: float = 60) -> None:
        """Wait until the language model, if one is set, can be asked: for whoever asks once and would not ask again."""
        if self._writer is not None:
            self._writer.model.wait(seconds)

    def search(self, query: str, limit: int = 10) -> tuple[Evidence, ...]:
        """Return the passages that the question finds, best first, without answering it."""
        reader = self._current_reader()
        question = reader.understanding.read(checked(query))
        reports = reader.shelf.covering([n for n in question.subject_regions if reader.shelf.of_region(n)], None, None)
        found = reader.retriever.retrieve(question, [report.id for report in reports], limit)
        refuse_altered((one.report.id for one in found), reader.shelf)
        return tuple(found)

    def reports(self) -> tuple[Report, ...]:
        """The catalogue, by region and year."""
        return tuple(self._current_reader().shelf.reports.values())

    def report(self, report_id: str) -> tuple[Report, tuple[Paragraph, ...]]:
        """Return one report with its paragraphs in order; raises `LibraryError` where the library does not hold it."""
        shelf = self._current_reader().shelf
        if report_id not in shelf.reports:
            raise LibraryError("资料库里没有这份报告。", "它可能已经换成新的版本，或已被移除：请重新提问。")
        paragraphs = shelf.paragraphs(report_id)
        refuse_altered([report_id], shelf)
        return shelf.reports[report_id], paragraphs

    def facts(
        self,
        report_id: str | None = None,
        *,
        indicator: str | None = None,
        role: Role | None = None,
        year: int | None = None,
        attached: bool | None = None,
    ) -> tuple[Told, ...]:
        """Return what one report states, or all of them, each fact with its report and paragraph, in the order of the text.

        `indicator` is a name or what people call it (GDP); `year` is the year that is spoken of; `attached` False asks for
        the figures of which it is not told what they are of. Raises `LibraryError` where the report is not held, and
        `QuestionError` where nothing is called by the name of the indicator.
        """
        shelf = self._current_reader().shelf
        if report_id is not None and report_id not in shelf.reports:
            raise LibraryError("资料库里没有这份报告。", "用 zhengwen reports 查看已收录的报告。")
        names = self._indicators_called(indicator) if indicator else ()
        reports = [report_id] if report_id is not None else list(shelf.reports)
        found = shelf.library.facts(FactQuery(reports, None, names, role, year, attached))
        refuse_altered((fact.report_id for fact in found), shelf)
        return tuple(Told(shelf.reports[fact.report_id], shelf.paragraph(fact.paragraph_id), fact) for fact in found)

    def panel(self) -> Panel:
        """Return the reports as panel data: what each place tells of an indicator, year by year.

        The figures of reports whose text was changed since they were taken in are left out, and the tables say so.
        """
        reader = self._current_reader()
        return reader.panel.without(reader.shelf.altered(reader.shelf.reports))

    def _indicators_called(self, name: str) -> tuple[str, ...]:
        called = [m.names for m in self._lexicon.asked_in(name) if (m.start, m.end) == (0, len(name))]
        if not called:
            raise QuestionError(f"没有叫“{name}”的指标。", "指标的名称和别名在 aliases.toml 里，可以添加。")
        return called[0]

    def aspects(self, question: str) -> tuple[Aspect, ...]:
        """Return how a whole question is understood, part by part, with the other values that have an answer.

        Raises `QuestionError` as `ask` does.
        """
        return self._current_suggester().aspects(checked(question))

    def examples(self) -> tuple[tuple[str, str], ...]:
        """Return questions to begin with, one of each kind with the name of the kind; all of them have an answer."""
        return self._current_suggester().examples

    def next_questions(self, answer: Answer) -> tuple[str, ...]:
        """Return at most three questions to go on with after an answer, each of which has one; none after a refusal.

        Raises `QuestionError` where the answer's question is none that `ask` would take.
        """
        return self._current_suggester().next_questions(checked(answer.standalone or answer.question), answer)

    def ingest(self, paths: Sequence[Any], progress: Any = None, **overrides: Any) -> list[Any]:
        """Add report files to the library; each outcome says what became of one file."""
        outcomes = self.changes.ingest(paths, progress, **overrides)
        self._forget()
        return outcomes

    def remove(self, report_id: str) -> Report:
        """Remove a report from the library with all that was made of it; raises `LibraryError` where it is not held."""
        report = self._current_reader().shelf.library.report(report_id)
        self.changes.remove(report_id)
        self._forget()
        gc.collect()  # what read the library before holds a copy of the index, in which the report still is
        return report

    def close(self) -> None:
        self.changes.close()

    def _forget(self) -> None:
        with self._lock:
            self._reader = self._suggester = None
            self._narrow.clear()

    def reader(self) -> Reader:
        """Return what reads the library as it now is: for training, and for whoever explains an answer."""
        return self._current_reader()

    def _current_reader(self) -> Reader:
        with self._lock:
            # Another process may have added reports since.
            if self._reader is None or self._reader.shelf.library.edition() != self._reader.shelf.state:
                self._reader = self._open_reader()
            return self._reader

    def _current_suggester(self) -> Suggester:
        reader = self._current_reader()
        with self._lock:
            if self._suggester is None or self._suggester.reader is not reader:
                self._suggester = Suggester(reader, read)
            return self._suggester

    def _taken(
        self, text: str, history: Sequence[str], reader: Reader, stopped: threading.Event
    ) -> tuple[Standalone, Question]:
        """The question made whole and read: by rules and heads, and where these are not sure, by the model if there is one."""
        if about.is_thanks(text) or about.is_greeting(text):
            return Standalone(text), reader.understanding.read(text)
        taken = standalone(text, history, reader.understanding)
        understood = reader.understanding.read(taken.text)
        unsure = self._writer is not None and self._writer.reads == "passages" and understood.asked.is_unsure
        if self._writer is None or (taken.by_rule and not unsure):
            return taken, understood
        restated = self._writer.restate(text, history, reader.understanding, stopped)
        if restated is None:
            return taken, understood
        others = tuple(dict.fromkeys(one for one in (taken.text, *taken.alternatives) if one != restated.text))
        understood = reader.understanding.read(restated.text)
        role = understood.role or restated.role
        return replace(taken, text=restated.text, alternatives=others), replace(understood, role=role)

    def _read(self, text: str, reader: Reader) -> tuple[Question, Reading]:
        question = reader.understanding.read(text)
        return question, citable(read(reader, question), reader.shelf)

    def _answerable(self, reader: Reader, suggestions: Sequence[str]) -> tuple[str, ...]:
        """Of questions that might be asked instead, those that have an answer."""
        answered = (s for s in suggestions if read(reader, reader.understanding.read(s)).verdict == "answered")
        return tuple(islice(answered, MOST_SUGGESTIONS))

    def _answer(self, text: str, question: Question, reading: Reading, reader: Reader, started: float) -> Answer:
        draft = compose(reading.lines, reader.shelf.facts_of)
        return Answer(
            question=text,
            verdict=reading.verdict,
            answer=draft.text or reading.words,
            citations=draft.citations,
            figures=draft.figures,
            retrieved=retrieved(reading.evidence),
            seconds=round(time.perf_counter() - started, 4),
            settings=self._settings,
            understood="" if reading.decided_by == "off topic" else understood_as(question),
            suggestions=reading.suggestions,
            decided_by=reading.decided_by,
        )


def checked(question: str) -> str:
    """The question without control characters and outer white space; raises `QuestionError` where nothing can be asked."""
    text = "".join(char if char.isprintable() else " " for char in question)
    text = " ".join(text.split())
    if not text:
        raise QuestionError("问题是空的。", "请输入一个问题，例如：松北区2025年GDP目标是多少")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(f"问题太长了（{len(text)}字）。", f"请把问题缩短到{LONGEST_QUESTION}字以内。")
    if not any("\u3400" <= char <= "\u9fff" or char.isalnum() for char in text):
        raise QuestionError("没有看懂这个问题。", "请用文字提问，例如：松北区2025年GDP目标是多少")
    return text
