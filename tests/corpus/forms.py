"""One report in every form in which offices keep it, made from its lines."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Sequence
from html import escape

from assistant.corpus.parsing.numbering import written
from tests.corpus.old_files import doc, ofd
from tests.corpus.pdf_files import Put, pdf
from tests.corpus.tables import table, workbook
from tests.corpus.word_files import CHAPTERS, listed, paragraph, word

_EMS = 36
"""Chinese characters on a line of a printed page."""
_ROWS = 32
"""Lines on a page."""
_NOT_FIRST = "，。、；：！？”’）》％%,.;:!?)"


def as_word(lines: Sequence[str], title: str) -> bytes:
    """A Word file whose 一、 （一） 1. are numbers of lists, not text."""
    body, uses, last = "", "", [0] * len(CHAPTERS)
    for line in lines:
        depth, number = _numbered(line, last)
        num = 1
        if depth is not None:
            line = line.removeprefix(_label(depth, number))
            if number == 1 and last[depth]:
                num = uses.count("<w:num ") + 2
                start = f'<w:lvlOverride w:ilvl="{depth}"><w:startOverride w:val="1"/></w:lvlOverride>'
                uses += f'<w:num w:numId="{num}"><w:abstractNumId w:val="0"/>{start}</w:num>'
            last[depth:] = [number] + [0] * (len(CHAPTERS) - depth - 1)
        body += paragraph(escape(line), depth, num)
    return word(body, listed(CHAPTERS) + uses)


def _numbered(line: str, last: Sequence[int]) -> tuple[int | None, int]:
    """Return the depth and number of a line that goes on with a list or begins it anew."""
    for depth, before in enumerate(last):
        for number in (before + 1, 1):
            if line.startswith(_label(depth, number)):
                return depth, number
    return None, 0


def _label(depth: int, number: int) -> str:
    form, text = CHAPTERS[depth]
    return re.sub("%.", written(number, form), text)


def as_old_word(lines: Sequence[str], title: str) -> bytes:
    return doc("".join(f"{line}\r" for line in lines), header=f"{title}\r")


def as_page(lines: Sequence[str], title: str) -> bytes:
    """A page of a site with menus, a tool bar, links to other reports and a foot."""
    links = "".join(
        f"<li><a href='/'>{name}</a></li>" for name in ("首页", "政务公开", "政府工作报告", "某县2024年政府工作报告")
    )
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>门户网站</title></head><body><ul>{links}</ul>"
        f"<div>您当前的位置：<a href='/'>首页</a></div><div><div>来源：政府办公室 字体：大 中 小</div><div>{text}</div>"
        f"<div>【打印本页】【关闭窗口】</div></div><h3>相关阅读</h3><ul>{links}</ul><div>版权所有 京ICP备1号</div></body></html>"
    ).encode()


def as_pdf(lines: Sequence[str], title: str) -> bytes:
    pages = [
        [Put(row, 80 + 12 * indent, 740 - 20 * at) for at, (row, indent) in enumerate(page)]
        + [Put(title, 200, 800, 9), Put(f"— {number} —", 280, 40, 9)]
        for number, page in enumerate(_pages(lines), 1)
    ]
    return pdf(*pages)


def as_ofd(lines: Sequence[str], title: str) -> bytes:
    pages = [
        [(row, 28 + 4.2 * indent, 40.0 + 7 * at) for at, (row, indent) in enumerate(page)]
        + [(title, 70.0, 20.0), (f"— {number} —", 100.0, 285.0)]
        for number, page in enumerate(_pages(lines), 1)
    ]
    return ofd(*pages)


def _pages(lines: Sequence[str]) -> list[list[tuple[str, int]]]:
    """Return the rows of each page with their indents: a line begins two ems in and is broken where it is full."""
    rows = [row for line in lines for row in _rows(line)]
    return [rows[at : at + _ROWS] for at in range(0, len(rows), _ROWS)]


def _rows(line: str) -> list[tuple[str, int]]:
    rows: list[tuple[str, int]] = []
    row, width, indent = io.StringIO(), 2.0, 2
    for character in line:
        wide = 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5
        if width + wide > _EMS and character not in _NOT_FIRST:
            rows.append((row.getvalue(), indent))
            row, width, indent = io.StringIO(), 0.0, 0
        row.write(character)
        width += wide
    return [*rows, (row.getvalue(), indent)]


def as_workbook(lines: Sequence[str], title: str) -> bytes:
    return workbook({"Sheet1": [["序号", "正文"], *([at, line] for at, line in enumerate(lines, 1))]})


def as_table(lines: Sequence[str], title: str) -> bytes:
    return table([["段落"], *([line] for line in lines)]).encode("gb18030")


FORMS: dict[str, Callable[[Sequence[str], str], bytes]] = {
    ".docx": as_word,
    ".doc": as_old_word,
    ".html": as_page,
    ".pdf": as_pdf,
    ".ofd": as_ofd,
    ".xlsx": as_workbook,
    ".csv": as_table,
}
