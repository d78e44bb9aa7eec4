"""A paragraph knows on which pages of its file it stands, and which of its figures were recognised without certainty."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assistant.corpus.cleaning import clean
from assistant.corpus.ingest import ingest
from assistant.corpus.library import Library
from assistant.corpus.paging import placed
from assistant.corpus.parsing.parsed import Parsed
from assistant.corpus.readers import read_file
from assistant.corpus.structure import build_paragraphs
from assistant.types import Citation, Paragraph
from tests.corpus.older import as_version
from tests.corpus.pdf_files import Put, pdf, prose
from tests.corpus.test_ingest import tiny

PAGES = (
    [
        *prose("临溪县2026年政府工作报告", left=200, top=800, size=18),
        *prose(
            "\u3000\u3000各位代表：我来报告工作。",
            "\u3000\u3000一年来，我们引进项目24个，地区生产",
            top=720,
        ),
        Put("— 1 —", 280, 40, 10),
    ],
    [*prose("总值增长5.5%，粮食总产量达到186.4万吨。", top=720), Put("— 2 —", 280, 40, 10)],
    [
        *prose("\u3000\u3000今年完成投资12.6亿元。", top=720),
        *prose(*(f"\u3000\u3000第{one}，推进城乡建设、民生改善工作。" for one in range(10, 60)), top=690),
        Put("— 3 —", 280, 40, 10),
    ],
)


def a_file(tmp_path: Path) -> Path:
    path = tmp_path / "临溪县2026年政府工作报告.pdf"
    path.write_bytes(pdf(*PAGES))
    return path


def paragraphs_of(parsed: Parsed) -> tuple[Paragraph, ...]:
    return placed(build_paragraphs(clean(parsed.text, parsed.has_paragraphs), "aa"), parsed)


def holding(words: str, paragraphs: tuple[Paragraph, ...]) -> Paragraph:
    return next(one for one in paragraphs if words in one.text)


def test_words_are_cited_with_the_page_that_they_stand_on(tmp_path: Path) -> None:
    found = paragraphs_of(read_file(a_file(tmp_path)))
    over = holding("5.5%", found)

    def pages(words: str) -> tuple[int, ...]:
        return over.pages_of(over.text.index(words), over.text.index(words) + len(words))

    assert pages("引进项目24个") == (1,)
    assert pages("地区生产总值增长5.5%") == (1, 2)
    assert pages("186.4万吨") == (2,)
    assert holding("12.6亿元", found).pages_of(0, 5) == (3,)


def test_a_file_without_pages_has_none(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text("临溪县2026年政府工作报告\n一年来，我们引进项目24个，地区生产总值增长5.5%。")
    assert {one.pages for one in paragraphs_of(read_file(path))} == {()}


def test_a_doubtful_character_makes_its_whole_figure_doubtful_and_no_other(tmp_path: Path) -> None:
    parsed = read_file(a_file(tmp_path))
    at = parsed.text.index("186.4")
    found = holding("186.4", paragraphs_of(replace(parsed, doubtful=((at + 1, at + 2),))))
    assert found.doubtful_in(0, len(found.text)) == ("186.4万吨",)
    assert found.doubtful_in(0, found.text.index("，粮食")) == ()


def test_pages_are_kept_in_the_library(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library:
        (outcome,) = ingest([a_file(tmp_path)], library, tiny, "tiny")
        assert outcome.report is not None
        found = holding("5.5%", library.paragraphs(outcome.report.id))
        start = found.text.index("粮食")
        cited = Citation.of(1, outcome.report, found, (start, len(found.text)))
        assert (cited.quote, cited.pages) == ("粮食总产量达到186.4万吨。", (2,))
        assert library.unread_pages(outcome.report.id) == 0


def test_a_report_that_was_held_before_there_were_pages_gets_them_when_its_file_is_taken_in_again(
    tmp_path: Path,
) -> None:
    file = a_file(tmp_path)
    with Library.open(tmp_path / "library.db") as library:
        (first,) = ingest([file], library, tiny, "tiny")
    as_version(tmp_path / "library.db", 8)
    with Library.open(tmp_path / "library.db") as library:
        assert first.report is not None
        before = library.paragraphs(first.report.id)
        assert {one.pages for one in before} == {()}
        assert library.checksums.altered([first.report.id]) == frozenset()
        assert [one.status for one in ingest([file], library, tiny, "tiny")] == ["added"]
        after = library.paragraphs(first.report.id)
        assert [one.id for one in after] == [one.id for one in before]
        assert all(one.pages for one in after)
        assert [one.status for one in ingest([file], library, tiny, "tiny")] == ["already"]
