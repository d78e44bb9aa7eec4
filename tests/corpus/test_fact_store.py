"""Facts and items in the library: they come back as they were read, and older libraries are read anew."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.corpus.fact_rows import FactQuery
from assistant.corpus.horizon import annotate
from assistant.corpus.library import Library
from assistant.corpus.refreshing import read_again
from assistant.facts.report import read_report, reading_rules
from assistant.language.lexicon import Lexicon, load_lexicon
from assistant.retrieval.shelf import Shelf
from tests.corpus.older import as_version
from tests.corpus.test_library import a_report

TEXTS = (
    "地区生产总值完成620亿元，增长5.5%左右，其中第三产业增长6%。",
    "城镇、农村居民人均可支配收入分别增长4.3%、5.7%，粮食产量0.9亿斤，居全市第2位。",
    "固定资产投资增长4.5%—5%，居民收入与经济增长同步。重点办好3件实事：一是改造小区；二是新建学校；三是增加床位。",
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def test_facts_and_items_come_back_as_they_were_read(library: Library, lexicon: Lexicon) -> None:
    report, paragraphs, passages, vectors = a_report("aa", *TEXTS)
    read = read_report(paragraphs, report, lexicon)
    library.add(report, paragraphs, passages, vectors, "e5", read=read)
    assert library.facts(FactQuery()) == read.facts
    assert sorted(library.items("aa"), key=repr) == sorted(read.items, key=repr)
    assert len(read.facts) >= 9


def test_facts_are_asked_for_by_report_indicator_role_year_and_whether_they_are_told(
    library: Library, lexicon: Lexicon
) -> None:
    for name in ("aa", "bb"):
        report, paragraphs, passages, vectors = a_report(name, *TEXTS, "5.5%。")
        library.add(report, paragraphs, passages, vectors, "e5", read=read_report(paragraphs, report, lexicon))
    growth = library.facts(FactQuery(indicators=["固定资产投资"], role="target", year=2025))
    assert [(fact.report_id, str(fact.value), str(fact.upper)) for fact in growth] == [
        ("aa", "4.5", "5"),
        ("bb", "4.5", "5"),
    ]
    assert library.facts(FactQuery(reports=["aa"], indicators=["固定资产投资"], role="actual")) == ()
    assert library.facts(FactQuery(indicators=["固定资产投资"], year=2024)) == ()
    (untold, _) = library.facts(FactQuery(attached=False))
    assert (untold.subject, untold.paragraph_id) == (None, "aa-1-3")
    assert len(library.facts(FactQuery(paragraphs=["aa-1-0"]))) == 3


def test_a_report_that_is_replaced_or_removed_leaves_no_fact_behind(library: Library, lexicon: Lexicon) -> None:
    report, paragraphs, passages, vectors = a_report("aa", "翡翠工程投资77777亿元。")
    library.add(report, paragraphs, passages, vectors, "e5", read=read_report(paragraphs, report, lexicon))
    report, paragraphs, passages, vectors = a_report("aa", *TEXTS)
    library.add(
        report, paragraphs, passages, vectors, "e5", read=read_report(paragraphs, report, lexicon), replace=True
    )
    assert "翡翠" not in " ".join(fact.subject or "" for fact in library.facts(FactQuery()))
    library.remove("aa")
    assert (library.facts(FactQuery()), library.items("aa")) == ((), ())
    library.close()
    assert "翡翠".encode() not in library.path.read_bytes()


def test_a_library_from_before_there_were_facts_is_read_from_its_own_paragraphs(
    library: Library, lexicon: Lexicon
) -> None:
    report, paragraphs, passages, vectors = a_report("aa", *TEXTS)
    library.add(report, paragraphs, passages, vectors, "e5")
    state = library.state()
    library.close()
    as_version(library.path, 2)
    told: list[tuple[int, int]] = []
    with Library.open(library.path) as opened:
        assert opened.unread(reading_rules(lexicon)) == ("aa",)
        assert read_again(opened, lexicon, lambda done, total: told.append((done, total))) == 1
        assert opened.facts(FactQuery()) == read_report(annotate(paragraphs, report), report, lexicon).facts
        assert read_again(opened, lexicon) == 0
        assert opened.state() == state  # nothing is embedded or indexed anew
    assert told == [(1, 1)]


def test_other_words_for_an_indicator_are_other_rules(library: Library, tmp_path: Path) -> None:
    report, paragraphs, passages, vectors = a_report("aa", "特色产值完成3亿元。")
    packaged = load_lexicon()
    library.add(report, paragraphs, passages, vectors, "e5", read=read_report(paragraphs, report, packaged))
    assert [fact.indicator for fact in library.facts(FactQuery())] == [None]
    (tmp_path / "aliases.toml").write_text('[[indicator]]\nname = "特色产值"\nwritten = ["特色产值"]\n', "utf-8")
    own = load_lexicon(tmp_path / "aliases.toml")
    assert reading_rules(own) != reading_rules(packaged)
    read_again(library, own)
    assert [fact.indicator for fact in library.facts(FactQuery())] == ["特色产值"]


def test_the_times_of_an_older_library_are_read_anew_as_well(library: Library, lexicon: Lexicon) -> None:
    report, paragraphs, _, vectors = a_report("aa", "2024年，新建学校3所。", "改造管网20公里。")
    untold = [replace(paragraph, period=None, role=None) for paragraph in paragraphs]
    for name, texts in (
        ("aa", untold),
        ("bb", [replace(one, id=f"bb-{one.ordinal}", report_id="bb") for one in untold]),
    ):
        library.add(replace(report, id=name), texts, [], vectors[:0], "e5")
    with sqlite3.connect(library.path) as other:
        other.execute("UPDATE paragraph SET text = '改造管网90公里。' WHERE report_id = 'bb' AND ordinal = 1")
    other.close()
    read_again(library, lexicon)
    assert [one.period.label for one in library.paragraphs("aa") if one.period] == ["2024年"] * len(paragraphs)
    assert library.checksums.altered(["aa", "bb"]) == {"bb"}  # what was altered before stays so


DYING = """
import os, sys
from pathlib import Path
from assistant.corpus import refreshing
from assistant.corpus.horizon import annotate
from assistant.corpus.library import Library
from assistant.language.lexicon import load_lexicon
kept = Library.read_anew
def dies(self, *read):
    kept(self, *read)
    os._exit(9)
