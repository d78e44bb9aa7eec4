"""What is selected by the names that people type, and what is said of those that are not there."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from assistant.language.lexicon import Lexicon
from assistant.panel.panel import Panel
from assistant.panel.rows import COLUMNS, as_csv, rows_of
from assistant.panel.workbook import as_xlsx
from assistant.retrieval.shelf import Shelf
from tests.panel.places import panel_of, report, series, table

PLAN = "综合各方面因素，主要预期目标是：地区生产总值增长5%，固定资产投资增长8%。"


@pytest.fixture(scope="module")
def seeds(shelf: Shelf, lexicon: Lexicon) -> Panel:
    """Give the five seed reports as panel data."""
    return Panel(shelf, lexicon)


def test_names_are_taken_as_people_type_them(seeds: Panel) -> None:
    chosen = seeds.select(["gdp", "固投"], ["松北", "哈尔滨市道里区", "南岗区"], [2023])
    assert chosen.indicators == ("地区生产总值", "固定资产投资")
    assert chosen.places == ("松北区", "道里区", "南岗区")
    assert (chosen.years, chosen.unknown) == ((2023,), ())


def test_a_word_that_means_two_indicators_gives_both(seeds: Panel) -> None:
    assert set(seeds.select(["财政收入"]).indicators) == {"财政收入", "一般公共预算收入"}


@pytest.mark.parametrize(
    ("asked", "sort", "near"),
    [
        ((["地区生产总"], [], []), "indicator", "地区生产总值"),
        ((["GDP"], ["松北新"], []), "place", "松北区"),
        ((["GDP"], [], [1999]), "year", "2021"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(
    seeds: Panel, asked: tuple[list[str], list[str], list[int]], sort: str, near: str
) -> None:
    (unknown,) = seeds.select(*asked).unknown
    assert unknown.sort == sort
    assert near in unknown.nearest


@pytest.mark.parametrize("asked", [(["GDP"], ["没有这个区"]), (["没有这个指标啊"], []), (["  ", ""], [])])
def test_nothing_known_gives_an_empty_table_and_never_all_there_is(
    seeds: Panel, asked: tuple[list[str], list[str]]
) -> None:
    found = seeds.table(seeds.select(*asked))
    assert not any(one.count for one in found.series)


def test_any_subject_of_the_reports_is_found_by_typing_and_makes_a_table(seeds: Panel) -> None:
    names = [name for name, _ in seeds.subjects("高新技术企业")]
    assert names
    told = seeds.table(seeds.select([names[0]]))
    assert sum(one.count for one in told.series) >= 1
    assert seeds.subjects("%") == seeds.subjects("_") == ()


def test_every_cell_stands_in_its_sentence(seeds: Panel) -> None:
    told = seeds.table(seeds.select([name for name, _ in seeds.indicators]))
    shown = [cell.told for one in told.series for pair in one.pairs for cell in (pair.goal, pair.result) if cell.told]
    assert len(shown) > 40
    for one in shown:
        assert one.paragraph.text[one.fact.start : one.fact.end] in one.sentence
        assert one.report.id == one.fact.report_id


def test_places_come_in_the_order_of_the_countrys_divisions(tmp_path: Path) -> None:
    names = ("广州市", "甲山市", "北京市", "广东省")
    reports = [report(name, 2025, f"全年{name}地区生产总值增长5.2%。", PLAN) for name in names]
    assert panel_of(tmp_path, *reports).places == ("北京市", "广东省", "广州市", "甲山市")


def test_rows_have_stable_columns_and_exact_values(seeds: Panel) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(rows_of(seeds.table(seeds.select(["GDP"], ["松北"])))))))
    goal = next(row for row in rows if (row["year"], row["role"], row["kind"]) == ("2025", "target", "change"))
    assert (goal["place"], goal["value"], goal["unit"], goal["partial"]) == ("松北区", "5.5", "%", "false")
    amount = next(row for row in rows if row["kind"] == "level")
    assert (amount["value"], amount["figure"]) == ("62000000000", "预计620亿元")
    assert tuple(rows[0]) == COLUMNS


BAD = "=HYPERLINK"


@pytest.fixture
def hostile(tmp_path: Path) -> Panel:
    """Give reports whose headings and sentences would be formulas."""
    review = "=1+2，固定资产投资下降2.5%。\n＝cmd，全年地区生产总值918亿元，增长5.3%。"
    return panel_of(tmp_path, report("甲山市", 2025, review, PLAN))


def test_no_cell_is_a_formula_and_our_own_numbers_stay_numbers(hostile: Panel, tmp_path: Path) -> None:
    told = table(hostile, "GDP", "固投")
    assert any(row.sentence.startswith(("=", "＝")) for row in rows_of(told))
    path = tmp_path / "t.xlsx"
    path.write_bytes(as_xlsx(told))
    book = load_workbook(path)
    cells = [cell for sheet in book for line in sheet for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    head = [cell.value for cell in book["数据与原文"][1]]
    values = [line[head.index("数值")].value for line in book["数据与原文"].iter_rows(min_row=2)]
    assert -2.5 in values
    assert 91_800_000_000 in values
    written = as_csv(rows_of(told))
    assert not [
        line for line in csv.reader(io.StringIO(written)) for cell in line if cell.startswith(("=", "＝", "+", "@"))
    ]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("libreoffice"), reason="needs libreoffice: `apt-get install libreoffice-calc`")
def test_a_spreadsheet_program_sees_text(hostile: Panel, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(as_xlsx(table(hostile, "GDP", "固投")))
    subprocess.run(
        [
            "libreoffice",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2",
            path.name,
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert any("=1+2" in one.read_text("utf-8") for one in tmp_path.glob("t*.csv"))


def test_the_first_sheet_is_the_table_as_one_reads_it(seeds: Panel, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(as_xlsx(seeds.table(seeds.select(["GDP"], ["松北"]))))
    rows = [[cell.value for cell in line] for line in load_workbook(path)["表"]]
    assert rows[0][0] == "地区生产总值 · 增速"
    songbei = dict(zip(rows[0], rows[1], strict=True))
    assert (songbei["2025年目标"], songbei["2025年目标单位"]) == (5.5, "%")
    assert songbei["2024年目标"] == "未收录"


@pytest.mark.slow
def test_ten_thousand_cells_are_told_quickly(tmp_path: Path) -> None:
    reports = [
        report(f"甲{place}市", year, "全年地区生产总值增长5.2%。", PLAN)
        for place in "山水林田湖"
        for year in range(2006, 2026)
    ]
    panel = panel_of(tmp_path, *reports)
    told = table(panel, "GDP")
    assert series(told, "change").count == 200
    assert {pair.verdict.outcome for pair in series(told, "change").pairs} == {"met", "not_held"}
