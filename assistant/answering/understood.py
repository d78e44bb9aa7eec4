"""How a question was taken, part by part, and the same question about another place or time."""

from __future__ import annotations

from typing import Literal

from assistant.answering.reader import Reader
from assistant.answering.reading import Reading
from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.periods import find_periods
from assistant.retrieval.question import Question, Understanding
from assistant.retrieval.relevance import weigh
from assistant.retrieval.shelf import Shelf, same_period
from assistant.types import Period

Kind = Literal["place", "time", "subject", "role"]
_ROLE = {"target": "目标", "actual": "完成情况", None: ""}


def parts_of(question: Question) -> tuple[tuple[Kind, str], ...]:
    """The parts of the understood line that have something to say, in its order."""
    # Things say how a question was taken; verbs and numbers beside them (定到, 6%, 当时) only where nothing else does.
    things = [term for term in question.terms if (term.is_name or term.is_place) and not term.word[0].isdigit()]
    what = [names[0] for names in question.indicators] or [term.word for term in (things or question.terms)[:4]]
    parts: tuple[tuple[Kind, str], ...] = (
        ("place", "、".join(question.subject_regions)),
        ("time", "、".join(period.label for period in question.periods)),
        ("subject", "、".join(what)),
        ("role", _ROLE[question.role]),
    )
    return tuple((kind, value) for kind, value in parts if value)


def understood_as(question: Question) -> str:
    """How the question was taken, for the reader to check: 松北区 · 2025年 · 地区生产总值 · 目标."""
    return " · ".join(value for _, value in parts_of(question))


def with_its_place(text: str, question: Question, reading: Reading, reader: Reader) -> str:
    """A question that names no place with the one that its answer is of, where several are held; else empty."""
    told = {finding.report.region for line in reading.lines for finding in line.findings}
    if question.places or reading.verdict != "answered" or len(told) != 1 or len(reader.shelf.regions) < 2:
        return ""
    region = told.pop()
    whole = f"{region}{text}"
    # The characters on either side of where they meet must not make another place.
    named = [place.name for place in reader.understanding.gazetteer.find(fold(whole))]
    return whole if named == [region] else ""


def holds_more(question: Question, one: Reading, other: Reading, shelf: Shelf) -> bool:
    """Whether what one reading shows has more of what is asked about than what the other does, or the other shows nothing."""
    weights = weigh(question.terms, shelf.library)

    def held(reading: Reading) -> float:
        found = [finding for line in reading.lines for finding in line.findings]
        shown = " ".join(" ".join((*one.paragraph.headings[-1:], one.text)) for one in found)
        return weights.coverage(question.terms, shown)

    return one.verdict == "answered" and (other.verdict != "answered" or held(one) > held(other))


def rephrased(
    question: Question, understanding: Understanding, region: str | None, period: Period | None
) -> str | None:
    """The question in its own words about another place, another time or both; None where its words do not allow it.

    Only a question that names one place, and no more than one time, has a word to put another in the place of.
    """
    mentions = find_periods(fold(question.text), this_year=understanding.this_year(question.places), asked=True)
    if len(question.places) != 1 or len(mentions) > 1 or len(question.subject_regions) != 1:
        return None
    if period and not mentions and question.periods:
        return None
    if question.text[question.places[0].end :].startswith(
        "全"
    ):  # 哈尔滨全市: a place of another kind does not go before it
        return None
    spans = [(question.places[0].start, question.places[0].end, region)]
    spans += [(mention.start, mention.end, period.label if period else None) for mention in mentions]
    text = question.text
    for start, end, word in sorted(spans, reverse=True):
        text = text if word is None else text[:start] + word + text[end:]
    read = understanding.read(text)
    same = read.indicators == question.indicators  # its wording is the same, so what it asks for is
    there = read.subject_regions == ((region,) if region else question.subject_regions)
    times = ((period,) if period else question.periods) if mentions else ()
    then = len(read.periods) == len(times) and all(map(same_period, read.periods, times))
    return text if same and there and then else None


def about_another(question: Question, understanding: Understanding, lexicon: Lexicon, indicator: str) -> str | None:
    """The question in its own words about another indicator; None where it does not name exactly one."""
    mentions = lexicon.asked_in(fold(question.text))
    if len(mentions) != 1:
        return None
    before = question.text[: mentions[0].start]
    if before.endswith(indicator[:2]):  # 实际 实际利用外资
        return None
    text = before + indicator + question.text[mentions[0].end :]
    read = understanding.read(text)
    same = (read.subject_regions, read.periods, read.role) == (
        question.subject_regions,
        question.periods,
        question.role,
    )
    return text if same and len(read.indicators) == 1 and indicator in read.indicators[0] else None
