"""The READMEs and `docs/`: short where a newcomer reads, the same in both languages, and true of the program as it is."""

from __future__ import annotations

import re
import shlex
from dataclasses import fields
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner

from assistant.settings import Settings
from assistant.types import Answer, Citation, Figure, Retrieved, Writing
from tests.pages import ALL, CHINESE, ENGLISH, READMES, ROOT, all_blocks, block, blocks, both

if TYPE_CHECKING:
    from assistant import Assistant

LONGEST_README = 10_240
"""Bytes: what a newcomer reads at one sitting."""
PICTURES = ROOT / "docs" / "pictures"
LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
FIRST_WORDS = {"docs": "With this page you can", "zh-CN": "看完这一页，您就"}
OUTSIDE = {"DEBUG", "SCREENSHOTS"}
"""Variables of the environment that begin like a setting and are none."""


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", READMES, ids=named)
def test_a_readme_is_short(path: Path) -> None:
    assert len(path.read_bytes()) <= LONGEST_README


def test_every_page_is_there_in_both_languages_and_in_its_readme() -> None:
    assert [path.name for path in ENGLISH] == [path.name for path in CHINESE]
    for readme, pages in zip(READMES, (ENGLISH, CHINESE), strict=True):
        text = readme.read_text("utf-8")
        assert [named(path) for path in pages if f"]({named(path)})" not in text] == []


@pytest.mark.parametrize("path", [*ENGLISH, *CHINESE], ids=named)
def test_a_page_opens_with_what_one_can_do_with_it(path: Path) -> None:
    switch, title, opening, *_ = [part for part in path.read_text("utf-8").split("\n\n") if part]
    assert "README" in switch
    assert f"{path.name})" in switch
    assert title.startswith("# ")
    assert opening.startswith(FIRST_WORDS[path.parent.name])


@pytest.mark.parametrize(
    ("first", "second"), [READMES, *zip(ENGLISH, CHINESE, strict=False)], ids=lambda path: named(path)
)
def test_both_languages_have_the_same_parts(first: Path, second: Path) -> None:
    assert [one.language for one in all_blocks(first)] == [one.language for one in all_blocks(second)]
    assert [len(re.findall(r"^\|", path.read_text("utf-8"), re.MULTILINE)) for path in (first, second)] == [
        len(re.findall(r"^\|", first.read_text("utf-8"), re.MULTILINE))
    ] * 2
    titles = [re.findall(r"^#+ ", path.read_text("utf-8"), re.MULTILINE) for path in (first, second)]
    if first not in READMES:  # the Chinese README has a heading of its own for each section that an error message names
        assert titles[0] == titles[1]


def _anchors(path: Path) -> set[str]:
    """What GitHub makes of the headings."""
    prose = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", [*ALL, ROOT / "CONTRIBUTING.md"], ids=named)
def test_every_link_leads_somewhere(path: Path) -> None:
    astray = []
    for target in ("".join(found) for found in LINK.findall(path.read_text("utf-8"))):
        place, _, anchor = unquote(target).partition("#")
        there = (path.parent / place).resolve() if place else path
        if place.startswith(("http://", "https://")) or there.parent == PICTURES:
            continue
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            astray.append(target)
    assert astray == []


def test_the_pictures_are_there() -> None:
    if not PICTURES.is_dir():
        pytest.skip("no docs/pictures yet")
    for readme in READMES:
        pictures = re.findall(r"docs/pictures/[\w-]+\.png", readme.read_text("utf-8"))
        assert len(pictures) == 2
        assert [picture for picture in pictures if not (ROOT / picture).is_file()] == []


@pytest.mark.parametrize("path", [*ALL, ROOT / "CONTRIBUTING.md"], ids=named)
def test_every_file_that_is_named_is_there(path: Path) -> None:
    """In the architecture a path begins in `assistant/` where it begins in none of our folders."""
    roots = [ROOT, ROOT / "assistant"] if path.name == "architecture.md" else [ROOT]
    begins = r"[a-z_]+" if path.name == "architecture.md" else r"(?:assistant|embeddings|prompts|seeds|tests)"
    names = re.findall(rf"`({begins}/[\w./-]*)`", path.read_text("utf-8"))
    assert [name for name in names if not any((root / name).exists() for root in roots)] == []


def test_the_sections_that_error_messages_name_are_there() -> None:
    titles = {re.sub(r"^#+ ", "", line) for line in READMES[1].read_text("utf-8").splitlines() if line.startswith("#")}
    english = READMES[0].read_text("utf-8")
    for source in (ROOT / "assistant").rglob("*.py"):
        for section in re.findall(r"README 的“(\w+)”", source.read_text("utf-8")):
            assert section in titles, source
            assert section in english, source


def _commands() -> list[tuple[Path, str]]:
    """Every line of every shell block, without what stands after `#` and over continued lines."""
    lines = []
    for path in (*ALL, ROOT / "CONTRIBUTING.md", ROOT / "seeds" / "questions.md"):
        for text in blocks(path, "sh"):
            lines += [(path, re.sub(r"\s+#.*", "", line)) for line in text.replace("\\\n", " ").splitlines()]
    return lines


