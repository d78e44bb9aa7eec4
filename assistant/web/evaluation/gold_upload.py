"""Reads an uploaded gold file in a child process that is thrown away: a hostile workbook costs it, not the page.

`python -m assistant.web.evaluation.gold_upload FILE` writes the gold set, or what is wrong with the file, to standard output.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from pydantic import TypeAdapter

from assistant.corpus.sandbox import WALL_SECONDS, limit_itself
from assistant.errors import ZhengwenError
from assistant.evaluation.gold import GoldSet, NotAGoldFile, load_gold

KINDS = (".csv", ".xlsx", ".jsonl")
LIMIT = 5 * 1024 * 1024
"""Bytes of a file; thousands of questions are a fifth of it."""
_GOLD = TypeAdapter(GoldSet)
_HEAVY = NotAGoldFile("读这个文件用的内存或时间太多了。", "请只保留需要的行和列，另存为 CSV 再试。")


def check_upload(name: str, content: bytes) -> None:
    """Refuse what cannot be a gold file by its name, size or first bytes; raises `NotAGoldFile`."""
    suffix = Path(name).suffix.lower()
    if suffix not in KINDS:
        raise NotAGoldFile("只能上传 CSV、XLSX 或 JSONL 文件。", "旧的 .xls 请用表格软件另存为 .xlsx。")
    if not content.strip():
        raise NotAGoldFile("这个文件是空的。", "请重新选一个文件。")
    if len(content) > LIMIT:
        raise NotAGoldFile("文件太大，最多 5 MB。", "请拆成几个文件，分几次评测。")
    if (suffix == ".xlsx") != content.startswith(b"PK\x03\x04"):
        raise NotAGoldFile("文件内容和文件名的后缀对不上。", "请用表格软件打开后另存为 XLSX 或 CSV。")


def read_upload(path: Path) -> GoldSet:
    """Read a gold file in a child with limits on memory, processor time and wall time; raises `NotAGoldFile`."""
    root = str(Path(__file__).resolve().parents[3])
    environment = {"PYTHONPATH": root, "PYTHONUTF8": "1", "PATH": os.environ.get("PATH", "")}
    command = [sys.executable, "-P", "-m", "assistant.web.evaluation.gold_upload", str(path)]
    try:
        child = subprocess.run(command, capture_output=True, timeout=WALL_SECONDS, env=environment, check=False)
        reply = json.loads(child.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:  # no reply: the limits ended the child
        raise _HEAVY from error
    if "error" in reply:
        raise NotAGoldFile(reply["error"], reply["hint"])
    return _GOLD.validate_python(reply["gold"])


def main() -> None:
    """Read the file named on the command line and reply with one JSON object."""
    limit_itself()
    out = os.dup(1)
    os.dup2(2, 1)  # a parser that prints must not spoil the reply
    try:
        reply: dict[str, object] = {"gold": _GOLD.dump_python(load_gold([Path(sys.argv[1])]))}
    except ZhengwenError as error:
        reply = {"error": str(error), "hint": error.hint}
    except (MemoryError, RecursionError):
        reply = {"error": str(_HEAVY), "hint": _HEAVY.hint}
    with os.fdopen(out, "wb") as stream:
        stream.write(json.dumps(reply).encode())


if __name__ == "__main__":
    main()
