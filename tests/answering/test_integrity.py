"""A report whose text was changed in the library's file is not cited, and the reply says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copy, copytree

import pytest

from assistant import Assistant, open_assistant
from assistant.errors import LibraryError
from tests.corpus.test_checksums import edit

QUESTION = "松北区2025年GDP目标是多少"
SONGBEI = "8ed70c806e0b4433"
EDIT = f"UPDATE paragraph SET text = replace(text, '5.5%', '9.5%') WHERE report_id = '{SONGBEI}'"


@pytest.fixture(scope="module")
def home(seeded_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("altered")
    copy(seeded_home / "library.db", home)
    copytree(seeded_home / "index", home / "index")
    (home / "models").symlink_to(seeded_home / "models")
    return home


@pytest.fixture(scope="module")
def altered(home: Path) -> Iterator[Assistant]:
    """An assistant that has answered from the report before it was changed."""
    whole = open_assistant(home=home)
    assert "5.5%" in whole.ask(QUESTION).answer
    edit(home / "library.db", EDIT)
    yield whole
    whole.close()


def test_a_changed_report_is_not_cited_and_the_reply_says_so(altered: Assistant) -> None:
    answer = altered.ask(QUESTION)
    assert (answer.verdict, answer.citations, answer.decided_by) == ("not_covered", (), "altered text")
    assert "收录时不一致" in answer.answer
    assert "zhengwen doctor" in answer.answer
    assert "9.5%" not in answer.answer
    assert all(one.report.id != SONGBEI for one in answer.retrieved)


def test_the_other_reports_are_answered_from_as_before(altered: Assistant) -> None:
    answer = altered.ask("松北区2023年GDP目标是多少")
    assert answer.verdict == "answered"
    assert "6.5%" in answer.answer


def test_what_else_shows_its_words_refuses_them(altered: Assistant) -> None:
    for shown in (
        lambda: altered.report(SONGBEI),
        lambda: altered.facts(SONGBEI),
        lambda: altered.search(QUESTION),
    ):
        with pytest.raises(LibraryError, match="不一致"):
            shown()


def test_a_table_leaves_its_figures_out_and_shows_those_of_the_others(altered: Assistant) -> None:
    panel = altered.panel()
    table = panel.table(panel.select(["GDP"], ["松北区"], [2022, 2023, 2025]))
    assert [report.id for report in table.altered] == [SONGBEI]
    states = {(pair.year, pair.goal.state) for one in table.series for pair in one.pairs if one.kind == "change"}
    assert {(2023, "told"), (2025, "altered")} <= states
    assert not any(
        "9.5%" in cell.told.figure
        for one in table.series
        for p in one.pairs
        for cell in (p.goal, p.result)
        if cell.told
    )
    elsewhere = panel.table(panel.select(["GDP"], [place for place in panel.places if place != "松北区"]))
    assert elsewhere.altered == ()
    assert any(one.count for one in elsewhere.series)
