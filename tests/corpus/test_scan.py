"""Pages that are pictures are recognised, what is not certain is marked, and nothing is lost in silence."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from PIL import Image

from assistant.corpus import readers
from assistant.corpus.catalogue import shipped_catalogue
from assistant.corpus.ingest import ingest
from assistant.corpus.library import Library
from assistant.corpus.readers import can_recognise, read_file
from assistant.errors import UnreadableFile
from tests.corpus.pdf_files import pdf, prose
from tests.corpus.scans import as_pdf, needs_font, scan
from tests.corpus.test_ingest import tiny

needs_ocr = pytest.mark.skipif(not can_recognise(), reason="needs the extra: pip install '.[ocr]' -c constraints.txt")

TITLE = "临溪县2026年政府工作报告"
FIRST = (
    "各位代表：",
    "　　2025年，全县地区生产总值达到",
    "186.4亿元，增长5.5%。新建农村公路",
    "37.2公里，惠及群众12800户。",
)
TEXT = pdf(
    prose(
        "\u3000\u3000今年完成投资12.6亿元，新开工项目13个。",
        *(f"\u3000\u3000第{at}，推进城乡建设。" for at in range(10, 40)),
    )
)


def a_file(tmp_path: Path, *pages: Image.Image | bytes) -> Path:
    path = tmp_path / f"{TITLE}.pdf"
    path.write_bytes(as_pdf(pages))
    return path


@needs_ocr
@needs_font
def test_pages_that_are_pictures_are_recognised_between_those_that_have_text(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    file = a_file(tmp_path, TEXT, scan(TITLE, *FIRST, degrees=0.8, noise=15), scan())
    found = read_file(file, tell=lambda done, total: told.append((done, total)))
    for figure in ("12.6亿元", "186.4亿元", "5.5%", "37.2公里", "12800户"):
        assert figure in found.text
    assert [page for _, page in found.breaks] == [1, 2]
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert "第 2、3 页（2 页）是图片，文字由识别得来" in found.notes[0]
    assert found.notes[1] == "第 3 页（1 页）是图片，没有认出文字。"
    assert found.unread == 0


def test_without_the_extra_a_scan_is_refused_with_a_sentence_that_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "can_recognise", lambda: False)
    with pytest.raises(UnreadableFile, match="是扫描件，里面只有图片，没有文字。") as refused:
        read_file(a_file(tmp_path, Image.new("L", (600, 800), 90)))
    assert "pip install '.[ocr]' -c constraints.txt" in refused.value.hint


def test_without_the_extra_pages_that_are_pictures_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "can_recognise", lambda: False)
    found = read_file(a_file(tmp_path, TEXT, Image.new("L", (600, 800), 90)))
    assert found.unread == 1
    assert "第 2 页（1 页）没有可以读取的文字" in found.notes[0]
    assert "pip install '.[ocr]'" in found.notes[1]


@needs_ocr
@needs_font
@pytest.mark.slow
def test_a_report_is_taken_in_again_with_its_pictures_once_the_extra_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (seed,) = (files("seeds") / name for name in shipped_catalogue() if name.startswith("000"))
    words = "".join(seed.read_text("utf-8").split())
    more = pdf(*(prose(*(words[at : at + 30] for at in range(start, start + 900, 30))) for start in (0, 900, 1800)))
    file = a_file(tmp_path, more, scan(*FIRST)).rename(tmp_path / "2025年松北区政府工作报告.pdf")
    with Library.open(tmp_path / "library.db") as library:
        with monkeypatch.context() as without:
            without.setattr(readers, "can_recognise", lambda: False)
            without.setattr("assistant.corpus.ingest.can_recognise", lambda: False)
            (first,) = ingest([file], library, tiny, "tiny")
            assert first.report is not None, first.error
            assert library.unread_pages(first.report.id) == 1
            assert [one.status for one in ingest([file], library, tiny, "tiny")] == ["already"]
        assert [one.status for one in ingest([file], library, tiny, "tiny")] == ["added"]
        assert any("186.4亿元" in one.text for one in library.paragraphs(first.report.id))
        assert [one.status for one in ingest([file], library, tiny, "tiny")] == ["already"]


@needs_ocr
@needs_font
@pytest.mark.slow
@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_that_lies_on_its_side_or_stands_on_its_head_is_turned(tmp_path: Path, turned: int) -> None:
    page = scan(TITLE, *FIRST).rotate(turned, expand=True)
    found = read_file(a_file(tmp_path, page))
    assert all(figure in found.text for figure in ("186.4亿元", "5.5%", "37.2公里", "12800户"))


@needs_ocr
@needs_font
@pytest.mark.slow
def test_no_figure_of_a_page_that_can_hardly_be_read_is_taken_for_certain(tmp_path: Path) -> None:
    found = read_file(a_file(tmp_path, scan(TITLE, *FIRST, blur=3.2, noise=70, degrees=1)))
    doubted = {at for start, end in found.doubtful for at in range(start, end)}
    assert doubted
    assert all(at in doubted for at, char in enumerate(found.text) if char.isdigit())


@needs_ocr
@needs_font
@pytest.mark.parametrize(("name", "mode"), [("a.png", "RGBA"), ("a.jpg", "L"), ("a.tif", "1")])
def test_a_picture_of_a_page_is_recognised_as_a_page_of_a_scan_is(tmp_path: Path, name: str, mode: str) -> None:
    page = scan(TITLE, *FIRST, degrees=0.6, noise=8).convert(mode)
    page.save(tmp_path / name)
    found = read_file(tmp_path / name)
    assert all(figure in found.text for figure in ("186.4亿元", "5.5%", "37.2公里", "12800户"))
    assert found.breaks == ((0, 1),)
    assert "文字由识别得来" in found.notes[0]


@needs_ocr
@needs_font
@pytest.mark.slow
def test_a_tall_picture_is_read_piece_by_piece_and_no_line_is_cut_through(tmp_path: Path) -> None:
    lines = [f"第{at}项工作完成投资{at * 7}.{at % 10}亿元，惠及{at * 131}户" for at in range(1, 19)]
    pages = [scan(*lines[at : at + 6]) for at in range(0, 18, 6)]
    tall = Image.new("L", (1166, 3 * 640), 255)
    for at, page in enumerate(pages):
        tall.paste(page.crop((0, 60, 1166, 700)), (0, at * 640))
    tall = tall.crop((80, 0, 80 + 900, 1920))
    tall.save(tmp_path / "a.png")
    found = read_file(tmp_path / "a.png")
    read = "".join(found.text.split())
    missing = [line for line in lines if f"{lines.index(line) * 131 + 131}户" not in read]
    assert missing == []
    assert {page for _, page in found.breaks} == {1}


def test_without_the_extra_a_picture_is_refused_with_a_sentence_that_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "can_recognise", lambda: False)
    Image.new("L", (600, 800), 90).save(tmp_path / "a.png")
    with pytest.raises(UnreadableFile, match="是图片，里面没有可以读取的文字。") as refused:
        read_file(tmp_path / "a.png")
    assert "pip install '.[ocr]' -c constraints.txt" in refused.value.hint


@needs_ocr
def test_a_picture_that_is_broken_or_shows_no_text_is_refused(tmp_path: Path) -> None:
    Image.new("L", (600, 800), 90).save(tmp_path / "grey.png")
    (tmp_path / "half.png").write_bytes((tmp_path / "grey.png").read_bytes()[:60])
    for name, reason in (("grey.png", "没有认出报告的文字"), ("half.png", "损坏")):
        with pytest.raises(UnreadableFile, match=reason):
            read_file(tmp_path / name)
