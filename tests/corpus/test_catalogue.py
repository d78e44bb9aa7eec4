from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assistant.corpus.catalogue import Fields, identify, load_catalogue, recognise
from assistant.corpus.claims import same_place
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


def fields_of(lines: list[str], filename: str = "a.txt") -> Fields:
    return identify(lines, filename)[0]


def test_the_catalogue_holds_every_seed_by_its_bytes() -> None:
    catalogue = load_catalogue(SEEDS / "catalogue.jsonl")
    assert set(catalogue) == {path.name for path in SEEDS.glob("*.txt")}
    for name, fields in catalogue.items():
        assert fields["id"] == hashlib.sha256((SEEDS / name).read_bytes()).hexdigest()[:16]


def test_a_seed_is_known_under_another_name(tmp_path: Path) -> None:
    copy = tmp_path / "新建文本.txt"
    copy.write_bytes(next(SEEDS.glob("002_*")).read_bytes())
    known = recognise(copy, clean(read_text(copy))).report
    assert (known.region, known.report_year, known.kind) == ("松北区", 2023, "新闻稿")
    assert "哈尔滨新区" in known.aliases


@pytest.mark.parametrize(
    ("seed", "region", "year"),
    [("000", "松北区", 2025), ("001", "呼兰区", 2022), ("002", "松北区", 2023), ("004", "南岗区", 2022)],
)
def test_a_seed_is_recognised_without_the_catalogue(seed: str, region: str, year: int) -> None:
    path = next(SEEDS.glob(f"{seed}_*"))
    fields = fields_of(clean(read_text(path)), "无名.txt")
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
    fields = fields_of(report(*caption), file)
    assert (fields["region"], fields["parent"]) == (region, parent)


def test_the_year_is_the_one_planned_for_not_the_one_it_was_given_in() -> None:
    fields = fields_of(report("——2024年12月30日在松北区第五届人民代表大会第四次会议上"), "a.txt")
    assert (fields["report_year"], fields["delivered"]) == (2025, "2024-12-30")
    reviewed = [line for line in report("松北区政府工作报告") if "工作安排" not in line]
    assert fields_of(reviewed, "a.txt")["report_year"] == 2025


def doubts_about(lines: list[str], filename: str = "a.md") -> list[tuple[str, str]]:
    return [(doubt.field, doubt.reason) for doubt in identify(lines, filename)[2]]


def test_a_report_that_names_no_place_or_year_is_doubtful() -> None:
    assert doubts_about(report()) == [("place", "not found")]
    lines = ["各位代表：", "我代表松北区人民政府报告工作，请予审议。", BODY[2]]
    assert doubts_about(lines) == [("year", "not found")]
    assert identify(lines, "a.txt")[0]["report_year"] == 0


@pytest.mark.parametrize(
    ("caption", "filename", "expected"),
    [
        (["松北区2025年政府工作报告"], "a.md", []),
        (["松北区2025年政府工作报告"], "松北区_2025.txt", []),
        (["松北区2025年政府工作报告"], "呼兰区_2025.txt", [("place", "disputed")]),
        (["松北区2025年政府工作报告"], "松北区_2024.txt", [("year", "disputed")]),
        (["松北区2024年政府工作报告"], "a.md", [("year", "disputed")]),
        ([], "松北区_2025.txt", [("place", "unsupported")]),
        (["朝阳区2025年政府工作报告"], "a.md", [("place", "ambiguous")]),
        (["北京市朝阳区2025年政府工作报告"], "a.md", []),
        (["甲乙县2025年政府工作报告"], "a.md", [("place", "unsupported")]),
        (["甲乙县2025年政府工作报告"], "甲乙县.md", []),
        (["文山州2025年政府工作报告"], "文山壮族苗族自治州2025.md", []),
        (["——2024年12月24日在日喀则市第一届人民代表大会第九次会议上"], "日喀则市2025.md", []),
        (["——2025年1月14日在自治州第十五届人民代表大会第一次会议上"], "a.md", [("place", "not found")]),
        (["——2025年1月14日在州第十四届人民代表大会第五次会议上"], "a.md", [("place", "not found")]),
    ],
)
def test_what_the_sources_agree_on_is_certain(
    caption: list[str], filename: str, expected: list[tuple[str, str]]
) -> None:
    assert doubts_about(report(*caption), filename) == expected


