"""Follow-ups made whole: 「那道里区呢?」 after a question about 松北区 asks the same about 道里区."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.relative_years import with_years, years_from
from assistant.facts.phrases import RULES as PHRASES
from assistant.language.folding import fold
from assistant.language.lexicon import Lexicon
from assistant.language.periods import find_periods
from assistant.language.regions import ancestors
from assistant.language.roles import ROLES
from assistant.language.ruleset import read_rules
from assistant.retrieval.asking import without_asking
from assistant.retrieval.framing import without_frame
from assistant.retrieval.question import Question, Understanding

_RULES = read_rules("asking")
_FOLLOWS = {name: rule.pattern for name, rule in read_rules("following").items()}
_OPENS = _RULES["joins a follow-up"].pattern
_CLOSES = _RULES["closes a follow-up"].pattern
_WHY = _RULES["asks why"].pattern
_ASKS = _RULES["asks something"].pattern
_LONGEST_THING = 8
_POINTS = _RULES["points at what was said"].pattern
MEASURED = PHRASES["measured"].pattern
_ROLE_WORD = ROLES["role word"].pattern
_ONE_MORE = _RULES["asks for one more"].pattern
_ONLY_HALF = _RULES["only says which half"].pattern
_ONE_OF = _RULES["points at one of a list"].pattern
_ONLY_ASKS = _RULES["only asks how much again"].pattern
_CONTRASTS = (
    ("城镇", "农村"),
    ("城里", "农村"),
    ("农村", "城里"),
    ("出口", "进口"),
    ("内资", "外资"),
    ("第二产业", "第三产业"),
)
"""Words of which a follow-up names one where the earlier question named the other."""


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question as it is taken: whole, with what else it may have meant."""

    text: str
    alternatives: tuple[str, ...] = ()
    """Other whole questions that it may have meant."""
    by_rule: bool = True
    """False where it points at something that no rule can find: 第二个呢, 还有别的吗."""
    wider: str = ""
    """Of a new subject to which only place and time were added: the same without the time."""


def standalone(text: str, history: Sequence[str], understanding: Understanding) -> Standalone:
    """Return the question with what it leaves out taken from the earlier ones, by rule.

    A question that names its place and says what it asks stands by itself, whatever came before.
    """
    if not history:
        return Standalone(text)
    before = history[0]
    for follower in history[1:]:
        before = _continued(before, follower, understanding)
    whole = _continued(before, text, understanding)
    others = []
    if years_from(before, text, understanding):
        # 「去年」 after a question for 2023 is 2022; it may still mean the year before this one.
        others.append(
            _continue(
                before, with_years(text, understanding.this_year(understanding.read(before).places)), understanding
            )
        )
    taken = understanding.read(whole)
    wider = ""
    if whole != text and taken.periods and not find_periods(fold(text), asked=True):
        others.append(f"{_place(taken)}{taken.topic}")
        wider = others[-1] if whole.endswith(text) else ""
    return Standalone(
        whole,
        tuple(dict.fromkeys(other for other in others if other not in (whole, text))),
        by_rule=not _POINTS.search(text) or whole == text,
        wider=wider,
    )


def whole_question(text: str, history: Sequence[str], understanding: Understanding) -> str:
    """Return the question made whole, without what else it may have meant."""
    return standalone(text, history, understanding).text


def _continued(before: str, text: str, understanding: Understanding) -> str:
    """The follow-up made whole, with a second thing that it asks for in passing: 22年呢，收入也说下."""
    said = without_frame(text)
    more = _ONE_MORE.search(said)
    if more is None:
        return text if (whole := _continue(before, said, understanding)) == said else whole
    return f"{_continue(before, said[: more.start()], understanding)}，{more['thing']}多少"


