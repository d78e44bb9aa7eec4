"""The report of an evaluation as one HTML file that needs nothing else: no network, no other file, no framework."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from assistant.evaluation.cases import KIND_NAMES, case_html, cases, failing
from assistant.evaluation.charts import bars
from assistant.evaluation.judged import Judged
from assistant.evaluation.markup import described, figure, interval, text

if TYPE_CHECKING:
    from assistant.evaluation.run import Evaluation

_HEADLINES = ("answer_right", "unsupported_number_rate", "citation_recall", "refusal_f1", "recall@5", "p50_seconds")
_CHARTED = ("answer_right", "recall@10")
"""The first that was measured is drawn."""
_DIRECTIONS = {True: "越高越好。", False: "越低越好。", None: ""}


def report_html(evaluation: Evaluation) -> str:
    """Write the report: headline figures, charts by kind and by report, all metrics, each faulty answer, what ran."""
    card, judged = evaluation.scorecard, evaluation.judged
    style, script = _static("report.css"), _static("report.js")
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>政问 评测报告</title>'
        f"<style>{style}</style></head><body>\n<header><h1>政问 评测报告</h1>"
        f"<p class=lead>{_summary(judged)}</p></header>\n<main>{_tiles(card['overall'])}\n{_charts(card)}\n"
        f"{_metrics(card['overall'])}\n{_cases(judged)}\n</main>\n{_what(card['what'])}\n"
        f"<script>{script}</script></body></html>\n"
    )


def _static(name: str) -> str:
    return (files("assistant.evaluation") / "static" / name).read_text("utf-8")


def _hash(source: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _summary(judged: Sequence[Judged]) -> str:
    graded = [score for one in judged if (score := one.scores.get("answer_right")) is not None]
    right = f"，答对 {int(sum(graded))} 道，答错 {len(graded) - int(sum(graded))} 道" if graded else ""
    return f"共 {len(judged)} 道测试题{right}。小字的范围和图上的细线是 95% 置信区间：换一批同样的题，数值大致还在这个范围里。"


def _tiles(overall: Mapping[str, Mapping[str, float]]) -> str:
    tiles = "".join(
        f'<div class="tile"><span class="name">{text(described(name)[0])}</span><b>{figure(name, one["value"])}</b>'
        f'<span class="soft">{interval(name, one["low"], one["high"])}</span></div>'
        for name in _HEADLINES
        if (one := overall.get(name))
    )
    return f'<div class="tiles">{tiles}</div>'


def _charts(card: Mapping[str, Any]) -> str:
    metric = next((name for name in _CHARTED if name in card["overall"]), None)
    if metric is None:
        return ""
    title = described(metric)[0]
    kinds = {KIND_NAMES.get(kind, kind): figures for kind, figures in card["by_kind"].items()}
    groups = {"按题型": kinds, "按地区和年份": card["by_report"], "按标签": card["by_tag"]}
    drawn = "".join(bars(metric, f"{title}：{how}", group) for how, group in groups.items())
    return f'<h2>哪里好，哪里差</h2><div class="charts">{drawn}</div>' if drawn else ""


def _metrics(overall: Mapping[str, Mapping[str, float]]) -> str:
    rows = "".join(_metric_row(name, one) for name, one in overall.items())
    return (
        '<h2>全部指标</h2><div class="paper"><table class="metrics"><thead><tr><th>指标</th>'
        '<th class="number">数值</th><th class="number">95% 区间</th><th class="number">题数</th><th>意思</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _metric_row(name: str, measured: Mapping[str, float]) -> str:
    title, meaning, higher = described(name)
    return (
        f"<tr><th>{text(title)} <code>{text(name)}</code></th>"
        f'<td class="number">{figure(name, measured["value"])}</td>'
        f'<td class="number range">{interval(name, measured["low"], measured["high"])}</td>'
        f'<td class="number asked">{measured["n"]}</td>'
        f'<td class="meaning">{text(meaning)}<span class="soft">{_DIRECTIONS[higher]}</span></td></tr>'
    )


def _cases(judged: Sequence[Judged]) -> str:
    faulty = cases(judged)
    if not faulty:
        return "<h2>有问题的回答</h2><p>没有。</p>"
    kinds = Counter(one.gold.kind for one in faulty)
    buttons = "".join(
        f'<button type="button" data-kind="{text(kind)}" aria-pressed="false">{text(KIND_NAMES.get(kind, kind))} {count}</button>'
        for kind, count in kinds.items()
    )
    wrong = sum("answer_right" in failing(one) for one in faulty)
    note = f"共 {len(faulty)} 道：答错 {wrong} 道；其余的答对了，但有一项检查没有通过。" if wrong < len(faulty) else ""
    return (
        f"<h2>有问题的回答</h2><p class=soft>{note}</p>"
        '<nav hidden aria-label="按题型筛选"><button type="button" data-kind="" aria-pressed="true">'
        f"全部 {len(faulty)}</button>{buttons}</nav>{''.join(map(case_html, faulty))}"
    )


def _what(what: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><th>{text(_WHAT.get(key, key))}</th><td>{_plain(value)}</td></tr>" for key, value in what.items()
    )
    return f'<footer><h2>评的是什么</h2><div class="paper"><table><tbody>{rows}</tbody></table></div></footer>'


def _plain(value: Any) -> str:
    """Show nested values as words: 状态 1f2e…，报告份数 5."""
    if isinstance(value, Mapping):
        return "，".join(f"{text(_WHAT.get(key, key))} {_plain(one)}" for key, one in value.items()) or "无"
    if isinstance(value, list):
        return "<br>".join(_plain(one) for one in value) or "无"
    return text("无" if value in (None, "none") else value)


_WHAT = {
    "settings": "设置的指纹",
    "embedding_model": "向量模型",
    "llm": "大模型",
    "prompts": "提示词的指纹",
    "corpus": "资料库",
    "gold": "测试题",
    "version": "版本",
    "commit": "代码提交",
    "machine": "电脑",
    "questions": "题数",
    "setting": "设置",
    "identity": "标识",
    "state": "状态",
    "reports": "报告份数",
    "file": "文件",
    "sha256": "SHA-256",
    "python": "Python",
    "cpus": "处理器核数",
    "platform": "系统",
}
