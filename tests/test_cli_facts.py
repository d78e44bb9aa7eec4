from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import app
from assistant.errors import LibraryError, QuestionError
from assistant.web.page.fact_words import as_csv


@pytest.fixture
def seeded(seeded_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHENGWEN_HOME", str(seeded_home))
    return seeded_home


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["facts", *arguments])


def test_the_goals_of_an_indicator_are_printed_with_their_sentences(seeded: Path) -> None:
    said = run("松北2025", "--indicator", "GDP", "--role", "target")
    assert said.exit_code == 0
    (line,) = [row.split("\t") for row in said.stdout.splitlines()]
    assert line[:3] == ["松北区2025", "5.5%", "地区生产总值，2025年，目标，增减"]
    assert "地区生产总值增长5.5%" in line[3]


def test_every_fact_is_a_json_object_whose_figure_stands_in_its_sentence(seeded: Path) -> None:
    rows = [json.loads(line) for line in run("松北区2025", "--json").stdout.splitlines()]
    assert len(rows) > 100
    assert all(row["text"] in row["sentence"] and row["report"]["region"] == "松北区" for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)


def test_facts_are_a_table_with_stable_columns(seeded: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("--indicator", "地区生产总值", "--year", "2025", "--csv").stdout)))
    goal = next(row for row in rows if row["value"] == "5.5")
    assert (goal["region"], goal["indicator"], goal["period"], goal["role"], goal["unit"]) == (
        *("松北区", "地区生产总值", "2025年"),
        *("target", "%"),
    )
    assert list(rows[0])[:6] == ["report_id", "report_title", "region", "report_year", "id", "paragraph_id"]


def test_what_was_not_understood_is_listed(seeded: Path) -> None:
    rows = [json.loads(line) for line in run("--unattached", "--json").stdout.splitlines()]
    assert {row["subject"] for row in rows} <= {None}
    assert len(rows) < 40  # of more than 700 in the five reports


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["不存在的区2025"], LibraryError),
        (["松北2019"], LibraryError),
        (["松北区2025", "--indicator", "幸福指数"], QuestionError),
    ],
)
def test_what_is_not_held_or_not_known_is_said(seeded: Path, arguments: list[str], error: type[Exception]) -> None:
    assert isinstance(run(*arguments).exception, error)


def test_a_hedge_that_opens_a_sentence_is_said_of_all_its_figures() -> None:
    from assistant.types import Paragraph, Report
    from assistant.web.page.fact_words import StatedFact
    from tests.facts.stating import told_in

    report = Report("0" * 16, "甲区报告", "甲区", 2025)
    text = "预计地区生产总值增长5.5%,固定资产投资增长8%。新增企业3家。"
    told = told_in(report, [Paragraph("p", report.id, 0, (), text)])
    assert [StatedFact.of_told(one).hedges for one in told] == [("预计",), ("预计",), ()]


def test_a_cell_that_a_spreadsheet_would_run_is_made_text() -> None:
    from assistant.types import Paragraph, Report
    from assistant.web.page.fact_words import StatedFact
    from tests.facts.stating import told_in

    report = Report("0" * 16, "=HYPERLINK(1)", "甲区", 2025)
    told = told_in(report, [Paragraph("p-1-0", report.id, 0, (), "=1+1企业增长5%。")])
    (row,) = list(csv.reader(io.StringIO(as_csv(map(StatedFact.of_told, told)))))[1:]
    assert [cell for cell in row if cell.startswith("=")] == []
    assert "'=HYPERLINK(1)" in row
