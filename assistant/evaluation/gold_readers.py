"""One reader a format: each gives the questions of a file with their line numbers, and what is wrong with the rest."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assistant.corpus.decoding import decode
from assistant.evaluation.gold_fields import BadLine, from_own, from_ragas, from_row
from assistant.evaluation.questions import GoldQuestion, NotAGoldFile, Problem, Quote

Found = tuple[list[tuple[int, GoldQuestion]], list[Problem]]
LARGEST = 50_000_000
"""Bytes of a gold file, and of all that an XLSX unpacks to; thousands of questions are a hundredth of it."""


def read_jsonl(path: Path) -> Found:
    """Read the project's own JSONL, or one with the field names of ragas; lines of both may stand in one file."""
    found: list[tuple[int, GoldQuestion]] = []
    problems: list[Problem] = []
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            found.append((number, _from_json(line, f"{path.stem}-{number}")))
        except BadLine as wrong:
            problems.append(Problem(path.name, number, str(wrong)))
    return _apart(path, found, problems)


def _from_json(line: str, name: str) -> GoldQuestion:
    try:
        fields = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        place = f"第 {error.colno} 个字符处" if isinstance(error, json.JSONDecodeError) else ""
        raise BadLine(f"{place}不是合法的 JSON；每行应是一个完整的 JSON 对象。") from error
    if not isinstance(fields, dict):
        raise BadLine("应是一个 JSON 对象（{…}）。")
    return from_ragas(fields, name) if "user_input" in fields else from_own(fields, name)


def read_csv(path: Path) -> Found:
    """Read a table with the columns 问题 and 答案 (or q, a); comma, semicolon or tab; UTF-8 with or without BOM, or GB18030."""
    text = _text(path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    try:
        rows.extend((reader.line_num, cells) for cells in reader)
    except csv.Error as error:
        return _from_rows(path, rows, [Problem(path.name, reader.line_num, f"表格从这里起读不下去：{error}。")])
    return _from_rows(path, rows, [])


def read_xlsx(path: Path) -> Found:
    """Read the first sheet of a workbook as `read_csv` reads a table."""
    from openpyxl import load_workbook

    _gate(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [(n, [_cell(value) for value in row]) for n, row in enumerate(sheet.iter_rows(values_only=True), 1)]
        book.close()
    except Exception as error:  # openpyxl raises whatever a broken part makes its parsers raise
        raise NotAGoldFile(f"“{path.name}”不是完好的 XLSX 文件。", "请用表格软件打开后另存为 XLSX 或 CSV。") from error
    return _from_rows(path, rows, [])


def _gate(path: Path) -> None:
    """Refuse what is no ZIP archive or would unpack to far more than a sheet of questions."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except zipfile.BadZipFile as error:
        raise NotAGoldFile(f"“{path.name}”不是 XLSX 文件。", "请用表格软件另存为 XLSX 或 CSV。") from error
    if size > LARGEST:
        raise NotAGoldFile(f"“{path.name}”解开后太大。", "测试题文件一般不到 1 MB，请只保留需要的行和列。")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _from_rows(path: Path, rows: list[tuple[int, list[str]]], problems: list[Problem]) -> Found:
    found: list[tuple[int, GoldQuestion]] = []
    filled = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    if not filled:
        return found, problems
    (_, head), *body = filled
    for number, cells in body:
        try:
            found.append((number, from_row(head, cells, f"{path.stem}-{number}")))
        except BadLine as wrong:
            problems.append(Problem(path.name, number, str(wrong)))
    return _apart(path, found, problems)


def read_beir(folder: Path) -> Found:
    """Read a BEIR folder (corpus.jsonl, queries.jsonl, qrels/*.tsv) as questions for retrieval alone (Thakur et al. 2021)."""
    missing = [name for name in ("queries.jsonl", "qrels") if not (folder / name).exists()]
    tables = sorted((folder / "qrels").glob("*.tsv"))
    if missing or not tables:
        raise NotAGoldFile(
            f"文件夹“{folder.name}”里缺少 {missing[0] if missing else 'qrels/*.tsv'}。",
            "BEIR 格式需要 corpus.jsonl、queries.jsonl 和 qrels/*.tsv。",
        )
    problems: list[Problem] = []
    grades = _qrels(tables, problems)
    needed = {document for relevant in grades.values() for document in relevant}
    corpus = folder / "corpus.jsonl"
    texts = dict(_beir_lines(corpus, needed, problems)) if corpus.exists() else {}
    queries = dict(_beir_lines(folder / "queries.jsonl", set(grades), problems))
    found = []
    for number, (name, text) in enumerate(queries.items(), 1):
        relevant = grades[name]
        quotes = tuple(Quote(texts[document], document) for document in relevant if document in texts)
        found.append((number, GoldQuestion(name, text, evidence=quotes, relevant=relevant)))
    problems += [
        Problem("queries.jsonl", 0, f"qrels 提到的问题 {name} 不在其中。") for name in grades if name not in queries
    ]
    return found, problems


def _qrels(tables: Iterable[Path], problems: list[Problem]) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for table in tables:
        for number, line in enumerate(_lines(table), 1):
            cells = line.split("\t") if "\t" in line else line.split()
            if not line.strip() or (number == 1 and not cells[-1].strip().lstrip("-").isdigit()):
                continue  # the header: query-id, corpus-id, score
            try:
                # TREC's own qrels have a fourth column, the unused iteration, in second place.
                query, document, grade = cells[0], cells[-2], int(cells[-1])
                grades.setdefault(query, {})[document] = grade
            except (IndexError, ValueError):
                problems.append(Problem(f"qrels/{table.name}", number, "应有三列：问题编号、文档编号、等级（整数）。"))
    return {query: found for query, found in grades.items() if any(grade > 0 for grade in found.values())}


def _beir_lines(path: Path, wanted: set[str], problems: list[Problem]) -> Iterable[tuple[str, str]]:
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            fields: Mapping[str, Any] = json.loads(line)
            name, text = str(fields["_id"]), str(fields["text"])
        except (ValueError, KeyError, TypeError):
            problems.append(Problem(path.name, number, "每行应是含 _id 和 text 的 JSON 对象。"))
            continue
        if name in wanted:
            yield name, text


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST and path.name != "corpus.jsonl":
        raise NotAGoldFile(f"“{path.name}”太大。", "测试题文件一般不到 1 MB，请拆成几个文件。")
    text = decode(path.read_bytes())
    if text is None:
        raise NotAGoldFile(f"认不出“{path.name}”的文字编码。", "请另存为 UTF-8 或 GB18030（GBK）编码。")
    return text


def _lines(path: Path) -> list[str]:
    """Lines as other programs count them: U+2028 and the like inside a string end none, though `splitlines` says so."""
    return _text(path).replace("\r\n", "\n").split("\n")


def _apart(path: Path, found: list[tuple[int, GoldQuestion]], problems: list[Problem]) -> Found:
    """Keep the first question of each id and name the others."""
    kept: dict[str, tuple[int, GoldQuestion]] = {}
    for number, question in found:
        if question.id in kept:
            problems.append(Problem(path.name, number, f"编号 {question.id} 与第 {kept[question.id][0]} 行重复。"))
        else:
            kept[question.id] = (number, question)
    return list(kept.values()), sorted(problems, key=lambda problem: problem.line)
