"""Follow-ups made whole: 「那道里区呢?」 after a question about 松北区 asks the same about 道里区."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.language.folding import fold
from assistant.language.periods import find_periods
from assistant.retrieval.question import Question, Understanding

_OPENS = re.compile(
    r"^(?:同年的?|同期的?|那么?|光|只|就|再|还有|另外|换成|改成|如果是|要是|然后|而|至于|它的?|其|该区)"
)
_ROLE_WORD = re.compile(r"目标|计划|实际|完成(?:了|情况)?|打算")


def whole_question(text: str, history: Sequence[str], understanding: Understanding) -> str:
    """Return the question with what it leaves out taken from the earlier ones, by rule.

    A question that names its place and says what it asks stands by itself, whatever came before.
    """
    if not history:
        return text
    whole = history[0]
    for follower in [*history[1:], text]:
        whole = _continue(whole, follower, understanding)
    return whole


def _continue(before: str, text: str, understanding: Understanding) -> str:
    earlier, question = understanding.read(before), understanding.read(text)
    has_place = bool(question.places) or _is_general(text)
    has_content = bool(question.indicators) or (len(question.topic) >= 3 and bool(question.terms))
    bare = _OPENS.sub("", text)
    opens = bare != text or bool(re.search(r"呢[?？]?$", text))
    if has_content and (has_place or (question.shape == "define" and not opens)):
        return text
    if has_content and not opens and not question.periods and len(text) > 12 and not has_place:
        return _place(earlier) + text
    place = _words(text, question) or _place(earlier)
    period = _periods(text) or _period(earlier)
    if has_content:
        return place + period + _content_with_topic(earlier, question, bare)
    return place + period + _topic(earlier, text)


def _is_general(text: str) -> bool:
    return bool(re.search(r"哪[几些]?个?(?:区|县|市|报告)|几份报告|所有|各区", text))


def _place(question: Question) -> str:
    return "和".join(question.subject_regions)


def _words(text: str, question: Question) -> str:
    return "和".join(place.name for place in question.places)


def _periods(text: str) -> str:
    return "、".join(text[m.start : m.end] for m in find_periods(fold(text)))


def _period(question: Question) -> str:
    return "、".join(period.label for period in question.periods)


def _topic(earlier: Question, text: str) -> str:
    """The earlier topic, with the follow-up's word for goal or result in the place of its own."""
    role = _ROLE_WORD.search(text)
    topic = earlier.topic
    if role:
        topic = re.sub(r"(?:预期)?目标|计划|实际|完成了?|打算", "", topic)
        return (
            role.group() + topic
            if role.group() in ("计划", "打算", "实际")
            else re.sub(r"(?=是?多少|[?？]|$)", role.group(), topic, count=1)
        )
    return topic


def _content_with_topic(earlier: Question, question: Question, bare: str) -> str:
    """The follow-up's own words; the earlier things asked about go before them where it names only an action."""
    own = re.sub(r"呢?[?？]*$", "", question.topic)
    short = len("".join(term.word for term in question.terms)) <= 2 and not question.indicators
    if not short:
        asks = re.search(r"(?:目标|完成|增速|增长)?[^\s]{0,4}多少", earlier.topic)
        plain = not re.search(r"吗|有|哪|怎|什么|啥", own)
        if plain and not question.units and question.indicators and asks and "多少" not in own:
            role = _ROLE_WORD.search(own) or _ROLE_WORD.search(earlier.topic)
            return own + ("" if _ROLE_WORD.search(own) or not role else role.group()) + "是多少"
        return own
    carried = "".join(term.word for term in earlier.terms if term.word not in own)
    return carried + own
