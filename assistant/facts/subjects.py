"""Which words a figure is a figure of: those before it, those behind it, or those of the figure before."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.facts import phrases
from assistant.facts.phrases import RULES
from assistant.facts.runs import Run, Spans, Told
from assistant.language.quantities import UNITS, Quantity
from assistant.language.sentences import Span

_PERCENT = frozenset((*UNITS["percent"], *UNITS["ratio"], "番"))
_MONEY = frozenset(UNITS["money"])
_MEASURED = re.compile(rf"(?:(?<!.){RULES['whole place'].source}在?)?{RULES['measured'].source}$")
_INVESTED = re.compile(r"(?:总|计划|概算|年度|协议)*投资$")
_WHOLE = re.compile(r"占(?!比(?![重例]))[^,，。;；]*$")
_AGAINST = re.compile(
    r"(?:(?<![同可环占对])[比较](?!上年|去年|重|例|值|率)|是(?=[^,，。;；]{2,12}的$)|(?<!不)(?:高于|低于|快于|慢于|多于|少于)|高出|超出|超(?=[^,，]*(?:计划|目标)))[^,，。;；]*$"
)
_JOINT_END = re.compile(rf"(?:{RULES['joined'].source})$")
_OF_A_PLAN = RULES["of a plan"].pattern
_CLAUSE_END = re.compile(r"[,，。;；:：、!！?？\n]")
_LONGEST_PREDICATE = 18
_MOST_CARRIED = 3
"""Subjects of the clause before that a sum is said of: 91个项目、25项工程…，总投资1000亿元."""


@dataclass(frozen=True, slots=True)
class Attached:
    """What the figures of a run are figures of."""

    subjects: list[list[Spans]]
    """For each figure the subjects that it is said of; none where that cannot be told."""
    end: int
    """Where the words end that were taken behind the run."""
    carried: Spans = ()
    """What the next figure is of if it says nothing itself, where that is less than the subject: GDP跨越4个台阶，增长5%."""
    measured: Spans = ()
    """What a growth right behind it is of."""


def subjects_of(text: str, run: Run, told: Told, known: Callable[[str], bool]) -> Attached:
    """Attach a run to the words before it, to those behind it, or to what was told before.

    `text` is the paragraph with times, notes and opening hedges blanked out; `known` tells the names of indicators, which a
    figure may be said of together (进出口总额和实际利用外资增长30%).
    """
    start, end = phrases.trimmed(text, *_without_base(text, run.left))
    figure, at = run.figures[-1], run.figures[0].start
    linked = run.linked or text.startswith("的", run.right[0])
    name = phrases.thing_behind(text, *run.right, linked)
    own = text[start:end].replace("\n", "")
    if name[1] > name[0] and own and RULES["joined"].pattern.search(text, at - 1, at):
        start, own = end, ""  # 镍系统改造、3万吨海绵钛: the member before the mark is another
    joint = None if run.ends or not own else RULES["joined"].pattern.search(text, *name)
    if joint and joint.start() - name[0] >= 2 and joint.end() < name[1]:
        name = (name[0], joint.start())  # 同城化83项合作项目和经济圈建设37项工作
    glued = name[1] == run.right[1] and not run.ends and not linked and not _JOINT_END.search(text, *name)
    if glued and own and not phrases.is_action(own) and not phrases.is_verbal(own):
        name = (name[0], name[0])  # 图书馆5个体育馆3个: a mark was lost, and the name behind is that of the next figure
    if name[1] > name[0] and _takes_what_follows(figure, own, linked):
        return _named_behind(text, run, (start, end), name, linked, told)
    if not own:
        return Attached(_inherited(run, told), run.right[0])
    if phrases.is_action(own):
        acted = _object_of(text, (start, end), run, told)
        return Attached([[acted] if acted else []] * len(run.figures), run.right[0])
    if RULES["of a level"].pattern.fullmatch(own) and told.last:
        whole = (*phrases.without_level(text, told.last), *phrases.pieces(text, start, end))
        return Attached([[whole]] * len(run.figures), run.right[0], told.last)
    bare_rate = RULES["bare rate"].pattern.fullmatch(own) is not None and not known(own)
    if run.left[0] == told.cut and told.group:
        whole = (*_without(told.group[-1], text), *phrases.pieces(text, start, end))
        return Attached([[whole]] * len(run.figures), run.right[0])  # 74个重点城市|年均浓度下降9.1%
    if _MEASURED.fullmatch(own) or bare_rate or len(own) < 2:
        opens = told.before if not told.here else [told.last]
        if bare_rate:  # 绿化覆盖率40%，绿地率35%: a rate is none of another
            opens = [subject for subject in opens if subject and not text[slice(*subject[-1])].endswith("率")]
            opens = [(*subject[:-1], phrases.without_measure(text, subject[-1])) for subject in opens]
        carried = [span for subject in opens[-_MOST_CARRIED:] for span in _without(subject, text)]
        carried = phrases.without_other_measure(text, carried, own)
        each = _each_measured(text, run, (start, end), told)
        if each:
            return Attached(each, run.right[0])
        if not carried:
            carried = list(_topic(text, told, start))
        whole = (*dict.fromkeys(carried), *phrases.pieces(text, start, end))
        return Attached([[whole]] * len(run.figures), run.right[0], tuple(dict.fromkeys(carried)), whole)
    named = _named(text, run, (start, end), told, known)
    return Attached([[_with_agent(text, subject, told) for subject in of_one] for of_one in named], run.right[0])


def _each_measured(text: str, run: Run, measure: Span, told: Told) -> list[list[Spans]]:
    """工业增长12%，投资增长19%，增速分别高于全省5.1、4.1个百分点: the measure of each that was told; none where they are not as many."""
    if len(run.figures) == 1 or not RULES["respectively"].pattern.search(text, *run.left):
        return []
    inherited = [of_one[0] for of_one in _inherited(run, told) if of_one]
    if len(set(inherited)) < len(run.figures):
        return []
    return [[(*subject, *phrases.pieces(text, *measure))] for subject in inherited]


def _topic(text: str, told: Told, before: int) -> Spans:
    """What the sentence is about, as its clauses without figures or its opening tell, where that stands before a figure's own words."""
    if told.topic:
        return told.topic
    if told.last:
        return ()  # 城镇新增就业7.4万人，吸引高校毕业生11.8万人: the opening is that of the figure before
    opening = phrases.opening_name(text, *told.sentence)
    return (opening,) if opening[0] < opening[1] <= before else ()


