"""Answers in English: what the assistant says itself has its English form, and what reports say stays as it stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from assistant.answering import coverage
from assistant.answering.assistant import LONGEST_QUESTION, checked
from assistant.answering.compose import compose
from assistant.answering.difference import SAID_OTHERWISE, side_by_side
from assistant.answering.integrity import HINT
from assistant.answering.routing import read
from assistant.answering.writing import rewording
from assistant.errors import QuestionError
from assistant.language.sentences import sentences
from assistant.llm.failures import Failure
from assistant.types import Answer
from assistant.web.display.blocks import Block, Comparison, Grid, Headline, Listing, Pieces
from assistant.web.display.text import body
from tests.web.english_words import NAMES, English
from tests.web.inspecting import chinese_words
from tests.web.walking import GDP_QUESTION, answered, ready

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assistant import Assistant
    from assistant.answering.reader import Reader
    from assistant.language.lexicon import Lexicon
    from assistant.retrieval.shelf import Shelf

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]

QUESTIONS = {
    "about the assistant": (
        "你好",
        "谢谢",
        "你能做什么",
        "收录了哪些报告",
        "松北区有哪些年份的报告",
        "上海市的报告有吗",
        "你的数据可靠吗",
    ),
    "nothing asked, or nothing of reports": ("松北区", "怎么样", "今天天气怎么样", "帮我写首诗"),
    "not held": (
        *("香坊区2025年GDP目标是多少", "上海市和北京市GDP目标哪个高", "松北区2010年政府工作报告写了什么"),
        *("松北区2024年GDP目标是多少", "松北区2025年GDP完成情况", "松北区十五五目标", "道里区2022年完成了多少GDP"),
    ),
    "not told": (
        *(
            "松北区房价多少",
            "松北区为什么下雨",
            "松北区书记是谁",
            "松北区和道里区机场建得怎么样",
            "火星探测器发射了几颗",
        ),
        "松北区2024年城镇新增就业多少人",
    ),
    "which place": ("GDP目标是多少", "2022年GDP目标是多少", "存在哪些问题", "目标都完成了吗"),
    "compared": (
        *(
            "比较松北区2025年和2023年GDP目标",
            "松北区2025年和道里区2023年GDP目标哪个高",
            "松北区2025年和香坊区2025年GDP目标比较",
        ),
        *("松北区2025年和呼兰区2022年固定资产投资目标比较", "道里区2023年和呼兰区2022年GDP目标比较"),
        *(
            "松北区2025年外资目标比去年完成的高多少",
            "呼兰区2021年GDP和2022年目标",
            "松北区2025年和2023年招商引资目标比较",
        ),
    ),
    "over places and years": (
        *("哪个区的GDP目标最高", "哪个区GDP目标最低", "各区GDP目标", "哪些区的GDP目标在6%左右", "哪些区GDP目标超过20%"),
        *("松北区历年GDP目标", "松北区近几年房地产怎么样", "哪些区的报告提到了冰雪经济"),
    ),
    "goals met": (
        *(
            "松北区2024年GDP目标完成了吗",
            "松北区2024年目标完成了吗",
            "呼兰区2022年GDP目标完成了吗",
            "哪些区没完成GDP目标",
        ),
        *("连续三年没完成GDP目标的有哪些地方", "松北区2023年实际利用外资目标实现了吗"),
    ),
    "before a quotation": (
        *(
            "松北区2025年GDP目标是6%吗",
            "松北区2025年GDP目标是5.5%吗",
            "松北区机器人产业园什么时候建成",
            "松北区地铁建好了吗",
        ),
        *("呼兰区2022年的十件民生实事是哪十件", "松北区2025年进出口总额出口做了多少", "松北区2025年要办哪些民生实事"),
        *(
            "总结一下松北区2025年政府工作报告",
            "松北区2025年为什么定5.5%的目标",
            "松北区存在哪些问题",
            "松北区教育怎么样",
        ),
    ),
}
ON_THE_PAGE = {
    "help": ("你好", "Hello! I find figures and statements in government work reports"),
    "asking-back": (
        "GDP目标是多少",
        "Which place and which year do you mean? The library can answer for: 松北区 2025,",
    ),
    "refusal": (
        "香坊区2025年GDP目标是多少",
        "There is no government work report of 香坊区 in the library, so this cannot",
    ),
    "met": ("松北区2025年目标完成了吗", "no 2026 report in the library"),
    "comparison": (
        "比较松北区2025年和2023年GDP目标",
        "is lower than that of 松北区 2023 by about 1 percentage point (6.5% −",
    ),
}
"""What is asked in a browser, and what is to be read there then."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LEFT = re.compile(r"[，。：；？（]|\d年|(?:目标|计划|报告)$|^(?:目标|实际|没有)")
"""What no part in English has any more; names may stay Chinese."""