def _continue(before: str, text: str, understanding: Understanding) -> str:
    earlier = understanding.read(before)
    if year := years_from(before, text, understanding):
        text = with_years(text, year)
    question = understanding.read(text)
    bare_measure = _is_bare_measure(question)
    if bare_measure and _is_scope(question, earlier):
        return f"{_place(earlier)}{_period(earlier)}{_things(earlier)}{text}"  # 在河南排第几: among whom, not of whom
    has_place = bool(question.places) or _is_general(text)
    asks_again = _ONLY_ASKS.fullmatch(_OPENS.sub("", _without_periods(text)))
    has_content = (
        not asks_again
        and not _bare_thing(question)
        and (bool(question.indicators) or (len(question.topic) >= 3 and bool(question.terms) and not bare_measure))
    )
    bare = _OPENS.sub("", text)
    opens = bare != text or bool(_FOLLOWS["asks on"].search(text))
    if _sets_beside(question, text):
        return _compared(earlier, text, question)
    if has_content and (has_place or (question.shape == "define" and not opens)):
        return text
    if (item := _ONE_OF.search(text)) and not has_place and earlier.shape == "list":
        return f"{_place(earlier)}{_period(earlier)}{_things(earlier)}里的{item['thing']}是什么内容"
    if _asks_of_the_report(text) and not has_place:
        return _place(earlier) + text
    if not bare_measure and _asks_anew(question, text) and not opens and not has_place:
        # A new subject: the old scope goes on, and the reader sees that it does.
        asked = _with_thing(earlier, text, understanding)
        period = "" if find_periods(fold(asked), asked=True) or _turns_role(earlier, text) else _period(earlier)
        return _place(earlier) + period + asked
    place = _words(text, question) or _place(earlier)
    period = _periods(text) or ("" if _turns_role(earlier, text) else _period(earlier))
    in_place = _in_its_place(earlier, question, understanding.lexicon)
    if in_place:
        return place + period + in_place
    if has_content:
        return place + period + _content_with_topic(earlier, question)
    if thing := _bare_thing(question):
        named = [term for term in earlier.terms if term.is_name]
        # After one number of one thing the number of this one is asked for; else how it stands.
        return f"{place}{period}{thing}{'多少' if earlier.shape == 'number' and len(named) == 1 else '怎么样'}"
    if _WHY.search(text):
        clause = re.split(r"[,，。?？]", text)[0]
        says_what = _WHY.sub("", _OPENS.sub("", clause)).strip("呢啊呀是的了")
        return f"{place}{period}{_subject(earlier)}{clause if says_what else '为什么这样定'}"
    return place + period + _topic(earlier, text)


def _turns_role(earlier: Question, text: str) -> bool:
    """Whether a goal is asked for after a result: that is of a later year, which is not said."""
    role = _ROLE_WORD.search(text)
    goal = role is not None and bool(ROLES["goal asked"].pattern.search(role.group()))
    return goal and earlier.role == "actual"


def _is_bare_measure(question: Question) -> bool:
    """Whether a question names no thing, or nothing but how much there is of one: 总数到多少家了, 占比呢."""
    things = [term for term in question.terms if not term.is_place]
    return not question.indicators and all(MEASURED.fullmatch(term.word) for term in things)


def _bare_thing(question: Question) -> str:
    """The thing that a follow-up names and nothing more (铝呢, 医疗这块呢), where it is no indicator; empty elsewhere."""
    own = _own_words(question)
    bare = own != question.topic and question.text.rstrip("?？").endswith("呢") and len(own) <= _LONGEST_THING
    idle = (
        _ASKS.search(own)
        or _ROLE_WORD.search(own)
        or MEASURED.fullmatch(own)
        or _POINTS.search(question.text)
        or _ONLY_HALF.search(own)
    )
    return "" if not bare or idle or question.indicators or not re.search(r"\w", own) else own


def _own_words(question: Question) -> str:
    """The topic of a follow-up without the words that join it to the question before."""
    return _CLOSES.sub("", _OPENS.sub("", question.topic))


def _is_scope(question: Question, earlier: Question) -> bool:
    """Whether the places named are those that the place asked about before lies in."""
    above = {name for region in earlier.subject_regions for name in ancestors(region)}
    return bool(question.places) and all(place.name in above for place in question.places)


def _in_its_place(earlier: Question, question: Question, lexicon: Lexicon) -> str:
    """The earlier topic with the thing named by a bare follow-up (固投呢, 农村的呢, 旅游呢) in the place of its own; empty where none fits."""
    own = _FOLLOWS["follows with nothing more"].sub("", _OPENS.sub("", question.topic))
    if not own or question.units or _FOLLOWS["asks in any way"].search(own) or _ROLE_WORD.search(own):
        return ""
    for pair in _CONTRASTS:
        for one, other in (pair, pair[::-1]):
            if other in own and one in earlier.topic and other not in earlier.topic:
                return earlier.topic.replace(one, other)
    indicator = [term.word for term in earlier.terms if term.is_indicator]
    is_thing = bool(question.indicators) or own in lexicon.brief
    is_thing = is_thing or (bool(question.terms) and all(term.is_name for term in question.terms))
    if is_thing and len(indicator) == 1 and indicator[0] in earlier.topic:
        return earlier.topic.replace(indicator[0], own)
    things = [term.word for term in earlier.terms if term.is_name and not term.is_indicator]
    if not question.indicators and not earlier.indicators and earlier.shape != "number" and len(things) == 1:
        return earlier.topic.replace(things[0], own)
    return ""


