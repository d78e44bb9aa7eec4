"""Workbooks and tables as text: a report whose paragraphs are rows, or a report in each row; what is not read is said."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from PIL import Image as Picture

from assistant.corpus.ingest import IngestOutcome, ingest
from assistant.corpus.library import Library
from assistant.corpus.originals import Originals
from assistant.corpus.readers import read_file
from assistant.errors import UnreadableFile
from tests.corpus.tables import table, workbook
from tests.corpus.test_ingest import a_file, a_place, tiny

SEEDS = sorted(Path(str(files("seeds"))).glob("*.txt"))
PLACES = [("松北区", 2025), ("呼兰区", 2022), ("松北区", 2023), ("道里区", 2023), ("南岗区", 2022)]
TEXTS = [seed.read_text("utf-8-sig") for seed in SEEDS]
HEADER: list[Any] = ["序号", "地区", "年份", "来源", "正文"]
REPORTS: list[list[Any]] = [
    HEADER,
    *([at, *of, "网站", text] for at, (of, text) in enumerate(zip(PLACES, TEXTS, strict=True), 1)),
]
STATISTICS: list[list[Any]] = [["指标", "2023年", "2024年"], *([f"指标{n}", n * 7, n * 8] for n in range(40))]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "home" / "library.db") as opened:
        yield opened


def saved(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def taken(library: Library, *paths: Path, **how: Any) -> list[IngestOutcome]:
    return ingest(paths, library, tiny, "tiny", **how)


@pytest.fixture
def small(tmp_path: Path) -> list[str]:
    return a_file(tmp_path, "甲").read_text("utf-8").split("\n")


def test_each_row_that_is_a_report_is_acknowledged_and_held_by_itself(library: Library, tmp_path: Path) -> None:
    told: list[IngestOutcome] = []
    book = saved(tmp_path, "报告集.xlsx", workbook({"报告": REPORTS, "统计": STATISTICS}))
    with Originals(library.path.parent).agreeing(library) as keep:
        outcomes = taken(library, book, acknowledge=told.append, keep=keep)
    assert sorted(map(str, (one.path.name for one in told))) == [f"报告集.xlsx 第{row}行" for row in range(2, 7)]
    assert [one.status for one in outcomes] == ["added"] * 5
    assert [(one.report.region, one.report.report_year) for one in outcomes if one.report] == PLACES
    assert outcomes[0].notes == (
        "正文以外的1列没有收进来：“来源”。",
        "工作表“统计”没有收进来：41行3列，是数据或短词，没有成段的文字。",
    )
    assert {path.suffix for path in Originals(library.path.parent).held().values()} == {".txt"}
    again = taken(library, book)
    assert [one.status for one in again] == ["already"] * 5
    library.remove(outcomes[1].report.id if outcomes[1].report else "")
    assert len(library.reports()) == 4


def test_a_kept_row_is_the_same_report_when_it_comes_as_a_file(library: Library, tmp_path: Path) -> None:
    book = saved(tmp_path, "报告集.xlsx", workbook({"报告": REPORTS}))
    with Originals(library.path.parent).agreeing(library) as keep:
        taken(library, book, keep=keep)
    originals = sorted(Originals(library.path.parent).held().values())
    with Library.open(tmp_path / "other" / "library.db") as other:
        outcomes = taken(other, *originals)
        assert [one.status for one in outcomes] == ["added"] * 5
        assert {one.id: one.region for one in other.reports()} == {one.id: one.region for one in library.reports()}


def test_columns_are_evidence_beside_the_text(library: Library, tmp_path: Path) -> None:
    rows = [list(row) for row in REPORTS]
    rows[1][2], rows[2][1] = 2019, "阿城区"
    outcomes = taken(library, saved(tmp_path, "a.xlsx", workbook({"Sheet1": rows})))
    assert [one.status for one in outcomes] == ["waiting", "waiting", "added", "added", "added"]
    assert any("文件头写的是2019" in doubt for doubt in outcomes[0].doubts)
    assert any("文件头写的是阿城区" in doubt for doubt in outcomes[1].doubts)


def test_the_name_of_a_workbook_says_nothing_of_its_rows(library: Library, tmp_path: Path) -> None:
    book = saved(tmp_path, "2015年阿城区政府工作报告.xlsx", workbook({"Sheet1": REPORTS}))
    assert [one.status for one in taken(library, book)] == ["added"] * 5


def test_province_and_city_columns_say_which_district_is_meant(library: Library, tmp_path: Path) -> None:
    text = "\n".join(a_file(tmp_path, "a", region="朝阳区").read_text("utf-8").split("\n"))
    filler = "".join(f"各项事业扎实推进，第{n}项工作成效明显。" for n in range(200))
    rows: list[list[Any]] = [["省", "市", "区县", "年度", "全文"], ["北京市", "", "朝阳区", "2025年", text + filler]]
    rows += [["吉林省", "长春市", "朝阳区", "2025年", text + "吉林。" + filler]]
    outcomes = taken(library, saved(tmp_path, "a.xlsx", workbook({"Sheet1": rows})))
    assert [(one.report.parent, one.status) for one in outcomes if one.report] == [
        ("北京市", "added"),
        ("长春市", "added"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_table_is_read_in_the_encodings_and_with_the_marks_that_are_used(
    tmp_path: Path, encoding: str, mark: str
) -> None:
    parsed = read_file(saved(tmp_path, "a.csv", table(REPORTS, mark).encode(encoding)))
    assert [part.name for part in parsed.parts] == [f"第{row}行" for row in range(2, 7)]
    assert all(text.split("\n")[-2].strip() in part.text for part, text in zip(parsed.parts, TEXTS, strict=True))


def test_commas_without_quotation_marks_part_no_text(tmp_path: Path) -> None:
    lines = [f"松北区,2025,{'稳中求进,' * 90}第{n}段。" for n in range(20)]
    parsed = read_file(saved(tmp_path, "a.csv", "\n".join(["地区,年份,正文", *lines]).encode()))
    assert parsed.text.count("稳中求进,") == 90 * 20
    assert parsed.text.startswith("---\nplace: 松北区\nyear: 2025\n---\n")


def test_quotation_marks_that_do_not_match_are_refused(tmp_path: Path) -> None:
    broken = table(REPORTS) + '1,松北区,2025,"这一格没有结束\n' + "2,松北区,2025,网站,正文\n"
    with pytest.raises(UnreadableFile, match="引号不成对") as caught:
        read_file(saved(tmp_path, "a.csv", broken.encode()))
    assert caught.value.hint


def test_rows_are_paragraphs_under_the_headings_beside_them(tmp_path: Path, small: list[str]) -> None:
    title, session, salutation, first, *plan, last = small
    rows = [
        ["章节", "内容"],
        ["", title],
        ["", session],
        ["", salutation],
        *([first, text] for text in plan),
        ["", last],
    ]
    rows.insert(6, ["", ""])
    parsed = read_file(saved(tmp_path, "a.xlsx", workbook({"Sheet1": rows})))
    assert parsed.text.split("\n") == small
    assert parsed.notes == ()


def test_paragraphs_of_several_reports_are_put_together_by_place_and_year(library: Library, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["地区", "年份", "正文"]]
    for name in ("甲", "乙"):
        rows += [[a_place(name), 2025, line] for line in a_file(tmp_path, name).read_text("utf-8").split("\n")]
    outcomes = taken(library, saved(tmp_path, "a.csv", table(rows).encode()))
    assert [(one.path.name, one.status) for one in outcomes] == [
        ("a.csv 第2–24行", "added"),
        ("a.csv 第25–47行", "added"),
    ]


def test_a_report_on_each_sheet_is_known_by_the_sheets_name(library: Library, tmp_path: Path) -> None:
    sheets = {f"{a_place(name)}2025": [[line] for line in lines] for name, lines in _two(tmp_path).items()}
    outcomes = taken(library, saved(tmp_path, "a.xlsx", workbook({**sheets, "统计": STATISTICS})))
    assert [one.status for one in outcomes] == ["added"] * 2
    assert outcomes[0].path.name == f"a.xlsx 工作表“{a_place('甲')}2025”"


def _two(folder: Path) -> dict[str, list[str]]:
    return {name: a_file(folder, name).read_text("utf-8").split("\n") for name in ("甲", "乙")}


def test_rows_of_a_table_within_a_report_stay_rows(tmp_path: Path, small: list[str]) -> None:
    rows: list[list[Any]] = [[line] for line in small] + [["指标", "目标", "完成"], ["地区生产总值", 0.055, 0.06]]

    def percent(book: Any) -> None:
        for cell in book["Sheet1"][len(rows)][1:]:
            cell.number_format = "0.0%"

    parsed = read_file(saved(tmp_path, "a.xlsx", workbook({"Sheet1": rows}, percent)))
    assert parsed.text.split("\n")[-2:] == ["指标 | 目标 | 完成", "地区生产总值 | 5.5% | 6%"]


def test_a_cell_that_is_full_may_be_cut_and_that_is_said(library: Library, tmp_path: Path) -> None:
    long = "　　" + TEXTS[0] + "我们扎实推进各项工作。" * 5000
    rows = [HEADER, [1, *PLACES[0], "", long[:32_767]], [2, *PLACES[1], "", TEXTS[1]]]
    outcomes = taken(library, saved(tmp_path, "a.xlsx", workbook({"Sheet1": rows})))
    assert [any("32,767" in note for note in one.notes) for one in outcomes] == [True, False]
    whole: list[list[Any]] = [
        [*HEADER, ""],
        [1, *PLACES[0], "", long[:32_767], long[32_767:40_000]],
        [2, *PLACES[1], "", TEXTS[1], ""],
    ]
    parsed = read_file(saved(tmp_path, "b.xlsx", workbook({"Sheet1": whole})))
    assert parsed.parts[0].text.endswith(long[:40_000])
    assert not any("32,767" in note for part in parsed.parts for note in part.notes)


def test_what_is_hidden_worked_out_or_beside_the_cells_is_said(tmp_path: Path, small: list[str]) -> None:
    def change(book: Any) -> None:
        sheet = book["报告"]
        sheet["B3"], sheet["B4"] = "=A1&A2", "#REF!"
        sheet["A5"].comment = Comment("请核实", "某人")
        sheet.row_dimensions[6].hidden = True
        sheet["D1"] = "备忘"
        sheet.column_dimensions["D"].hidden = True
        book["草稿"].sheet_state = "hidden"
        picture = io.BytesIO()
        Picture.new("RGB", (8, 8)).save(picture, "PNG")
        sheet.add_image(Image(picture), "F1")

    content = workbook({"报告": [[line] for line in small], "草稿": [["未定稿"]]}, change)
    parsed = read_file(saved(tmp_path, "a.xlsx", content))
    told = "".join(parsed.notes)
    for words in (
        "工作表“草稿”",
        "1行是隐藏",
        "隐藏的列（D）",
        "1格公式（B3）",
        "1格是错误值（B4）",
        "1处批注",
        "1 处图片",
    ):
        assert words in told
    assert len(parsed.text.split("\n")) == len(small) - 1
    assert "未定稿" not in parsed.text


def test_a_place_that_is_merged_over_rows_is_of_each(library: Library, tmp_path: Path) -> None:
    rows = [list(row) for row in (REPORTS[0], REPORTS[1], REPORTS[3])]
    rows[2][1] = None
    content = workbook({"Sheet1": rows}, lambda book: book["Sheet1"].merge_cells("B2:B3"))
    parsed = read_file(saved(tmp_path, "a.xlsx", content))
    assert [part.text.split("\n")[1] for part in parsed.parts] == ["place: 松北区"] * 2


def test_a_row_without_text_is_named_and_stops_no_other(library: Library, tmp_path: Path) -> None:
    rows: list[list[Any]] = [*REPORTS, [6, "阿城区", 2025, "网站", None], [7, "依兰县", 2025, "网站", "见附件。"]]
    outcomes = taken(library, saved(tmp_path, "a.xlsx", workbook({"Sheet1": rows})))
    assert [one.status for one in outcomes] == ["added"] * 5 + ["failed"] * 2
    assert "《a.xlsx 第7行》" in str(outcomes[5].error)


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", workbook({"统计": STATISTICS})), ("a.csv", table(STATISTICS).encode())]
)
def test_a_table_of_figures_is_refused_with_what_it_holds(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="41行3列") as caught:
        read_file(saved(tmp_path, name, content))
    assert "地区、年份、标题、正文" in caught.value.hint


def test_what_is_no_workbook_or_only_half_of_one_is_refused(tmp_path: Path) -> None:
    content = workbook({"Sheet1": REPORTS})
    for name, bytes_, reason in [
        ("half.xlsx", content[: len(content) // 2], "损坏"),
        ("name.xlsx", TEXTS[0].encode(), "不是真正的"),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("empty.xlsx", workbook({"Sheet1": []}), "没有文字"),
        ("empty.csv", b"\n\n", "空"),
    ]:
        with pytest.raises(UnreadableFile, match=reason) as caught:
            read_file(saved(tmp_path, name, bytes_))
        assert caught.value.hint


def test_one_report_is_not_replaced_by_a_workbook_of_several(library: Library, tmp_path: Path) -> None:
    (held,) = taken(library, a_file(tmp_path, "甲"))
    assert held.report
    (outcome,) = taken(library, saved(tmp_path, "a.xlsx", workbook({"Sheet1": REPORTS})), in_place_of=held.report.id)
    assert (outcome.status, outcome.path.name) == ("failed", "a.xlsx")
    assert "5份报告" in str(outcome.error)


def test_a_workbook_in_a_zip_or_under_a_wrong_name_is_told_of(library: Library, tmp_path: Path) -> None:
    content = workbook({"Sheet1": REPORTS})
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("报告集.xlsx", content)
    outcomes = taken(library, tmp_path / "all.zip", saved(tmp_path, "报告集.docx", content))
    assert [one.status for one in outcomes] == ["added"] * 5 + ["failed"]
    assert str(outcomes[0].path.relative_to(tmp_path)) == "all.zip/报告集.xlsx 第2行"
    assert ".xlsx" in (outcomes[5].error.hint if outcomes[5].error else "")


def test_markup_in_a_cell_is_taken_off(tmp_path: Path, small: list[str]) -> None:
    page = "".join(f"<p>{line}</p>" for line in small) * 2
    rows: list[list[Any]] = [["标题", "正文"], ["甲县报告", page], ["乙县报告", page]]
    parsed = read_file(saved(tmp_path, "a.csv", table(rows).encode()))
    assert [("<p>" in part.text, small[4] in part.text) for part in parsed.parts] == [(False, True)] * 2


def _with_shared(xml: str) -> bytes:
    """A workbook whose only cell shows the first of these shared strings."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook({"Sheet1": [["x"]]}))) as archive, zipfile.ZipFile(out, "w") as made:
        for entry in archive.infolist():
            text = archive.read(entry).decode()
            if entry.filename.startswith("xl/worksheets/"):
                text = re.sub(r"<c r=\"A1\".*?</c>", '<c r="A1" t="s"><v>0</v></c>', text)
            if entry.filename == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
                part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
                text = text.replace("</Types>", part)
            if entry.filename != "xl/sharedStrings.xml":
                made.writestr(entry.filename, text)
        made.writestr("xl/sharedStrings.xml", xml)
    return out.getvalue()


_STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{}</t></si></sst>'


def test_a_hostile_workbook_costs_a_sentence(tmp_path: Path) -> None:
    assert read_file(saved(tmp_path, "a.xlsx", _with_shared(_STRINGS.format("松" * 300)))).text == "松" * 300
    grown = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE s [<!ENTITY a "{"哈" * 100}">{grown}]>' + _STRINGS.format("&j;" + "松" * 300)
    with pytest.raises(UnreadableFile):
        read_file(saved(tmp_path, "bomb.xlsx", _with_shared(bomb)))
    secret = saved(tmp_path, "secret.txt", b"secret")
    outside = f'<!DOCTYPE s [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + _STRINGS.format("&x;" + "松" * 300)
    with pytest.raises(UnreadableFile):
        read_file(saved(tmp_path, "outside.xlsx", _with_shared(outside)))
    far = workbook({"Sheet1": [["x"]]}, lambda book: book["Sheet1"].cell(1_048_576, 16_384, "y"))
    with pytest.raises(UnreadableFile, match="2行16384列"):
        read_file(saved(tmp_path, "far.xlsx", far))
