"""What a file is: the place it reports on, the year it plans for, its title; from a catalogue or from its own words."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TypedDict

from assistant.corpus.headings import is_title
from assistant.corpus.places import NATION, find_region
from assistant.errors import NotAReport
from assistant.language.periods import read_year
from assistant.language.regions import short_name
from assistant.types import Report

_OPENING_LINES = 12
_YEAR = r"((?:19|20)\d{2}|[二一][〇○零一二三四五六七八九]{3})"
_PLAN = re.compile(
    rf"{_YEAR}\s*年?[^。，,]{{0,14}}(?:安排|任务|重点|目标|部署|谋划|打算|建议|总体要求|工作要点|工作计划)"
)
_REVIEW = re.compile(rf"{_YEAR}\s*年[^。，,]{{0,10}}(?:回顾|总结)")
_TITLE_YEAR = re.compile(rf"{_YEAR}\s*年[^。]{{0,20}}政\s*府\s*工\s*作|政\s*府\s*工\s*作\s*报\s*告[（(]?{_YEAR}")
_DATE = re.compile(
    rf"{_YEAR}年\s*(\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月\s*(\d{{1,2}}|[一二三四五六七八九十]{{1,3}})日"
)
_FILE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_NEWS = re.compile(r"^.{0,16}(?:日报|晚报|新华社|通讯社|新闻网|记者).{0,24}(?:讯|电)")
_GENRE = re.compile(
    r"各位代表|政府工作|工作回顾|工作安排|人民代表大[会會]|预期目标|主要任务|重点工作|自身建设|总体要求|政协委员|請予審議|请予审议|工作報告"
)
_SUBJECT = re.compile(
    r"生产总值|财政收入|公共预算|固定资产投资|社会消费品零售|工业增加值|人均可支配收入|招商引资|项目建设|营商环境|乡村振兴|"
    r"农业|民生|就业|改革|教育|医疗|社会主义|社會主義|國民經濟|工業|政府|建設|建设"
)
_LEAST_HAN = 600
_HINT = "如果它确实是政府工作报告，请检查文件是否完整。"


class Fields(TypedDict, total=False):
    """What is known of a report; the names are those of `Report`."""

    id: str
    region: str
    report_year: int
    title: str
    kind: str
    parent: str | None
    aliases: list[str]
    delivered: str | None
    issuer: str | None
    source: str | None


def load_catalogue(path: Path) -> dict[str, Fields]:
    """Read a catalogue, one JSON object a line with the key `file`; return what it says by file name."""
    entries = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return {entry.pop("file"): entry for entry in entries}


@cache
def shipped_catalogue() -> dict[str, Fields]:
    """Return the catalogue of the reports that come with the package."""
    with as_file(files("seeds") / "catalogue.jsonl") as path:
        return load_catalogue(path)


def make_report(
    path: Path,
    lines: Sequence[str],
    *,
    region: str | None = None,
    report_year: int | None = None,
    catalogue: Mapping[str, Fields] | None = None,
) -> Report:
    """Describe the report in a file with these clean lines; its id is the hash of the file's bytes.

    What the caller says of `region` and `report_year` goes before the catalogue, which knows a file by its bytes
    whatever it is called, and the catalogue before the text. Raises `NotAReport` when the text is of another kind, or
    does not say of which place and year it is, and `OSError` when the file is gone.
    """
    identity = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    entries = (shipped_catalogue() if catalogue is None else catalogue).values()
    known = next((entry for entry in entries if entry.get("id") == identity), None)
    fields = known or identify(lines, path.name, region=region, report_year=report_year)
    return Report(
        id=identity,
        title=fields["title"],
        region=region if known and region else fields["region"],
        report_year=report_year or fields["report_year"],
        kind=fields.get("kind", "政府工作报告"),
        parent=fields.get("parent"),
        aliases=tuple(fields.get("aliases", ())),
        delivered=fields.get("delivered"),
        issuer=fields.get("issuer"),
        source=fields.get("source") or path.name,
    )


def identify(
    lines: Sequence[str], filename: str, *, region: str | None = None, report_year: int | None = None
) -> Fields:
    """Find out from its text, and where that is silent from its file name, what a report is.

    The year is the one it plans for: a report given in December 2024 that plans 2025 is the one of 2025. Raises
    `NotAReport` when the text is no government work report, or its place or year cannot be found.
    """
    check_genre(lines, filename)
    opening = [unicodedata.normalize("NFKC", line) for line in lines[:_OPENING_LINES]]
    found = find_region(region or "", opening, lines, Path(filename).stem)
    if found is None:
        raise NotAReport(f"看不出《{filename}》是哪个地方的报告。", "请用 --region 指明地区，例如 --region 松北区。")
    place, parent, alias = found
    year = report_year or _plan_year(lines, opening, Path(filename).stem)
    if year is None:
        raise NotAReport(f"看不出《{filename}》是哪一年的报告。", "请用 --year 指明报告年份，例如 --year 2025。")
    return Fields(
        region=place,
        report_year=year,
        title=_title(lines, place, parent, year),
        kind="新闻稿" if lines and _NEWS.match(lines[0]) else "政府工作报告",
        parent=parent,
        aliases=[alias] if alias else [],
        delivered=_delivered(opening),
        issuer="国务院" if place == NATION else f"{place}人民政府",
        source=filename,
    )


def check_genre(lines: Sequence[str], filename: str) -> None:
    """Raise `NotAReport` where the text is too short or lacks the phrases that every government work report has."""
    text = "\n".join(lines)
    length = len(re.findall(r"[\u3400-\u9fff]", text))
    if length < _LEAST_HAN:
        raise NotAReport(f"《{filename}》只有 {length} 个汉字，不像一份政府工作报告。", _HINT)
    genre, subject = set(_GENRE.findall(text)), set(_SUBJECT.findall(text))
    if len(genre) < 2 or len(subject) < 4:
        raise NotAReport(
            f"《{filename}》不像政府工作报告：没有找到“各位代表”“工作回顾”“预期目标”这类写法。",
            "这里只收录政府工作报告及其摘要、报道；其他材料请不要导入。",
        )


def _plan_year(lines: Sequence[str], opening: Sequence[str], stem: str) -> int | None:
    """Return the year a report plans for: from its plan's heading, its title, its review, its date or its file name."""
    short = [unicodedata.normalize("NFKC", line) for line in lines if len(line) <= 45]
    plans = [year for line in short if not re.search("回顾|远景|规划", line) for year in _years(_PLAN, line)]
    titles = [year for line in opening if len(line) <= 60 for year in _years(_TITLE_YEAR, line)]
    if titles and (not plans or titles[0] in plans):
        return titles[0]
    if plans:
        return max(set(plans), key=lambda year: (plans.count(year), year))
    reviews = [year for line in short for year in _years(_REVIEW, line)]
    if reviews:
        return max(reviews) + 1
    delivered = _delivered(opening)
    if delivered is not None:
        return int(delivered[:4]) + (int(delivered[5:7]) >= 11)
    named = _FILE_YEAR.search(stem)
    return int(named.group(1)) if named else None


