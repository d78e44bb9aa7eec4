"""A question about several things taken apart into questions about one place and one time each."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.language.folding import fold
from assistant.language.roles import ROLES
from assistant.language.ruleset import read_rules
from assistant.retrieval.asking import Measure, numbers_asked, periods_asked
from assistant.retrieval.question import Question, Understanding
from assistant.types import Period, Role

MOST_SIDES = 6
SURE = 0.9
"""Probability from which growth or amount is taken as told of both sides of a comparison."""
_ROLE_WORD = ROLES["role word"].pattern
_GOAL_WORD = ROLES["goal word"].pattern
_GROWTH_ASKED = read_rules("asking")["growth asked"].pattern
_RULES = {name: rule.pattern for name, rule in read_rules("sides").items()}
_SAYS_NOTHING = ROLES["says nothing of a side"].pattern


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place or a period named in the question."""

    start: int
    end: int
    kind: str
    text: str
    place: str = ""
    """The catalogue's name, where it is a place."""
    period: Period | None = None


def split_sides(question: Question, understanding: Understanding) -> tuple[Question, ...]:
    """Return one question for each side; the question itself where it has but one.

    「南岗2022年社零目标比道里2023年的高多少」 has two sides, 南岗2022年社零目标 and 道里2023年社零目标: what stands between
    the first side and the next is shared unless the later side brings words of its own.
    """
    marks = _marks(question, understanding)
    pairs = _pairs(marks, fold(question.text))
    if len(pairs) < 2:
        several = _by_indicator(question)
        return several if len(several) > 1 else parts_of(question, understanding)
    segments = _segments(question.text, marks, pairs)
    if question.indicators and _share_all_words(question, marks, pairs):
        own = _own(question.text, marks, pairs)
        each_asks = all(numbers_asked(fold(words)) for words in own)  # 24年涨了百分之几，25年又定了多少
        wordings = own if each_asks else segments
        alone = [understanding.read("".join(m.text for m in pair) + w) for pair, w in zip(pairs, wordings, strict=True)]
        alike = [
            _with_slots(question, pair, segment, own.asked.role if question.role is None else None)
            for pair, segment, own in zip(pairs[:MOST_SIDES], segments, alone, strict=False)
        ]
        if each_asks and {own.measure for own in alone} == {"amount", "growth"}:
            # 2020年GDP多少，2021年定的增长目标是多少: an amount of one year, a growth of the other.
            alike = [of_measure(side, own.measure) for side, own in zip(alike, alone, strict=False)]
        return tuple(alike)
    sides: list[Question] = []
    for pair, segment in zip(pairs, segments, strict=False):
        words = "".join(mark.text for mark in pair)
        side = understanding.read(words + segment)
        if sides and not _names_a_thing(side):
            # 2025年要发展到多少家 goes on with the thing that was named before.
            segment = "".join(term.word for term in sides[0].terms if term.is_name or term.is_indicator) + segment
            side = understanding.read(words + segment)
        if side.shape in ("fact", "explain") and question.shape == "number":
            side = replace(side, shape=question.shape, units=question.units)
        sides += _by_indicator(replace(side, text=words + segment))
    return tuple(sides[:MOST_SIDES])


def _names_a_thing(side: Question) -> bool:
    return any(term.is_name or term.is_indicator or term.is_place for term in side.terms)


def of_measure(question: Question, measure: Measure | None) -> Question:
    """The question for an amount alone, or for a growth alone."""
    if measure is None:
        return question
    return replace(question, measure=measure, asked=question.asked.settled("measure", measure))


def measures_of(question: Question) -> tuple[Measure, ...]:
    """Amount and growth, where the clauses of a question ask for one each: 收入各多少，分别涨几个点; empty elsewhere."""
    text = fold(question.text)
    asking = [clause for clause in re.split(r"[,，;；、?？\s]", text) if numbers_asked(clause)]
    found = {bool(_GROWTH_ASKED.search(clause)) for clause in asking}
    named = _GOAL_WORD.search(text) is None and len(question.periods) < 2
    return ("amount", "growth") if found == {True, False} and named else ()


def _share_all_words(question: Question, marks: list[_Mark], pairs: list[tuple[_Mark, ...]]) -> bool:
    """Whether one indicator is asked of all sides, and none brings words of its own."""
    named = (term.word for term in question.terms if term.is_name or term.is_indicator)
    words = [word for word in named if not _ROLE_WORD.fullmatch(word)]
    full = [any(word in fold(own) for word in words) for own in _own(question.text, marks, pairs)]
    return len(question.indicators) == 1 and sum(full) <= 1