Library.read_anew = dies
with Library.open(Path(sys.argv[1])) as library:
    refreshing.read_again(library, load_lexicon())
"""


def test_a_crash_while_reading_anew_leaves_whole_reports_and_the_next_start_goes_on(
    library: Library, lexicon: Lexicon
) -> None:
    for name in ("aa", "bb", "cc"):
        report, paragraphs, passages, vectors = a_report(name, *TEXTS)
        library.add(report, paragraphs, passages, vectors, "e5")
    for left in (2, 1, 0):
        died = subprocess.run([sys.executable, "-c", DYING, str(library.path)], env=os.environ, check=False)
        assert died.returncode == 9
        assert len(library.unread(reading_rules(lexicon))) == left
        read = {fact.report_id for fact in library.facts(FactQuery())}
        assert len(read) == 3 - left
        assert {len(library.facts(FactQuery(reports=[name]))) for name in read} == {
            len(library.facts(FactQuery(reports=["aa"])))
        }


def test_a_whole_report_is_read_at_once(shelf: Shelf, lexicon: Lexicon) -> None:
    reports = [(report, shelf.paragraphs(report.id)) for report in shelf.reports.values()]
    read_report(reports[0][1], reports[0][0], lexicon)  # dictionaries are loaded once
    started = time.process_time()
    for report, paragraphs in reports:
        read_report(paragraphs, report, lexicon)
    assert (time.process_time() - started) / len(reports) <= 1  # 0.2 on idle cores


def test_the_goals_of_one_indicator_in_many_reports_come_at_once(library: Library, lexicon: Lexicon) -> None:
    for number in range(90):
        report, paragraphs, passages, vectors = a_report(f"{number:02}", *TEXTS * 12)
        library.add(report, paragraphs, passages, vectors, "e5", read=read_report(paragraphs, report, lexicon))
    started = time.process_time()
    found = library.facts(FactQuery(indicators=["固定资产投资"], role="target", year=2025))
    assert len(found) == 90 * 12
    assert time.process_time() - started <= 1  # each of them twelve times; one a report takes a few ms
