"""From the fields of one line to a gold question: the own names, those of ragas, and the columns of a table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from typing import Any

from assistant.evaluation.expected import refuses, requirements
from assistant.evaluation.questions import KINDS, GoldQuestion, Quote
from assistant.language.periods import find_periods

_OWN = tuple(field.name for field in fields_of(GoldQuestion))
_LONG = 45
"""Characters; a reference answer above this asks for more than one sentence, so the longer limit holds."""

COLUMNS = {
    "question": ("问题", "问", "提问", "q", "question", "user_input"),
    "answer": ("答案", "答", "参考答案", "标准答案", "a", "answer", "reference"),
    "id": ("编号", "序号", "id"),
    "kind": ("类型", "kind"),
    "district": ("地区", "区", "区县", "district"),
    "year": ("年份", "年度", "year"),
    "must_include": ("必含", "must_include"),
    "must_not_include": ("不得含", "must_not_include"),
    "evidence": ("依据", "原文", "evidence"),
    "tags": ("标签", "tags"),
}
"""Names that a column may have; case and white space do not matter."""
KIND_WORDS = dict(zip(("目标", "完成", "事实", "列举", "说明", "比较", "无法回答"), KINDS, strict=True))


class BadLine(Exception):
    """A line is no gold question; the message says why, fit to be shown."""


def from_own(fields: Mapping[str, Any], name: str) -> GoldQuestion:
    """Read a line of the own format (`seeds/questions.schema.json`). Raises `BadLine`."""
    unknown = [key for key in fields if key not in _OWN]
    if unknown:
        raise BadLine(f"不认识的字段 {unknown[0]}；可用的字段是 {'、'.join(_OWN)}。")
    kind = _string(fields, "kind") or "fact"
    if kind not in KINDS:
        raise BadLine(f"kind 不能是“{kind}”，只能是 {'、'.join(KINDS)}。")
    return GoldQuestion(
        id=_string(fields, "id") or name,
        question=_question(_string(fields, "question")),
        history=_strings(fields, "history"),
        kind=kind,
        district=_string(fields, "district") or None,
        year=_year(fields.get("year")),
        answer=_string(fields, "answer"),
        must_include=_choices(fields.get("must_include") or []),
        must_not_include=_strings(fields, "must_not_include"),
        evidence=_quotes(fields.get("evidence") or []),
        tags=_strings(fields, "tags"),
        relevant=_grades(fields.get("relevant")),
    )


def from_ragas(fields: Mapping[str, Any], name: str) -> GoldQuestion:
    """Read a line with ragas' names; `response` and `retrieved_contexts` are of another run and left aside."""
    asked = fields["user_input"]
    if isinstance(asked, list):  # a conversation: messages with `content` and `type`
        people = [turn for turn in asked if isinstance(turn, dict) and turn.get("type", "human") in ("human", "user")]
        asked = [str(turn.get("content", "")) for turn in people]
    turns = asked if isinstance(asked, list) else [asked]
    if not turns or not all(isinstance(turn, str) for turn in turns):
        raise BadLine("user_input 应是问题的文字，或一组对话消息。")
    answer = _string(fields, "reference")
    if not answer.strip():
        raise BadLine("没有 reference（参考答案）。")
    return GoldQuestion(
        id=_string(fields, "id") or name,
        question=_question(turns[-1]),
        history=tuple(turns[:-1]),
        evidence=tuple(Quote(context) for context in _strings(fields, "reference_contexts")),
        **_from_answer(turns[-1], answer),
    )


