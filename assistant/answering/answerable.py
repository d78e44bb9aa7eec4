"""Whether a sentence that fits a question best answers it at all: the line between an answer and a refusal."""

from __future__ import annotations

import re

from assistant.answering.extract import NEAR, Sentence
from assistant.retrieval.question import Question
from assistant.retrieval.relevance import SYNONYM, Weights, bare_text, match

THRESHOLD, NUMBER_THRESHOLD = 0.3, 0.4
"""Least coverage of an answer, and of an answer that is a number."""

SURE = 0.45
"""Coverage from which the words beside the question word may be missing."""

NAME_WEIGHT, LEAST_NAMED = 0.6, 0.42
"""From which weight on a thing named must be there, unless this share of all that is named is."""

_WHY = re.compile(r"为[什啥何]|原因|怎么会")
_FALL = re.compile(r"下降|减少|下跌|降低|萎缩|恶化|变差|倒退")
# What has ended is not read out of a sentence that does not say so: 「为什么取消步行街」 takes for true what no report says.
_ENDING = re.compile(
    r"负增长|取消|停办|撤销|撤掉|撤并|关闭|关掉|关停|暂停|停止|放弃|拆掉|废除|终止|卖给|卖掉|出售|倒闭|减产|下滑|破产|跌破|裁员|裁撤|失败|关店|撤走|撤离|停产|停工|关门|关了|亏损|撤资|叫停|烂尾|搬走|辞职|被查"
)


def is_answer(question: Question, sentence: Sentence, weights: Weights) -> bool:
    """Whether a sentence covers enough of the question to be given as its answer.

    Words that nothing in the sentence or its headings stands for are what a question that cannot be answered brings
    with it (地铁, 取消); the rarer they are, the more they count.
    """
    if sentence.coverage < (NUMBER_THRESHOLD if question.shape == "number" else THRESHOLD):
        return False
    if question.shape == "number" and _lacks_a_name(question, sentence, weights):
        return False
    if question.shape in ("explain", "list", "fact") and _lacks_the_rarest(question, sentence, weights):
        return False
    if question.indicators and question.shape in ("number", "explain"):
        named = [term for term in question.terms if term.is_indicator]
        if not any(match(term, bare_text(sentence.text)) >= SYNONYM for term in named):
            return False
    if sentence.coverage < SURE:
        bare = bare_text(sentence.text)
        beside = question.focus or frozenset(weights.of_term)
        focus = [term for term in question.terms if term.word in beside and weights.of_term[term.word] >= 0.3]
        if not any(match(term, bare) >= NEAR for term in focus):
            return False
    around = bare_text(" ".join((*sentence.paragraph.headings[-2:], sentence.paragraph.text[: sentence.span[1]])))
    why = _WHY.search(question.text)
    fall = _FALL.search(question.text) if why else None
    if fall and fall.group() not in bare_text(sentence.text):
        return False
    ending = _ENDING.search(question.text)
    if ending and ending.group() not in around:
        return False
    # A number in the question (裁撤187个社区) is part of what it takes for true.
    return all(number in bare_text(sentence.paragraph.text) for number in _numbers_in(question))


def _numbers_in(question: Question) -> list[str]:
    return [term.word for term in question.terms if re.fullmatch(r"\d{2,}(?:\.\d+)?", term.word)]


def _lacks_the_rarest(question: Question, sentence: Sentence, weights: Weights) -> bool:
    """Whether the word that is most of what is asked (停车难, 人工智能) is missing from a sentence and all around it."""
    rarest = max(question.terms, key=lambda term: weights.of_term[term.word], default=None)
    if rarest is None or weights.of_term[rarest.word] < max(NAME_WEIGHT, weights.total / 2):
        return False
    around = bare_text(" ".join((*sentence.paragraph.headings[-2:], sentence.paragraph.text)))
    return match(rarest, around) < NEAR


def _lacks_a_name(question: Question, sentence: Sentence, weights: Weights) -> bool:
    """Whether a rare thing that the question names, and most of what it names, is missing: 对日本进出口额."""
    around = bare_text(" ".join((*sentence.paragraph.headings[-2:], sentence.paragraph.text[:40], sentence.text)))
    names = {t: weights.of_term[t.word] for t in question.terms if t.is_name and not t.is_indicator}
    rare = {term: weight for term, weight in names.items() if weight >= NAME_WEIGHT}
    held = sum(weight for term, weight in names.items() if match(term, around) >= NEAR)
    return any(match(term, around) < NEAR for term in rare) and held < LEAST_NAMED * sum(names.values())
