"""Find the year that a report plans for: in the headings of its plan and its review, its title, its date, or its file name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from assistant.corpus.claims import Claim
from assistant.corpus.headings import SENTENCE_END, marked
from assistant.language.periods import read_year

_YEAR = r"((?:19|20)\d{2}|[二一][〇○零一二三四五六七八九]{3})"
_PLAN = re.compile(
    rf"{_YEAR}\s*年?[^。，,]{{0,14}}(?:安排|任务|重点|目标|部署|谋划|打算|建议|总体要求|工作要点|工作计划)"
)
_REVIEW = re.compile(rf"{_YEAR}\s*年[^。，,]{{0,10}}(?:回顾|总结)")
_SAID_YEAR = re.compile(_YEAR)
_TITLE_YEAR = re.compile(
    rf"{_YEAR}\s*年[^。]{{0,20}}政\s*府\s*工\s*作|政\s*府\s*工\s*作\s*报\s*告[（(]?{_YEAR}(?!年?\s*\d{{1,2}}月)"
)
_DATE = re.compile(
    rf"{_YEAR}年\s*(\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月\s*(\d{{1,2}}|[一二三四五六七八九十]{{1,3}})日"
)
_FILE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_TASKS = re.compile(
    rf"(?:做好|完成|安排)\s*{_YEAR}\s*年的?(?:政府|各项|经济|全[国省市县区])?[^。，,]{{0,6}}工作"
    rf"|{_YEAR}\s*年[^。，,]{{0,14}}(?:预期目标|发展目标|总体要求|奋斗目标)"
)
_LONGEST_HEADING = 45
_LONGEST_TITLE = 60
_OFTEN = 5
"""Times that a text has to name a year to speak for it."""


def find_year(
    lines: Sequence[str], opening: Sequence[str], stem: str, head: Mapping[str, str]
) -> tuple[int, tuple[Claim, ...]]:
    """Return the year a report plans for, 0 where nothing tells, with everything that names one.

    A report given in November or December plans the year after.
    """
    short = [unicodedata.normalize("NFKC", line) for line in lines if len(line) <= _LONGEST_HEADING]
    plans = [(y, line) for line in short if not re.search("回顾|远景|规划", line) for y in _years(_PLAN, line)]
    captions = [line for line in opening if len(line) <= _LONGEST_TITLE and marked(line) is None]
    titles = [(y, line) for line in captions if line[-1:] not in SENTENCE_END for y in _years(_TITLE_YEAR, line)]
    reviews = [(y + 1, line) for line in short for y in _years(_REVIEW, line)]
    dates = [(date, line) for line in opening if (date := delivered_in([line]))]
    dates += [(date, head["date"]) for date in [iso_date(head.get("date", ""))] if date]
    dated = [(int(date[:4]) + (int(date[5:7]) >= 11), line) for date, line in dates[:1]]
    headed = [(year, head["year"]) for year in _years(_SAID_YEAR, head.get("year", ""))[:1]]
    named = [(int(found[1]), stem) for found in [_FILE_YEAR.search(stem)] if found]
    planned = _most_often(plans)
    claims = [
        *(Claim.of("year", year, "title", line) for year, line in titles[:1]),
        *(Claim.of("year", year, "plan", line) for year, line in plans if year == planned),
        *(Claim.of("year", year, "review", line) for year, line in reviews if year == max(reviews)[0]),
        *(Claim.of("year", year, "occasion" if "会议" in line else "date", line) for year, line in dated),
        *(Claim.of("year", year, "front matter", line) for year, line in headed),
        *(Claim.of("year", year, "file", line) for year, line in named),
    ]
    chosen = titles[0][0] if titles and planned in (0, titles[0][0]) else planned
    chosen = chosen or (max(reviews)[0] if reviews else 0)
    chosen = chosen or next((year for year, _ in (*headed, *dated, *named)), 0)
    return chosen, tuple(dict.fromkeys((*claims, *_by_text(chosen, lines))))


def _by_text(chosen: int, lines: Sequence[str]) -> list[Claim]:
    """What the text says of the year's goals and tasks, or else the year that it names most, speaks for a year.

    It disputes none: in one report of four the year that is named most is the year before.
    """
    text = unicodedata.normalize("NFKC", "\n".join(lines))
    told = next((match for match in _TASKS.finditer(text) if read_year(match[1] or match[2]) == chosen), None)
    if told is not None:
        return [Claim.of("year", chosen, "text", told.group())]
    named = Counter(re.findall(r"(?<!\d)((?:19|20)\d{2})\s*年", text))
    most, times = named.most_common(1)[0] if named else ("", 0)
    is_for_it = most == str(chosen) and times >= _OFTEN
    return [Claim.of("year", chosen, "text", f"{chosen}年出现{times}次，最多")] if is_for_it else []


def _most_often(plans: Sequence[tuple[int, str]]) -> int:
    years = [year for year, _ in plans]
    return max(set(years), key=lambda year: (years.count(year), year)) if years else 0


def _years(pattern: re.Pattern[str], line: str) -> list[int]:
    found = (read_year(next(group for group in match.groups() if group)) for match in pattern.finditer(line))
    return [year for year in found if year is not None and 1949 <= year <= 2100]


def delivered_in(opening: Sequence[str]) -> str | None:
    """Return the ISO date that the caption gives."""
    for line in opening:
        match = _DATE.search(line) if len(line) <= 90 else None
        if match is not None:
            year, month, day = read_year(match.group(1)), _small(match.group(2)), _small(match.group(3))
            if year is not None and 1 <= month <= 12 and 1 <= day <= 31:
                return f"{year:04d}-{month:02d}-{day:02d}"
    return None


def iso_date(text: str) -> str | None:
    """Return the ISO date that a key above the text gives: 2005-01-18, 2005/1/18, 2005年1月18日."""
    found = re.search(r"((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", text)
    if found is None:
        return delivered_in([text])
    year, month, day = map(int, found.groups())
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def _small(text: str) -> int:
    """Read 1 to 31 in digits or Chinese: 12, 十二, 二十一."""
    if text.isdigit():
        return int(text)
    tens, _, ones = text.rpartition("十")
    digits = "〇一二三四五六七八九"
    if "十" not in text:
        return digits.index(text) if len(text) == 1 else 0
    return (digits.index(tens) if tens else 1) * 10 + (digits.index(ones) if ones else 0)