def answer_of(reader: Reader, question: str) -> Answer:
    """Answer as the assistant does, without looking for what else could be asked."""
    reading = read(reader, reader.understanding.read(question))
    draft = compose(reading.lines, reader.shelf.facts_of)
    text = draft.text or reading.words
    return Answer(question, reading.verdict, text, draft.citations, draft.figures, decided_by=reading.decided_by)


def text_of(pieces: Pieces) -> str:
    return "".join(piece.text for piece in pieces)


def is_quoting(pieces: Pieces) -> bool:
    return any(piece.look == "citation" for piece in pieces)


def said_in(block: Block) -> Iterator[str]:
    """What a block says that no report does: whole sentences, and whose and of when the words are that it quotes."""
    match block:
        case Headline():
            yield from block.of
        case Listing():
            pass
        case Comparison():
            yield from (block.caption, *(one for side in block.sides for one in side.lead))
        case Grid():
            yield from (block.caption, *(text_of(cell) for row in block.rows for cell in row if not is_quoting(cell)))
        case _ if is_quoting(block.pieces):
            yield from re.findall(r"^[^：〔]{2,40}：", text_of(block.pieces))
        case _:
            yield text_of(block.pieces)


@pytest.fixture(scope="module")
def english(browser: Browser) -> Iterator[English]:
    script = English(browser)
    yield script
    script.close()


@pytest.mark.parametrize("kind", QUESTIONS)
def test_what_the_assistant_says_itself_is_said_in_english_too(
    assistant: Assistant, english: English, kind: str
) -> None:
    reader = assistant.reader()
    found = {one for asked in QUESTIONS[kind] for block in body(answer_of(reader, asked)) for one in said_in(block)}
    said = sorted(found - {""})
    assert len(said) >= 2
    whole, leads = english.of(said), english.parts(one.removesuffix("：") for one in said)
    told = [(one or lead).replace(GDP_QUESTION, "") for one, lead in zip(whole, leads, strict=True)]
    assert [one for one in told if LEFT.search(one)] == []
    if kind != "before a quotation":
        assert any(whole)


def test_many_questions_of_every_kind_are_asked() -> None:
    assert sum(map(len, QUESTIONS.values())) >= 40


@pytest.mark.parametrize(
    "said",
    [
        *(coverage.NOT_LISTED, coverage.NO_NUMBER, coverage.NO_TIME, coverage.SAY_MORE),
        *(coverage.undecided(), coverage.undecided("建成"), coverage.only_of_all("出口")),
        *(coverage.yes_or_no(is_so=True).words, coverage.yes_or_no(is_so=False).words),
        *(side_by_side(reason).words for reason in (SAID_OTHERWISE, "口径不同（总量和增减幅度）", "有一个只写了下限")),
        side_by_side("时间跨度不同（2021—2025年年均和未写明时间）").words,
        "比较：两者相同。",
        "比较：河北省2024年城乡居民收入比比山东省低0.1（2.2减2.1，由引用数据计算）。",
        "最高的是西藏自治区2025年。（共查了31个地方，28个写明了这项数字。）",
        "共查了31个地方，28个写明了这项数字，由高到低排列，显示前10个。",
        "符合的有12个：河北省、山东省，显示前10个。（共查了31个地方，28个写明了这项数字。）",
        "共查了31个地方，20个写明了2024年的目标和完成情况：完成12个、接近5个、未完成3个。下面是前10个。",
        "共查了31个地方，连续3年未完成目标的有6个：河北省（2021—2023年）、山东省（2020—2022年），下面是前5个。",
        "河北省能把目标和完成情况对上的指标有5项：3项完成、1项接近、1项未完成。另有2项不能比：目标和完成情况没有都写明，或者口径不同。",
        "河北省能把目标和完成情况对上的有6年：5年完成、1年未完成。",
        *(
            "未完成，低0.6个百分点（6%减5.4%）",
            "完成，多0.8万人（2.2万人减1.4万人，由引用数据计算）",
            "完成，与目标持平（5.5%）",
        ),
        *("完成，目标是稳定增长，实际增长3.1%", "不能确定：完成情况只说5%左右", "不能确定：完成情况只说跨过100亿元"),
        *("口径不同（一个是总量，一个是增幅），不能相比", "口径不同（单位是元和没有单位），不能相比"),
        *("只有2024年1—11月的数据，不能和全年目标相比", "目标没有数字，请看两句原文", "完成情况没有数字，请看两句原文"),
        "没有收录松北区2024年的报告，2024年定了哪些目标无从查起。已收录松北区2023、2025年的报告。",
        "没有收录道里区的报告；哈尔滨市的报告里这样写：",
        "在北京市2025年、河北省2024年、2025年等31个地方的政府工作报告里没有查到能直接回答的内容。",
        f"《2025年政府工作报告》、《2024年政府工作报告》等在资料库里的文字和收录时不一致，不能引用。{HINT}",
    ],
)
def test_sentences_that_other_reports_call_for_are_said_in_english_too(english: English, said: str) -> None:
    (told,) = english.of([said])
    assert told is not None
    assert not re.search(r"[，。：；？、（]|\d年", told.replace(GDP_QUESTION, ""))


