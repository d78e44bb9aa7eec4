"""Rows whose members leave to the last one what all share: 2家国家级、4家自治区级工业设计中心."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.facts.fact import Fact
from assistant.facts.phrases import RULES
from assistant.facts.runs import Spans, behind
from assistant.language.sentences import Span

_LEVEL, _DEED = RULES["of a level"].pattern, RULES["deed at the end"].pattern
_UNFINISHED = ("推进", "推动", "启动", "完成", "加快", "实施", "开展", "支持", "抓好")
"""What is done to a deed, and not to the thing: 推进9个园区、3个街区改造."""


def with_shared_ends(text: str, facts: Sequence[Fact]) -> list[Fact]:
    """Give the end of a row's last member to those before it that need it; `text` is that of the paragraph."""
    whole = list(facts)
    for at in range(len(whole) - 2, -1, -1):
        one, other = whole[at], whole[at + 1]
        thing, last = _named_behind(text, one), _named_behind(text, other)
        if not thing or not last or text[thing[-1][1] : other.start] not in ("、", "和", "以及"):
            continue
        if _LEVEL.fullmatch(text, *thing[0]):
            end = _without_level(text, last)
        else:
            end = _deed(text, thing[-1], last[-1]) if _may_share_a_deed(text, one, thing[0]) else None
        if end is not None:
            spans = (*one.subject_spans, end)
            whole[at] = replace(
                one, subject_spans=spans, subject=" · ".join(text[slice(*span)] for span in spans), indicator=None
            )
    return whole


def _named_behind(text: str, fact: Fact) -> Spans:
    """The pieces of a subject that stand right behind their figure."""
    spans = tuple(span for span in fact.subject_spans if span[0] >= fact.end)
    return spans if spans and spans[0][0] <= behind(text, fact.end) + 1 else ()


def _without_level(text: str, last: Spans) -> Span | None:
    """What a level is said of: 产业集群 of 百亿级产业集群, or what the member after this one has been given."""
    level = _LEVEL.match(text, *last[0])
    start = level.end() if level else last[0][0]
    if start == last[0][1]:
        return last[-1] if len(last) > 1 else None
    return start, last[0][1]


def _may_share_a_deed(text: str, fact: Fact, thing: Span) -> bool:
    first = fact.subject_spans[0]
    return first == thing or text[slice(*first)] in _UNFINISHED


def _deed(text: str, thing: Span, last: Span) -> Span | None:
    deed = _DEED.search(text, *last)
    own = _DEED.search(text, *thing)
    return deed.span() if deed and deed.start() - last[0] >= 2 and not own else None
