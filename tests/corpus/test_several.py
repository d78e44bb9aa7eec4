"""Several reports in one file: noticed, never answered from under one place and year, taken in each by itself when asked to."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import docx
import pytest

from assistant.corpus.ingest import IngestOutcome, ingest
from assistant.corpus.library import Library
from assistant.corpus.originals import Originals
from assistant.corpus.parsing.parsed import Parsed
from assistant.corpus.readers import read_file
from assistant.corpus.several import reports_in
from assistant.errors import SeveralReports
from tests.corpus.forms import as_pdf
from tests.corpus.test_ingest import a_file, a_place, tiny

SEEDS = sorted(Path(str(files("seeds"))).glob("*.txt"))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "home" / "library.db") as opened:
        yield opened


def small(folder: Path, *names: str) -> list[str]:
    return [line for name in names for line in a_file(folder, name).read_text("utf-8").split("\n")]


def yearbook(folder: Path, name: str, lines: list[str]) -> Path:
    path = folder / name
    if path.suffix == ".docx":
        document = docx.Document()
        for line in lines:
            document.add_paragraph(line)
        document.save(str(path))
    elif path.suffix == ".pdf":
        path.write_bytes(as_pdf(lines, "统计年鉴"))
    else:
        path.write_text("\n".join(lines), "utf-8")
    return path


def taken(library: Library, *paths: Path, **how: Any) -> list[IngestOutcome]:
    return ingest(paths, library, tiny, "tiny", **how)


@pytest.mark.parametrize("suffix", [".txt", ".docx", ".pdf"])
def test_a_yearbook_is_refused_and_taken_in_report_by_report_when_asked(
    library: Library, tmp_path: Path, suffix: str
) -> None:
    book = yearbook(
        tmp_path, f"年鉴{suffix}", ["目录", "前言：本书收录三县的报告。", *small(tmp_path, "甲", "乙", "丙")]
    )
    (refused,) = taken(library, book)
    assert (refused.status, library.reports()) == ("failed", ())
    assert isinstance(refused.error, SeveralReports)
    assert refused.error.count == 3
    assert all(f"{a_place(name)}2025年" in str(refused.error) for name in "甲乙丙")
    assert "--split" in refused.error.hint
    outcomes = taken(library, book, split=True)
    assert [one.path.name for one in outcomes] == [f"年鉴{suffix} 第{number}份" for number in (1, 2, 3)]
    assert [one.status for one in outcomes] == ["added"] * 3
    assert {one.region for one in library.reports()} == {a_place(name) for name in "甲乙丙"}
    assert "第1份前面的2行没有收进来。" in outcomes[0].notes
    for one, name in zip(outcomes, "甲乙丙", strict=True):
        assert one.report
        text = "".join(paragraph.text for paragraph in library.paragraphs(one.report.id))
        assert text.count(f"工作{name}号") == 18
        assert not any(f"工作{other}号" in text for other in "甲乙丙" if other != name)
    assert [one.status for one in taken(library, book, split=True)] == ["already"] * 3


def test_a_part_keeps_the_pages_of_the_whole_file(library: Library, tmp_path: Path) -> None:
    book = yearbook(tmp_path, "年鉴.pdf", small(tmp_path, "甲", "乙"))
    outcomes = taken(library, book, split=True)
    pages = [
        {page for paragraph in library.paragraphs(one.report.id) for _, page in paragraph.pages}
        for one in outcomes
        if one.report
    ]
    assert min(pages[0]) == 1
    assert max(pages[0]) in {min(pages[1]), min(pages[1]) - 1}
    assert max(pages[1]) > max(pages[0])


def test_what_looks_like_several_may_be_one_after_all(library: Library, tmp_path: Path) -> None:
    book = yearbook(tmp_path, "汇编.txt", small(tmp_path, "甲", "乙"))
    (outcome,) = taken(library, book, split=False, region="香坊区", report_year=2025)
    assert outcome.status == "added"
    (again,) = taken(library, book)
    assert again.status == "already"


def test_a_collection_that_was_taken_for_one_goes_when_it_is_split(library: Library, tmp_path: Path) -> None:
    book = yearbook(tmp_path, "汇编.txt", small(tmp_path, "甲", "乙"))
    with Originals(library.path.parent).agreeing(library) as keep:
        (whole,) = taken(library, book, split=False, region=a_place("甲"), report_year=2025, keep=keep)
        assert whole.status == "added"
        assert [one.status for one in taken(library, book, split=True, keep=keep)] == ["added"] * 2
    assert whole.report
    assert whole.report.id not in library
    assert {one.region for one in library.reports()} == {a_place("甲"), a_place("乙")}
    assert set(Originals(library.path.parent).held()) == {one.id for one in library.reports()}


def test_a_collection_too_long_for_one_report_is_split_too(library: Library, tmp_path: Path) -> None:
    long = ["扎实推进各项工作，" * 400 + "取得成效。"] * 60
    lines = small(tmp_path, "甲") + long + small(tmp_path, "乙") + long
    book = yearbook(tmp_path, "年鉴.txt", lines)
    (refused,) = taken(library, book)
    assert isinstance(refused.error, SeveralReports)
    assert [one.status for one in taken(library, book, split=True)] == ["added"] * 2


def test_a_report_with_a_cover_a_summary_or_a_second_title_is_one(tmp_path: Path) -> None:
    one = small(tmp_path, "甲")
    place = a_place("甲")
    cover = [f"{place}人民政府", "政府工作报告", "（2025年）", "各位代表："]
    assert reports_in(Parsed("\n".join(cover + one))) == ()
    assert reports_in(Parsed("\n".join([*one, f"{place}2024年政府工作报告提出的任务全部完成。", *one[2:]]))) == ()
    assert reports_in(Parsed("\n".join(one + one))) == ()
    assert reports_in(Parsed("\n".join([f"{n}县2024年政府工作报告" for n in "子丑寅卯"] + one))) == ()


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name[:3])
def test_a_seed_is_one_report(seed: Path) -> None:
    assert reports_in(read_file(seed)) == ()


def test_reports_of_districts_one_after_another_are_told_apart(tmp_path: Path) -> None:
    draw = random.Random(7)
    for _ in range(10):
        names = draw.sample("子丑寅卯辰巳午未申酉", 4)
        blanks = "\n" * draw.randint(1, 3)
        text = blanks.join("\n".join(small(tmp_path, name)) for name in names)
        assert [span.place for span in reports_in(Parsed(text))] == [a_place(name) for name in names]


@pytest.mark.parametrize(
    "text", ["政府工作报告\n各位代表：\n" * 20_000, "我代表松北区政府，" * 200_000, "我代表" + "松" * 1_000_000]
)
def test_a_hostile_text_is_looked_through_in_its_own_time(text: str) -> None:
    start = time.process_time()
    assert reports_in(Parsed(text)) == ()
    assert time.process_time() - start < 3
