"""What could be asked instead and what could be asked next: questions made from what the reports state, each of them answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from assistant.answering.indicators import Told
from assistant.answering.reader import Reader, Reading
from assistant.answering.statements import statements
from assistant.answering.understood import parts_of, rephrased
from assistant.retrieval.question import Question
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.shelf import same_period
from assistant.types import Answer, Aspect, Choice, Evidence, Period, Report, Role

MOST_CHOICES = 8
MOST_NEXT = 3
_PLACES_READ = 12
"""Other places whose reports are looked through, the nearest first: a report takes 10 to 25 ms the first time."""
_SEARCHED = 2
"""Other places, and other times, that a question about no indicator is tried with: each takes a whole search."""
_OTHER: dict[Role | None, Role] = {"target": "actual", "actual": "target"}
_ROLE = {"target": "目标", "actual": "完成情况"}

Read = Callable[[Reader, Question], Reading]


class _NoSearch(Retriever):
    """Finds nothing, and that at once. What the reader answers without evidence, it answers with it too."""

    def __init__(self) -> None:
        pass

    def retrieve(self, question: Question, report_ids: Collection[str] | None, limit: int) -> list[Evidence]:
        return []


class Suggester:
    """Makes questions from what the reports of one shelf state, and offers only those that have an answer."""

    def __init__(self, reader: Reader, read: Read) -> None:
        """`read` is how a whole question is answered with a reader."""
        self.reader = reader
        self._read = read
        self._at_once = replace(reader, retriever=_NoSearch())
        self._stated: dict[str, tuple[Told, ...]] = {}

    def aspects(self, text: str) -> tuple[Aspect, ...]:
        """Each part of how a whole question is understood, with the other values that have an answer."""
        question = self.reader.understanding.read(text)
        asked = self._asked(question)
        others = {
            "place": self._places,
            "time": self._times,
            "subject": self._subjects,
            "role": self._roles,
        }
        return tuple(
            Aspect(kind, value, self._answered(text, others[kind](question, asked)))
            for kind, value in parts_of(question)
        )

    def next_questions(self, answer: Answer) -> tuple[str, ...]:
        """At most three questions of different kinds to go on with after an answer; none after a refusal."""
        if answer.verdict != "answered":
            return ()
        text = answer.standalone or answer.question
        question = self._of_the_answer(self.reader.understanding.read(text), answer)
        asked = self._asked(question)
        kinds = (
            chain(self._roles(question, asked), self._compared(question, asked)),
            chain(self._places(question, asked), self._times(question, asked)),
            self._subjects(question, asked),
        )
        found: list[str] = []
        for offered in kinds:
            found += [c.question for c in islice(self._answered(text, offered, found, 1), 1)]
        return tuple(found[:MOST_NEXT])

    def _answered(
        self, asked: str, offered: Iterable[Choice], before: Sequence[str] = (), most: int = MOST_CHOICES
    ) -> tuple[Choice, ...]:
        """The first of the offered that have an answer, each label and each question once."""
        seen, kept = {asked, *before}, dict[str, Choice]()
        for choice in offered:
            if choice.question in seen or choice.label in kept:
                continue
            seen.add(choice.question)
            if self._is_answered(choice.question):
                kept[choice.label] = choice
            if len(kept) == most:
                break
        return tuple(kept.values())

    def _is_answered(self, text: str) -> bool:
        question = self.reader.understanding.read(text)
        if question.indicators and self._read(self._at_once, question).verdict == "answered":
            return True
        return not question.indicators and self._read(self.reader, question).verdict == "answered"

    def _of_the_answer(self, question: Question, answer: Answer) -> Question:
        """The question with the place and role that it left to the answer to name."""
        if not question.subject_regions and answer.citations:
            question = replace(question, subject_regions=(answer.citations[0].report.region,))
        roles = {figure.role for figure in answer.figures if figure.role}
        return replace(question, role=roles.pop()) if question.role is None and len(roles) == 1 else question

    def _asked(self, question: Question) -> Told | None:
        """What the reports state about the very thing asked; None where no indicator is asked or none is stated."""
        items = self._about(question.subject_regions[:1], question, question.role)
        period = question.periods[0] if question.periods else None
        items = [item for item in items if period is None or _is_of(item, period)]
        return items[0] if items and question.subject_regions else None

    def _places(self, question: Question, asked: Told | None) -> Iterator[Choice]:
        """Other places for the same time, else for the nearest one; of several places asked, each by itself."""
        if not question.subject_regions:
            return
        several = question.subject_regions if len(question.subject_regions) > 1 else ()
        period = question.periods[0] if question.periods else None
        if not question.indicators:
            yield from () if several else self._searched_places(question, period)
            return
        for region in several or self._other_places(question):
            items = _nearest(self._about([region], question, question.role), period)
            for item in items[:2]:
                label = region if period is None or _is_of(item, period) else f"{region}{_label(item)}"
                yield self._choice(label, question, item)

    def _searched_places(self, question: Question, period: Period | None) -> Iterator[Choice]:
        for region in islice(self._other_places(question), _SEARCHED):
            held = self._periods([region])
            near = sorted(held, key=lambda told: _distance(told, period)) if period else []
            same = not period or any(same_period(period, told) for told in near)
            to = None if same else near[0]
            text = rephrased(question, self.reader.understanding, region, to)
            if text:
                yield Choice(f"{region}{to.label if to else ''}", text)

    def _times(self, question: Question, asked: Told | None) -> Iterator[Choice]:
        """Other times that the reports of the place speak of; of several times asked, each by itself."""
        if not question.periods or len(question.subject_regions) != 1:
            return
        several = len(question.periods) > 1
        if not question.indicators:
            held = () if several else self._periods(question.subject_regions)
            near = sorted(held, key=lambda told: _distance(told, question.periods[0]))
            for period in islice((p for p in near if not same_period(question.periods[0], p)), _SEARCHED):
                text = rephrased(question, self.reader.understanding, None, period)
                if text:
                    yield Choice(period.label, text)
            return
        for item in _nearest(self._about(question.subject_regions, question, question.role), question.periods[0]):
            if any(_is_of(item, period) for period in question.periods) == several:
                yield self._choice(_label(item), question, item)

    def _subjects(self, question: Question, asked: Told | None) -> Iterator[Choice]:
        """Other indicators of the same place and time, those that stand nearest in the report first."""
        names = {name for names in question.indicators for name in names}
        items = [
            item
            for item in self._of_places(question.subject_regions[:1])
            if item.indicator not in names
            and question.role in (None, item.statement.role)
            and (not question.periods or _is_of(item, question.periods[0]))
        ]
        if asked:
            at = (asked.statement.paragraph.ordinal, asked.statement.clause[0])
            items = [item for item in items if item.statement.role == asked.statement.role] or items
            items.sort(
                key=lambda item: (
                    item.report.id != asked.report.id,
                    abs(item.statement.paragraph.ordinal - at[0]),
                    abs(item.statement.clause[0] - at[1]),
                )
            )
        for item in items:
            yield Choice(item.indicator, _question(item))

    def _roles(self, question: Question, asked: Told | None) -> Iterator[Choice]:
        """The result beside the goal, or the goal beside the result, of the nearest time."""
        role = question.role or (asked.statement.role if asked else None)
        if role is None or len(question.subject_regions) != 1:
            return
        period = question.periods[0] if question.periods else asked.statement.period if asked else None
        for item in _nearest(self._about(question.subject_regions, question, _OTHER[role]), period):
            time = "" if period is None or _is_of(item, period) else _label(item)
            yield Choice(f"{time}{_ROLE[_OTHER[role]]}", _question(item))

    def _compared(self, question: Question, asked: Told | None) -> Iterator[Choice]:
        """The goal or result set against that of another time of the same place."""
        if asked is None or question.compares or len(question.subject_regions) != 1 or len(question.periods) != 1:
            return
        for item in _nearest(
            self._about(question.subject_regions, question, asked.statement.role), question.periods[0]
        ):
            if not _is_of(item, question.periods[0]) and item.statement.measure == asked.statement.measure:
                role = "目标" if asked.statement.role == "target" else ""
                one = f"{item.report.region}{_label(asked)}{asked.indicator}{role}"
                yield Choice("比较", f"{one}比{_label(item)}高还是低")

    def _choice(self, label: str, question: Question, item: Told) -> Choice:
        """The question in its own words with the item's place and time, else in ours."""
        text = rephrased(question, self.reader.understanding, item.report.region, item.statement.period)
        return Choice(label, text or _question(item))

    def _about(self, regions: Sequence[str], question: Question, role: Role | None) -> list[Told]:
        """What the reports of the places state about the indicator asked, in the role given."""
        names = question.indicators[0] if question.indicators else ()
        return [
            item
            for item in self._of_places(regions)
            if item.indicator in names
            and role in (None, item.statement.role)
            and question.measure in (None, item.statement.measure)
        ]

    def _of_places(self, regions: Sequence[str]) -> Iterator[Told]:
        for region in regions:
            for report in self.reader.shelf.of_region(region):
                yield from self._states(report)

    def _states(self, report: Report) -> tuple[Told, ...]:
        """Goals and results of whole years or spans that a report states, in its order."""
        if report.id not in self._stated:
            self._stated[report.id] = tuple(
                Told(report, statement, name)
                for paragraph in self.reader.shelf.paragraphs(report.id)
                for statement in statements(paragraph, report, self.reader.lexicon)
                if statement.role and statement.period and not statement.period.partial and statement.measure != "share"
                if statement.quantity or statement.role == "target"
                for name in statement.indicators
            )
        return self._stated[report.id]

    def _other_places(self, question: Question) -> list[str]:
        """Places held other than those asked: of the same city first, then those with a report of the same time."""
        shelf = self.reader.shelf
        own = {name for region in question.subject_regions for name in shelf.names_of(region)}
        parents = {report.parent for report in shelf.reports.values() if report.region in own}
        year = question.periods[0].last if question.periods else None
        others = [report for report in shelf.reports.values() if report.region not in own]
        others.sort(
            key=lambda r: (r.parent not in parents, abs(r.report_year - (year or r.report_year)), -r.report_year)
        )
        return list(dict.fromkeys(report.region for report in others))[:_PLACES_READ]

    def _periods(self, regions: Iterable[str]) -> list[Period]:
        shelf = self.reader.shelf
        told = [p for region in regions for r in shelf.of_region(region) for p in shelf.horizons(r.id) if not p.partial]
        return list(dict.fromkeys(told))


