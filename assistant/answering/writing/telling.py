"""What a sentence tells beside its figures: of which place and time it is, whether a goal or a result, and whose words it quotes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.answering.writing.claims import Claim, pairs, report_years, spoken_periods
from assistant.answering.writing.sources import Source
from assistant.answering.writing.turning import bare
from assistant.answering.writing.wording import added
from assistant.facts.meaning import this_year
from assistant.language.folding import fold, squeeze
from assistant.language.periods import find_periods
from assistant.language.quantities import UNITS
from assistant.language.regions import Gazetteer, Place
from assistant.language.roles import ROLES
from assistant.retrieval.shelf import same_period
from assistant.types import Period, Role

_QUOTED = re.compile(r"[“「『]([^“”「」『』]{2,})[”」』]")
_JOINT = r"(?:[^\w+]|[和与及以的了是为等])*"
_TARGET = ROLES["goal in a draft"].pattern
_NOT_ACTUAL = ROLES["no result"].pattern
_NOT_TARGET = ROLES["no goal"].pattern
_SAYS = ROLES["says in a draft"].pattern


@dataclass(frozen=True)
class Said:
    """What the sentences before have told, which the next may leave out."""

    period: Period | None = None
    region: str | None = None
    roles: frozenset[Role] = frozenset()
    figures: tuple[Claim, ...] = ()
    """The statements behind the figures so far, which a comparison may set against each other."""


def faults(
    text: str,
    sources: Sequence[Source],
    said: Said,
    held: Sequence[tuple[Claim, Claim]],
    gazetteer: Gazetteer,
    anchor: tuple[int, int] | None,
) -> list[str]:
    """Return which of place, year, role and quotations no source bears out; `held` are its figures with the statements behind them."""
    found = []
    if any(not _may_be_named(place, text, sources) for place in gazetteer.find(fold(text))):
        found.append("place")
    of_reports = report_years(text) - {source.report.report_year for source in sources}
    if of_reports or any(not _speaks_of(m.period, sources) for m in spoken_periods(text, anchor)):
        found.append("year")
    if _is_of_another_role(text, sources, said, held):
        found.append("role")
    if any(not _is_quoted(name, text, [s.text for s in sources]) for name in _QUOTED.finditer(text)):
        found.append("quote")
    return found


def free_faults(
    text: str,
    sources: Sequence[Source],
    known: str,
    question: str,
    said: Said,
    held: Sequence[tuple[Claim, Claim]],
    gazetteer: Gazetteer,
    anchor: tuple[int, int] | None,
) -> list[str]:
    """Return the same of a sentence that a model has written freely from `known`, the paragraphs that it stands on, about a question.

    A figure that is a goal must be called one, here or before; what is planned without a figure need only not be called done.
    """
    found = []
    passages = [source.finding.quoted for source in sources]
    folded, among = fold(text), bare("\n".join(passages))
    strange = [place for place in gazetteer.find(folded) if bare(folded[place.start : place.end]) not in among]
    if any(not _may_be_named(place, text, sources) for place in strange):
        found.append("place")
    of_reports = report_years(text) - {source.report.report_year for source in sources}
    if of_reports or any(not _speaks_of(m.period, sources) for m in spoken_periods(text, anchor)):
        found.append("year")
    goals = any(_must_be_called_a_goal(claim, said, sources) for _, claim in held)
    roles = {claim.role for _, claim in held} or {source.role for source in sources}
    if goals and not _TARGET.search(text) and "target" not in said.roles:
        found.append("role")
    elif {"target", "actual"} <= roles:
        if _belies_one(text, held, [known]):
            found.append("role")
    elif _belies(_SAYS.sub("", text), roles, [known]):
        found.append("role")
    asked = squeeze(question)
    quoted = [name for name in _QUOTED.finditer(text) if squeeze(name[1]) not in asked]
    if any(not _is_whole(name, text, passages) for name in quoted):
        found.append("quote")
    return found


def is_of(region: str, source: Source, gazetteer: Gazetteer) -> bool:
    """Whether a passage may speak of a place: its report's own, or one that it names."""
    return region == source.report.region or any(region == place.name for place in gazetteer.find(fold(source.text)))


def roles_told(text: str) -> frozenset[Role]:
    """Return `target` where a sentence calls something a goal."""
    return frozenset(["target"]) if _TARGET.search(text) else frozenset()


def share_a_time(some: Sequence[Period], others: Sequence[Period]) -> bool:
    """Whether one of some periods is one of the others."""
    return any(
        one.label == other.label or same_period(one, other) or same_period(other, one)
        for one in some
        for other in others
    )