def from_row(head: Sequence[str], cells: Sequence[str], name: str) -> GoldQuestion:
    """Read a row of a table by the names of its columns; what no column says is taken from the answer. Raises `BadLine`."""
    row = {key: cells[place].strip() for key, place in columns(head).items() if place < len(cells)}
    answer = row.get("answer", "")
    if not answer:
        raise BadLine("没有答案。")
    taken = _from_answer(_question(row.get("question", "")), answer)
    if kind := row.get("kind"):
        taken["kind"] = KIND_WORDS.get(kind, kind)
        if taken["kind"] not in KINDS:
            raise BadLine(f"类型不能是“{kind}”，只能是 {'、'.join(KIND_WORDS)}。")
    if row.get("must_include"):
        taken["must_include"] = tuple(tuple(_parts(choice, "|｜")) for choice in _parts(row["must_include"], ";；"))
    if row.get("year"):
        taken["year"] = _year(row["year"])
    return GoldQuestion(
        id=row.get("id") or name,
        question=row["question"],
        district=row.get("district") or None,
        must_not_include=tuple(_parts(row.get("must_not_include", ""), ";；")),
        evidence=tuple(Quote(quote) for quote in _parts(row.get("evidence", ""), "|｜\n")),
        tags=tuple(_parts(row.get("tags", ""), ",，;；、")),
        **taken,
    )


def columns(head: Sequence[str]) -> dict[str, int]:
    """Find the place of each known column. Raises `BadLine` where question or answer has none."""
    names = [re.sub(r"\s+", "", cell).lower().lstrip("\ufeff") for cell in head]
    places = {key: names.index(name) for key, known in COLUMNS.items() for name in reversed(known) if name in names}
    for key, chinese in (("question", "问题"), ("answer", "答案")):
        if key not in places:
            raise BadLine(f"表头里没有“{chinese}”这一列。")
    return places


def _from_answer(question: str, answer: str) -> dict[str, Any]:
    """What a reference answer and its question tell by themselves."""
    if refuses(answer):
        return {"answer": answer, "kind": "unanswerable"}
    years = {mention.period.first for mention in find_periods(question) if mention.period.first == mention.period.last}
    return {
        "answer": answer,
        "kind": "explain" if len(answer) > _LONG else "fact",
        "must_include": requirements(answer),
        # Beside the year of a report there is the year of the figure: only a year that stands alone is meant.
        "year": years.pop() if len(years) == 1 and "报告" not in question else None,
    }


def _question(text: str) -> str:
    if not text.strip():
        raise BadLine("没有问题。")
    return text


def _string(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadLine(f"{key} 应是文字。")
    return value


def _strings(fields: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = fields.get(key) or []
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise BadLine(f'{key} 应是一组文字（["…", "…"]）。')
    return tuple(values)


def _choices(values: object) -> tuple[tuple[str, ...], ...]:
    if not isinstance(values, list):
        raise BadLine("must_include 应是一组文字；可以任选其一的，再用方括号括起来。")
    choices = [value if isinstance(value, list) else [value] for value in values]
    if not all(choice and all(isinstance(word, str) and word.strip() for word in choice) for choice in choices):
        raise BadLine("must_include 里只能有文字，或一组可以任选其一的文字。")
    return tuple(tuple(choice) for choice in choices)


def _quotes(values: object) -> tuple[Quote, ...]:
    if not isinstance(values, list):
        raise BadLine('evidence 应是一组 {"quote": …, "file": …}。')
    quotes = []
    for value in values:
        quote, file = (value.get("quote"), value.get("file")) if isinstance(value, dict) else (None, None)
        known = isinstance(value, dict) and set(value) <= {"quote", "file"}
        if not known or not isinstance(quote, str) or not quote.strip() or not isinstance(file, str | None):
            raise BadLine('evidence 的每一项应是 {"quote": "报告原文", "file": "文件名开头"}。')
        quotes.append(Quote(quote, file))
    return tuple(quotes)


def _year(value: object) -> int | None:
    if value is None or value == "":
        return None
    text = str(value).strip().removesuffix("年")
    if not isinstance(value, int | str) or isinstance(value, bool) or not re.fullmatch(r"(?:19|20)\d\d", text):
        raise BadLine(f"年份“{value}”应是四位数字，例如 2025。")
    return int(text)


def _grades(value: object) -> dict[str, int] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not value or not all(type(grade) is int for grade in value.values()):
        raise BadLine('relevant 应是 {"文档编号": 等级（整数）}。')
    return dict(value)


def _parts(text: str, marks: str) -> list[str]:
    return [part.strip() for part in re.split(f"[{re.escape(marks)}]", text) if part.strip()]