def _years(pattern: re.Pattern[str], line: str) -> list[int]:
    found = (read_year(next(group for group in match.groups() if group)) for match in pattern.finditer(line))
    return [year for year in found if year is not None and 1949 <= year <= 2100]


def _delivered(opening: Sequence[str]) -> str | None:
    """Return the ISO date that the caption gives."""
    for line in opening:
        match = _DATE.search(line) if len(line) <= 90 else None
        if match is not None:
            year, month, day = read_year(match.group(1)), _small(match.group(2)), _small(match.group(3))
            if year is not None and 1 <= month <= 12 and 1 <= day <= 31:
                return f"{year:04d}-{month:02d}-{day:02d}"
    return None


def _small(text: str) -> int:
    """Read 1 to 31 in digits or Chinese: 12, 十二, 二十一."""
    if text.isdigit():
        return int(text)
    tens, _, ones = text.rpartition("十")
    digits = "〇一二三四五六七八九"
    if "十" not in text:
        return digits.index(text) if len(text) == 1 else 0
    return (digits.index(tens) if tens else 1) * 10 + (digits.index(ones) if ones else 0)


def _title(lines: Sequence[str], place: str, parent: str | None, year: int) -> str:
    """Return the report's own title where it names the place and the year, else the usual one made of both."""
    for line in lines[:_OPENING_LINES]:
        if is_title(line) and len(line) <= 40 and short_name(place) in line and str(year) in line:
            return line
    name = (
        "国务院"
        if place == NATION
        else (parent or "") + place
        if parent and parent.endswith(("市", "州", "盟"))
        else place
    )
    return f"{year}年{name}政府工作报告"
