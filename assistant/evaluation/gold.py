"""Gold questions from files: the reader is chosen by what a file holds, and one bad line never costs the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.evaluation.gold_readers import Found, read_beir, read_csv, read_jsonl, read_xlsx
from assistant.evaluation.questions import KINDS, GoldQuestion, GoldSet, NotAGoldFile, Problem, Quote

__all__ = ["KINDS", "GoldQuestion", "GoldSet", "NotAGoldFile", "Problem", "Quote", "load_gold"]

Reader = Callable[[Path], Found]
READERS: Mapping[str, Reader] = {
    ".jsonl": read_jsonl,
    ".json": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".xlsx": read_xlsx,
    ".xlsm": read_xlsx,
}
FORMATS = "能读的有：JSONL（本项目的格式或 ragas 的字段名）、含“问题,答案”两列的 CSV 或 XLSX、BEIR 文件夹。"


def load_gold(paths: Sequence[Path]) -> GoldSet:
    """Read gold files and BEIR folders into one set, in order.

    A line that cannot be used becomes a `Problem`; an id that an earlier file took gets the file's name in front. Raises
    `NotAGoldFile` for a path that cannot be read or holds no question at all.
    """
    questions: dict[str, GoldQuestion] = {}
    problems: list[Problem] = []
    for path in paths:
        found, wrong = _read(path)
        problems += wrong
        for line, question in _named_apart(path, found, questions):
            if question.id in questions:
                problems.append(Problem(path.name, line, f"编号 {question.id} 已经用过，这一行没有采用。"))
            else:
                questions[question.id] = question
    return GoldSet(tuple(questions.values()), tuple(problems))


def _read(path: Path) -> tuple[list[tuple[int, GoldQuestion]], list[Problem]]:
    reader: Reader | None = read_beir if path.is_dir() else READERS.get(path.suffix.lower())
    if reader is None:
        raise NotAGoldFile(f"不认识“{path.name}”这种测试题文件。", FORMATS)
    try:
        found, wrong = reader(path)
    except OSError as error:
        raise NotAGoldFile(f"打不开“{path.name}”：{error.strerror or error}。", "请检查路径和读取权限。") from error
    if not found:
        first = f"，例如{wrong[0]}" if wrong else ""
        raise NotAGoldFile(f"“{path.name}”里没有可用的测试题{first}", FORMATS)
    return found, wrong


def _named_apart(
    path: Path, found: list[tuple[int, GoldQuestion]], taken: dict[str, GoldQuestion]
) -> Iterable[tuple[int, GoldQuestion]]:
    others = set(taken)
    for line, question in found:
        yield line, replace(question, id=f"{path.stem}/{question.id}") if question.id in others else question