def _with_slots(question: Question, pair: tuple[_Mark, ...], segment: str, own_role: Role | None) -> Question:
    """The whole question with the place and time of one side in their slots, and the role that its own words name or sound like."""
    places = tuple(mark.place for mark in pair if mark.place) or question.subject_regions[:1]
    periods = tuple(mark.period for mark in pair if mark.period) or question.periods[:1]
    named = _ROLE_WORD.search(segment)
    role: Role | None = question.role
    if named:
        role = (
            "target"
            if ROLES["goal asked"].pattern.search(segment, max(0, named.start() - 1), named.end())
            else "actual"
        )
    elif question.role is None:
        role = own_role
    return replace(
        question,
        text="".join(mark.text for mark in pair) + segment,
        topic=segment,
        subject_regions=places,
        periods=periods,
        role=role,
        # 哪年涨得快 asks for the figure of each.
        shape="number" if question.shape in ("number", "fact", "list", "explain", "when") else question.shape,
        compares=False,
        superlative=False,
        # 高几个点 and 超没超过 ask for a difference, and sound like a growth.
        measure=question.measure if question.asked.probability("measure", question.measure or "") >= SURE else None,
    )


def _by_indicator(question: Question) -> tuple[Question, ...]:
    """A question for several indicators of one place and time, or for an amount and a growth: a side for each."""
    sides = _each_indicator(question)
    measures = measures_of(question) if question.indicators and question.shape == "number" else ()
    if measures:
        return tuple(of_measure(replace(side, units=()), measure) for side in sides for measure in measures)
    return sides


def _each_indicator(question: Question) -> tuple[Question, ...]:
    if len(question.indicators) < 2 or question.shape not in ("number", "fact"):
        return (question,)
    named = [term for term in question.terms if term.is_indicator]
    asked = next(iter(numbers_asked(question.topic)), None)
    sides = []
    for names, term in zip(question.indicators, named, strict=False):
        others = {other.word for other in named if other is not term}
        terms = tuple(kept for kept in question.terms if kept.word not in others)
        # 新增就业多少人，失业率呢: the unit is that of what stands before it.
        is_own = asked is None or question.topic.find(term.word) < asked.start()
        units = question.units[:1] if is_own or len(question.units) != 1 else ((),)
        sides.append(replace(question, indicators=(names,), terms=terms, units=units))
    return tuple(sides) if len(sides) > 1 else (question,)


def parts_of(question: Question, understanding: Understanding) -> tuple[Question, ...]:
    """The parts of a question that asks several numbers of one place and time; the question itself where it asks one.

    「新签多少产业项目、实施多少省市重点项目」 has two parts, and so has 「高新技术企业、科技型中小企业各增加多少家」. A part that does not
    say what it is a number of (「投了多少钱」) hangs on the one before, and the question is not taken apart.
    """
    if question.indicators or (question.shape != "number" and not question.compares):
        return (question,)
    scene = "".join((*question.subject_regions, *(period.label for period in question.periods)))
    texts = _asked_one_by_one(question.topic) or _asked_together(question.topic)
    parts = [understanding.read(scene + text) for text in texts]
    if len(parts) < 2 or any(part.shape != "number" or not _says_what(part) for part in parts):
        return (question,)
    return tuple(replace(part, role=part.role or question.role) for part in parts[:MOST_SIDES])


def _asked_one_by_one(topic: str) -> list[str]:
    texts = [text for text in re.split(r"[,，、;；]", topic) if text]
    return texts if len(texts) > 1 and all(numbers_asked(text) for text in texts) else []


def _asked_together(topic: str) -> list[str]:
    found = _RULES["asks of several together"].match(topic)
    if found is None:
        return []
    asked = found["asked"] or found["asked2"] + "多少"
    things = [thing for thing in _RULES["joins things"].split(found["things"]) if len(thing) >= 2]
    return [thing + asked for thing in things]


def _says_what(part: Question) -> bool:
    return any(len(term.word) > 1 for term in part.terms)


def _marks(question: Question, understanding: Understanding) -> list[_Mark]:
    folded = fold(question.text)
    subjects = set(question.subject_regions)
    named = {place.name: folded[place.start : place.end] for place in reversed(question.places)}
    marks = [_Mark(p.start, p.end, "place", named[p.name], p.name) for p in question.places if p.name in subjects]
    for mention in periods_asked(folded, understanding.this_year(question.places)):
        # Months by themselves (1-11月) take their year along.
        text = mention.period.label if mention.period.partial else folded[mention.start : mention.end]
        text = text if not text.isdigit() else text + "年"
        marks.append(_Mark(mention.start, mention.end, "period", text, period=mention.period))
    return sorted(marks, key=lambda mark: mark.start)


