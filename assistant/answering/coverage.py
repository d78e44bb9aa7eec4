"""What is said when the library does not hold the answer: what is missing, what is held, what could be asked instead."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.compose import Line
from assistant.language.folding import fold
from assistant.language.ruleset import read_rules
from assistant.retrieval.question import Question
from assistant.retrieval.shelf import Shelf
from assistant.types import Period, Report

RULES = read_rules("asking")
MOST_PLACES = 8
MOST_REGIONS = 3
LONGEST_OFFERED = 40
"""Characters of a question up to which it is offered of another place in its own words."""
SHORT = 12
"""Characters of a question without place and time that may be offered again as it stands."""
_ASKS = {"number": "是多少", "list": "有哪些", "explain": "怎么样", "when": "是什么时候", "define": "是什么意思"}
SURE = 0.8
"""Probability from which names are taken to be asked for."""
_ROLE = {"target": "目标", "actual": "完成情况", None: "内容"}


def held(shelf: Shelf) -> str:
    """One sentence on what the library holds: 松北区（2023、2025年）、呼兰区（2022年）."""
    years: dict[str, list[int]] = {}
    for report in shelf.reports.values():
        years.setdefault(report.region, []).append(report.report_year)
    named = [
        f"{region}（{'、'.join(map(str, sorted(set(found))))}年）"
        for region, found in list(years.items())[:MOST_PLACES]
    ]
    more = f"等{len(years)}个地方" if len(years) > MOST_PLACES else ""
    return f"现已收录：{'、'.join(named)}{more}的报告。" if named else "资料库里还没有报告。"


def off_topic(shelf: Shelf) -> str:
    """The reply to what no report is about."""
    return f"这不像是政府工作报告里会写的事，我只根据报告原文回答。{held(shelf)}"


def no_such_place(question: Question, shelf: Shelf) -> tuple[str, tuple[str, ...]]:
    """The reply where no report is of the place asked."""
    missing = "、".join(name for name in question.subject_regions if not shelf.of_region(name))
    return f"资料库里没有{missing}的政府工作报告，不能作答。{held(shelf)}", _elsewhere(question, shelf)


def no_such_time(question: Question, region: str, period: Period, shelf: Shelf) -> tuple[str, tuple[str, ...]]:
    """The reply where the place is held but none of its reports speaks of that time in that role."""
    reports = shelf.of_region(region)
    told = sorted(
        {(p.first or 0, p.label, role) for r in reports for p, role in shelf.horizons(r.id).items() if not p.partial},
        key=str,
    )
    years = "、".join(f"{year}年" for year in sorted({r.report_year for r in reports}))
    words = f"没有收录写{region}{period.label}{_ROLE[question.role]}的政府工作报告，不能作答。"
    if question.report_years:
        words = f"没有收录{region}{'、'.join(map(str, question.report_years))}年的政府工作报告，不能作答。"
    elif (telling := _told_in(question, period)) and telling not in {report.report_year for report in reports}:
        words = f"{region}{period.first}年的{_ROLE[question.role]}写在{telling}年的政府工作报告里，没有收录这份报告，不能作答。"
    text = f"{words}已收录{region}{years}的报告。"
    labels = [label for _, label, role in told if question.role in (None, role)]
    return text, tuple(f"{region}{label}{_plainly(question)}" for label in dict.fromkeys(labels))[
        :3
    ] if question.topic else ()


def _told_in(question: Question, period: Period) -> int | None:
    """The year of the report that tells a year's goals or results; None where neither is asked for, or more than a year."""
    if not question.role or not period.first or period.first != period.last or period.partial:
        return None
    return period.first + (question.role == "actual")


SAY_MORE = "没有看出要问什么。请写明地方、年份和要问的事，例如：松北区2025年GDP目标是多少。"


NOT_LISTED = "没有查到逐项列出的内容，有关的原文是："
NO_NUMBER = "没有查到具体的数字，报告的说法是："
NO_TIME = "没有查到写明时间的内容，有关的原文是："


def undecided(unsaid: str = "") -> str:
    """The words before what a report says of a claim that it neither bears out nor denies; `unsaid` is the deed that it does not tell."""
    known = f"没有查到写明已经{unsaid}的内容" if unsaid else "从原文不能直接判断是不是这样"
    return f"{known}，报告的说法是："


def yes_or_no(*, is_so: bool) -> Line:
    """The line that answers what was claimed."""
    return Line(words="是的。" if is_so else "不是。")


def only_of_all(part: str) -> str:
    """The words before a figure that is of more than the part asked for."""
    return f"没有查到单说“{part}”的数字，报告里写的是："


def nothing_found(shelf: Shelf) -> str:
    """The reply where no report in particular was asked and none has the answer."""
    return f"没有找到能回答这个问题的内容。{held(shelf)}"


def not_stated(question: Question, reports: Sequence[Report]) -> str:
    """The reply where place and time are held and nothing in them answers: what was looked into, and no more is claimed."""
    years: dict[str, list[int]] = {}
    for report in reports:
        years.setdefault(report.region, []).append(report.report_year)
    named = [f"{region}{'、'.join(f'{y}年' for y in sorted(set(found)))}" for region, found in years.items()]
    more = f"等{len(named)}个地方" if len(named) > MOST_REGIONS else ""
    return f"在{'、'.join(named[:MOST_REGIONS])}{more}的政府工作报告里没有查到{_lacking(question)}。"


def _lacking(question: Question) -> str:
    """What was looked for: a reason and a name are missing where the thing itself is told."""
    if RULES["asks for reasons"].pattern.search(fold(question.text)):
        return "说明原因的内容"
    return "具体的名称" if question.asked.probability("wants", "names") >= SURE else "能直接回答的内容"


def which_place(question: Question, choices: Sequence[tuple[str, str]]) -> tuple[str, tuple[str, ...]]:
    """The reply that asks back: `choices` are (region, period label) that can answer, of which the first few are offered."""
    choices = choices[:MOST_PLACES]
    # In the words of who asks, with the place that they lack.
    if question.periods and len(question.text) <= LONGEST_OFFERED:
        asked = tuple(f"{region}{question.text}" for region, _ in choices)
    else:
        asked = tuple(f"{region}{label}{_plainly(question)}" for region, label in choices)
    return "您问的是哪个地方、哪一年？资料库里能回答的有：" + "、".join(
        f"{region}{label}" for region, label in choices
    ) + "。", asked


def _plainly(question: Question) -> str:
    """What is asked, to be offered of another place or time: its own words where they are few, else the things that it names."""
    if len(question.topic) <= SHORT:
        return question.topic
    words = [term.word for term in question.terms if term.is_name or term.is_indicator]
    words.sort(key=question.topic.find)
    named = "".join(words)
    goal = "目标" if question.role == "target" and question.indicators and "目标" not in named else ""
    return f"{named}{goal}{_ASKS.get(question.shape, '')}" if named else question.topic


def _elsewhere(question: Question, shelf: Shelf) -> tuple[str, ...]:
    """The same question about places that are held, for the same time where there is one."""
    suggestions = []
    for report in sorted(shelf.reports.values(), key=lambda r: -r.report_year):
        period = question.periods[0] if question.periods else None
        if period is None or report in shelf.covering([report.region], period, question.role):
            label = period.label if period else f"{report.report_year}年"
            suggestions.append(f"{report.region}{label}{_plainly(question)}")
    return tuple(dict.fromkeys(suggestions))[:8]
