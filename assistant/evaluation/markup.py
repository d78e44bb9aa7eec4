"""How foreign text and figures are put into the report: text is escaped and loses what cannot be seen, figures get their unit."""

from __future__ import annotations

import unicodedata
from html import escape

from assistant.evaluation.aggregates import AGGREGATES
from assistant.evaluation.metrics import BY_MODEL, METRICS

_COUNTS = frozenset({"unsupported_numbers"})


def text(given: object) -> str:
    """Escape for HTML, and drop control and direction characters, which could show something that was never written."""
    shown = "".join(
        character for character in str(given) if character in "\n\t" or unicodedata.category(character) not in _UNSEEN
    )
    return escape(shown)


_UNSEEN = ("Cc", "Cf", "Cs")


def described(metric: str) -> tuple[str, str, bool | None]:
    """Return title, meaning and whether higher is better; a scorecard of another version may hold a name not known here."""
    known = METRICS.get(metric) or BY_MODEL.get(metric) or AGGREGATES.get(metric)
    if known is None:
        return metric, "", None
    return known.title.removesuffix("（秒）"), known.meaning, known.higher_is_better  # `figure` prints the unit


def figure(metric: str, value: float) -> str:
    """Print a value of this metric: 95.4%, 0.052 秒, or a plain count."""
    if metric.endswith("seconds"):
        return f"{value:.3f} 秒" if value < 1 else f"{value:.2f} 秒"
    return f"{value:.3f}" if metric in _COUNTS else f"{100 * value:.1f}%"


def interval(metric: str, low: float, high: float) -> str:
    """Print an interval of this metric: 91.2%～98.0%."""
    return f"{figure(metric, low).removesuffix(' 秒')}～{figure(metric, high)}"