def _asks_apart(places: list[_Mark], period: _Mark, text: str) -> bool:
    """「南岗做到了多少,道里2023年目标是多少」: the year is the last place's own."""
    between = text[places[0].end : places[-1].start]
    return 0 <= period.start - places[-1].end <= 1 and bool(_RULES["how many"].search(between))


def _pairs(marks: list[_Mark], text: str) -> list[tuple[_Mark, ...]]:
    """Couple places and periods: each place with the period that follows it, or all with the one that is shared."""
    places = _distinct([mark for mark in marks if mark.kind == "place"])
    periods = _distinct([mark for mark in marks if mark.kind == "period"])
    if len(places) <= 1:
        return [(*places, period) for period in periods] if len(periods) > 1 else [tuple(marks[:2])]
    if sum(mark.kind == "period" for mark in marks) <= 1:
        if periods and _asks_apart(places, periods[0], text):
            return [*((place,) for place in places[:-1]), (places[-1], periods[0])]
        return [(place, *periods) for place in places]
    coupled = []
    for at, mark in enumerate(marks):
        if mark.kind != "place":
            continue
        followers = [m for m in marks[at + 1 :] if m.kind == "period"]
        until = next((m.start for m in marks[at + 1 :] if m.kind == "place"), 10**9)
        own = [m for m in followers if m.start < until]
        coupled += [(mark, period) for period in own or periods[-1:]]
    return list(dict.fromkeys(coupled))


def _distinct(marks: list[_Mark]) -> list[_Mark]:
    """Each place and each time once, by the first words that name it: 去年 and 2024年 may be one."""
    return list({mark.place or mark.period: mark for mark in reversed(marks)}.values())[::-1]


def _segments(text: str, marks: list[_Mark], pairs: list[tuple[_Mark, ...]]) -> list[str]:
    """For each pair the words that belong to it: its own where it has any, else those that the question shares."""
    own = _own(text, marks, pairs)
    before = _without_joints(_without_marks(text, marks, max(mark.end for mark in pairs[0])))
    full = [bool(_content(segment)) for segment in own]
    if all(numbers_asked(fold(segment)) for segment in own):
        # 22年做到多少人，23年又要搞多少: each keeps its own words, and what the first is a number of holds for those that name nothing.
        asked = min(found.start() for found in numbers_asked(fold(own[0])))
        of = _RULES["ends a thing"].sub("", _SAYS_NOTHING.sub("", own[0][:asked]))
        return [
            before + (segment if has else of + segment) for segment, has in zip(own, [True, *full[1:]], strict=True)
        ]
    if sum(full) > 1:
        shared = next(segment for segment, has in zip(own, full, strict=True) if has)
        return [before + (segment if has else _merge(shared, segment)) for segment, has in zip(own, full, strict=True)]
    shared = next((segment for segment, has in zip(own, full, strict=True) if has), own[-1])
    return [before + _merge(shared, segment) for segment in own]


def _own(text: str, marks: list[_Mark], pairs: list[tuple[_Mark, ...]]) -> list[str]:
    """For each pair the words between it and what is named next."""
    own = []
    for pair in pairs:
        last = max(mark.end for mark in pair)
        first_of_next = min((mark.start for mark in marks if mark.start >= last), default=len(text))
        own.append(_without_joints(text[last:first_of_next]))
    return own


def _without_marks(text: str, marks: list[_Mark], until: int) -> str:
    kept, at = "", 0
    for mark in marks:
        if mark.end <= until:
            kept += text[at : mark.start]
            at = mark.end
    return kept + text[at:until]


def _merge(shared: str, own: str) -> str:
    """The shared words, with a side's own word for target or result in the place of the other's."""
    role = ROLES["role of a side"].pattern.search(own)
    if role and own != shared:
        word = "目标" if role.group() in ("要", "打算") else role.group().removesuffix("情况")
        bare = ROLES["role in shared words"].pattern.sub("", shared)
        asking = _RULES["where a side is asked"].search(bare)
        return bare[: asking.start()] + word + bare[asking.start() :] if asking else bare + word
    return shared


def _without_joints(segment: str) -> str:
    segment = _RULES["asks how sides differ"].sub("", segment)
    return _RULES["joins sides"].sub("", segment.strip())


def _content(segment: str) -> str:
    return _RULES["fills a side"].sub("", _SAYS_NOTHING.sub("", segment))
