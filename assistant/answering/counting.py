"""Whether a number counts what is asked: of 1处社区老年照护中心 nobody learns how many 社区 there are."""

from __future__ import annotations

import re

from assistant.answering.extract import fits_unit
from assistant.language.folding import fold
from assistant.language.quantities import Quantity, find_quantities
from assistant.language.words import Segmenter
from assistant.retrieval.question import Question

_MARK = re.compile(r"[,，、;；。:：!！?？]")
_HEDGE = re.compile(r"^(?:左右|以上|以内|以下|以外|上下|余|多)+")
_VERB_BEFORE = re.compile(r"(?:达到?|至|到|为|共|有|约|近|超过?|突破|总?计|实现|完成|增加|增长|新增|新建|建设|建成)+$")
# 就业岗位, 小区改造项目, 企业总数: the word before them is still what is counted.
_LIGHT = re.compile(
    r"岗位|人数|人员|项目|工程|工作|任务|总数|总量|数量|户数|家数|面积|投资|资金|金额|长度|里程|规模|单位|主体|设施|用户|累计|全年"
)


_MEASURE = re.compile(r"(?:总数|总量|数量|人数|户数|家数|面积|总?投资|资金|金额|长度|里程|规模|累计|全年)$")


def counts_what_is_asked(question: Question, text: str, segmenter: Segmenter) -> bool:
    """Whether some number of a sentence may count the thing asked; True where the question or the sentence does not tell."""
    if not question.counted:
        return True
    folded = fold(text)
    quantities = find_quantities(folded)
    units = question.units[0] if question.units else ()
    asked = [at for at, quantity in enumerate(quantities) if fits_unit(question, units, quantity)]
    return not asked or any(
        _may_count(question.counted, folded, quantities, at, segmenter, units[:1] != (quantities[at].unit,))
        for at in asked
    )


def _may_count(
    things: tuple[str, ...], text: str, quantities: list[Quantity], at: int, segmenter: Segmenter, other_unit: bool
) -> bool:
    quantity = quantities[at]
    start = max([q.end for q in quantities[:at]] + [m.end() for m in _MARK.finditer(text, 0, quantity.start)] + [0])
    mark = _MARK.search(text, quantity.end)
    end = min([q.start for q in quantities[at + 1 :]] + [mark.start() if mark else len(text)])
    behind = _HEDGE.sub("", text[quantity.end : end])
    before = _VERB_BEFORE.sub("", text[start : quantity.start])
    named = False
    for side in (behind, before):
        places = [side.rfind(thing) + len(thing) for thing in things if thing in side]
        if places and not _is_part_of_a_name(side[max(places) :], segmenter, other_unit):
            return True
        words = segmenter.cut(side)
        named |= bool(places) or bool(words and len(words[-1]) > 1 and segmenter.is_name(words[-1]))
    return not named or bool(_MEASURE.search(before))


def _is_part_of_a_name(rest: str, segmenter: Segmenter, other_unit: bool) -> bool:
    """Whether what follows makes another thing of a word: 社区|老年照护中心, 就业|社区.

    A verb begins what the thing does (企业|开展…) or is part of a name (照护中心), which a unit that nobody asked for makes likely.
    """
    stops = ("c", "p", "d", "u") if other_unit else ("v", "c", "p", "d", "u")
    for word in segmenter.cut(rest)[:3]:
        if len(word) > 1 and segmenter.is_name(word):
            return not _LIGHT.match(word)
        if segmenter.part_of_speech(word)[:1] in stops:
            return False
    return False
