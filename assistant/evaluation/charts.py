"""Bar charts as inline SVG. Lengths are percentages, so that bars fit any width and the letters keep their size."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.evaluation.markup import figure, interval, text

_ROW, _TOP, _BAR = 58, 18, 16
"""Height of a row, of the line of words in it and of the bar, in px."""
_FEWEST = 3
"""Questions that a group needs to be drawn: of one or two, nothing can be said."""


def bars(metric: str, title: str, groups: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """Draw a share (0 to 1) for each group that has it: bar, 95 % interval as a whisker, value and count in words."""
    measured = [(name, figures[metric]) for name, figures in groups.items() if metric in figures]
    rows = [(name, one) for name, one in measured if one["n"] >= _FEWEST]
    if not rows:
        return ""
    left = len(measured) - len(rows)
    note = f"<p class=soft>另有 {left} 组各不到 {_FEWEST} 题，没有画出，见 scorecard.json。</p>" if left else ""
    drawn = "".join(_row(metric, name, measured, place * _ROW) for place, (name, measured) in enumerate(rows))
    return (
        f'<figure><figcaption>{text(title)}</figcaption><svg role="group" aria-label="{text(title)}" width="100%" '
        f'height="{len(rows) * _ROW}">{drawn}</svg>{note}</figure>'
    )


def _row(metric: str, name: str, measured: Mapping[str, float], top: int) -> str:
    low, high = 100 * measured["low"], 100 * measured["high"]
    bar_top, middle = top + _TOP + 8, top + _TOP + 8 + _BAR / 2
    caps = "".join(
        f'<line class="whisker" x1="{at:.2f}%" x2="{at:.2f}%" y1="{middle - 6}" y2="{middle + 6}"/>'
        for at in (low, high)
    )
    words = f"{figure(metric, measured['value'])}（{interval(metric, measured['low'], measured['high'])}）"
    return (
        f'<g role="img" aria-label="{text(name)}：{text(words)}，{measured["n"]} 题">'
        f'<text x="0" y="{top + _TOP}">{text(name)}<tspan class="count" dx="8">{measured["n"]} 题</tspan></text>'
        f'<text class="value" x="100%" y="{top + _TOP}" text-anchor="end">{figure(metric, measured["value"])}</text>'
        f'<rect class="track" x="0" y="{bar_top}" width="100%" height="{_BAR}" rx="3"/>'
        f'<rect class="bar" x="0" y="{bar_top}" width="{100 * measured["value"]:.2f}%" height="{_BAR}" rx="3"/>'
        f'<line class="halo" x1="{low:.2f}%" x2="{high:.2f}%" y1="{middle}" y2="{middle}"/>'
        f'<line class="whisker" x1="{low:.2f}%" x2="{high:.2f}%" y1="{middle}" y2="{middle}"/>{caps}</g>'
    )
