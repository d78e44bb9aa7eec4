"""What a PDF shows is read as paragraphs: by where its characters stand, whatever broke its lines."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest

from assistant.corpus import readers
from assistant.corpus.parsing.parsed import Parsed
from assistant.corpus.readers import read_file
from assistant.errors import UnreadableFile
from tests.corpus.pdf_files import PICTURE, PROTECTED, Put, pdf, prose

FIRST = (
    "\u3000\u3000一年来，我们坚持稳中求进工作总基调，引进亿元以上",
    "项目24个，地区生产总值增长5.5%，粮食总产量达到18",
    "6.4万吨，比上年多。",
)
SECOND = ("\u3000\u3000加快推进园区建设，新开工项目二百一十三个，完成投", "资12.6亿元。")
THIRD = ("\u3000\u3000民生支出占比稳步提高。",)
JOINED = "\n".join("".join(lines).strip() for lines in (FIRST, SECOND))


@pytest.fixture(autouse=True)
def without_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "can_recognise", lambda: False)


def read(tmp_path: Path, *pages: list[Put]) -> Parsed:
    path = tmp_path / "报告.pdf"
    path.write_bytes(pdf(*pages))
    return read_file(path)


def test_lines_of_a_paragraph_are_joined_within_words_and_figures(tmp_path: Path) -> None:
    assert read(tmp_path, prose(*FIRST, *SECOND, *FIRST)).text.startswith(JOINED)


def test_a_paragraph_without_an_indent_begins_after_a_gap_or_a_short_line(tmp_path: Path) -> None:
    block = ("一年来，我们坚持稳中求进工作总基调，引进亿元以上项目", "24个，比上年多。")
    full = "一年来，我们坚持稳中求进工作总基调，扎实推进各项工作"
    apart = (
        prose(*block) + prose(full, "实。", top=690) + prose("二、今年的工作", top=640) + prose(full, "地。", top=610)
    )
    assert read(tmp_path, apart).text.split("\n") == ["".join(block), full + "实。", "二、今年的工作", full + "地。"]


def test_running_heads_and_page_numbers_go_and_a_sentence_runs_over_the_page(tmp_path: Path) -> None:
    pages = [
        [*prose("临溪县2026年政府工作报告", left=200, top=800, size=10), *prose(*lines), Put(f"— {at} —", 280, 40, 10)]
        for at, lines in enumerate((FIRST[:2], (*FIRST[2:], *SECOND), THIRD), 1)
    ]
    assert read(tmp_path, *pages).text == f"{JOINED}\n{THIRD[0].strip()}"


def test_the_title_of_the_first_page_stays_where_it_is_the_running_head_of_the_others(tmp_path: Path) -> None:
    head = Put("临溪县2026年政府工作报告", 200, 800, 10)
    first = [Put("临溪县2026年政府工作报告", 160, 700, 18), *prose(*FIRST, top=650)]
    told = read(tmp_path, first, [head, *prose(*SECOND)], [head, *prose(*FIRST)], [head, *prose(*SECOND)])
    assert told.text.split("\n")[0] == "临溪县2026年政府工作报告"
    assert told.text.count("临溪县") == 1


def test_two_columns_are_read_one_after_the_other_whether_or_not_their_lines_stand_level(tmp_path: Path) -> None:
    left = (
        "\u3000\u3000左栏第一段从这里开始写起",
        "要写满三行才能看出是一栏文",
        "字，到这里为止。",
        "\u3000\u3000左栏第二段同样写得长一些",
        "看看后面接到哪里去，接到右",
    )
    right = (
        "栏的第一行才对，然后结束。",
        "\u3000\u3000右栏的第二段也从这里开始",
        "写满了一行以后再写第二行然",
        "后写第三行，到这里为止了。",
    )
    wanted = [
        "左栏第一段从这里开始写起要写满三行才能看出是一栏文字，到这里为止。",
        "左栏第二段同样写得长一些看看后面接到哪里去，接到右栏的第一行才对，然后结束。",
    ]
    for shift in (0, 7):
        title = Put("横跨两栏的标题写在两栏的上面", 180, 800, 16)
        told = read(tmp_path, [title, *prose(*left, left=60), *prose(*right, left=300, top=760 - shift)])
        assert told.text.split("\n")[:3] == [title.text, *wanted]


def test_rows_of_a_table_keep_their_cells_apart(tmp_path: Path) -> None:
    cells = [("指标", "单位", "完成"), ("旅游总收入", "亿元", "14.6"), ("粮食产量", "万吨", "—")]
    table = [
        Put(text, 60 + 120 * column, 600 - 20 * row)
        for row, cell in enumerate(cells)
        for column, text in enumerate(cell)
    ]
    told = read(tmp_path, [*prose(*FIRST), *table]).text
    assert told.endswith("指标 | 单位 | 完成\n旅游总收入 | 亿元 | 14.6\n粮食产量 | 万吨 | —")


def test_a_raised_mark_of_a_note_makes_no_other_figure(tmp_path: Path) -> None:
    marked = [
        Put("完成投资620亿元", 60, 700),
        Put("1", 60 + 7.5 * 12, 705, 6),
        Put("，建成园区3个，道路12", 153, 700),
        Put("2", 60 + 18.5 * 12, 705, 6),
    ]
    told = read(tmp_path, [*marked, *prose(*FIRST, top=650)]).text
    assert told.startswith("完成投资620亿元，建成园区3个，道路12\n")


def test_pages_without_text_are_counted_and_nothing_is_joined_over_them(tmp_path: Path) -> None:
    told = read(tmp_path, prose(*FIRST[:2]), [PICTURE], prose(*FIRST[2:], *SECOND), [], [PICTURE])
    assert told.notes[:1] == ("共 5 页，其中第 2、5 页（2 页）没有可以读取的文字，可能是图片，没有收进来。",)
    assert told.text.split("\n")[1] == FIRST[2]


def test_characters_that_are_given_as_radicals_are_read_as_what_they_look_like(tmp_path: Path) -> None:
    told = read(tmp_path, prose("\u3000\u3000临溪县⼈⺠政府⼯作报告提出，地区⽣产总值增⻓5.5%左右。"))
    assert told.text == "临溪县人民政府工作报告提出，地区生产总值增长5.5%左右。"


def test_a_picture_of_a_report_and_a_protected_one_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="扫描件"):
        read(tmp_path, [PICTURE])
    (tmp_path / "b.pdf").write_bytes(PROTECTED)
    with pytest.raises(UnreadableFile, match="密码"):
        read_file(tmp_path / "b.pdf")


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_a_truncated_file_is_read_as_far_as_it_goes_or_refused(tmp_path: Path, cut: float) -> None:
    whole = pdf(prose(*FIRST, *SECOND), prose(*FIRST))
    (tmp_path / "a.pdf").write_bytes(whole[: int(cut * len(whole))])
    try:
        told = read_file(tmp_path / "a.pdf").text
    except UnreadableFile as refusal:
        told = f"{JOINED}{refusal.hint}"
    assert told.startswith(JOINED)


def test_a_page_of_ten_thousand_scattered_characters_takes_no_more_than_its_share(tmp_path: Path) -> None:
    page = [Put("政府", at % 590 + at % 7 / 10, at % 830 + at % 11 / 10, 1) for at in range(10_000)]
    began = time.monotonic()
    with contextlib.suppress(UnreadableFile):
        read(tmp_path, page)
    assert time.monotonic() - began < 40
