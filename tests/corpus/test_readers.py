from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import docx
import pytest

from assistant.corpus.parsing.parsed import ParserError
from assistant.corpus.readers import read_text
from assistant.corpus.sandbox import parse
from assistant.errors import UnreadableFile

TEXT = "各位代表：\n现在，我代表区人民政府向大会报告工作，请予审议。\n地区生产总值增长5.5%左右。\n"


def save(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def word(*paragraphs: str, table: list[list[str]] | None = None) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        grid = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                grid.cell(row, column).text = cell
    document.add_paragraph("表格之后的一段。")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def refused(path: Path) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read_text(path)
    assert str(caught.value)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "gbk"])
def test_plain_text_is_read_in_the_encodings_people_save_in(tmp_path: Path, encoding: str) -> None:
    assert read_text(save(tmp_path, "报告.txt", TEXT.encode(encoding))) == TEXT


def test_traditional_characters_are_read(tmp_path: Path) -> None:
    text = "我們第一屆全國人民代表大會，光榮地完成了一件歷史性的工作。" * 5
    assert read_text(save(tmp_path, "a.txt", text.encode("big5"))) == text
    assert read_text(save(tmp_path, "b.txt", text.encode())) == text


def test_text_that_was_garbled_before_is_refused(tmp_path: Path) -> None:
    mojibake = TEXT.encode().decode("gb18030", "replace")
    assert "乱码" in str(refused(save(tmp_path, "a.txt", (mojibake * 3).encode())))
    assert "乱码" in str(refused(save(tmp_path, "b.txt", ("\ufffd\ufffd政府" * 50).encode())))
    assert "乱码" in str(refused(save(tmp_path, "c.txt", bytes(range(256)) * 20)))


def test_a_text_cut_within_a_character_is_still_read(tmp_path: Path) -> None:
    assert read_text(save(tmp_path, "a.txt", (TEXT * 30).encode()[:-2])).startswith(TEXT)


def test_a_word_file_gives_paragraphs_and_table_rows_in_order(tmp_path: Path) -> None:
    path = save(tmp_path, "a.docx", word("第一段。", table=[["指标", "目标"], ["地区生产总值", "5.5%"]]))
    assert read_text(path) == "第一段。\n指标 | 目标\n地区生产总值 | 5.5%\n表格之后的一段。"


def test_a_page_gives_its_text_without_scripts(tmp_path: Path) -> None:
    page = (
        "<!DOCTYPE html><html><head><meta charset='gbk'><title>页</title><script>alert(1)</script></head><body><p>第一段&nbsp;文字。</p>"
        "<div style='display: none'>隐藏</div><table><tr><td>指标</td><td>目标</td></tr></table>第二段<br>第三段</body></html>"
    )
    lines = [
        line.strip() for line in read_text(save(tmp_path, "a.html", page.encode("gbk"))).splitlines() if line.strip()
    ]
    assert [line.replace("\xa0", " ") for line in lines] == ["第一段 文字。", "指标 | 目标", "第二段", "第三段"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "空"),
        ("a.txt", b" \n\n ", "空"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(100), "图片"),
        ("a.pdf", b"\xff\xd8\xff\xe0" + bytes(100), "图片"),
        ("a.docx", TEXT.encode(), "不是真正的"),
        ("a.xlsx", b"PK\x03\x04", "损坏"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "旧版的Excel"),
        ("a.xyz", b"1", "不在可以导入的类型里"),
        ("a.pdf", b"%PDF-1.7\n" + b"junk" * 100, "损坏"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    assert reason in str(refused(save(tmp_path, name, content)))


def test_a_truncated_word_file_is_refused_with_its_reason(tmp_path: Path) -> None:
    content = word("第一段。")
    assert "损坏" in str(refused(save(tmp_path, "a.docx", content[: len(content) // 2])))


def test_a_workbook_in_word_s_clothing_that_is_none_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    assert "损坏" in str(refused(save(tmp_path, "a.docx", buffer.getvalue())))


def test_a_zip_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(250 << 20))
    assert "超出了限制" in str(refused(save(tmp_path, "a.docx", buffer.getvalue())))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "找不到" in str(refused(tmp_path / "没有.txt"))
    assert "文件夹" in str(refused(tmp_path))


def test_a_parser_that_takes_too_long_is_ended() -> None:
    with pytest.raises(ParserError, match="heavy"):
        parse("word:docx_text", word("第一段。"), wall_seconds=0.01)


@pytest.mark.slow
def test_a_parser_that_takes_too_much_memory_is_ended() -> None:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word("第一段。"))) as whole,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for entry in whole.infolist():
            content = whole.read(entry)
            if entry.filename == "word/document.xml":
                content = content.replace(b"<w:body>", b"<w:body>" + b"<w:p/>" * 16_000_000)
            bomb.writestr(entry, content)
    with pytest.raises(ParserError, match=r"heavy|broken"):
        parse("word:docx_text", buffer.getvalue())


@pytest.mark.parametrize("marks", ["[" * 60_000, "<!--" * 20_000, "![](" * 20_000, "_" * 60_000, "*" * 60_000])
def test_a_long_run_of_marks_in_markdown_costs_no_more_than_its_length(tmp_path: Path, marks: str) -> None:
    began = time.process_time()
    read_text(save(tmp_path, "a.md", f"{TEXT}{marks}".encode()))
    assert time.process_time() - began < 2
