"""What could be asked instead and what could be asked next: questions made from what the reports state, each of them answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice

from assistant.answering.offering.beginning import questions_to_begin_with
from assistant.answering.offering.holdings import Holdings, alike, distance, is_of, nearest, question_of, time_of
from assistant.answering.offering.trying import Read, Trial
from assistant.answering.offering.works import works_beside
from assistant.answering.reader import Reader
from assistant.answering.understood import about_another, parts_of, rephrased
from assistant.facts.told import Told
from assistant.retrieval.question import Question
from assistant.retrieval.shelf import same_period
from assistant.types import Answer, Aspect, Choice, Period, Role

MOST_CHOICES = 8
MOST_NEXT = 3
_SEARCHED = 2
"""Other places, and other times, that a question about no indicator is tried with: each takes a search."""
_CARRIED = {"explain": 0.7, "number": 0.99}
"""How much of a question about no indicator another place's words must hold: questions for names (哪家医院) are true of one place."""
_WORKS = 4
"""Works beside the one asked about that are tried."""
_OTHER: dict[Role, Role] = {"target": "actual", "actual": "target"}
_ROLE = {"target": "目标", "actual": "完成情况"}


@dataclass(frozen=True)
class _Asked:
    """A question with what it left to its answer to name."""

    question: Question
    regions: tuple[str, ...]
    role: Role | None
    item: Told | None
    """What the reports state about the very thing asked."""

    @property
    def period(self) -> Period | None:
        return self.question.periods[0] if self.question.periods else None


