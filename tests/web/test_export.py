"""A conversation as Markdown and as a Word document, read back by other programs' readers."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from markdown_it import MarkdownIt

from assistant import Assistant
from assistant.types import Answer, Citation, Figure, ReportRef, Writing
from assistant.web.export.exporting import as_docx, as_markdown, official_citation
from assistant.web.page.thread import Exchange

yaml = pytest.importorskip("yaml")  # comes with langchain
AT = datetime(2025, 6, 1, 15, 30)
SONGBEI = ReportRef("8ed70c806e0b4433", "2025年哈尔滨市松北区政府工作报告", "松北区", 2025)
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![图](http://evil.example/x.png)",
    "[点我](javascript:alert(1))",
    "<http://evil.example>",
    "http://evil.example www.evil.example",
    "&lt;b&gt; &amp;",
    "# 标题",
    "- 列表",
    "1. 列表",
    "    代码",
    "`代码` *斜* **粗** ~~删~~ $x$",
    "| 表 | 格 |",
    "=====",
    "---",
    "[a]: http://evil.example",
    "反斜杠\\",
)


def cited(quote: str, headings: tuple[str, ...] = ("二、2025年工作安排",), report: ReportRef = SONGBEI) -> Citation:
    return Citation(1, report, headings, quote, quote, "p-1")


def answered(**changes: Any) -> Exchange:
    answer = Answer(
        "松北区2025年GDP目标是多少",
        "answered",
        "松北区2025年地区生产总值预期目标：增长5.5%〔1〕",
        (cited("地区生产总值增长5.5%。"),),
        (Figure("5.5%", 5.5, "%", "左右", "地区生产总值", "target", "2025年", 1, "verified"),),
        understood="松北区 · 2025年 · 地区生产总值 · 目标",
    )
    answer = replace(answer, **changes)
    return Exchange(1, answer.question, answer)


def by_a_model(**changes: Any) -> Exchange:
    writing = Writing("openai:deepseek-chat", "0123456789ab", kept=2, replaced=1)
    return answered(model=writing.model, writing=writing, **changes)


def text_of(document: docx.document.Document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize(
    ("quote", "headings", "expected"),
    [
        (
            "地区生产总值增长5.5%,城乡居民收入同步增长。",
            ("二、2025年工作安排",),
            "《2025年哈尔滨市松北区政府工作报告》“二、2025年工作安排”：“地区生产总值增长5.5%，城乡居民收入同步增长”。",
        ),
        (
            "实现1,029.8亿元(增长3.8%);8:30开馆",
            ("一、2024年工作回顾:", "(一)经济向好"),
            "《2025年哈尔滨市松北区政府工作报告》“一、2024年工作回顾”：“实现1,029.8亿元（增长3.8%）；8:30开馆”。",
        ),
        (
            "力争实现“开园即满园”,打造‘尔滨’,",
            (),
            "《2025年哈尔滨市松北区政府工作报告》：“力争实现‘开园即满园’，打造“尔滨””。",
        ),
        ('叫响"道里好办事"品牌', (), "《2025年哈尔滨市松北区政府工作报告》：“叫响‘道里好办事’品牌”。"),
        ("怎么办?", (), "《2025年哈尔滨市松北区政府工作报告》：“怎么办？”"),
        ("5.“四地一园”:是指\n绿色基地", (), "《2025年哈尔滨市松北区政府工作报告》：“‘四地一园’：是指绿色基地”。"),
        ("", ("二、2025年工作安排",), "《2025年哈尔滨市松北区政府工作报告》“二、2025年工作安排”。"),
        ("增长6%。", (SONGBEI.title, "总体要求"), "《2025年哈尔滨市松北区政府工作报告》“总体要求”：“增长6%”。"),
    ],
)
def test_a_citation_is_written_as_official_writing_has_it(quote: str, headings: tuple[str, ...], expected: str) -> None:
    assert official_citation(cited(quote, headings)) == expected


def test_a_title_in_a_title_stands_in_single_brackets_and_another_title_may_be_given() -> None:
    report = ReportRef("0" * 16, "《关于<促进>的报告》解读《规划》", "松北区", 2025)
    assert official_citation(cited("增长。", (), report)).startswith("《关于<促进>的报告〉解读〈规划》：")
    assert official_citation(cited("增长。", ()), "松北区政府工作报告") == "《松北区政府工作报告》：“增长”。"


def test_real_answers_keep_question_scope_answer_figures_and_citations(assistant: Assistant) -> None:
    question = "松北和道里2023年GDP目标谁高"
    for text in (
        as_markdown([Exchange(1, question, assistant.ask(question))], AT),
        text_of(docx.Document(io.BytesIO(as_docx([Exchange(1, question, assistant.ask(question))], AT)))),
    ):
        assert question in text
        assert "理解为：松北区、道里区 · 2023年 · 地区生产总值 · 目标" in text
        assert "增长6.5%左右〔1〕" in text
        assert "已核实" in text
        assert "由引用数据计算：6.5%减6%" in text
        assert "“全区地区生产总值增长6.5%左右”。" in text
        assert "位置：道里区2023年报告 › 2023年经济社会发展主要任务" in text
        assert "导出时间：2025年6月1日 15:30" in text
        assert "报告原文摘录" in text
        assert "人工智能" not in text


def test_two_cited_lines_are_a_table_and_one_is_none() -> None:
    two = answered(answer="松北区2023年目标：增长6.5%〔1〕\n道里区2023年目标：增长6%〔1〕\n比较：松北高于道里。")
    assert "| 道里区2023年目标 | 增长6%〔1〕 |\n\n比较：松北高于道里。" in as_markdown([two], AT)
    assert "| 松北区2025年" not in as_markdown([answered()], AT)
    tables = docx.Document(io.BytesIO(as_docx([two], AT))).tables
    assert [cell.text for cell in tables[0].rows[1].cells] == ["松北区2023年目标", "增长6.5%〔1〕"]
    assert tables[0].rows[0]._tr.xpath("w:trPr/w:tblHeader")


def test_a_hedge_stands_on_its_side_of_the_figure() -> None:
    figures = (
        Figure("620亿元", 6.2e10, "元", "预计", "地区生产总值", "actual", "2024年", 1, "verified"),
        Figure("5.5%", 5.5, "%", "力争 以上", None, None, None, None, "computed"),
    )
    text = as_markdown([answered(figures=figures)], AT)
    assert "| 预计620亿元 | 地区生产总值 | 2024年 | 完成情况 | 已核实 | 〔1〕 |" in text
    assert "| 力争5.5%以上 |  |  |  | 由引用数据计算 |  |" in text


def test_what_a_model_wrote_is_labelled_for_the_eye_and_in_the_file() -> None:
    seen = "本内容由人工智能生成（openai:deepseek-chat），数字已与原文核对，请以报告原文为准；其中1句没有通过核对，已换成报告原文"
    text = as_markdown([answered(), by_a_model()], AT)
    assert seen in text
    label = yaml.safe_load(text.split("---\n")[1])["AIGC"]
    file = as_docx([answered(), by_a_model()], AT)
    assert seen in text_of(docx.Document(io.BytesIO(file)))
    custom = zipfile.ZipFile(io.BytesIO(file)).read("docProps/custom.xml").decode()
    stored = re.search(r'name="AIGC"><vt:lpwstr>(.*)</vt:lpwstr>', custom)
    assert stored
    assert json.loads(stored[1]) == label
    assert list(label) == [
        "Label",
        "ContentProducer",
        "ProduceID",
        "ReservedCode1",
        "ContentPropagator",
        "PropagateID",
        "ReservedCode2",
    ]
    assert (label["Label"], label["ContentProducer"]) == ("1", "zhengwen")
    assert re.fullmatch(r"[0-9a-f]{32}", label["ProduceID"])
    other = as_markdown([by_a_model(answer="别的〔1〕")], AT)
    assert yaml.safe_load(other.split("---\n")[1])["AIGC"]["ProduceID"] != label["ProduceID"]


def test_what_no_model_wrote_has_no_such_label() -> None:
    text = as_markdown([answered()], AT)
    assert "AIGC" not in yaml.safe_load(text.split("---\n")[1])
    assert "报告原文摘录" in text
    assert "docProps/custom.xml" not in zipfile.ZipFile(io.BytesIO(as_docx([answered()], AT))).namelist()
    refused = answered(verdict="not_covered", answer="资料库里没有香坊区的报告。", citations=(), figures=())
    assert "摘录" not in as_markdown([refused], AT)
    assert "资料未收录" in as_markdown([refused], AT)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_foreign_markdown_and_html_show_as_text(hostile: str) -> None:
    report = replace(SONGBEI, title=f"报告{hostile}")
    answer = f"{hostile}〔1〕\n甲区目标：{hostile}〔1〕\n乙区目标：{hostile}〔1〕"
    figure = Figure(hostile, 1.0, "%", hostile, hostile, "target", hostile, 1, "verified")
    citation = cited(hostile, (hostile,), report)
    told = answered(answer=answer, understood=hostile, citations=(citation,), figures=(figure,), notice=hostile)
    exchanges = [replace(told, question=hostile), Exchange(2, hostile, None, hostile)]
    body = as_markdown(exchanges, AT).split("---\n", 2)[2]
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(body)
    tags = {tag.strip("/").split()[0] for tag in re.findall(r"<(/?\w[^>]*)>", html)}
    assert tags <= {"h1", "h2", "h3", "p", "blockquote", "table", "thead", "tbody", "tr", "th", "td"}
    shown = re.sub(r"<[^>]+>", "", html)
    for raw, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        hostile = hostile.replace(raw, entity)
    assert shown.count(hostile.strip()) >= 8


def test_a_bare_address_is_no_link_even_where_addresses_are_linked() -> None:
    text = as_markdown([answered(answer="见 http://evil.example 与 www.evil.example。")], AT)
    assert "http://evil" not in text
    assert "www.evil" not in text


def test_characters_without_a_look_or_out_of_place_in_xml_are_left_out() -> None:
    odd = "增长\u202e5.5%\x00\x07\ud800\ufffe\u200f〔1〕\u2028次行\x0b再一行😀"
    for exchange in (answered(answer=odd), Exchange(1, odd, None, odd)):
        document = docx.Document(io.BytesIO(as_docx([exchange], AT)))
        for text in (as_markdown([exchange], AT), text_of(document)):
            assert "增长5.5%" in text
            assert "再一行😀" in text
            assert not re.search("[\x00\x07\x0b\u202e\u200f\u2028\ud800\ufffe]", text)


def test_a_word_document_has_chinese_fonts_heading_styles_and_its_own_properties() -> None:
    document = docx.Document(io.BytesIO(as_docx([answered()], AT)))
    assert [p.style.name for p in document.paragraphs if p.style and p.style.name != "Normal"] == [
        "Title",
        "Heading 1",
        "Heading 2",
        "Heading 2",
    ]
    for style, font in (("Normal", "仿宋"), ("Title", "宋体"), ("Heading 1", "宋体"), ("Heading 2", "宋体")):
        fonts = document.styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == font
        assert fonts.get(qn("w:eastAsiaTheme")) is None
    properties = document.core_properties
    assert (properties.title, properties.author, properties.created) == (
        "政问问答记录",
        "政问",
        AT.astimezone(UTC),
    )


def test_a_question_without_an_answer_says_why() -> None:
    text = as_markdown([Exchange(3, "这个会出错", None, "抱歉，没能答出来。", "error")], AT)
    assert "## 1. 这个会出错\n\n> 抱歉，没能答出来。" in text


def test_a_long_conversation_is_written_in_a_moment() -> None:
    figures = tuple(
        Figure(f"{at}%", at, "%", None, "地区生产总值", "target", "2025年", 1, "verified") for at in range(900)
    )
    file = as_docx([answered(figures=figures)], AT)
    assert len(docx.Document(io.BytesIO(file)).tables[0].rows) == 901


@pytest.mark.slow
def test_another_word_processor_opens_the_document(tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("no LibreOffice: `apt-get install libreoffice-writer` runs it")
    (tmp_path / "a.docx").write_bytes(as_docx([by_a_model()], AT))
    command = [office, "--headless", "--convert-to", "txt:Text", "--outdir", str(tmp_path), str(tmp_path / "a.docx")]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    assert "松北区2025年GDP目标是多少" in (tmp_path / "a.txt").read_text("utf-8", "replace")
