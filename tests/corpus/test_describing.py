"""What a person says of a report: confirmed, mended at any time, kept when the file comes again, and nothing embedded anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.corpus.describing import checked, describe
from assistant.corpus.fact_rows import FactQuery
from assistant.corpus.ingest import ingest, ingest_seeds
from assistant.corpus.library import Library
from assistant.corpus.progress import Progress
from assistant.corpus.tokens import tokenize
from assistant.errors import AlreadyHeld, DescriptionError, LibraryError
from assistant.language.lexicon import Lexicon
from assistant.types import Report
from tests.corpus.test_ingest import a_file, tiny


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "home" / "library.db") as opened:
        yield opened


def nameless(folder: Path) -> Path:
    """A report whose text names no place, under a name that says nothing."""
    path = a_file(folder, "a", "松北区")
    path.write_text(path.read_text("utf-8").split("次会议上\n")[1], "utf-8")
    return path


def taken_in(path: Path, library: Library, **how: object) -> Report:
    (outcome,) = ingest([path], library, tiny, "tiny", **how)  # type: ignore[arg-type]  # passed through
    assert outcome.report is not None, outcome.error
    return outcome.report


def test_an_uncertain_report_answers_nothing_before_it_is_confirmed(
    library: Library, tmp_path: Path, lexicon: Lexicon
) -> None:
    report = taken_in(nameless(tmp_path), library)
    empty = library.state()
    assert (report.region, report.report_year) == ("", 2025)
    assert [one.report for one in library.reviews.waiting()] == [report]
    assert [doubt.reason for doubt in library.reviews.waiting()[0].review.doubts] == ["not found", "unsupported"]
    assert library.reports() == ()
    assert library.passage_count() == 0
    assert library.vectors()[0] == []
    assert library.lexical.search(tokenize("营商环境"), None, 9) == []
    assert library.facts(FactQuery()) == ()
    assert library.lexical.strays() == 0
    with pytest.raises(DescriptionError, match="地区"):
        describe(library, report.id, {}, lexicon, confirm=True)
    confirmed = describe(library, report.id, {"region": "松北区"}, lexicon, confirm=True)
    assert (confirmed.region, confirmed.parent, confirmed.issuer) == ("松北区", "哈尔滨市", "松北区人民政府")
    assert confirmed.title == "2025年哈尔滨市松北区政府工作报告"
    assert library.reports() == (confirmed,)
    assert library.reviews.waiting() == ()
    assert library.state() != empty
    assert len(library.vectors()[0]) == library.passage_count() == len(library.passages_of(report.id)) > 0
    assert library.lexical.search(tokenize("营商环境"), None, 9) != []
    assert library.lexical.strays() == 0
    assert {fact.indicator for fact in library.facts(FactQuery())} >= {"地区生产总值"}


def test_a_wrong_year_is_mended_without_embedding_anything_anew(
    library: Library, tmp_path: Path, lexicon: Lexicon
) -> None:
    report = taken_in(a_file(tmp_path, "one", "松北区"), library)
    _, _, before = library.vectors()
    state, edition = library.state(), library.edition()
    assert {fact.period.first for fact in library.facts(FactQuery()) if fact.period} == {2025}
    mended = describe(library, report.id, {"report_year": 2024, "speaker": "区长 丁磊"}, lexicon)
    assert (mended.report_year, mended.title, mended.speaker) == (2024, "2024年哈尔滨市松北区政府工作报告", "区长 丁磊")
    assert library.report(report.id) == mended
    assert np.array_equal(library.vectors()[2], before)
    assert library.state() == state
    assert library.edition() != edition
    assert library.checksums.altered([report.id]) == frozenset()
    assert all("松北区2024年" in passage.indexed for passage in library.passages_of(report.id))
    assert library.lexical.strays() == 0


def test_what_a_person_said_is_kept_when_the_file_comes_again_and_goes_with_the_report(
    library: Library, tmp_path: Path, lexicon: Lexicon
) -> None:
    path = nameless(tmp_path)
    report = taken_in(path, library)
    describe(library, report.id, {"region": "香坊区", "kind": "工作要点"}, lexicon, confirm=True)
    (again,) = ingest([path], library, tiny, "tiny")
    assert again.status == "already"

    def other(texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        return tiny(texts, progress) + 1

    (anew,) = ingest([path], library, other, "another model")
    assert anew.status == "added"
    assert anew.report is not None
    assert (anew.report.region, anew.report.kind) == ("香坊区", "工作要点")
    library.remove(report.id)
    assert not any(library.remnants(report.id).values())
    assert taken_in(path, library).region == ""


def test_a_seed_that_was_mended_stays_so(library: Library, lexicon: Lexicon) -> None:
    ingest_seeds(library, tiny, "tiny")
    seed = next(report for report in library.reports() if report.region == "道里区")
    describe(library, seed.id, {"title": "道里区二〇二三年主要任务"}, lexicon)
    assert {outcome.status for outcome in ingest_seeds(library, tiny, "tiny")} == {"already"}
    assert library.report(seed.id).title == "道里区二〇二三年主要任务"


def test_of_two_that_claim_the_same_one_waits_until_somebody_has_chosen(
    library: Library, tmp_path: Path, lexicon: Lexicon
) -> None:
    path = a_file(tmp_path, "one", "松北区")
    first = taken_in(path, library)
    path.write_text(path.read_text("utf-8").replace("增长5%", "增长6%"), "utf-8")
    second = taken_in(path, library)
    assert library.reports() == (first,)
    with pytest.raises(AlreadyHeld, match=first.id):
        describe(library, second.id, {}, lexicon, confirm=True)
    assert library.reports() == (first,)
    describe(library, second.id, {"kind": "新闻稿"}, lexicon, confirm=True)
    assert {report.id for report in library.reports()} == {first.id, second.id}
    with pytest.raises(AlreadyHeld):
        describe(library, second.id, {"kind": "政府工作报告"}, lexicon)
    describe(library, second.id, {"kind": "政府工作报告"}, lexicon, replace_rivals=True)
    assert [report.id for report in library.reports()] == [second.id]
    assert [(one.before, one.after) for one in library.versions.replacements()] == [(first.id, second.id)]
    assert first.id not in library


def test_what_the_user_says_at_once_leaves_nothing_to_confirm(library: Library, tmp_path: Path) -> None:
    path = nameless(tmp_path)
    report = taken_in(path, library, region="北京市朝阳区", report_year=2030)
    assert (report.region, report.parent, report.report_year) == ("朝阳区", "北京市", 2030)
    assert report.title == "2030年北京市朝阳区政府工作报告"
    assert library.reports() == (report,)


@pytest.mark.parametrize(
    "said",
    [
        {"report_year": 1900},
        {"report_year": "2025"},
        {"report_year": True},
        {"region": "松" * 41},
        {"region": "松北\u202e区"},
        {"region": 7},
        {"delivered": "昨天"},
        {"delivered": "2025-13-01"},
    ],
)
def test_what_cannot_be_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(DescriptionError) as refused:
        checked(said)
    assert refused.value.hint


def test_empty_fields_say_nothing() -> None:
    assert checked({"region": "  ", "title": " 松北区  报告 ", "report_year": None, "unknown": 1}) == {
        "title": "松北区 报告"
    }


def test_a_report_that_is_not_held_cannot_be_described(library: Library, lexicon: Lexicon) -> None:
    with pytest.raises(LibraryError):
        describe(library, "0" * 16, {"region": "松北区"}, lexicon)
