"""How a sentence reads beside what is said already: without echoes, said once, and led in only where that is needed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.writing.claims import spoken_periods
from assistant.answering.writing.drafting import Sentence
from assistant.answering.writing.sources import Source
from assistant.answering.writing.telling import Said
from assistant.answering.writing.turning import bare
from assistant.language.regions import Gazetteer
from assistant.retrieval.shelf import same_period

DECLINES = re.compile(r"(?:没有|未|无法|不能)(?:直接|明确)?(?:提到|提及|说明|找到|查到|涉及|给出|回答|写|说)")
_RUN = 5
"""Characters in a row that an answer says once, but for the names that the extract repeats too."""
_ECHO = re.compile(r"^在?(?P<clause>[^，,。：]{2,24}?)(?:方面[，,]|[，,](?=拟|将|要|计划|打算|准备))")
_JOINS = r"(?:此外|同时|另外|其中)[，,]?"
_ANNOUNCES = re.compile(r"(?:如下|以下(?:[几多两三四五六七八九十]?[个项条点方面]*))$")
_JOINT = re.compile(r"(?P<word>还将|还要|还|同时|此外|另外)[，,]?")
_KIND = re.compile(r"\d+年|过去五年|今后五年|计划|报告")


def tidied(text: str, sources: Sequence[Source]) -> str:
    """A sentence without what small models take from the prompt: headings behind a lead or before a finding, 我们, 计划包括 before a verb."""
    for source in sources:
        for heading in filter(None, map(str.strip, source.paragraph.headings)):
            name = re.escape(re.sub(r"^[^\w“]*(?:[一二三四五六七八九十]+[是、])?", "", heading))
            text = re.sub(rf"[（(][“\"]?{name}[”\"]?[)）]", "", text)
            if heading not in source.words:
                text = re.sub(rf"(?<=计划)(?:包括)?{name}[，,]|^{name}[，,]", "", text)
    text = re.sub(r"(?:^|(?<=[，：；]))我们", "", text)
    opened = re.search(r"计划包括(?=(?P<verb>[^，,、]{4}))", text)
    if opened and any(re.search(rf"(?:^|[,，;；])\s*{re.escape(opened['verb'])}", source.words) for source in sources):
        text = text[: opened.start()] + "计划" + text[opened.end() :]
    return text


def without_echo(text: str, question: str, names: Sequence[str]) -> str:
    """「街道区划打算调整，拟将…」 without its first clause, which says no more than was asked; `names` are those of the place."""
    echo = _ECHO.match(text)
    if echo and set(echo["clause"]) <= set("".join([question, *names])):
        return text[echo.end() :]
    return text


def announces(text: str) -> bool:
    """Whether a sentence only says that something is coming: 安全生产工作计划如下."""
    return bool(_ANNOUNCES.search(text)) and not re.search(r"[，：]", text)


def declines(sentence: Sentence) -> bool:
    """Whether a sentence only says that the passages do not tell: 报告中没有提到."""
    return bool(DECLINES.search(sentence.text)) and not sentence.numbers


def without_joint(text: str, before: str) -> str:
    """A sentence without 还将 in front where another one has begun so: 还将…。还将…。 is a litany."""
    joint = _JOINT.match(text)
    return text[joint.end() :] if joint and re.search(rf"[。；]{joint['word']}", before) else text


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
    if _KIND.sub("", source.lead) not in ("", source.report.region):
        return False  # it also says what a figure is of
    if source.lead in text:
        return True
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
