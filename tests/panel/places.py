"""Hand-made reports of places that do not exist, as a shelf holds them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assistant.corpus.ingest import ingest
from assistant.corpus.library import Library
from assistant.language.lexicon import load_lexicon
from assistant.panel.panel import Panel, Series, Table
from assistant.retrieval.shelf import Shelf

REST = (
    "三、加强政府自身建设\n我们将坚持依法行政，认真听取各方面意见，把为群众办事作为工作的出发点和落脚点，在就业、教育、医疗、营商环境和改革上不断改进，"
    "主动接受人大的法律监督和政协的民主监督，让权力在阳光下运行。各级干部要深入基层，察实情、出实招、求实效，以更大的决心和更实的"
    "举措推动各项工作落到实处，让城乡居民感受到实实在在的变化。"
)


def report(place: str, year: int, review: str, plan: str) -> tuple[str, str]:
    """A report's file name and text: what it says of the year before, and what it plans."""
    text = (
        f"{place}{year}年政府工作报告\n各位代表：\n现在，我代表{place}人民政府向大会报告工作，请予审议。\n"
        f"一、{year - 1}年工作回顾\n过去的一年，全市上下团结一心、攻坚克难，各项工作取得新的成绩。\n{review}\n"
        f"二、{year}年工作安排\n做好今年的工作，要坚持稳中求进，突出重点，统筹推进。\n{plan}\n{REST * 8}\n"
    )
    return f"{place}{year}年政府工作报告.txt", text


def library_of(folder: Path, *reports: tuple[str, str]) -> Library:
    """Take reports in, with vectors that nothing here looks at."""
    for name, text in reports:
        (folder / name).write_text(text, "utf-8")
    library = Library.open(folder / "library.db")

    def encode(texts: object, _: object) -> np.ndarray:
        return np.zeros((len(texts), 4), dtype=np.float32)  # type: ignore[arg-type]

    outcomes = ingest([folder / name for name, _ in reports], library, encode, "none")
    assert [one.status for one in outcomes] == ["added"] * len(reports), outcomes
    return library


def panel_of(folder: Path, *reports: tuple[str, str]) -> Panel:
    return Panel(Shelf.of(library_of(folder, *reports)), load_lexicon())


def table(panel: Panel, *indicators: str, places: tuple[str, ...] = (), years: tuple[int, ...] = ()) -> Table:
    return panel.table(panel.select(indicators, places, years))


def series(told: Table, kind: str, indicator: str = "") -> Series:
    return next(one for one in told.series if one.kind == kind and indicator in one.indicator)
