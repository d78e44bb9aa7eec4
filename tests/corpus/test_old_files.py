"""Reports as offices keep them: the old Word format, WPS, and OFD."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.corpus.parsing.parsed import Parsed
from assistant.corpus.readers import read_file
from assistant.errors import UnreadableFile
from tests.corpus.old_files import container, doc, ofd
from tests.corpus.word_files import paragraph, word


def read(tmp_path: Path, content: bytes, name: str = "报告.doc") -> Parsed:
    (tmp_path / name).write_bytes(content)
    return read_file(tmp_path / name)


def refusal(tmp_path: Path, content: bytes, name: str = "报告.doc") -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path, content, name)
    assert caught.value.hint
    return str(caught.value)


@pytest.mark.parametrize("name", ["报告.doc", "报告.wps", "报告.docx"])
def test_an_old_word_file_is_read_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    told = read(tmp_path, doc("各位代表：\r一、工作回顾\r增长5.5%。\r", header="第 1 页\r"), name)
    assert told.text == "各位代表：\n一、工作回顾\n增长5.5%。"
    assert told.notes == ()


def test_a_new_word_file_in_an_old_name_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, word(paragraph("各位代表："))).text == "各位代表："


def test_fields_show_their_result_and_tables_their_rows(tmp_path: Path) -> None:
    linked = '见\x13 HYPERLINK "http://a" \x14《\x13 REF b \x14规划\x15》\x15。\r'
    table = "指标\x07目标\x07\x07粮食\x0737亿斤\x07\x07"
    assert read(tmp_path, doc(linked + table)).text == "见《规划》。\n指标 | 目标\n粮食 | 37亿斤"


def test_notes_stand_below_and_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    told = read(tmp_path, doc("放管服\x02改革\x01\r", footnotes="\x02指简政放权。\r", lists=40))
    assert told.text == "放管服改革\n名词解释\n[1]指简政放权。"
    assert [note[:4] for note in told.notes] == ["文中有 ", "旧版 W"]


def test_what_is_no_such_file_is_refused_with_its_reason(tmp_path: Path) -> None:
    whole = doc("各位代表：\r" * 2000)
    assert "密码" in refusal(tmp_path, doc("各位代表：\r", flags=0x0100))
    assert "Word 95" in refusal(tmp_path, doc("各位代表：\r", version=0x68))
    assert "Excel" in refusal(tmp_path, container({"Workbook": b"x"}))
    assert "可能已损坏" in refusal(tmp_path, whole[: len(whole) // 2])
    assert "不是真正的 .wps" in refusal(tmp_path, "各位代表：".encode(), "报告.wps")


def test_an_ofd_file_gives_paragraphs_over_its_pages(tmp_path: Path) -> None:
    first = [
        ("\u3000\u3000一年来，全县上下坚持稳中求进的工作总基调，扎实推", 30, 50),
        ("进各项工作，引进亿元以上的项目，达到了前所未有的二", 30, 58),
    ]
    second = [("十四个，创历史新高。", 30, 50), ("\u3000\u3000民生持续改善。", 30, 58)]
    told = read(tmp_path, ofd([*first, ("— 1 —", 100, 280)], [*second, ("— 2 —", 100, 280)], []), "报告.ofd")
    paragraph_of_two_pages = "".join(text for text, _, _ in (*first, second[0])).strip()
    assert told.text == f"{paragraph_of_two_pages}\n民生持续改善。"
    assert told.notes == ("共 3 页，其中第 3 页（1 页）没有可以读取的文字，可能是图片，没有收进来。",)


def test_an_ofd_file_of_pictures_and_a_damaged_one_are_refused(tmp_path: Path) -> None:
    assert "扫描件" in refusal(tmp_path, ofd([]), "报告.ofd")
    whole = ofd([("各位代表", 30, 50)])
    assert "损坏" in refusal(tmp_path, whole[: len(whole) // 2], "报告.ofd")
    assert "损坏" in refusal(tmp_path, whole.replace(b"D/Document.xml", b"D/Dokument.xml"), "报告.ofd")
