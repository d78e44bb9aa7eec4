"""An assistant that may answer from some regions only has not heard of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.errors import LibraryError
from assistant.types import Turn

if TYPE_CHECKING:
    from assistant import Assistant

QUESTIONS = (
    "道里区2023年GDP目标是多少",
    "南岗区2022年的重点工作有哪些",
    "呼兰区今年要建哪些项目",
    "GDP目标是多少",
    "哪个区的GDP增速目标最高",
    "道里区和松北区的GDP目标相比怎么样",
    "各区的固定资产投资目标",
    "中央大街",
    "财政收入完成多少",
)


@pytest.fixture(scope="module")
def songbei(assistant: Assistant) -> Assistant:
    return assistant.within(["松北区"])


def test_it_holds_and_answers_from_its_own_reports(songbei: Assistant) -> None:
    assert {report.region for report in songbei.reports()} == {"松北区"}
    answer = songbei.ask("松北区2025年GDP目标是多少")
    assert answer.verdict == "answered"
    assert "5.5%" in answer.answer


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_answers_from_no_other_report_and_offers_none(songbei: Assistant, question: str) -> None:
    for history in ((), (Turn("道里区2023年GDP目标是多少"),)):
        answer = songbei.ask(question, history)
        assert {citation.report.region for citation in answer.citations} <= {"松北区"}
        assert {found.report.region for found in answer.retrieved} <= {"松北区"}
        assert not any(name in offered for offered in answer.suggestions for name in ("道里", "南岗", "呼兰"))


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_finds_no_other_passage(songbei: Assistant, question: str) -> None:
    assert {found.report.region for found in songbei.search(question, 50)} <= {"松北区"}


def test_it_reads_out_no_other_report_and_adds_none(songbei: Assistant, assistant: Assistant) -> None:
    other = next(report for report in assistant.reports() if report.region == "道里区")
    assert assistant.report(other.id)[1]
    with pytest.raises(LibraryError):
        songbei.report(other.id)
    with pytest.raises(LibraryError):
        songbei.ingest([])


def test_no_region_at_all_is_nothing_at_all(assistant: Assistant) -> None:
    nobody = assistant.within(())
    assert nobody.reports() == ()
    answer = nobody.ask("松北区2025年GDP目标是多少")
    assert (answer.verdict, answer.citations, answer.retrieved) == ("not_covered", (), ())
    assert nobody.search("GDP目标") == ()


def test_one_set_of_regions_has_one_assistant(assistant: Assistant) -> None:
    assert assistant.within(["松北区", "道里区"]) is assistant.within(("道里区", "松北区"))
