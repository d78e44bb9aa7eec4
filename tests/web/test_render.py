"""The HTML of the page: foreign text is inert in every place where it is shown, and nothing of it is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import nh3
import pytest

from assistant.types import Answer, Aspect, Choice, Citation, Figure, Report, ReportRef, Retrieved, Writing
from assistant.web.page import render
from assistant.web.page.thread import KEPT, Exchange, extended, next_number, turns

PAYLOADS = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></ScRiPt>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://evil.example/pixel.png'>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>点我</a>",
    "<a href='JaVaScRiPt:alert(1)'>点我</a>",
    "<a href='&#106;avascript:alert(1)'>点我</a>",
    '<a href="data:text/html,<script>alert(1)</script>">点我</a>',
    "<a href='https://evil.example' target=_blank>点我</a>",
    "<form action=https://evil.example><input name=q autofocus onfocus=alert(1)></form>",
    "<button formaction=javascript:alert(1)>点我</button>",
    "<body onload=alert(1)>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "<div style='background:url(https://evil.example/x)'>x</div>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '" id="zw-c1-1" onfocus="alert(1)',
    "</p></article></details><script>alert(1)</script>",
    "</textarea></title></style><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\ufe64script\ufe65alert(1) ＜script＞alert(1)＜/script＞",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "![图](https://evil.example/pixel.png) [点我](javascript:alert(1))",
    "\n\n<script>alert(1)</script>\n\n# 标题\n\n```mermaid\ngraph TD\n```\n\n$$\\href{javascript:alert(1)}{x}$$",
    "${alert(1)} {{constructor.constructor('alert(1)')()}} {%raw%}",
    "〔1〕<b onclick=alert(1)>5.5%</b>〔1〕",
)
SONGBEI = ReportRef("8fabc22ccca2c171", "2025年哈尔滨市松北区政府工作报告", "松北区", 2025)
PARAGRAPH = (
    "主要预期目标是:工业增加值增长6%地区生产总值增长5.5%,社零总额增长15.5%,一般公共预算收入增长6%。其余5.5%不算。"
)


def cited(answer: str = "增长5.5%〔1〕", *figures: Figure, paragraph: str = PARAGRAPH, quote: str = "") -> Exchange:
    citation = Citation(1, SONGBEI, ("二、2025年工作安排",), paragraph, quote or paragraph.split("其余")[0], "p")
    return Exchange(1, "问题", Answer("问题", "answered", answer, (citation,), figures))


def figure(text: str, value: float, unit: str = "%", indicator: str | None = None, citation: int = 1) -> Figure:
    return Figure(text, value, unit, None, indicator, "target", "2025年", citation, "verified")


def poisoned(text: str) -> Exchange:
    """An exchange in which every foreign field is `text`."""
    report = ReportRef(text, text, text, 2025)
    citation = Citation(1, report, (text, text), f"前{text}后", text, text)
    numbers = (Figure(text, 5.5, text, text, text, "target", text, 1, "verified"),)
    answer = Answer(
        text,
        "answered",
        f"{text}〔原文〕〔1〕",
        (citation,),
        numbers,
        (Retrieved(1, 0.5, text, text, report),),
        model=text,
        understood=text,
        suggestions=(text,),
        standalone=text,
        alternatives=(text,),
        notice=text,
        writing=Writing(text, text, kept=1, replaced=1),
    )
    return Exchange(1, text, answer)


def sides(text: str) -> Exchange:
    """An exchange that compares, with a foreign text where a place and an indicator are expected."""
    exchange = poisoned(text)
    assert exchange.answer
    line = f"{text[:30]}：{text[:50]}〔1〕"
    return replace(exchange, answer=replace(exchange.answer, answer=f"{line}\n{line}\n{text}", model="reader"))


SINKS: dict[str, Callable[[str], str]] = {
    "asked": lambda text: render.asked_html(poisoned(text)),
    "offer": lambda text: render.offer_html(poisoned(text), [Aspect("place", text, (Choice(text, text),))], [text]),
    "examples": lambda text: render.examples_html([(text, text)]),
    "welcome": lambda text: render.welcome_html([Report(text, text, text, 2025)]),
    "table": lambda text: render.reply_html(sides(text)),
    "answer": lambda text: render.reply_html(poisoned(text)),
    "passages": lambda text: render.citations_html(poisoned(text)),
    "earlier": lambda text: render.thread_html([poisoned(text)]),
    "failure": lambda text: render.reply_html(Exchange(1, text, notice=text, tone="error")),
    "pending": lambda text: render.pending_html(Exchange(1, text), text),
    "preview": lambda text: render.pending_html(poisoned(text), text),
    "note": render.note_html,
    "thanks": render.thanks_html,
}
OURS: dict[str, Callable[[str], str]] = {
    "side": lambda _: render.side_html(evaluation=True),
    "top": lambda _: render.top_html(),
    "foot": lambda _: render.foot_html(),
    "library": lambda _: render.library_html(),
    "indicators": lambda _: render.indicators_html(),
}
"""Parts that show nobody else's text."""


