"""An evaluation on disk: responses.jsonl, run.trec, scorecard.json and report.html in one folder."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from assistant.errors import ZhengwenError
from assistant.evaluation.judged import Judged
from assistant.evaluation.metrics import METRICS
from assistant.evaluation.ranking import document_of
from assistant.evaluation.report import report_html
from assistant.evaluation.run import Evaluation
from assistant.evaluation.scorecard import SCHEMA
from assistant.json_lines import as_json_line
from assistant.types import Retrieved

RESPONSES, RUN, SCORECARD, REPORT = "responses.jsonl", "run.trec", "scorecard.json", "report.html"
RUN_TAG = "zhengwen"

_JUDGED = TypeAdapter(Judged)


class NotAnEvaluation(ZhengwenError):
    """A folder does not hold an evaluation, or one that this version cannot read, or none can be written there."""


def write(evaluation: Evaluation, out: Path) -> None:
    """Write the four files into `out`, which is made where it is missing; those of an earlier evaluation are replaced.

    Raises `NotAnEvaluation` where it cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        _replace(out / RESPONSES, "".join(_line(one) for one in evaluation.judged))
        _replace(out / RUN, trec_run(evaluation.judged))
        _replace(
            out / SCORECARD, json.dumps(evaluation.scorecard, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
        )
        _replace(out / REPORT, report_html(evaluation))
    except OSError as error:
        raise NotAnEvaluation(f"写不进 {out}：{error.strerror}", "请换一个可以写入的文件夹。") from error


def read(out: Path) -> Evaluation:
    """Read back what `write` wrote; raises `NotAnEvaluation` where files are missing or are not what they should be."""
    hint = "请给出 zhengwen eval --out 写出的文件夹。"
    try:
        scorecard = json.loads((out / SCORECARD).read_text("utf-8"))
        lines = (out / RESPONSES).read_text("utf-8").split("\n")
    except OSError as error:
        raise NotAnEvaluation(f"{out} 里没有评测结果：读不到 {Path(error.filename or out).name}。", hint) from error
    except ValueError as error:
        raise NotAnEvaluation(f"{out} 里的评测结果损坏了：{SCORECARD} 不是 JSON。", hint) from error
    if not isinstance(scorecard, dict) or scorecard.get("schema") != SCHEMA:
        raise NotAnEvaluation(f"{out / SCORECARD} 不是这个版本写的格式。", "请用现在的版本重新评测一次。")
    judged = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                judged.append(_read_line(line))
            except ValueError as error:  # of json or of pydantic
                raise NotAnEvaluation(f"{out / RESPONSES} 第 {number} 行不是一条评测结果。", hint) from error
    return Evaluation(tuple(judged), scorecard)


def trec_run(judged: Sequence[Judged]) -> str:
    """Return what was retrieved in TREC's run format, `qid Q0 docid rank score tag`; a document is a natural paragraph,
    or one of the corpus that the qrels speak of.

    trec_eval refuses a document that comes twice and orders by score alone: of several passages of a paragraph the first
    counts, and scores that do not fall with the rank (what is cited comes first) are set just below the one before.
    """
    lines = []
    for one in judged:
        query, score = _word(one.gold.id), float("inf")
        for rank, (document, found) in enumerate(_documents(one), 1):
            score = min(round(found.score, 6), round(score - 1e-6, 6))
            lines.append(f"{query} Q0 {_word(document)} {rank} {score:.6f} {RUN_TAG}\n")
    return "".join(lines)


def _documents(judged: Judged) -> list[tuple[str, Retrieved]]:
    """The documents that were found, each with its first passage: the corpus's own where there are qrels, else paragraphs."""
    first: dict[str, Retrieved] = {}
    for found in judged.answer.retrieved:
        first.setdefault(document_of(found, judged.gold), found)
    return list(first.items())


def _word(name: str) -> str:
    """The fields of a run are parted by white space."""
    return re.sub(r"\s+", "_", name)


def _line(judged: Judged) -> str:
    content: Any = _JUDGED.dump_python(judged, mode="python")
    content["scores"] = {name: score for name, score in content["scores"].items() if score is not None}
    return as_json_line(content) + "\n"


def _read_line(line: str) -> Judged:
    judged: Judged = _JUDGED.validate_python(json.loads(line))
    return replace(judged, scores={**dict.fromkeys(METRICS), **judged.scores})  # what is absent does not apply


def _replace(path: Path, text: str) -> None:
    """Write in one go, so that an interrupted run leaves the earlier file whole; a lone surrogate is written as its escape."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, "utf-8", "backslashreplace", newline="\n")
    os.replace(fresh, path)
