"""How a sentence reads beside what is said already: without echoes, said once, and led in only where that is needed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.writing.claims import pairs, spoken_periods
from assistant.answering.writing.sources import Source
from assistant.answering.writing.telling import Said
from assistant.answering.writing.turning import bare
from assistant.language.regions import Gazetteer
from assistant.retrieval.shelf import same_period

_RUN = 6
"""Characters in a row that an answer says once, but for the names that the extract repeats too."""
_ECHO = re.compile(r"^在?(?P<clause>[^，,。：]{2,24}?)(?:方面[，,]|[，,](?=拟|将|要|计划|打算|准备))")
_JOINS = r"(?:此外|同时|另外|其中)[，,]?"
_KIND = re.compile(r"\d+年|过去五年|今后五年|计划|报告")


def without_headings(text: str, sources: Sequence[Source]) -> str:
    """A sentence without the headings that the prompt puts behind a lead, which small models repeat."""
    for source in sources:
        for heading in source.paragraph.headings:
            text = re.sub(rf"[（(][“\"]?{re.escape(heading.strip())}[”\"]?[)）]", "", text)
    return text


def without_echo(text: str, question: str, names: Sequence[str]) -> str:
    """「街道区划打算调整，拟将…」 without its first clause, which says no more than was asked; `names` are those of the place."""
    echo = _ECHO.match(text)
    if echo and pairs(echo["clause"]) <= pairs("\n".join([question, *names])):
        return text[echo.end() :]
    return text


def stutters(text: str, before: str, extract: str) -> bool:
    """Whether a sentence repeats what it, or the answer before it, has said in the same words, more often than the extract does."""
    own, known = bare(text), bare(extract)
    draft = bare(before) + "\n" + own
    return any(
        draft.count(run) > max(1, known.count(run)) for run in (own[i : i + _RUN] for i in range(len(own) - _RUN + 1))
    )


def without_lead(text: str, source: Source, gazetteer: Gazetteer) -> str:
    """A sentence without the words it opens with that the lead says: place, time and what the figure is of."""
    names = [source.report.region, *gazetteer.names_of(source.report.region)]
    led = [mention.period for mention in spoken_periods(source.lead)]
    times = [text[m.start : m.end] for m in spoken_periods(text)[:1] if any(same_period(m.period, one) for one in led)]
    words = [*names, *times, *re.split(r"\d+年|过去五年|今后五年", source.lead)]
    opening = "|".join(re.escape(word) for word in sorted(filter(None, words), key=len, reverse=True))
    rest = re.sub(rf"^(?:{_JOINS})?(?:[在将]?(?:{opening})(?:政府)?(?:的|在|计划|将|年|为|是)?[,，：]?)+", "", text)
    return text if not rest or rest[0] in "和与及、" else rest


def is_led(source: Source, said: Said, text: str) -> bool:
    """Whether the answer so far has said whose and when a finding is, so that its lead need not stand before it."""
    if not source.lead or source.lead in text:
        return True
    if _KIND.sub("", source.lead) != source.report.region:
        return False  # it also says what a figure is of
    led = [mention.period for mention in spoken_periods(source.lead)]
    same_time = not led or (said.period is not None and any(same_period(said.period, one) for one in led))
    return said.region == source.report.region and same_time


def names_what_the_lead_does(text: str, source: Source, gazetteer: Gazetteer) -> tuple[bool, bool]:
    """Whether a sentence says of which place, and of which time, it speaks, as far as the lead does."""
    region = source.report.region
    place = region not in source.lead or any(place.name == region for place in gazetteer.find(text))
    led = [mention.period for mention in spoken_periods(source.lead)]
    told = [mention.period for mention in spoken_periods(text)]
    time = not led or any(same_period(one, other) or one.label == other.label for one in led for other in told)
    return place, time