def _nearest(items: Iterable[Told], period: Period | None) -> list[Told]:
    """One item a time, the nearest time first, and the newest where none is asked."""
    of_time: dict[str, Told] = {}
    for item in items:
        of_time.setdefault(_label(item), item)
    newest = sorted(
        of_time.values(), key=lambda item: -(item.statement.period.last or 0) if item.statement.period else 0
    )
    return sorted(newest, key=lambda item: _distance(item.statement.period, period)) if period else newest


def _distance(told: Period | None, asked: Period | None) -> tuple[int, int]:
    """How far two times lie apart: in their length first, then in years."""
    if told is None or asked is None:
        return (0, 0)
    if same_period(asked, told):
        return (-1, 0)
    span = [(p.last or 0) - (p.first or 0) for p in (told, asked)]
    return (abs(span[0] - span[1]), abs((told.last or 0) - (asked.last or 0)))


def _is_of(item: Told, period: Period) -> bool:
    return item.statement.period is not None and same_period(period, item.statement.period)


def _label(item: Told) -> str:
    return item.statement.period.label if item.statement.period else ""


def _question(item: Told) -> str:
    """The whole question that a statement answers: 松北区2024年地区生产总值达到了多少."""
    if item.statement.role == "target":
        asks = "目标是多少"
    else:
        asks = {"amount": "达到了多少", "growth": "增长了多少"}.get(item.statement.measure or "", "是多少")
    return f"{item.report.region}{_label(item)}{item.indicator}{asks}"
