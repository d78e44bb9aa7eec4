"""A figure that was recognised without certainty is marked wherever it is cited: in text, figures, passages, exports and the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from assistant.answering.recognised import cautioned, with_cautions
from assistant.types import Answer, Citation, Figure, Paragraph, Preview, Report
from assistant.web.api.types import footnotes
from assistant.web.display.answer import display
from assistant.web.export.exporting import as_markdown
from assistant.web.page.cards import cards_html
from assistant.web.page.thread import Exchange

REPORT = Report("0" * 16, "2025年甲区政府工作报告", "甲区", 2025)
TEXT = "新建学校31所，新增床位2400张，学校改造完成率95%。"
DOUBTFUL = Paragraph("p-1-0", REPORT.id, 0, ("二、目标",), TEXT, pages=((0, 3), (8, 4)), doubtful=((4, 7),))


def an_answer(paragraph: Paragraph = DOUBTFUL, **changes: object) -> Answer:
    figures = tuple(
        Figure(text, value, unit, None, None, None, None, 1, "verified")
        for text, value, unit in (("31所", 31, "所"), ("2400张", 2400, "张"))
    )
    cited = Citation.of(1, REPORT, paragraph, (0, len(TEXT)))
    told = Answer("问", "answered", "新建学校31所，新增床位2400张〔1〕", (cited,), figures)
    return replace(told, **changes)  # type: ignore[arg-type]


def test_the_answer_names_its_doubtful_figures_and_no_other() -> None:
    told = cautioned(an_answer())
    assert told.answer == "新建学校31所，新增床位2400张〔1〕\n识别所得，请核对：31所〔1〕。"
    assert [figure.doubtful for figure in told.figures] == [True, False]


def test_an_answer_from_text_stays_as_it_is() -> None:
    certain = an_answer(replace(DOUBTFUL, doubtful=()))
    assert cautioned(certain) is certain


def test_what_is_computed_beside_a_doubtful_figure_is_doubtful() -> None:
    computed = Figure("2倍", 2, "倍", None, None, None, None, None, "computed")
    assert [figure.doubtful for figure in cautioned(an_answer(figures=(computed,))).figures] == [True]


@pytest.mark.parametrize("preview", [True, False])
def test_a_stream_adds_up_to_the_answer_that_ends_it(preview: bool) -> None:
    told = an_answer()
    parts = list(with_cautions([*([Preview(told)] if preview else []), told.answer[:6], told.answer[6:], told]))
    *_, last = parts
    assert isinstance(last, Answer)
    assert "".join(part for part in parts if isinstance(part, str)) == last.answer
    if preview:
        assert isinstance(parts[0], Preview)
        assert "识别所得，请核对" in parts[0].answer.answer


def test_the_mark_and_the_pages_stand_in_the_passage_the_export_and_the_footnotes() -> None:
    told = cautioned(an_answer())
    exchange = Exchange(1, "问", told)
    (passage,) = display(told).passages
    assert (passage.where, passage.page, passage.caution) == ("第3—4页 · 二、目标", 3, "识别所得，请核对：31所")
    assert [check.known for check in display(told).checks.lines] == ["识别所得，请核对", "与〔1〕的原文一致"]
    card = cards_html(exchange)
    assert '<p class="zw-caution">识别所得，请核对：31所</p>' in card
    assert 'data-do="original"' in card
    assert 'data-page="3"' in card
    exported = as_markdown([exchange], datetime(2026, 1, 1))
    assert "（第3—4页）" in exported
    assert "| 31所 |  |  |  | 识别所得，请核对 |" in exported
    assert "识别所得，请核对：31所" in exported
    assert "（第3—4页；识别所得，请核对：31所）" in footnotes(told)