class Seen(HTMLParser):
    """Collects what a browser would make of the HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("sink", SINKS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_foreign_markup_comes_out_as_text(payload: str, sink: str) -> None:
    seen = Seen(SINKS[sink](payload))
    assert seen.tags <= {
        "a",
        "article",
        "b",
        "br",
        "button",
        "details",
        "div",
        "h2",
        "h3",
        "li",
        "mark",
        "ol",
        "p",
        "span",
        "strong",
        "summary",
        *("table", "tbody", "td", "th", "thead", "tr"),
        "ul",
    }
    for name, value in seen.attributes:
        assert name in {
            *("class", "id", "href", "tabindex", "aria-label", "open", "title", "role", "scope", "type"),
            *("data-ask", "data-copy", "data-do", "data-kind", "data-page", "data-paragraph", "data-report"),
            *("data-unit", "data-value"),
        }
        if name == "data-value":
            assert re.fullmatch(r"-?[\d.]+", value or "")
        if name in {"data-do", "data-page", "data-paragraph", "data-report"}:
            assert re.fullmatch(r"[\w.-]+", value or "")
        if name == "href":
            assert re.fullmatch(r"#zw-[ac]\d+(-\d+)?", value or "")
        if name == "class":
            assert all(part.startswith("zw-") for part in (value or "").split())
    visible = "".join(payload.replace("\x00", "").split())
    shown = "".join(seen.text.split())
    assert visible in shown or all("".join(line.split()) in shown for line in payload.splitlines())


@pytest.mark.parametrize("sink", SINKS)
def test_the_html_is_one_line_so_that_markdown_takes_it_as_one_block(sink: str) -> None:
    html = SINKS[sink]("一\n\n二\r\n\u2028三\x85四\n\n- 五")
    assert len(html.splitlines()) == 1


@pytest.mark.parametrize("make", [*SINKS.values(), *OURS.values()], ids=[*SINKS, *OURS])
def test_nothing_that_the_page_is_made_of_is_cleaned_away(
    make: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaned = Seen(make("a1"))
    monkeypatch.setattr(nh3, "clean", lambda html, **_: html)
    raw = Seen(make("a1"))
    assert (cleaned.tags, cleaned.text) == (raw.tags, raw.text)
    assert set(cleaned.attributes) == set(raw.attributes)


def test_unpaired_surrogates_and_direction_overrides_cannot_break_or_turn_the_text() -> None:
    html = render.note_html("增长\u202e%5.5\u202c \ud800 完")
    assert "\u202e" not in html
    assert html.encode("utf-8").decode("utf-8") == html
    assert "增长%5.5" in html


def test_a_paragraph_is_shown_word_for_word_with_its_quote_and_figure_marked() -> None:
    html = render.citations_html(cited("增长5.5%〔1〕", figure("5.5%", 5.5, indicator="地区生产总值")))
    shown = re.search(r'<p class="zw-paragraph">(.*?)</p>', html)
    assert shown
    assert unescape(re.sub(r"<[^>]+>", "", shown[1])) == PARAGRAPH
    assert shown[1].count("<mark>") == 1
    assert "地区生产总值增长<mark>5.5%</mark>,社零总额增长" in shown[1]
    assert shown[1].endswith('<span class="zw-context">其余<span class="zw-nb">5.5%</span>不算。</span>')


@pytest.mark.parametrize(
    ("indicator", "marked"),
    [
        ("工业增加值", "工业增加值增长<mark>6%</mark>地区"),
        ("一般公共预算收入", "一般公共预算收入增长<mark>6%</mark>。"),
    ],
)
def test_of_two_equal_figures_the_one_of_the_indicator_is_marked(indicator: str, marked: str) -> None:
    html = render.citations_html(cited("增长6%〔1〕", figure("6%", 6, indicator=indicator)))
    assert marked in html
    assert html.count("<mark>") == 1


@pytest.mark.parametrize(
    ("printed", "value", "unit", "source"),
    [
        ("约620亿元", 6.2e10, "元", "地区生产总值预计完成620亿元。"),
        ("5%", 5, "%", "增长百分之五。"),
        ("5.5%", 5.5, "%", "增长５．５％。"),
        ("1.2万亿元", 1.2e12, "元", "总量达到12000亿元。"),
    ],
)
def test_a_figure_is_marked_by_its_value_where_the_passage_writes_it_differently(
    printed: str, value: float, unit: str, source: str
) -> None:
    html = render.citations_html(cited(f"{printed}〔1〕", figure(printed, value, unit), paragraph=source, quote=source))
    assert html.count("<mark>") == 1


def test_a_figure_of_another_citation_is_not_marked() -> None:
    assert "<mark>" not in render.citations_html(cited("5.5%〔1〕", figure("5.5%", 5.5, citation=2)))


def test_a_quote_that_is_not_in_its_paragraph_marks_nothing_and_loses_nothing() -> None:
    html = render.citations_html(cited("5.5%〔1〕", figure("5.5%", 5.5), quote="别处的句子"))
    assert "zw-quote" not in html
    assert PARAGRAPH in Seen(html).text


def test_the_answer_sets_its_figures_off_and_links_the_marks_that_have_a_passage() -> None:
    html = render.reply_html(cited("增长5.5%〔1〕，另见〔7〕", figure("5.5%", 5.5)))
    assert '<strong class="zw-figure" title="已与〔1〕的原文核对">5.5%</strong>' in html
    assert 'href="#zw-c1-1"' in html
    assert "另见〔7〕" in html


def test_a_computed_figure_does_not_look_like_one_of_the_report() -> None:
    difference = replace(figure("1个百分点", 1, "个百分点"), status="computed", citation=None)
    html = render.reply_html(cited("6.5%减5.5%〔1〕，相差1个百分点", figure("5.5%", 5.5), difference))
    assert '<strong class="zw-computed" title="由引用数据计算">1个百分点</strong>' in html
    assert '<strong class="zw-figure" title="已与〔1〕的原文核对">5.5%</strong>' in html


def test_the_lines_of_a_paragraph_stay_lines() -> None:
    html = render.citations_html(
        cited(paragraph="主要目标\n地区生产总值增长6.5%左右\n其余", quote="地区生产总值增长6.5%左右")
    )
    shown = re.sub(r"</?span[^>]*>", "", html)
    assert "主要目标<br>地区生产总值增长6.5%左右<br>其余" in shown


def test_only_the_words_of_the_reader_are_called_an_extract() -> None:
    exchange = cited()
    assert exchange.answer
    assert "原文摘录，未经大模型改写" in render.reply_html(exchange)
    written = replace(exchange, answer=replace(exchange.answer, model="qwen"))
    assert "AI生成（qwen）" in render.reply_html(written)
    refused = Exchange(1, "问", Answer("问", "not_covered", "没有收录香坊区的报告。"))
    assert "摘录" not in render.reply_html(refused)
    assert '<p class="zw-meta">本回复由程序' in render.reply_html(refused)
    assert "资料未收录" in render.reply_html(refused)


def written(text: str, **changes: object) -> Exchange:
    answer = cited(text, figure("5.5%", 5.5)).answer
    assert answer
    return Exchange(1, "问题", replace(answer, model="demo:qwen", **changes))  # type: ignore[arg-type]


def test_only_the_mark_before_a_citation_becomes_a_badge() -> None:
    html = render.reply_html(written("增长5.5%〔原文〕〔1〕。所谓〔原文〕二字照旧，〔原文"))
    assert html.count('class="zw-verbatim"') == 1
    assert 'title="这一句是报告原文"' in html
    assert 'aria-label="这一句是报告原文"' in html
    assert "所谓〔原文〕二字照旧，〔原文" in Seen(html).text


def test_sentences_that_were_replaced_are_counted_under_the_answer() -> None:
    assert "没有通过核对" not in render.reply_html(written("增长5.5%〔1〕", writing=Writing("demo:qwen", "0")))
    html = render.reply_html(written("增长5.5%〔1〕", writing=Writing("demo:qwen", "0", kept=1, replaced=2)))
    assert "请以引用的原文为准；其中2句没有通过核对，已换成报告原文" in html


def test_a_notice_is_a_quiet_line_and_no_warning() -> None:
    html = render.reply_html(written("增长5.5%〔1〕", notice="大模型没有回应。"))
    assert '<p class="zw-meta">大模型没有回应。</p>' in html
    assert "zw-notice" not in html


def test_the_words_of_a_preview_are_shown_as_those_of_the_answer_will_be() -> None:
    exchange = cited("", figure("5.5%", 5.5))
    html = render.pending_html(exchange, "增长5.5%〔原文〕〔1〕。")
    assert '<strong class="zw-figure" title="已与〔1〕的原文核对">5.5%</strong>' in html
    assert "zw-value" not in html
    assert 'href="#zw-c1-1"' in html
    assert "zw-verbatim" in html
    assert "正在组织语言……" in html
    assert "正在查找原文" not in html


@pytest.mark.parametrize(
    ("standalone", "understood", "shown"),
    [
        ("", "松北区 · 2025年 · 目标", "理解为：松北区2025年目标"),
        ("松北区2025年GDP", "松北区 · 2025年", "理解为：松北区2025年GDP松北区2025年"),
        ("松北区2025年GDP", "", "理解为：松北区2025年GDP"),
        ("", "", ""),
    ],
)
def test_how_a_question_was_taken_is_said_in_parts(standalone: str, understood: str, shown: str) -> None:
    answer = Answer("那松北区呢", "answered", "", standalone=standalone, understood=understood)
    assert Seen(render.offer_html(Exchange(1, "那松北区呢", answer))).text == shown


def test_a_part_that_can_be_changed_opens_its_choices_and_one_that_cannot_does_not() -> None:
    place = Aspect("place", "松北区", (Choice("道里区2023年", "道里区2023年GDP目标是多少"),))
    html = render.offer_html(cited(), [place, Aspect("role", "目标")])
    assert '<details class="zw-change"><summary>松北区</summary>' in html
    assert 'data-ask="道里区2023年GDP目标是多少">道里区2023年</button>' in html
    assert '<span class="zw-still">目标</span>' in html


def test_the_one_figure_of_an_answer_is_set_off_with_whose_and_when_and_what_it_is() -> None:
    line = "松北区2025年地区生产总值预期目标：增长5.5%左右〔1〕"
    told = replace(figure("5.5%", 5.5, indicator="地区生产总值"), hedge="左右")
    shown = Seen(render.reply_html(cited(line, told)))
    known = "松北区 · 2025年 · 地区生产总值 · 预期目标 · 原文摘录，未经大模型改写 · 数字已与原文核对"
    assert shown.text.startswith(f"增长5.5%左右〔1〕{known}")
    assert shown.text.count("5.5%") == 1
    review = replace(figure("620亿元", 6.2e10, "元", "地区生产总值"), hedge="预计", role="actual", period="2024年")
    shown = Seen(render.reply_html(cited("2024年预计620亿元〔1〕\n另有一句。", review)))
    assert shown.text.startswith("预计620亿元〔1〕另有一句。松北区 · 2024年 · 地区生产总值 · 完成情况")


def test_no_word_of_a_line_is_lost_for_the_figure_in_it() -> None:
    told = figure("5.5%", 5.5, indicator="地区生产总值")
    line = "松北区2025年地区生产总值预期目标：增长5.5%，比上年低〔1〕"
    html = render.reply_html(cited(line, told))
    assert "zw-value" not in html
    assert line in Seen(html).text


def test_an_answer_of_several_figures_or_of_a_model_sets_none_apart() -> None:
    several = cited("增长5.5%，增长6%〔1〕", figure("5.5%", 5.5), figure("6%", 6))
    assert "zw-value" not in render.reply_html(several)
    assert "zw-value" not in render.reply_html(written("增长5.5%〔1〕"))
    assert "zw-value" not in render.reply_html(cited("增长5.5%〔7〕", figure("5.5%", 5.5)))


def compared(*leads: str) -> str:
    figures = tuple(figure(f"{n + 4}.5%", n + 4.5, citation=n) for n in (1, 2))
    gap = replace(figure("1个百分点", 1, "个百分点"), status="computed", citation=None)
    told = [f"{lead}：增长{n + 4}.5%〔{n}〕" for n, lead in enumerate(leads, start=1)]
    text = "\n".join([*told, "比较：相差约1个百分点（6.5%减5.5%，由引用数据计算）。"])
    answer = cited(text, *figures, gap).answer
    assert answer
    second = replace(answer.citations[0], number=2)
    return render.reply_html(Exchange(1, "问题", replace(answer, citations=(*answer.citations, second))))


def test_a_comparison_is_a_table_with_a_mark_in_each_cell_after_what_it_comes_to() -> None:
    html = compared("松北区2025年地区生产总值预期目标", "松北区2025年地区生产总值预期目标")
    text = Seen(html).text
    assert text.index("相差约1个百分点") < text.index("地区生产总值预期目标地区时间报告表述")
    cell = '<td data-value="5.5000" data-unit="%">增长<strong'
    assert f'<tr><th scope="row">松北区</th><td>2025年</td>{cell}' in html
    assert html.count('<a class="zw-cite"') == 2
    assert "1个百分点 由引用数据计算 6.5%减5.5%" in text


def test_sides_that_cannot_be_taken_apart_keep_their_words_in_the_table() -> None:
    html = compared("松北区2025年工业增加值目标", "冰雪旅游人次")
    assert "<caption>" not in html
    assert '<th scope="row">松北区2025年工业增加值目标</th>' in html
    assert '<th scope="row">冰雪旅游人次</th>' in html


def test_what_enumerates_is_a_list() -> None:
    html = render.reply_html(cited("松北区2025年计划：一件〔1〕；两件〔1〕；三件〔1〕"))
    assert html.count("<li>") == 3
    assert "松北区<span" in html
    assert "；" not in Seen(html).text


def test_what_was_only_found_is_told_apart_from_what_is_cited() -> None:
    exchange = cited()
    assert exchange.answer
    found = (Retrieved(1, 3.217, "p", "引用的", SONGBEI), Retrieved(2, 1.5, "q", "没引用的", SONGBEI))
    html = render.citations_html(replace(exchange, answer=replace(exchange.answer, retrieved=found)))
    text = Seen(html).text
    assert "检索过程：查了1份报告，另有1段未引用" in text
    assert "已引用 相关度 3.22 2025年哈尔滨市松北区政府工作报告引用的" in text
    assert "未引用 相关度 1.50 2025年哈尔滨市松北区政府工作报告没引用的" in text


@pytest.mark.parametrize("words", ["增长7.5%", "620亿元", "1.5个百分点", "32.5万平方米", "2025年", "60个", "1,200户"])
def test_a_number_stays_with_its_unit(words: str) -> None:
    assert f'<span class="zw-nb">{words.removeprefix("增长")}</span>' in render.reply_html(written(f"全区{words}左右"))


def test_the_first_screen_says_what_is_held() -> None:
    reports = [Report("a", "甲", "松北区", 2023), Report("b", "乙", "松北区", 2025), Report("c", "丙", "道里区", 2025)]
    assert "已收录松北区、道里区2个地方的3份政府工作报告" in render.welcome_html(reports)
    more = [Report("d", "丁", "呼兰区", 2025), Report("e", "戊", "南岗区", 2025)]
    assert "已收录松北区、道里区、呼兰区等4个地方的5份" in render.welcome_html([*reports, *more])
    assert "还没有收录任何报告" in render.welcome_html([])
    assert "收录" not in Seen(render.welcome_html(None)).text.removesuffix("看收录了哪些")


def test_passages_of_one_report_stand_under_its_title() -> None:
    answer = cited().answer
    assert answer
    other = ReportRef("2d83ae9706601383", "呼兰区2022年政府工作计划", "呼兰区", 2022)
    citations = [
        replace(answer.citations[0], number=n, report=report) for n, report in ((1, SONGBEI), (2, other), (3, SONGBEI))
    ]
    html = render.citations_html(Exchange(1, "问", replace(answer, citations=tuple(citations))))
    assert re.findall(r'<h3 class="zw-report">(.*?)</h3>|id="zw-c1-(\d)"', html) == [
        (SONGBEI.title, ""),
        ("", "1"),
        ("", "3"),
        (other.title, ""),
        ("", "2"),
    ]


def test_an_answer_is_copied_with_its_official_citations_a_line_each() -> None:
    html = render.reply_html(cited("增长5.5%〔1〕,另有一句。\n第二行.", figure("5.5%", 5.5)))
    copied = re.search(r'data-copy="([^"]*)"', html)
    assert copied
    told, second, source = unescape(copied[1]).split(render.LINE_BREAK)
    assert (told, second[:3]) == ("增长5.5%〔1〕，另有一句。", "第二行")
    assert source.startswith(f"〔1〕《{SONGBEI.title}》“二、2025年工作安排”：“")


def test_a_thread_keeps_its_last_exchanges_and_numbers_go_on() -> None:
    thread: tuple[Exchange, ...] = ()
    for _ in range(KEPT + 5):
        thread = extended(thread, replace(cited(), number=next_number(thread)))
    assert [exchange.number for exchange in thread] == list(range(6, KEPT + 6))
    thread = extended(thread, Exchange(next_number(thread), "失败的", notice="抱歉"))
    assert "失败的" not in [turn.question for turn in turns(thread)]
