"""What folders and zip files hold is taken in or named: nothing is passed over in silence, nothing leaves the archive."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from assistant.corpus.sources import Source, sources
from tests.corpus.word_files import paragraph, word


def archive(members: dict[str, bytes], mode: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", mode) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def found(tmp_path: Path, content: bytes, name: str = "报告.zip") -> dict[str, Source]:
    path = tmp_path / name
    path.write_bytes(content)
    return {source.path.relative_to(tmp_path).as_posix(): source for source in sources([path])}


def test_each_member_is_a_file_of_its_own_in_a_fixed_order(tmp_path: Path) -> None:
    told = found(
        tmp_path, archive({"b/乙.txt": b"2", "甲.txt": b"1", "b/": b"", "__MACOSX/._甲.txt": b"x", ".DS_Store": b"x"})
    )
    assert [(name, source.content) for name, source in told.items()] == [
        ("报告.zip/b/乙.txt", b"2"),
        ("报告.zip/甲.txt", b"1"),
    ]


def test_names_that_chinese_windows_wrote_are_read(tmp_path: Path) -> None:
    name = "松北区.txt".encode("gb18030")
    content = archive({"x" * len(name): b"1"}).replace(b"x" * len(name), name)
    assert list(found(tmp_path, content)) == ["报告.zip/松北区.txt"]


@pytest.mark.parametrize(
    ("member", "content", "reason"),
    [
        ("../../外面.txt", b"1", "指向压缩包外面"),
        ("/etc/外面.txt", b"1", "指向压缩包外面"),
        ("..\\外面.txt", b"1", "指向压缩包外面"),
        ("里层.zip", b"1", "压缩包里的压缩包"),
        ("炸弹.txt", bytes(20 << 20), "压缩得异常"),
        ("太大.txt", bytes(51 << 20), "太大"),
    ],
)
def test_what_is_dangerous_in_a_zip_is_refused_and_the_rest_is_read(
    tmp_path: Path, member: str, content: bytes, reason: str
) -> None:
    told = found(tmp_path, archive({"好.txt": b"1", member: content}))
    assert told.pop("报告.zip/好.txt").content == b"1"
    (bad,) = told.values()
    assert bad.content is None
    assert bad.refusal is not None
    assert reason in str(bad.refusal)
    assert bad.refusal.hint
    assert bad.path.is_relative_to(tmp_path / "报告.zip")


def test_a_protected_member_is_refused(tmp_path: Path) -> None:
    content = bytearray(archive({"密.txt": b"1"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    (source,) = found(tmp_path, bytes(content)).values()
    assert "密码" in str(source.refusal)


def test_a_damaged_an_empty_and_a_huge_zip_are_refused_as_a_whole(tmp_path: Path) -> None:
    whole = archive({"a.txt": b"1" * 1000})
    crowded = archive({f"{at}.txt": b"" for at in range(5001)}, zipfile.ZIP_STORED)
    for content, reason in ((whole[: len(whole) // 2], "损坏"), (archive({}), "没有文件"), (crowded, "5001 个文件")):
        (source,) = found(tmp_path, content).values()
        assert reason in str(source.refusal)


def test_a_member_that_is_damaged_does_not_stop_the_others(tmp_path: Path) -> None:
    content = archive({"a.txt": b"1" * 50, "b.txt": b"2" * 50}, zipfile.ZIP_STORED).replace(b"1" * 50, b"3" * 50)
    told = found(tmp_path, content)
    assert "损坏" in str(told["报告.zip/a.txt"].refusal)
    assert told["报告.zip/b.txt"].content == b"2" * 50


def test_a_word_file_in_the_name_of_a_zip_is_a_word_file(tmp_path: Path) -> None:
    (source,) = found(tmp_path, word(paragraph("各位代表："))).values()
    assert (source.path.name, source.content, source.refusal) == ("报告.zip", None, None)


def test_a_folder_gives_every_file_but_hidden_ones_and_those_of_systems(tmp_path: Path) -> None:
    for name in ("b/2.txt", "a.jpg", ".git/x", "~$a.docx", "Thumbs.db", "c.doc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"1")
    (tmp_path / "z.zip").write_bytes(archive({"in.txt": b"1"}))
    told = [source.path.relative_to(tmp_path).as_posix() for source in sources([tmp_path])]
    assert told == ["a.jpg", "c.doc", "z.zip/in.txt", "b/2.txt"]