def _asks_of_the_report(text: str) -> bool:
    """Whether what every report tells is asked for, whatever was spoken of before: 报告自己认了哪些不足."""
    folded = fold(text)
    told = ("asks for problems", "asks for an overview", "asks for all the goals", "asks for all the work")
    return bool(_FOLLOWS["speaks of the report"].search(folded)) and any(
        _RULES[name].pattern.search(folded) for name in told
    )


def _asks_anew(question: Question, text: str) -> bool:
    """Whether a question says by itself what it asks, a whole sentence of its own."""
    named = sum(len(term.word) for term in question.terms if term.is_name or term.is_indicator)
    asks = bool(_FOLLOWS["asks in any way"].search(text))
    return named >= 2 and asks and len(text) >= 8 and not _POINTS.search(text) and not _WHY.search(text)


def _with_thing(earlier: Question, text: str, understanding: Understanding) -> str:
    """A follow-up of several clauses with the thing asked about before in the first, where that names none: 25年再增多少，又引进几名专家."""
    first, mark, rest = re.match(r"([^,，;；]*)([,，;；]?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    read = understanding.read(first)
    if not mark or read.shape != "number" or read.indicators or any(term.is_name for term in read.terms):
        return text
    return f"{_periods(first)}{_things(earlier)}{_without_periods(first)}{mark}{rest}"


def _sets_beside(question: Question, text: str) -> bool:
    """Whether a follow-up names another place or time to compare with, and no thing of its own: 跟2023年比呢."""
    named = any(term.is_name and not MEASURED.fullmatch(term.word) for term in question.terms)
    names_side = bool(question.places or question.periods) and not (question.indicators or named)
    return names_side and bool(_FOLLOWS["sets another side beside"].search(text))


def _compared(earlier: Question, text: str, question: Question) -> str:
    """「跟2023年比呢」: the earlier question set against what the follow-up names."""
    if len(question.periods) > 1 and not question.places:
        return f"{_place(earlier)}{_things(earlier)}{text}"
    other = (_words(text, question) or _place(earlier)) + (_periods(text) or _period(earlier))
    return f"{_place(earlier)}{_period(earlier)}{_subject(earlier)}比{other}的高还是低"


def _subject(question: Question) -> str:
    """What a question is about, without the words that ask."""
    return _FOLLOWS["ends a subject"].sub("", without_asking(question.topic).replace("\n", ""))


def _is_general(text: str) -> bool:
    return bool(_FOLLOWS["asks of all places"].search(text))


def _place(question: Question) -> str:
    return "和".join(question.subject_regions)


def _words(text: str, question: Question) -> str:
    return "和".join(place.name for place in question.places)


def _periods(text: str) -> str:
    return "、".join(text[m.start : m.end] for m in find_periods(fold(text), asked=True))


def _period(question: Question) -> str:
    return "、".join(period.label for period in question.periods)


def _topic(earlier: Question, text: str) -> str:
    """What the earlier question is about, asked in the follow-up's own words (涨了几个点, 目标呢), or as before where it has none."""
    own = _FOLLOWS["follows with nothing more"].sub("", _OPENS.sub("", _without_periods(text)))
    role = _ROLE_WORD.search(own)
    asks = _FOLLOWS["asks how much or which"].search(own)
    if not role and (not asks or _ONLY_ASKS.fullmatch(own)):
        return earlier.topic
    things = _things(earlier)
    if not things:
        return _ROLE_WORD.sub("", earlier.topic) + own
    return things + own + ("" if asks else "是多少")


def _things(question: Question) -> str:
    """The words that name what a question is about, in its order."""
    words = [term.word for term in question.terms if not term.is_place]
    return "".join(sorted(words, key=lambda word: question.topic.find(word)))


def _without_periods(text: str) -> str:
    for mention in reversed(find_periods(fold(text), asked=True)):
        text = text[: mention.start] + text[mention.end :]
    return text


def _content_with_topic(earlier: Question, question: Question) -> str:
    """The follow-up's own words; the earlier things asked about go before them where it names only an action."""
    own = _own_words(question)
    deed = not any(term.is_name for term in question.terms)  # 再增加几家 names no thing that is counted
    short = not question.indicators and (deed or len("".join(term.word for term in question.terms)) <= 2)
    if not short:
        asks = _FOLLOWS["amount after its role"].search(earlier.topic)
        plain = not _FOLLOWS["asks for how it is"].search(own)
        if plain and not question.units and question.indicators and asks and "多少" not in own:
            role = _ROLE_WORD.search(own) or _ROLE_WORD.search(earlier.topic)
            return own + ("" if _ROLE_WORD.search(own) or not role else role.group()) + "是多少"
        return own
    carried = "".join(term.word for term in earlier.terms if term.word not in own)
    return carried + own
