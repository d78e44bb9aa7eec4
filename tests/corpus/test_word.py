"""A Word file is read as Word shows it: its numbers, tables, boxes, notes and changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.corpus.parsing.numbering import written
from assistant.corpus.parsing.word import docx_text
from assistant.corpus.readers import read_text
from tests.corpus.word_files import CHAPTERS, listed, paragraph, run, word


def lines(body: str, numbering: str = "", styles: str = "", **notes: list[str]) -> list[str]:
    return docx_text(word(body, numbering, styles, **notes)).text.split("\n")


def test_numbers_are_those_that_word_shows(tmp_path: Path) -> None:
    depths = (0, 1, 2, 2, 1, None, 2, 0, 1)
    body = "".join(paragraph("标题", depth) for depth in depths)
    (tmp_path / "a.docx").write_bytes(word(body, listed(CHAPTERS)))
    told = read_text(tmp_path / "a.docx").split("\n")
    numbers = ["一、", "（一）", "1.", "2.", "（二）", "", "1.", "二、", "（一）"]
    assert told == [f"{number}标题" for number in numbers]


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("decimal", "1 2 10 11 21"),
        ("chineseCounting", "一 二 十 十一 二十一"),
        ("chineseCountingThousand", "一 二 十 十一 二十一"),
        ("ideographDigital", "一 二 一〇 一一 二一"),
        ("chineseLegalSimplified", "壹 贰 壹拾 壹拾壹 贰拾壹"),
        ("decimalEnclosedCircle", "① ② ⑩ ⑪ ㉑"),
        ("decimalEnclosedParen", "⑴ ⑵ ⑽ ⑾ 21"),
        ("ideographTraditional", "甲 乙 癸 11 21"),
        ("decimalFullWidth", "１ ２ １０ １１ ２１"),
        ("upperLetter", "A B J K U"),
        ("lowerRoman", "i ii x xi xxi"),
        ("decimalZero", "01 02 10 11 21"),
        ("aFormatOfTomorrow", "1 2 10 11 21"),
        ("none", "    "),
    ],
)
def test_each_format_is_written_as_word_writes_it(form: str, shown: str) -> None:
    assert " ".join(written(number, form) for number in (1, 2, 10, 11, 21)) == shown


def test_hundreds_and_thousands_are_counted_with_their_zero() -> None:
    assert [written(number, "chineseCountingThousand") for number in (100, 103, 110, 1001)] == [
        "一百",
        "一百零三",
        "一百一十",
        "一千零一",
    ]


def test_a_use_of_a_list_may_begin_anew_and_two_uses_go_on_together() -> None:
    again = '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
    fresh = '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    body = "".join(paragraph("标题", 0, num) for num in (1, 2, 3, 3, 1))
    assert [line[0] for line in lines(body, listed(CHAPTERS) + again + fresh)] == ["一", "二", "一", "二", "三"]


def test_a_style_numbers_its_paragraphs_and_zero_takes_the_number_away() -> None:
    numbering = listed(CHAPTERS).replace(
        '<w:lvl w:ilvl="1"><w:start w:val="1"/>', '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:pStyle w:val="Child"/>'
    )
    number = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = f'<w:style w:type="paragraph" w:styleId="Parent"><w:name w:val="p"/>{number}</w:style>'
    styles += f'<w:style w:type="paragraph" w:styleId="Child"><w:name w:val="c"/><w:basedOn w:val="Parent"/>{number}</w:style>'
    styles += '<w:style w:type="paragraph" w:styleId="Heir"><w:name w:val="h"/><w:basedOn w:val="Child"/></w:style>'
    body = "".join(paragraph("标题", style=style) for style in ("Parent", "Child", "Heir")) + paragraph(
        "标题", 0, num=0, style="Child"
    )
    assert lines(body, numbering, styles) == ["一、标题", "（一）标题", "（二）标题", "标题"]


def test_a_bullet_is_no_number_but_a_dash_stays() -> None:
    assert lines(paragraph("增长", 0), listed([("bullet", "\uf0b7")])) == ["增长"]
    assert lines(paragraph("增长", 0), listed([("bullet", "——")])) == ["——增长"]


def test_a_number_stays_apart_from_the_digits_after_it() -> None:
    assert lines(paragraph("5G基站", 0), listed([("decimal", "%1.")])) == ["1. 5G基站"]


def test_changes_are_read_as_accepted() -> None:
    deleted = '<w:del w:id="1"><w:r><w:delText>旧</w:delText></w:r></w:del>'
    moved = f'<w:moveFrom w:id="2">{run("移走")}</w:moveFrom>'
    inserted = f'<w:ins w:id="3">{run("新")}</w:ins>'
    ended = '<w:p><w:pPr><w:rPr><w:del w:id="4"/></w:rPr></w:pPr><w:r><w:t>上半句，</w:t></w:r></w:p>'
    assert lines(f"<w:p>{run('写')}{deleted}{moved}{inserted}</w:p>{ended}{paragraph('下半句。')}") == [
        "写新",
        "上半句，下半句。",
    ]


def test_hidden_text_and_the_table_of_contents_are_not_read() -> None:
    style = '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    body = paragraph("一、工作回顾……1", style="TOC1") + f"<w:p>{run('显示')}{run('隐藏', '<w:vanish/>')}</w:p>"
    assert lines(body, styles=style) == ["显示"]


def test_a_text_box_is_read_once_as_lines_of_its_own() -> None:
    content = f"<w:txbxContent>{paragraph('框里的字。')}</w:txbxContent>"
    choice = f'<mc:Choice Requires="wps"><w:drawing>{content}</w:drawing></mc:Choice>'
    box = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"{choice}<mc:Fallback><w:pict>{content}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert lines(f"<w:p>{run('前面')}<w:r>{box}</w:r>{run('后面')}</w:p>") == ["前面后面", "框里的字。"]


def test_a_table_gives_its_rows_with_merged_cells_told_in_each() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"

    rows = [
        cell("领域") + cell("指标") + cell("目标"),
        cell("养老", '<w:vMerge w:val="restart"/>') + cell("床位") + cell("2000张"),
        cell("", "<w:vMerge/>") + cell("食堂") + cell(""),
    ]
    nested = f"<w:tbl><w:tr>{cell('内')}{cell('表')}</w:tr></w:tbl>"
    table = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    told = lines(f"<w:tbl>{table}<w:tr><w:tc>{nested}{paragraph('')}</w:tc>{cell('外')}</w:tr></w:tbl>")
    assert told == ["领域 | 指标 | 目标", "养老 | 床位 | 2000张", "养老 | 食堂 | ", "内 | 表 | 外"]


def test_a_table_that_only_frames_text_gives_its_paragraphs() -> None:
    assert lines(f"<w:tbl><w:tr><w:tc>{paragraph('第一段。')}{paragraph('第二段。')}</w:tc></w:tr></w:tbl>") == [
        "第一段。",
        "第二段。",
    ]


def test_footnotes_and_endnotes_stand_below_the_text() -> None:
    told = lines(paragraph("正文。"), footnotes=["放管服：指简政放权。"], endnotes=["双碳：指碳达峰碳中和。"])
    assert told == ["正文。", "名词解释", "[1]放管服：指简政放权。", "[2]双碳：指碳达峰碳中和。"]


def test_strict_open_xml_is_read_as_the_usual_one() -> None:
    usual = word(paragraph("标题", 0), listed(CHAPTERS))
    assert docx_text(strict(usual)).text == "一、标题"


def strict(data: bytes) -> bytes:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as made:
        for entry in archive.infolist():
            content = archive.read(entry)
            for part in ("wordprocessingml", "officeDocument", "drawingml"):
                content = content.replace(
                    f"http://schemas.openxmlformats.org/{part}/2006/".encode(),
                    f"http://purl.oclc.org/ooxml/{part}/".encode(),
                )
            made.writestr(entry.filename, content)
    return out.getvalue()


def test_old_pictures_charts_and_objects_are_counted_once_each() -> None:
    vml = 'xmlns:v="urn:schemas-microsoft-com:vml"'
    old = f"<w:r><w:pict><v:shape {vml}><v:imagedata/></v:shape></w:pict></w:r>"
    made = f"<w:r><w:object><v:shape {vml}><v:imagedata/></v:shape></w:object></w:r>"
    chart = '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"/>'
    copied = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:drawing>{chart}</w:drawing></mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>'
    )
    parsed = docx_text(word(f"<w:p>{old}{made}{copied}</w:p>{paragraph('正文。')}"))
    assert parsed.notes == ("文中有 3 处图片或嵌入的对象，里面如有文字，没有收进来。",)


def test_pictures_are_counted() -> None:
    picture = (
        '<w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/></w:drawing></w:r>'
    )
    parsed = docx_text(word(f"<w:p>{picture}</w:p>{paragraph('正文。')}"))
    assert parsed.notes == ("文中有 1 处图片或嵌入的对象，里面如有文字，没有收进来。",)
