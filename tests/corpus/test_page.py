"""Of a saved page only the report is read: what stands around it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.corpus.cleaning import clean
from assistant.corpus.readers import read_file

LINES = [
    "各位代表：",
    "一、2024年工作回顾",
    "全县地区生产总值完成186.4亿元，增长5.2%。" + "扎实推进各项工作，认真落实" * 8 + "<a href='/x'>《规划》</a>要求。",
    "二、2025年工作安排",
    "地区生产总值增长5.5%左右。" + "坚持稳中求进工作总基调。" * 9,
]
MENU = "<ul class='list'><li><a href='/'>首页</a></li><li><a href='/'>政务公开</a></li><li><a href='/'>政府工作报告</a></li></ul>"
RELATED = "<div><h3>相关阅读</h3><ul><li><a href='/'>邻县2024年政府工作报告</a></li><li><a href='/'>我县召开经济工作会议。</a></li></ul></div>"
BODY = "".join(f"<p>{line}</p>" for line in LINES)
WANTED = [line.replace("<a href='/x'>", "").replace("</a>", "") for line in LINES]
TITLE = "2025年临溪县政府工作报告"


def read(tmp_path: Path, page: str) -> list[str]:
    (tmp_path / "a.html").write_text(
        f"<!DOCTYPE html><html><head><title>{TITLE}-临溪县人民政府</title></head><body>{page}", "utf-8"
    )
    parsed = read_file(tmp_path / "a.html")
    return clean(parsed.text, parsed.has_paragraphs)


@pytest.mark.parametrize(
    "page",
    [
        f"{MENU}<h1>{TITLE}</h1><div class='tools'>打印 关闭</div><div class='content'>{BODY}</div>{RELATED}<div>版权所有：临溪县人民政府</div>",
        f"<table><tr><td>{MENU}</td><td><h2>{TITLE}</h2>{BODY}{RELATED}</td></tr></table>",
        f"<div id='nav'>{MENU}</div><article><header><h1>{TITLE}</h1></header>{BODY}<div class='share'>分享到朋友圈</div></article><footer>地址：临溪县人民路1号。电话：1</footer>",
        f"{MENU}<div><div><div><p>{'<br>'.join(LINES)}</p></div></div></div>{MENU}",
    ],
)
def test_the_report_is_found_within_its_page(tmp_path: Path, page: str) -> None:
    told = read(tmp_path, page)
    assert told == [TITLE, *WANTED]


def test_text_in_the_frame_of_a_table_and_preformatted_text_keep_their_lines(tmp_path: Path) -> None:
    assert read(tmp_path, f"<table><tr><td>{BODY}</td></tr></table>")[1:] == WANTED
    assert read(tmp_path, f"<pre>{chr(10).join(WANTED)}</pre>")[-5:] == WANTED


def test_a_table_of_the_report_gives_its_rows(tmp_path: Path) -> None:
    table = "<table><tr><td><p>指标</p></td><td>目标</td></tr><tr><td>粮食<br>产量</td><td>37亿斤</td></tr></table>"
    told = read(tmp_path, f"{MENU}<div>{BODY}{table}</div>")
    assert told[-2:] == ["指标 | 目标", "粮食 产量 | 37亿斤"]


def test_pictures_in_the_report_are_counted_and_those_around_it_are_not(tmp_path: Path) -> None:
    icon = "<img src='icon.png' width='16' height='16'><img src='x.png' style='width:20px'>"
    chart = "<p><img src='chart.png' width='600' height='400'></p><table><tr><td>指标</td><td><img src='b.jpg'></td></tr></table>"
    page = f"<div id='nav'><img src='logo.png'>{MENU}</div><div>{icon}{BODY}{chart}</div><footer><img src='qr.png'></footer>"
    (tmp_path / "a.html").write_text(f"<!DOCTYPE html><html><body>{page}", "utf-8")
    assert read_file(tmp_path / "a.html").notes == ("文中有 2 处图片或嵌入的对象，里面如有文字，没有收进来。",)
    (tmp_path / "a.md").write_text("\n\n".join([*LINES, "![附表](table.png)"]), "utf-8")
    assert "1 处图片" in read_file(tmp_path / "a.md").notes[0]