class Suggester:
    """Makes questions from what the reports of one shelf state, and offers only those that have an answer."""

    def __init__(self, reader: Reader, read: Read) -> None:
        self.reader = reader
        self._trial = Trial(reader, read)
        self._holdings = Holdings(reader.shelf)

    def aspects(self, text: str) -> tuple[Aspect, ...]:
        """Each part of how a whole question is understood, with the other values that have an answer."""
        asked = self._asked(self.reader.understanding.read(text), None)
        one_place = len(asked.regions) == 1
        others: dict[str, Iterable[Choice]] = {
            "place": self._places(asked) if one_place else self._each_place(asked),
            "time": self._times(asked) if len(asked.question.periods) == 1 else self._each_time(asked),
            "subject": self._subjects(asked),
            "role": self._roles(asked) if one_place else (),
        }
        return tuple(
            Aspect(kind, value, tuple(self._answered([text], others[kind], self._trial.seems_answered)))
            for kind, value in parts_of(asked.question)
        )

    @cached_property
    def examples(self) -> tuple[tuple[str, str], ...]:
        """Questions to begin with, each with its kind."""
        return questions_to_begin_with(tuple(self.reader.shelf.reports.values()), self._trial.is_answered)

    def next_questions(self, text: str, answer: Answer) -> tuple[str, ...]:
        """At most three questions of different kinds to go on with after the answer to `text`; none after a refusal."""
        if answer.verdict != "answered":
            return ()
        asked = self._asked(self.reader.understanding.read(text), answer)
        kinds: tuple[Iterable[Choice], ...] = (
            chain(self._roles(asked), self._compared(asked)),
            chain(self._places(asked), self._times(asked)),
            self._subjects(asked),
        )
        if not asked.question.indicators:
            kinds = (
                self._works(answer),
                chain(self._places(asked), self._times(asked)),
                self._subjects(asked),
                self._other_half(asked),
            )
        found: list[str] = []
        for offered in kinds:
            if len(found) < MOST_NEXT:
                found += [c.question for c in self._answered([text, *found], offered, self._trial.is_answered, most=1)]
        return tuple(found)

    def _answered(
        self, before: Iterable[str], offered: Iterable[Choice], has: Callable[[str], bool], most: int = MOST_CHOICES
    ) -> list[Choice]:
        """The first of the offered that have an answer, each label and each question once."""
        questions, kept = set(before), dict[str, Choice]()
        for choice in offered:
            if choice.question not in questions and choice.label not in kept and has(choice.question):
                kept[choice.label] = choice
            questions.add(choice.question)
            if len(kept) == most:
                break
        return list(kept.values())

    def _asked(self, question: Question, answer: Answer | None) -> _Asked:
        regions = question.subject_regions
        roles = {question.role}
        if answer:
            regions = regions or tuple(dict.fromkeys(citation.report.region for citation in answer.citations))
            roles = roles - {None} or {figure.role for figure in answer.figures}
        role = roles.pop() if len(roles) == 1 else None
        items = self._about(question, regions[:1], role)
        items = [item for item in items if not question.periods or is_of(item, question.periods[0])]
        return _Asked(question, regions, role, items[0] if items else None)

    def _about(self, question: Question, regions: Iterable[str], role: Role | None) -> list[Told]:
        names = question.indicators[0] if question.indicators else ()
        return self._holdings.about(regions, names, role, question.measure)

    def _places(self, asked: _Asked) -> Iterator[Choice]:
        """Other places for the same time, else for the nearest one; the second nearest after those of all places."""
        if not asked.regions:
            return
        others = self._holdings.other_places(asked.regions, asked.period, asked.role)
        if not asked.question.indicators:
            yield from chain.from_iterable(self._searched_place(asked, region) for region in others[:_SEARCHED])
            return
        found = [nearest(self._about(asked.question, [region], asked.role), asked.period) for region in others]
        first = [items[0] for items in found if items]
        # Five years are no good stand-in for one: such places come after the others.
        first.sort(key=lambda item: distance(item.period, asked.period)[0] > 0)
        for item in chain(first, (items[1] for items in found if len(items) > 1)):
            same = asked.period is None or is_of(item, asked.period)
            yield self._choice(f"{item.report.region}{'' if same else time_of(item)}", asked, item)

    def _searched_place(self, asked: _Asked, region: str) -> Iterator[Choice]:
        """The same question about no indicator for another place."""
        to = None
        if asked.period:
            near = sorted(self._holdings.periods(region, asked.role), key=lambda told: distance(told, asked.period))
            if not near or not alike(near[0], asked.period):
                return
            to = near[0]
        text = rephrased(asked.question, self.reader.understanding, region, to)
        if text and self._is_carried(asked, text):
            same = to is None or same_period(asked.question.periods[0], to)
            yield Choice(region if to is None or same else f"{region}{to.label}", text)

    def _is_carried(self, asked: _Asked, text: str) -> bool:
        """Whether a question about no indicator, put to another place or time, is told of there and not merely touched."""
        least = _CARRIED.get(asked.question.shape)
        if least is None or len(asked.question.units) > 1 or "为" in asked.question.text:
            return False
        found = self._trial.found(text)
        return bool(found) and max(finding.coverage for finding in found) >= least

    def _works(self, answer: Answer) -> Iterator[Choice]:
        """Another work that the same part of the report plans, told of in the very paragraph under its heading."""
        for citation in answer.citations[:1]:
            report = self.reader.shelf.reports.get(citation.report.id)
            if report is None:
                return
            paragraphs = self.reader.shelf.paragraphs(report.id)
            ordinal = next((p.ordinal for p in paragraphs if p.id == citation.paragraph_id), -1)
            for text, paragraph in islice(works_beside(paragraphs, ordinal, report), _WORKS):
                if any(finding.paragraph.id == paragraph.id for finding in self._trial.found(text)):
                    yield Choice(paragraph.headings[-1], text)

    def _each_place(self, asked: _Asked) -> Iterator[Choice]:
        """Of several places asked, each by itself."""
        for region in asked.regions:
            for item in nearest(self._about(asked.question, [region], asked.role), asked.period)[:1]:
                yield Choice(region, question_of(item))

    def _times(self, asked: _Asked) -> Iterator[Choice]:
        """Other times that the reports of the place speak of."""
        if asked.period is None or len(asked.regions) != 1:
            return
        question = asked.question
        if not question.indicators:
            held = [p for p in self._holdings.periods(asked.regions[0], asked.role) if alike(p, question.periods[0])]
            near = sorted(held, key=lambda told: distance(told, asked.period))
            for period in islice((p for p in near if not same_period(question.periods[0], p)), _SEARCHED):
                text = rephrased(question, self.reader.understanding, None, period)
                if text and self._is_carried(asked, text):
                    yield Choice(period.label, text)
            return
        for item in nearest(self._about(question, asked.regions, asked.role), asked.period):
            if not any(is_of(item, period) for period in question.periods):
                yield self._choice(time_of(item), asked, item)

    def _each_time(self, asked: _Asked) -> Iterator[Choice]:
        """Of several times asked, each by itself."""
        for period in asked.question.periods if len(asked.regions) == 1 else ():
            for item in nearest(self._about(asked.question, asked.regions, asked.role), period)[:1]:
                if is_of(item, period):
                    yield Choice(time_of(item), question_of(item))

    def _subjects(self, asked: _Asked) -> Iterator[Choice]:
        """Other indicators of the same place and time, those that stand nearest in the report first."""
        own = {name for names in asked.question.indicators for name in names}
        role = asked.role or (asked.item.role if asked.item else None)
        of_place = [
            {
                item.indicator: item
                for item in reversed([*self._holdings.of_places([region])])
                if item.indicator not in own
                and role in (None, item.role)
                and (not asked.question.periods or any(is_of(item, p) for p in asked.question.periods))
            }
            for region in asked.regions
        ]
        if not of_place:
            return
        plain = len(of_place) == 1 and not asked.question.compares and not asked.question.superlative
        for item in sorted(of_place[0].values(), key=lambda item: _apart(item, asked.item)):
            if plain:
                yield Choice(item.indicator, question_of(item))
            elif len(of_place) == 1 or any(item.indicator in others for others in of_place[1:]):
                text = about_another(asked.question, self.reader.understanding, self.reader.lexicon, item.indicator)
                if text:
                    yield Choice(item.indicator, text)

    def _roles(self, asked: _Asked) -> Iterator[Choice]:
        """The result beside the goal, or the goal beside the result, of the nearest time."""
        role = asked.role or (asked.item.role if asked.item else None)
        if role is None or not asked.regions:
            return
        period = asked.period or (asked.item.period if asked.item else None)
        for item in nearest(
            self._about(replace(asked.question, measure=None), asked.regions[:1], _OTHER[role]), period
        ):
            time = "" if period is None or is_of(item, period) else time_of(item)
            yield Choice(f"{time}{_ROLE[_OTHER[role]]}", question_of(item))

    def _other_half(self, asked: _Asked) -> Iterator[Choice]:
        """Beside a question about no indicator: the first goal where it was about the past, the first result where about plans."""
        for region in asked.regions[:1] if asked.role else ():
            items = [item for item in self._holdings.of_places([region]) if item.role != asked.role]
            for item in nearest(items, asked.period):
                yield Choice(f"{time_of(item)}{item.indicator}", question_of(item))

    def _compared(self, asked: _Asked) -> Iterator[Choice]:
        """The goal or result set against that of another time of the same place."""
        one, question = asked.item, asked.question
        if one is None or question.compares or len(asked.regions) != 1 or len(question.periods) != 1:
            return
        for other in nearest(self._about(question, asked.regions, one.role), asked.period):
            if not is_of(other, question.periods[0]) and other.fact.measure == one.fact.measure:
                role = "目标" if one.role == "target" else ""
                text = f"{one.report.region}{time_of(one)}{one.indicator}{role}比{time_of(other)}高还是低"
                yield Choice(f"与{time_of(other)}比较", text)

    def _choice(self, label: str, asked: _Asked, item: Told) -> Choice:
        """The question in its own words with the item's place and time, else in ours."""
        told, text = item.period, None
        if told and (asked.period is None or alike(told, asked.period)):
            text = rephrased(asked.question, self.reader.understanding, item.report.region, told)
        return Choice(label, text or question_of(item))


def _apart(item: Told, other: Told | None) -> tuple[bool, int, int]:
    """How far apart two statements stand; the first of the report come first where there is but one."""
    report, ordinal, start = (other.report.id, *_at(other)) if other else (item.report.id, 0, 0)
    here = _at(item)
    return (item.report.id != report, abs(here[0] - ordinal), abs(here[1] - start))


def _at(item: Told) -> tuple[int, int]:
    return (item.paragraph.ordinal, item.fact.clause[0])