def test_what_is_said_of_a_language_model_that_fails_is_said_in_english_too(english: English) -> None:
    reasons = [str(failure.error()).rstrip("。") for failure in Failure]
    told = [
        said.format(reason=reason) for reason in reasons for said in (rewording._BROKEN_OFF, rewording._ENDED_EARLY)
    ]
    told += [f"{reason}，后面的没有写完。" for reason in reasons]
    told += [rewording._NOT_TAKEN, rewording._STOPPED, rewording._ADDRESSED]
    assert [one for one, said in zip(told, english.of(told), strict=True) if CHINESE.search(said or one)] == []


@pytest.mark.parametrize("asked", ["", "长" * (LONGEST_QUESTION + 1)])
def test_why_a_question_is_not_taken_is_said_in_english_too(english: English, asked: str) -> None:
    with pytest.raises(QuestionError) as refused:
        checked(asked)
    assert all(english.of([str(refused.value), refused.value.hint]))


def test_every_indicator_has_an_english_name(lexicon: Lexicon) -> None:
    assert {name for name in lexicon.indicators if name not in NAMES} == set()


def test_no_sentence_of_a_report_is_taken_for_one_of_the_assistants_own(english: English, shelf: Shelf) -> None:
    paragraphs = [paragraph.text for report in shelf.reports for paragraph in shelf.paragraphs(report)]
    told = [text[start:end] for text in paragraphs for start, end in sentences(text)]
    assert len(told) > 1000
    assert [one for one, said in zip(told, english.of(told), strict=True) if said] == []


@pytest.mark.parametrize("width", [1280, pytest.param(360, marks=pytest.mark.slow)])
def test_the_assistant_speaks_english_around_words_that_stay_chinese(
    assistant: Assistant,
    browser: Browser,
    serve_page: Callable[..., str],
    snapshot: Callable[[Page, str], None],
    width: int,
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_default_timeout(60_000)
    page.goto(serve_page(assistant))
    ready(page)
    page.evaluate("document.querySelector('[data-do=english]').click()")  # on a phone the buttons lie in the drawer
    page.locator("#send", has_text="Ask").wait_for()
    shown = page.locator("#answer .zw-answer")
    for name, (asked, told) in ON_THE_PAGE.items():
        page.evaluate("document.querySelector('[data-do=new]').click()")
        page.locator("#reply .zw-welcome").wait_for()
        answered(page, asked)
        shown.get_by_text(told).first.wait_for()
        assert chinese_words(page) == []
        snapshot(page, f"english-{name}-{width}")
    assert shown.locator("strong.zw-computed").all_inner_texts() == ["1 percentage point"]
    assert shown.locator("caption").inner_text() == "GDP goal"
    assert shown.locator("tbody tr").first.inner_text().split("\t")[:2] == ["松北区", "2025"]
    assert "增长5.5%" in shown.locator("tbody tr").first.inner_text()
    copied = shown.locator("[data-do=copy]").get_attribute("data-copy") or ""
    assert "比较：松北区2025年的目标比松北区2023年低约1个百分点" in copied

    answered(page, "松北区2025年怎么优化营商环境")
    lead = shown.get_by_text("松北区 2025 plan:")
    lead.wait_for()
    assert re.search("[\u4e00-\u9fff]{8}", shown.locator("p, li").all_inner_texts()[1])
    shown.locator(".zw-cite").first.click()
    page.locator("#passages .zw-near").first.wait_for()
    snapshot(page, f"english-quotation-{width}")

    before = page.locator(".zw-exchange .zw-answer").all_inner_texts()
    page.evaluate("document.querySelector('[data-do=english]').click()")
    page.locator("#send", has_text="提问").wait_for()
    assert (
        "比较：松北区2025年的目标比松北区2023年低约1个百分点（6.5%减5.5%，由引用数据计算）。"
        in page.locator("#main").inner_text()
    )
    page.evaluate("document.querySelector('[data-do=english]').click()")
    page.locator("#send", has_text="Ask").wait_for()
    assert page.locator(".zw-exchange .zw-answer").all_inner_texts() == before
    page.close()
