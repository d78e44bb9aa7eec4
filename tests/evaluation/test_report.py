"""The report as a person opens it: from a file, with no network, on a wide screen and on a phone."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

import pytest

from assistant.evaluation.cases import cases, failing
from assistant.evaluation.metrics import METRICS, judge
from assistant.evaluation.report import report_html
from tests.browser import launched
from tests.evaluation.samples import HOSTILE, answer, evaluation, hostile, question, refusal, refused, right, wrong


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _of_everything() -> str:
    gold = question(9, kind="fact")
    return report_html(evaluation([right(1), wrong(2), refusal(3), right(5), judge(gold, refused(gold), 0.1)]))


def test_the_report_asks_for_nothing_else() -> None:
    page = _of_everything()
    assert not re.search(r"https?://|url\(|@import|<link|<img|<iframe", page)
    assert {name for _, attributes in _Tags(page).tags for name in attributes} & {
        "src",
        "href",
        "style",
        "onclick",
    } == set()


def test_the_policy_allows_this_script_and_this_style_alone() -> None:
    page = _of_everything()
    policy = next(a["content"] or "" for tag, a in _Tags(page).tags if tag == "meta" and "http-equiv" in a)
    for tag in ("script", "style"):
        source = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert len(source) == 1
        assert f"{tag}-src 'sha256-{b64encode(sha256(source[0].encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'")


def test_every_text_is_escaped_and_shows_nothing_unseen() -> None:
    page = report_html(evaluation([hostile(1), wrong(2)]))
    assert [tag for tag, _ in _Tags(page).tags].count("script") == 1
    assert not any(tag == "img" for tag, _ in _Tags(page).tags)
    assert "&lt;img src=x onerror=alert(2)&gt;" in page
    assert not set("\u202e\ud800") & set(page)
    assert HOSTILE not in page


def test_a_wrong_answer_stands_beside_what_was_expected_with_the_checks_it_failed() -> None:
    page = report_html(evaluation([right(1), wrong(2)]))
    (article,) = re.findall(r"<article.*?</article>", page, re.DOTALL)
    judged = wrong(2)
    for shown in (judged.gold.question, judged.gold.answer, judged.answer.answer, "缺少“5.5%”"):
        assert shown in article
    for name in failing(judged):
        assert f"✗ {METRICS[name].title}" in article
    assert "检索到，第 1 条" in article
    assert "已引用" in article
    assert f"<mark>{judged.gold.evidence[0].quote}</mark>" in article


def test_evidence_that_was_not_found_is_said_to_be_missing() -> None:
    gold = question(1)
    lost = replace(answer(gold, "8.5%"), retrieved=(), citations=())
    page = report_html(evaluation([judge(gold, lost, 0.1)]))
    assert "没有检索到" in page
    assert "没有引用" in page


def test_wrong_answers_come_before_right_ones_with_a_failed_check() -> None:
    gold = question(1)
    unhedged = judge(gold, replace(answer(gold), answer="松北区2025年预期目标：增长5.5%〔1〕"), 0.1)
    assert failing(unhedged) == ["hedge_kept"]
    assert [one.gold.id for one in cases([unhedged, right(2), wrong(3)])] == ["q 3", "q 1"]


def test_of_a_question_for_retrieval_alone_only_the_retrieval_is_judged() -> None:
    gold = replace(question(1), evidence=(), must_include=(), answer="", kind="fact")
    uncited = replace(answer(question(1), "8.5%"), citations=())
    lost, found = ({name: 1} for name in ("elsewhere", "8fabc22ccca2c171-1-9"))
    assert failing(judge(replace(gold, relevant=lost), uncited, 0.1)) == ["recall@10"]
    assert failing(judge(replace(gold, relevant=found), uncited, 0.1)) == []
    assert "elsewhere" in report_html(evaluation([judge(replace(gold, relevant=lost), uncited, 0.1)]))


def test_the_table_lists_every_figure_with_its_meaning() -> None:
    whole = evaluation([right(1), wrong(2), refusal(3)])
    page = report_html(whole)
    for name in whole.scorecard["overall"]:
        assert f"<code>{name}</code>" in page
    assert METRICS["answer_right"].meaning in page


def test_a_flawless_evaluation_has_no_list_of_faults() -> None:
    page = report_html(evaluation([right(1), right(3)]))
    assert "<article" not in page
    assert "<nav" not in page


def test_charts_show_value_and_interval_of_each_group_that_has_enough_questions() -> None:
    page = report_html(evaluation([*map(right, range(5)), wrong(5), refusal(6)]))
    assert re.search(r'aria-label="目标：83\.3%（\d+\.\d%～100\.0%），6 题"', page)
    assert "另有 1 组各不到 3 题" in page
    assert "回答正确：按地区和年份" in page


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_the_report_fits_the_screen_and_its_filter_works(
    tmp_path: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    fact = question(9, kind="fact")
    whole = evaluation([*map(right, range(4)), wrong(5), hostile(6), judge(fact, refused(fact), 0.1)])
    (tmp_path / "report.html").write_text(report_html(whole), "utf-8")
    with launched() as browser:
        page = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
        complaints: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "report.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.locator("article:visible").count() == 3
        page.get_by_role("button", name="事实 1").click()
        assert page.locator("article:visible").count() == 1
        page.get_by_role("button", name="全部 3").click()
        assert page.locator("article:visible").count() == 3
        assert (complaints, len(asked)) == ([], 1)
