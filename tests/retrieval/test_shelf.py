from __future__ import annotations

import pytest

from assistant.language.periods import NEXT_FIVE, PAST_FIVE, year_period
from assistant.retrieval.shelf import Shelf, holds, same_period
from assistant.types import Period, Role


def covering(shelf: Shelf, region: str, period: Period | None, role: Role | None = None) -> list[tuple[str, int]]:
    return [(report.region, report.report_year) for report in shelf.covering([region], period, role)]


def test_a_year_is_covered_by_the_report_that_speaks_of_it_and_not_by_its_own_year(shelf: Shelf) -> None:
    assert covering(shelf, "松北区", year_period(2024)) == [("松北区", 2025)]
    assert covering(shelf, "松北区", year_period(2025)) == [("松北区", 2025)]
    assert covering(shelf, "松北区", year_period(2023), "target") == [("松北区", 2023)]
    assert covering(shelf, "南岗区", year_period(2021), "actual") == [("南岗区", 2022)]


@pytest.mark.parametrize(("region", "year"), [("松北区", 2026), ("松北区", 2022), ("道里区", 2025), ("香坊区", 2025)])
def test_a_place_or_a_year_that_is_not_held_is_covered_by_nothing(shelf: Shelf, region: str, year: int) -> None:
    assert covering(shelf, region, year_period(year)) == []


def test_a_result_is_not_covered_by_a_goal(shelf: Shelf) -> None:
    assert covering(shelf, "松北区", year_period(2025), "actual") == []
    assert covering(shelf, "松北区", year_period(2024), "actual") == [("松北区", 2025)]


def test_the_newest_report_comes_first_where_no_time_is_asked(shelf: Shelf) -> None:
    assert covering(shelf, "松北区", None) == [("松北区", 2025), ("松北区", 2023)]


def test_horizons_of_several_years_are_covered(shelf: Shelf) -> None:
    assert covering(shelf, "呼兰区", Period(NEXT_FIVE), "target") == [("呼兰区", 2022)]
    assert covering(shelf, "南岗区", Period(PAST_FIVE), "actual") == [("南岗区", 2022)]
    assert covering(shelf, "松北区", Period(NEXT_FIVE)) == []


def test_some_months_are_not_the_same_time_as_the_year_though_the_year_holds_them() -> None:
    months = Period("2021年1—11月", 2021, 2021, partial=True)
    assert not same_period(year_period(2021), months)
    assert not same_period(months, year_period(2021))
    assert holds(year_period(2021), months)


def test_a_span_holds_its_years_and_no_other() -> None:
    span = Period(NEXT_FIVE, 2022, 2026)
    assert holds(span, year_period(2022))
    assert holds(span, year_period(2026))
    assert not holds(span, year_period(2027))
    assert not holds(Period(NEXT_FIVE), year_period(2022))
    assert not same_period(year_period(2022), span)


def test_the_next_five_years_are_not_the_past_five() -> None:
    assert not same_period(Period(NEXT_FIVE), Period(PAST_FIVE, 2017, 2021))
    assert same_period(Period(NEXT_FIVE), Period(NEXT_FIVE, 2022, 2026))


def test_the_shelf_knows_its_reports_regions_and_paragraphs(shelf: Shelf) -> None:
    assert shelf.regions == {"松北区", "道里区", "南岗区", "呼兰区"}
    assert [report.report_year for report in shelf.of_region("松北区")] in ([2023, 2025], [2025, 2023])
    for report_id in shelf.reports:
        assert [paragraph.ordinal for paragraph in shelf.paragraphs(report_id)] == list(
            range(len(shelf.paragraphs(report_id)))
        )