def _with_agent(text: str, subject: Spans, told: Told) -> Spans:
    """惠及 · 经营主体 with what does so, where the subject begins with the deed."""
    if not subject or not RULES["needs an agent"].pattern.fullmatch(text[slice(*subject[0])]):
        return subject
    return (*_topic(text, told, subject[0][0]), *subject)


def _named_behind(text: str, run: Run, left: Span, name: Span, linked: bool, told: Told) -> Attached:
    said = _left_of_a_name(text, left, linked)
    stop, does = _what_it_does(text, name[1], run.right[1])
    if not run.ends and text[stop : stop + 1] != "、":
        name, whole_name = phrases.without_measure(text, name), name
        told.cut = name[1] if name != whole_name else -1
        stop, does = name[1], ()  # another figure follows: what stands between is its own
    whole = (*said, *phrases.pieces(text, *name), *does)
    acts = bool(said) and phrases.is_action(text[slice(*said[-1])])
    things = () if acts else tuple(span for span in said if not phrases.is_action(text[slice(*span)]))
    return Attached([[_with_action(text, run, whole, told)]] * len(run.figures), stop, things)


def _left_of_a_name(text: str, left: Span, linked: bool) -> Spans:
    """What belongs to a thing that is named behind its figure: what is done to it, or what is measured (总投资…的).

    Names in a row before it are its own members (鄂州花湖机场、宜昌三峡机场2个国际机场) and not part of what it is.
    """
    part = text[slice(*left)]
    measured = _INVESTED.search(part) if linked else None
    if measured:
        return ((left[0] + measured.start(), left[1]),)
    spans = phrases.pieces(text, *left)
    if part.endswith("等") or RULES["joined"].pattern.search(part):
        return tuple(span for span in spans[:1] if phrases.is_action(text[slice(*span)]))
    return (*spans[:-1], *phrases.agent_and_action(text, spans[-1])) if spans else ()


def _what_it_does(text: str, start: int, end: int) -> tuple[int, Spans]:
    """What is said of a thing named behind its figure, up to the end of its clause: 房屋|全部如期交付."""
    mark = _CLAUSE_END.search(text, start, end)
    stop = mark.start() if mark else end
    does = text[start:stop].strip("\n的了")
    return (stop, phrases.pieces(text, start, stop)) if 2 <= len(does) <= _LONGEST_PREDICATE else (start, ())


def told_in_words(text: str, run: Run, told: Told, known: Callable[[str], bool]) -> list[Spans]:
    """The subjects of what is told without a figure: 空气质量优良率和水质优良率均完成国家下达任务."""
    left = phrases.trimmed(text, *run.left)
    if left[0] == left[1]:
        return []
    if phrases.is_measured(text[slice(*left)]):
        return [(*spans, *phrases.pieces(text, *left)) for spans in told.here or told.before]  # 增速高于全国平均水平
    members = phrases.items_of(text, *left)
    if len(members) > 1 and RULES["each"].pattern.search(text, *run.left):
        return _each(text, members)
    if "等" not in text[slice(*left)] and all(known(text[slice(*member)]) for member in members):
        return [phrases.pieces(text, *member) for member in members]
    return [phrases.pieces(text, *left)]


