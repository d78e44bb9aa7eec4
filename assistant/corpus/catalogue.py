"""What a file is: the place it reports on, the year it plans for, its title; from a catalogue or from its own words."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TypedDict

from assistant.corpus.claims import NATION, Claim, Doubt, doubts_of
from assistant.corpus.headings import is_title
from assistant.corpus.kinds import PICTURE
from assistant.corpus.places import find_region
from assistant.corpus.year import delivered_in, find_year, iso_date
from assistant.errors import NotAReport
from assistant.language.regions import short_name
from assistant.types import Report

_OPENING_LINES = 12
_LONGEST_CAPTION = 90
_OCCASION = re.compile(
    r"(?:^|[日在会—\-（(\s])(?P<session>(?!日|在)(?:(?!日在|在)[\u4e00-\u9fff\s]){2,20}(?:人民代表大会|人大)(?:常务委员会)?"
    r"\s*第?[一二三四五六七八九十百\d]{1,4}次(?:全体)?会议)"
)
_SPEAKER = re.compile(
    r"(?P<office>代?(?:理)?(?:国务院总理|区长|县长|市长|省长|主席|州长|旗长|盟长))"
    r"(?:[\s:：]{0,4}(?P<name>[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff·]){1,9}?))?\s*(?:同志)?(?:作政府工作报告。?)?$"
)
_PERSON = re.compile(r"[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff·]){1,9}")
_RUNS_ON = re.compile(r"我代表|审议|各位代表|报告人|[，,]")
"""What a title does not have; a line that lost its break does."""
_NEWS = re.compile(r"^.{0,16}(?:日报|晚报|新华社|通讯社|新闻网|记者).{0,24}(?:讯|电)")
_GENRE = re.compile(
    r"各位代表|政府工作|工作回顾|工作安排|人民代表大[会會]|预期目标|主要任务|重点工作|自身建设|总体要求|政协委员|請予審議|请予审议|工作報告"
)
_SUBJECT = re.compile(
    r"生产总值|财政收入|公共预算|固定资产投资|社会消费品零售|工业增加值|人均可支配收入|招商引资|项目建设|营商环境|乡村振兴|"
    r"农业|民生|就业|改革|教育|医疗|社会主义|社會主義|國民經濟|工業|政府|建設|建设"
)
_LEAST_HAN = 600
_MOST_LINES, _MOST_HAN = 5000, 300_000
"""Several times what the longest report that was seen has: 37,000 characters."""
_HINT = "如果它确实是政府工作报告，请检查文件是否完整。"
_ONE_FILE = "一份报告拍成或扫成几张图片的，请先合成一个 PDF 或多页的 TIFF 再收录。"


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
    occasion: str | None
    speaker: str | None


def load_catalogue(path: Path) -> dict[str, Fields]:
    """Read a catalogue, one JSON object a line with the key `file`; return what it says by file name."""
    entries = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return {entry.pop("file"): entry for entry in entries}


@cache
def shipped_catalogue() -> dict[str, Fields]:
    """Return the catalogue of the reports that come with the package."""
    with as_file(files("seeds") / "catalogue.jsonl") as path:
        return load_catalogue(path)


def identity_of(path: Path, content: bytes | None = None) -> str:
    """Return the id of the report in a file: the hash of its bytes. Raises `OSError` when the file is gone."""
    return hashlib.sha256(path.read_bytes() if content is None else content).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file was found to be, and how surely."""

    report: Report
    claims: tuple[Claim, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    """What a person has to decide before the report may be asked about; then its place may be "" and its year 0."""


def recognise(
    path: Path,
    lines: Sequence[str],
    *,
    catalogue: Mapping[str, Fields] | None = None,
    content: bytes | None = None,
    head: Mapping[str, str] | None = None,
    stem: str | None = None,
) -> Recognised:
    """Describe the report in a file with these clean lines; its id is the hash of the file's bytes.

    `content` are the bytes of a file that lies in an archive, `head` the keys that stand above the text (`front_matter`),
    `stem` what the file's name says of the report, where that is not its name: that of a table says nothing of a row.
    The catalogue, which knows a file by its bytes whatever it is called, goes before the text. Raises `NotAReport` when the
    text is of another kind, and `OSError` when the file is gone.
    """
    identity = identity_of(path, content)
    entries = (shipped_catalogue() if catalogue is None else catalogue).values()
    known = next((entry for entry in entries if entry.get("id") == identity), None)
    fields, claims, doubts = (known, (), ()) if known else identify(lines, path.name, head, stem)
    report = Report(
        id=identity,
        title=fields["title"],
        region=fields["region"],
        report_year=fields["report_year"],
        kind=fields.get("kind", "政府工作报告"),
        parent=fields.get("parent"),
        aliases=tuple(fields.get("aliases", ())),
        delivered=fields.get("delivered"),
        issuer=fields.get("issuer"),
        source=fields.get("source") or path.name,
        occasion=fields.get("occasion"),
        speaker=fields.get("speaker"),
    )
    return Recognised(report, claims, doubts)


def identify(
    lines: Sequence[str], filename: str, head: Mapping[str, str] | None = None, stem: str | None = None
) -> tuple[Fields, tuple[Claim, ...], tuple[Doubt, ...]]:
    """Find out from its text, the head above it and its file name what a report is, with the evidence and what is doubtful.

    The year is the one it plans for: a report given in December 2024 that plans 2025 is the one of 2025. What is not found
    is "" or 0. Raises `NotAReport` when the text is no government work report.
    """
    check_genre(lines, filename)
    head = head or {}
    opening = [unicodedata.normalize("NFKC", line) for line in lines[:_OPENING_LINES]]
    stem = Path(filename).stem if stem is None else stem
    found, of_place = find_region(opening, lines, stem, head.get("issuer", ""))
    place, parent, alias = found or ("", None, None)
    year, of_year = find_year(lines, opening, stem, head)
    claims = (*of_place, *of_year)
    fields = Fields(
        region=place,
        report_year=year,
        title=title_of(lines, place, parent, year),
        kind="新闻稿" if lines and _NEWS.match(lines[0]) else "政府工作报告",
        parent=parent,
        aliases=[alias] if alias else [],
        delivered=delivered_in(opening) or iso_date(head.get("date", "")),
        issuer=issuer_of(place),
        source=filename,
        occasion=_occasion(opening),
        speaker=_speaker(opening),
    )
    return fields, claims, doubts_of(place, parent, year, claims)


def issuer_of(place: str) -> str | None:
    """Return who issues the reports of a place."""
    return "国务院" if place == NATION else f"{place}人民政府" if place else None


def check_genre(lines: Sequence[str], filename: str) -> None:
    """Raise `NotAReport` where the text is too short or too long, or lacks the phrases that every government work report has."""
    text = "\n".join(lines)
    length = len(re.findall(r"[\u3400-\u9fff]", text))
    if length < _LEAST_HAN:
        hint = _ONE_FILE if Path(filename).suffix.lower() in PICTURE.suffixes else _HINT
        raise NotAReport(f"《{filename}》只有 {length} 个汉字，不像一份政府工作报告。", hint)
    if len(lines) > _MOST_LINES or length > _MOST_HAN:
        raise NotAReport(
            f"《{filename}》有 {len(lines)} 段、{length} 个汉字，比一份政府工作报告长得多。",
            "里面如果有几份报告，请拆开，一份存成一个文件。",
        )
    genre, subject = set(_GENRE.findall(text)), set(_SUBJECT.findall(text))
    if len(genre) < 2 or len(subject) < 4:
        raise NotAReport(
            f"《{filename}》不像政府工作报告：没有找到“各位代表”“工作回顾”“预期目标”这类写法。",
            "这里只收录政府工作报告及其摘要、报道；其他材料请不要导入。",
        )


def _occasion(opening: Sequence[str]) -> str | None:
    """Return the session at which it was given: 松北区第五届人民代表大会第四次会议."""
    found = (_OCCASION.search(line) for line in opening if len(line) <= _LONGEST_CAPTION)
    return next((re.sub(r"\s+", "", match["session"]) for match in found if match), None)


def _speaker(opening: Sequence[str]) -> str | None:
    """Return who gave it, with the office: 区长 丁磊."""
    for line, following in itertools.pairwise((*opening, "")):
        match = _SPEAKER.search(line) if len(line) <= _LONGEST_CAPTION else None
        if match is None:
            continue
        name = re.sub(r"\s+", "", match["name"] or "")
        name = name or (re.sub(r"\s+", "", following) if _PERSON.fullmatch(following.strip()) else "")
        if name:
            return f"{match['office']} {name}"
    return None


def title_of(lines: Sequence[str], place: str, parent: str | None, year: int) -> str:
    """Return the report's own title where it names the place and the year, else the usual one made of both."""
    for line in lines[:_OPENING_LINES] if place and year else ():
        is_own = is_title(line) and len(line) <= 40 and not _RUNS_ON.search(line)
        if is_own and short_name(place) in line and str(year) in line:
            return line
    return usual_title(place, parent, year)


def usual_title(place: str, parent: str | None, year: int) -> str:
    """Return what a report of a place and year is usually called; "" and 0 are left out."""
    name = (
        "国务院"
        if place == NATION
        else (parent or "") + place
        if parent and parent.endswith(("市", "州", "盟"))
        else place
    )
    return f"{year}年{name}政府工作报告" if year else f"{name}政府工作报告"
