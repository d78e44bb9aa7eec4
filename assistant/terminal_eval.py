"""How an evaluation and a comparison look on a terminal; into a pipe go tab-separated lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.evaluation.cases import KIND_NAMES
from assistant.evaluation.markup import described, figure, interval
from assistant.terminal import QUIET, clean

if TYPE_CHECKING:
    from assistant.evaluation.compare import Comparison, Difference, Flip

_CHANCE = 0.05
"""Below this p a difference is set in colour; many metrics are tested at once, so it is a hint and no proof."""


def show_scorecard(scorecard: Mapping[str, Any], console: Console) -> None:
    """Print every overall figure, and the share of right answers by kind."""
    overall = scorecard["overall"]
    measured = [(described(name)[0], name, *_measured(name, one)) for name, one in overall.items()]
    _show_rows(("", "指标", "数值", "95% 区间", "题数"), measured, console)
    rows = [
        (KIND_NAMES.get(kind, kind), *_measured("answer_right", figures["answer_right"]))
        for kind, figures in scorecard["by_kind"].items()
        if "answer_right" in figures
    ]
    if rows:
        console.print()
        _show_rows(("题型", described("answer_right")[0], "95% 区间", "题数"), rows, console)


def show_comparison(comparison: Comparison, console: Console) -> None:
    """Print each metric of A and B with difference, interval and p, then the questions that flipped, side by side."""
    rows = [_difference_row(one) for one in comparison.differences]
    styles = [_style(one) for one in comparison.differences]
    _show_rows(("", "指标", "A", "B", "差", "95% 区间", "p", "检验", "题数"), rows, console, styles)
    for title, flips in (("A 错 B 对", comparison.gained), ("A 对 B 错", comparison.lost)):
        console.print()
        console.print(Text(f"{title}：{len(flips)} 道", style="bold"))
        if flips:
            _show_rows(("题号", "问题", "A 的回答", "B 的回答"), [_flip_row(flip) for flip in flips], console)


def show_note(note: str, console: Console) -> None:
    """Print a sentence that is neither a result nor an error."""
    console.print(Text(clean(note).replace("\n", " "), style="yellow"))


def gold_note(comparison: Comparison) -> str:
    """Say what could not be compared; empty where both evaluations asked the same questions."""
    if comparison.same_gold:
        return ""
    left = (("只在 A 里", comparison.only_a), ("只在 B 里", comparison.only_b), ("内容改过", comparison.changed))
    parts = "、".join(f"{what} {count} 道" for what, count in left if count)
    return f"两次评测用的测试题不一样，只比较相同的 {comparison.common} 道（{parts}，没有比较）。"


def _measured(name: str, one: Mapping[str, float]) -> tuple[str, str, str]:
    return figure(name, one["value"]), interval(name, one["low"], one["high"]), str(one["n"])


def _difference_row(one: Difference) -> tuple[str, ...]:
    return (
        described(one.metric)[0],
        one.metric,
        figure(one.metric, one.a),
        figure(one.metric, one.b),
        _signed(one.metric, one.difference),
        f"{_signed(one.metric, one.low)}～{_signed(one.metric, one.high)}",
        "—" if one.p is None else f"{one.p:.3f}" if one.p >= 0.001 else "<0.001",
        "McNemar" if one.test == "McNemar" else "自助法",
        str(one.n),
    )


def _signed(metric: str, value: float) -> str:
    shown = figure(metric, abs(value))
    return shown if value == 0 else ("+" if value > 0 else "−") + shown


def _style(one: Difference) -> str:
    """Green for better and red for worse, where chance alone would seldom bring it about."""
    higher_is_better = described(one.metric)[2]
    unlikely = one.p < _CHANCE if one.p is not None else one.low > 0 or one.high < 0
    if higher_is_better is None or not unlikely:
        return ""
    return "green" if (one.difference > 0) == higher_is_better else "red"


def _flip_row(flip: Flip) -> tuple[str, str, str, str]:
    return flip.gold.id, flip.gold.question, flip.a.answer.answer, flip.b.answer.answer


def _show_rows(
    headings: Sequence[str], rows: Sequence[Sequence[str]], console: Console, styles: Sequence[str] = ()
) -> None:
    if not console.is_terminal:
        for row in (headings, *rows):
            console.file.write("\t".join(" ".join(clean(cell).split()) for cell in row) + "\n")
        return
    table = Table(box=None, pad_edge=False, header_style=QUIET)
    for heading in headings:
        number = heading in ("数值", "题数", "A", "B", "差", "p")
        table.add_column(heading, overflow="fold", justify="right" if number else "left")
    for place, row in enumerate(rows):
        table.add_row(*(Text(clean(cell)) for cell in row), style=styles[place] if styles else "")
    console.print(table)