def test_every_command_and_option_is_known() -> None:
    from assistant.cli import app

    runner, helps = CliRunner(), dict[tuple[str, ...], str]()
    called = 0
    for path, line in _commands():
        found = re.search(r"(?:^|[ /(])zhengwen (.*)", line)
        if found is None or line.startswith(("pip ", ".venv/bin/pip ")):
            continue
        words = list(takewhile(lambda word: word not in {"<", ">", "|"}, shlex.split(found[1].rstrip(")"))))
        is_pair = words[0] in {"keys", "audit", "feedback"} or words[:2] == ["eval", "compare"]
        is_pair = is_pair or (words[0] == "reports" and words[1:2] in (["review"], ["confirm"], ["edit"]))
        command = tuple(words[: 2 if is_pair else 1])
        if command not in helps:
            shown = runner.invoke(app, [*command, "--help"], env={"COLUMNS": "200"})
            assert shown.exit_code == 0, (path, line)
            helps[command] = shown.output
        options = [word for word in words if re.fullmatch(r"--?[a-z][\w-]*", word)]
        assert [word for word in options if not re.search(rf"(?<!\S){word}\b", helps[command])] == [], (path, line)
        called += 1
    assert called > 60


def test_every_target_of_make_is_known() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    asked = {found[1] for _, line in _commands() if (found := re.match(r"make ([a-z-]+)", line))}
    assert {"serve", "test"} <= asked <= targets


def test_every_variable_of_the_environment_is_a_setting() -> None:
    known = {name.upper() for name in Settings.model_fields} | OUTSIDE
    for path in ALL:
        assert set(re.findall(r"ZHENGWEN_([A-Z_]+)", path.read_text("utf-8"))) <= known, path


@pytest.mark.parametrize("path", both("operation"), ids=named)
def test_every_setting_has_its_row(path: Path) -> None:
    text = path.read_text("utf-8")
    assert [name for name in Settings.model_fields if text.count(f"| `{name}` |") != 1] == []


@pytest.mark.parametrize("path", both("formats"), ids=named)
def test_every_field_of_the_object_has_its_row(path: Path) -> None:
    from assistant.web.page.fact_words import StatedFact

    text = path.read_text("utf-8")
    rows = [field.name for field in fields(Answer)]
    rows += [
        f"{part}[].{field.name}" for part, of in (("citations", Citation), ("figures", Figure)) for field in fields(of)
    ]
    assert [name for name in rows if f"| `{name}` |" not in text] == []
    inside = [field.name for of in (Retrieved, Writing, StatedFact) for field in fields(of)]
    assert [name for name in inside if f"`{name}`" not in text] == []


@pytest.mark.parametrize("path", READMES, ids=named)
def test_the_answers_that_are_shown_are_those_that_are_given(path: Path, assistant: Assistant) -> None:
    from assistant.web.export.record import label_of

    shown = [text for text in blocks(path, "") if text.startswith("$ zhengwen ask ")]
    assert len(shown) == 2
    for text in shown:
        lines = text.splitlines()
        answer = assistant.ask(lines[0].removeprefix("$ zhengwen ask "))
        said = answer.answer.splitlines()
        assert lines[1 : 1 + len(said)] == said
        for citation in answer.citations:
            assert f"〔{citation.number}〕《{citation.report.title}》" in lines
            assert f"    {citation.quote}" in lines
        assert [one for one in answer.suggestions if f"  · {one}" not in lines] == []
        assert answer.verdict != "answered" or {label_of(answer)} <= set(lines)
        assert answer.verdict != "answered" or lines[-1].startswith(f"理解为：{answer.understood} · ")


@pytest.mark.parametrize("path", both("asking"), ids=named)
def test_the_questions_that_can_be_asked_are_answered(path: Path, assistant: Assistant) -> None:
    answered, refused = (_examples(part) for part in path.read_text("utf-8").split("\n## ")[1:3])
    assert len(answered) == 16
    assert len(refused) == 4
    verdicts = [assistant.ask(question).verdict for question in answered]
    assert [q for q, v in zip(answered, verdicts, strict=True) if v != "answered"] == ["有哪些区"]
    verdicts = [assistant.ask(question).verdict for question in refused]
    assert verdicts == ["not_covered", "not_covered", "needs_clarification", "not_covered"]


def _examples(part: str) -> list[str]:
    """What stands in the second column of the table."""
    return re.findall(r"^\|[^|]*\| ([^|]*) \|", part.split("\n|---|---|---|\n")[1], re.MULTILINE)


@pytest.mark.parametrize("path", both("api"), ids=named)
def test_the_python_program_prints_what_it_says(
    path: Path, assistant: Assistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Opened:
        """The assistant of all tests, which nobody closes."""

        ask = assistant.ask

        def close(self) -> None: ...

    monkeypatch.setattr("assistant.open_assistant", Opened)
    program = block(path, "python", "open_assistant")
    names: dict[str, Any] = {}
    exec(compile(program, "api.md", "exec"), names)
    assert capsys.readouterr().out.splitlines() == re.findall(r"print\(.*\)  # (.*)", program)


@pytest.mark.parametrize("path", both("asking"), ids=named)
def test_the_aliases_are_taken(path: Path, tmp_path: Path) -> None:
    from assistant.language.lexicon import load_lexicon

    (tmp_path / "aliases.toml").write_text(block(path, "toml", "[[synonym]]"), "utf-8")
    plain, taught = load_lexicon(), load_lexicon(tmp_path / "aliases.toml")
    question = "松北区2025年零售盘子目标是多少"
    assert plain.asked_in(question) == []
    assert [mention.names for mention in taught.asked_in(question)] == [("社会消费品零售总额",)]