def test_the_file_name_and_a_text_that_names_the_place_again_and_again_agree() -> None:
    lines = [*report(), *["松北区的企业发展得很好。"] * 3]
    assert doubts_about(lines, "松北区_2025.txt") == []
    fields, claims, _ = identify(lines, "松北区_2025.txt")
    assert fields["region"] == "松北区"
    assert {(claim.source, claim.words) for claim in claims if claim.field == "place"} == {
        ("file", "松北区_2025"),
        ("text", "松北区提到得最多"),
    }


def test_a_text_alone_is_no_proof_of_its_place() -> None:
    """容城县's report under an opaque file name, whose text names the province most."""
    lines = [*report(), *["争取河北省的支持。"] * 5]
    assert identify(lines, "a.md")[0]["region"] == "河北省"
    assert doubts_about(lines) == [("place", "unsupported")]


def test_the_keys_above_a_text_are_a_source() -> None:
    head = {"issuer": "松北区人民政府", "date": "2025-01-20"}
    fields, claims, doubts = identify([*report()[1:], "松北区" * 3], "a.md", head)
    assert (fields["region"], fields["delivered"]) == ("松北区", "2025-01-20")
    assert {claim.source for claim in claims} >= {"front matter", "date", "text"}
    assert doubts == ()


def test_where_and_by_whom_it_was_given_is_found() -> None:
    fields = fields_of(
        report(
            "松北区2025年政府工作报告",
            "——2024年12月30日在松北区第五届人民代表大会第四次会议上",
            "松北区人民政府代区长 丁 磊",
        )
    )
    assert (fields["occasion"], fields["speaker"]) == ("松北区第五届人民代表大会第四次会议", "代区长 丁磊")


def test_a_line_that_lost_its_break_is_no_title() -> None:
    fields = fields_of(report("松北区2025年政府工作报告报告人：区长丁磊"))
    assert fields["title"] == "2025年哈尔滨市松北区政府工作报告"


def test_a_district_is_the_county_that_it_was() -> None:
    assert same_place("徐水县", "徐水区")
    assert not same_place("吉林省", "吉林市")


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
        identify(lines, "松北区_2025.txt")
    assert refused.value.hint


def test_words_that_end_like_a_province_are_no_place() -> None:
    told = fields_of(report("较好完成了省政府工作报告确定的各项任务。"), "江西省2025年政府工作报告.md")
    assert told["region"] == "江西省"


def test_the_date_of_a_speech_is_no_year_of_a_title() -> None:
    told = fields_of(report("常德市政府工作报告（2019年12月25日 曹立军）", plan=2020), "a.md")
    assert (told["region"], told["report_year"]) == ("常德市", 2020)


def test_what_is_far_longer_than_a_report_is_refused_as_such() -> None:
    for lines in (report() * 1200, [line * 400 for line in report()]):
        with pytest.raises(NotAReport, match="比一份政府工作报告长得多") as refused:
            identify(lines, "年鉴.txt")
        assert "拆开" in refused.value.hint


@pytest.mark.parametrize("end", ["", "。"])
@pytest.mark.parametrize("words", ["过去一年，" + "我们全面贯彻党的二十大精神，" * 7, ""])
def test_a_sentence_on_another_place_s_report_is_no_title(words: str, end: str) -> None:
    sentence = f"{words}对照去年道里区政府工作报告提出的各项目标任务逐项落实，较好完成了全年任务"
    lines = report("政府工作报告")
    lines.insert(3, sentence + (end or "" if words else "。"))
    fields, claims, doubts = identify(lines, "a.txt")
    assert fields["region"] == ""
    assert not [claim for claim in claims if claim.source == "title"]
    assert [doubt.field for doubt in doubts] == ["place"]
