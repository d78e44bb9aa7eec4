"""A figure that somebody calls wrong: shown as such, taken out once an administrator says so, with its history, and a gold question."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.corpus.corrections import Correction, CorrectionBook
from assistant.errors import LibraryError
from assistant.language.lexicon import load_lexicon
from assistant.panel.cells import Cell
from assistant.panel.panel import Panel
from assistant.retrieval.shelf import Shelf
from tests.panel.places import library_of, report, series, table

PLAN = "综合各方面因素，主要预期目标是：地区生产总值增长5%，固定资产投资增长8%。"


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    review = "全年地区生产总值增长5.3%。受基数影响，全年全市地区生产总值增长5.1%。"
    return Panel(Shelf.of(library_of(tmp_path, report("甲山市", 2025, review, PLAN))), load_lexicon())


def result(panel: Panel) -> Cell:
    return next(pair.result for pair in series(table(panel, "GDP"), "change").pairs if pair.year == 2024)


def called(cell: Cell, right: str = "5.1%") -> Correction:
    assert cell.told
    fact = cell.told.fact
    where = (fact.report_id, fact.paragraph_id, fact.start)
    slot = ("甲山市", 2024, "actual", "地区生产总值", "change")
    return Correction("", "", *where, *slot, cell.told.figure, "value", right, "张三")  # type: ignore[arg-type]


def test_it_is_shown_as_called_wrong_and_goes_once_that_is_accepted(panel: Panel, tmp_path: Path) -> None:
    first = result(panel)
    assert first.told
    assert first.told.figure == "5.3%"
    with CorrectionBook.open(tmp_path / "library.db") as book:
        kept = book.add(called(first))
        marked = result(panel)
        assert marked.told == first.told
        assert [(one.state, one.right) for one in marked.corrections] == [("open", "5.1%")]
        book.decide(kept.id, "accepted", "admin")
        mended = result(panel)
        assert mended.told
        assert mended.told.figure == "5.1%"
        assert mended.corrections[0].decided_by == "admin"
        book.decide(kept.id, "refused", "admin")
        assert result(panel) == first


def test_it_outlives_a_new_reading_of_the_report_and_goes_with_the_report(panel: Panel, tmp_path: Path) -> None:
    with CorrectionBook.open(tmp_path / "library.db") as book:
        book.add(called(result(panel)))
        library = panel._shelf.library
        library.remove(next(iter(panel._shelf.reports)))
        assert book.all() == ()


def test_a_report_that_is_not_held_takes_no_correction(panel: Panel, tmp_path: Path) -> None:
    with CorrectionBook.open(tmp_path / "library.db") as book, pytest.raises(LibraryError):
        book.add(replace(called(result(panel)), report_id="f" * 16))


def test_the_command_lists_decides_and_exports_a_gold_question(
    panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENGWEN_HOME", str(tmp_path))
    with CorrectionBook.open(tmp_path / "library.db") as book:
        kept = book.add(called(result(panel)))
    run = CliRunner()
    assert kept.id in run.invoke(app, ["corrections", "list"]).stdout
    assert run.invoke(app, ["corrections", "decide", kept.id, "accepted"]).exit_code == 0
    assert json.loads(run.invoke(app, ["corrections", "list", "--json"]).stdout)["state"] == "accepted"
    out = tmp_path / "gold.jsonl"
    assert run.invoke(app, ["corrections", "export", str(out)]).exit_code == 0
    (question,) = map(json.loads, out.read_text("utf-8").splitlines())
    assert question["question"] == "甲山市2024年地区生产总值完成情况是多少"
    assert (question["must_include"], question["must_not_include"]) == (["5.1%"], ["5.3%"])
    assert isinstance(run.invoke(app, ["corrections", "decide", "none", "open"]).exception, LibraryError)