def _may_be_named(place: Place, text: str, sources: Sequence[Source]) -> bool:
    """Whether a place is a report's own, or stands in its passage; the place that opens a sentence is what it is about."""
    folded = fold(text)
    for source in sources:
        report = source.report
        if place.name == report.region and not place.corrected:
            return True
        if place.name == report.parent and folded.startswith(report.region, place.end):
            return True
        opens = not pairs(folded[: place.start])
        if bare(folded[place.start : place.end + (2 if opens else 0)]) in bare(source.text):
            return True
    return False


def _speaks_of(period: Period, sources: Sequence[Source]) -> bool:
    for source in sources:
        report, paragraph = source.report, source.paragraph
        told = [m.period for m in find_periods(source.text, report.report_year, this_year(report, paragraph.role))]
        told += [p for claim in source.claims for p in claim.periods]
        told += [paragraph.period] if paragraph.period else [Period("", report.report_year, report.report_year)]
        if share_a_time([period], told):
            return True
    return False


def _is_of_another_role(text: str, sources: Sequence[Source], said: Said, held: Sequence[tuple[Claim, Claim]]) -> bool:
    """A goal must be called one, here or in a sentence before, and never a result; nor a result a goal."""
    passages = [source.text for source in sources]
    about_the_report = all(source.lead.endswith("报告") for source in sources)
    roles = {claim.role for _, claim in held} if held else {None if about_the_report else s.role for s in sources}
    if "target" in roles and not _TARGET.search(text) and "target" not in said.roles:
        return True
    if not {"target", "actual"} <= roles:
        return _belies(text, roles, passages)
    return _belies_one(text, held, passages)


def _must_be_called_a_goal(claim: Claim, said: Said, sources: Sequence[Source]) -> bool:
    """Whether a statement is a goal that its time does not show to be one: 「2024年」 in the report of 2024 is to come, but of GDP one may take it for a result."""
    if claim.role != "target" or claim.quantity.unit in UNITS["time"]:
        return False
    year = said.period.first if said.period else None
    to_come = year is not None and all(year >= source.report.report_year for source in sources)
    return bool(claim.indicators) or not to_come


def _belies_one(text: str, held: Sequence[tuple[Claim, Claim]], passages: Sequence[str]) -> bool:
    """Whether the words before one of several figures, behind the one before it, call it what it is not."""
    ends = [0, *(claim.quantity.end for claim, _ in held)]
    return any(
        _belies(
            text[max(end for end in ends if end <= claim.quantity.start) : claim.quantity.start], {own.role}, passages
        )
        for claim, own in held
    )


def _belies(text: str, roles: Collection[Role | None], passages: Sequence[str]) -> bool:
    """Whether words that no passage has make a result of a goal, or a goal of a result."""
    own = added(text, passages)
    return bool(("target" in roles and _NOT_TARGET.search(own)) or ("actual" in roles and _NOT_ACTUAL.search(own)))


def _is_whole(name: re.Match[str], text: str, passages: Sequence[str]) -> bool:
    """Whether quoted words stand whole in a passage, and where its sentence quotes several names, beside what they stand beside there."""
    names = [squeeze(one) for one in _QUOTED.findall(text)]
    if len(names) > 1 and not any(_in_order(names, squeeze(passage)) for passage in passages):
        return _is_quoted(name, text, passages)
    return any(_stands_whole(squeeze(name[1]), squeeze(passage)) for passage in passages)


def _in_order(names: Sequence[str], passage: str) -> bool:
    """Whether a passage has some names in the order in which a sentence quotes them."""
    at = 0
    for name in names:
        found = passage.find(name, at)
        if found < 0:
            return False
        at = found + len(name)
    return True


def _is_quoted(name: re.Match[str], text: str, passages: Sequence[str]) -> bool:
    """Whether quoted words stand in a passage, whole, and beside what they stand beside there: “大城管”管理模式."""
    before, after = _beside(text[: name.start()], text[name.end() :])
    for passage in passages:
        plain = squeeze(passage)
        if not _stands_whole(squeeze(name[1]), plain):
            continue
        for found in re.finditer(re.escape(squeeze(name[1])), plain):
            left, right = _beside(plain[: found.start()], plain[found.end() :])
            if not before or not after or (left and left == before) or (right and right == after):
                return True
    return False


def _beside(before: str, after: str) -> tuple[str, str]:
    """The two characters on either side, without marks and joining words; a name in a list stands beside the next name."""
    flat = squeeze(before), squeeze(after)
    return re.sub(_JOINT + "$", "", flat[0])[-2:], re.sub("^" + _JOINT, "", flat[1])[:2]


def _stands_whole(words: str, passage: str) -> bool:
    """Whether words stand in a passage and are not a name there of which an end has been cut off."""
    names = [name for name in _QUOTED.findall(passage) if words in name]
    if any(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", name) for name in names):
        return True
    return words in _QUOTED.sub("", passage)
