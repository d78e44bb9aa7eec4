from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assistant.corpus.catalogue import identify, load_catalogue, make_report
from assistant.corpus.cleaning import clean
from assistant.corpus.readers import read_text
from assistant.errors import NotAReport

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
BODY = [
    "各位代表：",
    "一、{last}年工作回顾",
    "地区生产总值增长5%，固定资产投资增长8%，招商引资成效明显，民生持续改善。" * 25,
    "二、{plan}年工作安排",
    "主要预期目标是：地区生产总值增长6%。",
]


def report(*caption: str, plan: int = 2025) -> list[str]:
    return [*caption, *(line.format(plan=plan, last=plan - 1) for line in BODY)]


def test_the_catalogue_holds_every_seed_by_its_bytes() -> None:
    catalogue = load_catalogue(SEEDS / "catalogue.jsonl")
    assert set(catalogue) == {path.name for path in SEEDS.glob("*.txt")}
    for name, fields in catalogue.items():
        assert fields["id"] == hashlib.sha256((SEEDS / name).read_bytes()).hexdigest()[:16]


def test_a_seed_is_known_under_another_name(tmp_path: Path) -> None:
    copy = tmp_path / "新建文本.txt"
    copy.write_bytes(next(SEEDS.glob("002_*")).read_bytes())
    known = make_report(copy, clean(read_text(copy)))
    assert (known.region, known.report_year, known.kind) == ("松北区", 2023, "新闻稿")
    assert "哈尔滨新区" in known.aliases


@pytest.mark.parametrize(
    ("seed", "region", "year"),
    [("000", "松北区", 2025), ("001", "呼兰区", 2022), ("002", "松北区", 2023), ("004", "南岗区", 2022)],
)
def test_a_seed_is_recognised_without_the_catalogue(seed: str, region: str, year: int) -> None:
    path = next(SEEDS.glob(f"{seed}_*"))
    fields = identify(clean(read_text(path)), "无名.txt")
    assert (fields["region"], fields["report_year"], fields["parent"]) == (region, year, "哈尔滨市")


@pytest.mark.parametrize(
    ("caption", "file", "region", "parent"),
    [
        (["2025年云南省政府工作报告"], "a.docx", "云南省", None),
        (
            ["2025年宁夏政府工作报告", "——2025年1月19日在宁夏回族自治区第十三届人民代表大会第三次会议上"],
            "a.docx",
            "宁夏回族自治区",
            None,
        ),
        ([], "保定市徐水区_2025.txt", "徐水区", "保定市"),
        (
            ["政 府 工 作 报 告", "----2025年2月29日在海拉尔区第十三届人民代表大会第六次会议上"],
            "北京市_2025.txt",
            "海拉尔区",
            "呼伦贝尔市",
        ),
        (["现在，我代表国务院，向大会报告政府工作，请予审议。"], "a.txt", "全国", None),
    ],
)
def test_the_place_comes_from_the_report_before_the_file_name(
    caption: list[str], file: str, region: str, parent: str | None
) -> None:
    fields = identify(report(*caption), file)
    assert (fields["region"], fields["parent"]) == (region, parent)


def test_the_year_is_the_one_planned_for_not_the_one_it_was_given_in() -> None:
    fields = identify(report("——2024年12月30日在松北区第五届人民代表大会第四次会议上"), "a.txt")
    assert (fields["report_year"], fields["delivered"]) == (2025, "2024-12-30")
    reviewed = [line for line in report("松北区政府工作报告") if "工作安排" not in line]
    assert identify(reviewed, "a.txt")["report_year"] == 2025


def test_what_the_user_says_goes_first() -> None:
    fields = identify(report(), "a.txt", region="香坊区", report_year=2030)
    assert (fields["region"], fields["parent"], fields["report_year"]) == ("香坊区", "哈尔滨市", 2030)
    assert fields["title"] == "2030年哈尔滨市香坊区政府工作报告"


def test_a_report_that_names_no_place_asks_for_one() -> None:
    with pytest.raises(NotAReport, match="哪个地方") as refused:
        identify(report(), "a.txt")
    assert "--region" in refused.value.hint


def test_a_report_that_names_no_year_asks_for_one() -> None:
    lines = ["各位代表：", "我代表松北区人民政府报告工作，请予审议。", BODY[2]]
    with pytest.raises(NotAReport, match="哪一年") as refused:
        identify(lines, "a.txt")
    assert "--year" in refused.value.hint


@pytest.mark.parametrize(
    "lines",
    [
        ["话说天下大势，分久必合，合久必分。周末七国分争，并入于秦。" * 60],
        ["红烧肉的做法：五花肉切块，冷水下锅焯水，加冰糖炒出糖色，小火炖一个小时。" * 40],
        ["2025-01-01 INFO started", "2025-01-01 INFO stopped"],
        [],
    ],
    ids=["novel", "recipe", "log", "nothing"],
)
def test_what_is_no_report_is_refused_with_the_reason(lines: list[str]) -> None:
    with pytest.raises(NotAReport, match="不像") as refused:
        identify(lines, "松北区_2025.txt", region="松北区", report_year=2025)
    assert refused.value.hint
