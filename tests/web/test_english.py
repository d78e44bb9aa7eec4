"""The interface in English: each sentence of the scripts has its words, none is kept that nobody says, and all are to be seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import assistant
from tests.web.english_words import NAMES, SCRIPTS, patterns_of, words_of
from tests.web.inspecting import chinese_words
from tests.web.walking import GDP_QUESTION, answer_to, answered, ask, earlier, reload

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(assistant.__file__).parent
WORDS = [said for said, _ in words_of("WORDS")]
PATTERNS = patterns_of("PATTERNS")
ELSEWHERE = ("回答：", "政问指标", "地区生产总值")
"""Said with foreign words behind it, which stay Chinese."""


FIGURES = re.compile(r"(?:[1 ，。、：（）]|[年万亿]|的口径|看原文)+")
"""Of figures alone, with whose and when they are: these stay Chinese."""


def said_by_scripts() -> set[str]:
    """Each Chinese text that a script writes, a number or a word in place of what it puts in."""
    sources = [path.read_text("utf-8") for path in SCRIPTS.glob("*.js") if path.name != "english-words.js"]
    told = [one for source in sources for one in re.findall(r'"([^"\n]*)"|`([^`\n]*)`', source)]
    filled = {re.sub(r"\$\{[^}]*\}", "1", first or second) for first, second in told}
    return {text for text in filled if re.search(r"[\u4e00-\u9fff]", text)}


def test_every_sentence_of_the_scripts_is_said_in_english_too() -> None:
    questions = {text for text in said_by_scripts() if text.startswith("总结一下")}
    left = {
        text
        for text in said_by_scripts() - questions
        if text not in WORDS
        and not FIGURES.fullmatch(text)
        and not text.startswith(ELSEWHERE)
        and not any(one.fullmatch(text) for one in PATTERNS)
    }
    assert left == set()


def test_no_word_is_kept_that_nobody_says() -> None:
    others = [
        path for path in ROOT.rglob("*") if path.suffix in {".py", ".js", ".toml"} and path.name != "english-words.js"
    ]
    told = "".join(path.read_text("utf-8") for path in others)
    said = re.sub(r"<[^>]*>", "", told)
    kept = [*WORDS, *NAMES]
    assert [one for one in kept if one.rstrip("。") not in told and one.rstrip("。") not in said] == []


def test_no_sentence_has_two_translations() -> None:
    assert len(WORDS) == len(set(WORDS))
    assert len(words_of("NAMES")) == len(NAMES)
    assert len(WORDS) > 100
    assert len(PATTERNS) > 10


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_the_interface_is_english_to_the_last_word_and_what_reports_say_stays_chinese(
    open_page: Callable[..., Page], snapshot: Callable[[Page, str], None]
) -> None:
    page = open_page()
    page.locator("[data-do=english]").click()
    page.locator("#send", has_text="Ask").wait_for()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert chinese_words(page) == []
    page.locator("#question textarea").fill("长" * 600)
    page.locator("#zw-long", has_text="this one has 100 too many").wait_for()
    assert chinese_words(page) == []
    ask(page, "看不懂")
    page.locator("#note", has_text="could not be understood").wait_for()
    assert chinese_words(page) == []
    for question in ("香坊区2025年GDP目标是多少", "GDP目标是多少", "这个会出错", "那目标呢", GDP_QUESTION):
        answered(page, question)
        page.wait_for_timeout(200)  # what could be asked next has come too
        assert chinese_words(page) == []
    page.locator("#offer .zw-next").wait_for()
    page.locator("#offer .zw-change summary").first.click()
    assert chinese_words(page) == []
    page.keyboard.press("Escape")
    page.locator("#reply [data-do=edit]").click()
    assert chinese_words(page) == []
    ask(page, "这个很慢")
    page.locator("#reply .zw-busy").wait_for()
    for waiting in (GDP_QUESTION, "第三个"):
        page.locator("#question textarea").fill(waiting)
        page.keyboard.press("Enter")
    page.locator("#zw-queue", has_text="Only one can wait").wait_for()
    assert chinese_words(page) == []
    page.locator("#zw-queue button").click()
    page.locator("#stop").click()
    answer_to(page, "这个很慢")
    assert chinese_words(page) == []
    answered(page, "比较松北区2025年和2023年GDP目标")
    page.locator("#answer .zw-cite").first.click()
    page.locator("#passages .zw-near").first.wait_for()
    page.locator("#bad").click()
    page.locator("#complain").click()
    page.locator("#said", has_text="Please choose").wait_for()
    for fold in (".zw-searched", "#reply .zw-fold"):
        page.locator(f"{fold} summary:visible").first.click()
    assert chinese_words(page) == []
    told = page.locator("#answer").inner_text()
    assert "the goal of 松北区 2025 is lower than that of 松北区 2023 by about 1 percentage point" in told
    assert "增长6.5%左右〔2〕" in told
    snapshot(page, "english-1280-light")
    reload(page)
    page.locator("#send", has_text="Ask").wait_for()
    page.locator(".zw-more").first.click()
    page.locator(".zw-row-acts .zw-danger").click()
    assert chinese_words(page) == []
    page.get_by_role("button", name="Rename").click()
    assert chinese_words(page) == []
    page.locator(".zw-side .zw-find").fill("没有的")
    assert chinese_words(page) == []
    page.locator("[data-do=view-library]").first.click()
    page.locator(".zw-place").first.wait_for()
    page.locator(".zw-what").first.click()
    page.locator(".zw-place .zw-asks").wait_for()
    assert chinese_words(page) == []
    page.locator(".zw-place [data-do=read]", has_text="2025").first.click()
    page.locator("#zw-reader .zw-reader-text p").first.wait_for()
    page.locator("#zw-reader .zw-fact-bar button").click()
    assert chinese_words(page) == []
    page.keyboard.press("Escape")
    page.locator("[data-do=view-indicators]").click()
    assert chinese_words(page) == []
    page.locator("[data-do=view-chat]").click()
    answered(page)
    page.locator("[data-do=english]").click()
    page.locator("#send", has_text="提问").wait_for()
    assert earlier(page).last.locator(".zw-acts [data-do=copy]").inner_text() == "复制回答"
    assert earlier(page).last.locator(".zw-fold summary").first.inner_text().endswith("查看出处")
    assert page.locator(".zw-new").inner_text() == "＋ 新对话"
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