def _without_base(text: str, left: Span) -> Span:
    """The words before a figure without what it is a share of or compared with: 占全市的, 比2017年高."""
    part = text[slice(*left)].rstrip()
    cut = _WHOLE.search(part) or _AGAINST.search(part) or _OF_A_PLAN.search(part)
    return (left[0], left[0] + cut.start()) if cut else left


def _takes_what_follows(figure: Quantity, own: str, linked: bool) -> bool:
    named = bool(own) and not phrases.is_action(own) and not (figure.unit in _MONEY and phrases.is_verbal(own))
    if figure.unit in _PERCENT:
        return not named and linked
    if linked or figure.unit in _MONEY:
        return linked or not named
    return True


def _inherited(run: Run, told: Told) -> list[list[Spans]]:
    """The subjects told before: of the last run, or of the last clause, as many as there are figures; else the last of them."""
    size = len(run.figures)
    for group in (told.group, told.here, told.before, told.with_part):
        if size > 1 and len(group) == size:
            return [[subject] for subject in group]
    if size == 1 and told.measured and run.figures[0].unit in _PERCENT:
        return [[told.measured]]
    if size > 1 and len(told.group) > size:
        return [[subject] for subject in told.group[-size:]]
    if size > 1 and len(told.recent) >= size:
        return [[subject] for subject in told.recent[-size:]]  # 城镇居民收入…，农民收入…，分别增长10.9%和13.4%
    return [[told.last or told.topic] if told.last or told.topic else []] * size


def _object_of(text: str, action: Span, run: Run, told: Told) -> Spans:
    """投资1.5亿元完成征地: what is done to, where it stands behind the figure; else what was told before."""
    stop = re.compile(r"[,，。;；:：、\n]").search(text, *run.right)
    start, end = phrases.trimmed(text, run.right[0], stop.start() if stop else run.right[1])
    done = phrases.pieces(text, *action)
    if end - start >= 2 and run.right[0] - run.figures[-1].end <= 2:
        return (*done, *phrases.pieces(text, start, end))
    return (*_without(told.last or told.topic, text), *done)


def _without(spans: Spans, text: str) -> Spans:
    """A subject without what was done to it, where more is said of it: 总投资 is of the projects, not of 实施."""
    kept = tuple(span for span in spans if not phrases.is_action(text[slice(*span)]))
    return kept or spans


def _named(text: str, run: Run, left: Span, told: Told, known: Callable[[str], bool]) -> list[list[Spans]]:
    """The subjects that stand before a run: one for all, or one for each of its figures."""
    size = len(run.figures)
    raw = text[slice(*run.left)]
    respectively = bool(RULES["respectively"].pattern.search(raw))
    both = _both(text, left) if size == 2 else None
    if both:
        return [[subject] for subject in both]
    members = phrases.items_of(text, *left)
    if len(members) == size > 1:
        return [[subject] for subject in _each(text, members)]
    rates = all(text[slice(*m)].endswith("率") for m in members)
    alike = (
        rates or respectively or RULES["each"].pattern.search(raw[-6:]) or all(known(text[slice(*m)]) for m in members)
    )
    if size == 1 and len(members) > 1 and alike:
        return [_each(text, members)]
    whole = phrases.pieces(text, *left)
    return [[_with_action(text, run, whole, told)]] * size


def _both(text: str, left: Span) -> list[Spans] | None:
    """城乡居民收入分别…: the one of 城, the other of 乡."""
    found = RULES["both"].pattern.search(text, *left)
    if found is None:
        return None
    at = found.start()
    return [((at, at + 1), (at + 2, left[1])), ((at + 1, left[1]),)]


def _each(text: str, members: Sequence[Span]) -> list[Spans]:
    """The members of a row, those that lack it with the end that all share."""
    subjects: list[Spans] = []
    for member in members[:-1]:
        end = phrases.shared_end(text, member, members[-1])
        subjects.append((*phrases.pieces(text, *member), *([end] if end else [])))
    return [*subjects, phrases.pieces(text, *members[-1])]


def _with_action(text: str, run: Run, whole: Spans, told: Told) -> Spans:
    """What is done is said once for a row: 新增智慧养老院30家、家庭养老床位1万张."""
    if whole and phrases.is_action(text[slice(*whole[0])]):
        told.action = whole[:1]
        return whole
    goes_on = RULES["joined"].pattern.match(text, run.left[0]) is not None
    if goes_on and told.action:
        return (*told.action, *whole)
    told.action = ()
    return whole
