"""The answers that something is wrong with: what was asked, expected, said, and found, side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.evaluation.judged import Judged
from assistant.evaluation.markup import figure, text
from assistant.evaluation.metrics import METRICS, why_wrong
from assistant.evaluation.questions import Quote
from assistant.language.folding import squeeze
from assistant.types import Answer, Retrieved

KIND_NAMES = {
    "target": "目标",
    "actual": "完成情况",
    "fact": "事实",
    "list": "列举",
    "explain": "说明",
    "compare": "比较",
    "unanswerable": "资料里没有",
}
VERDICT_NAMES = {"answered": "作了回答", "not_covered": "拒答：资料里没有", "needs_clarification": "请提问的人补充"}
OF_THE_ANSWER = (
    "answer_right",
    "refusal",
    "unsupported_numbers",
    "numeric_match",
    "hedge_kept",
    "role_right",
    "year_right",
    "region_right",
)
"""Checks of what the answer says: failing one makes a case."""
_SHOWN = 5
"""Retrieved passages that are open from the start; the others are folded away."""


def failing(judged: Judged) -> list[str]:
    """Name the checks of what is said that this answer fails; of a question for retrieval alone, whether all was found."""
    checks = OF_THE_ANSWER if judged.gold.relevant is None else ("recall@10",)
    return [name for name in checks if (score := judged.scores.get(name)) is not None and _fails(name, score)]


def cases(judged: Sequence[Judged]) -> list[Judged]:
    """Return the answers that fail a check: wrong ones first, else in the order of the questions."""
    return sorted(filter(failing, judged), key=lambda one: failing(one)[0] != "answer_right")


def _fails(name: str, score: float) -> bool:
    return score < 1 if METRICS[name].higher_is_better else score > 0


def case_html(judged: Judged) -> str:
    """Show one such answer."""
    gold, answer, failed = judged.gold, judged.answer, failing(judged)
    minor = "" if failed[0] in ("answer_right", "recall@10") else ' class="minor"'
    history = "".join(f"<p class=soft>先问：{text(earlier)}</p>" for earlier in gold.history)
    why = why_wrong(gold, answer) if "answer_right" in failed else ""
    return (
        f'<article data-kind="{text(gold.kind)}"{minor}>{history}<h3>{text(gold.question)}</h3>'
        f"<ul class=chips>{_chips(judged, failed)}</ul>"
        + (f"<p class=reason>{text(why)}。</p>" if why else "")
        + '<div class="sides">'
        f"<div><h4>应该怎么答</h4>{_expected(judged)}</div>"
        f"<div><h4>实际的回答（{VERDICT_NAMES[answer.verdict]}）</h4><p class=said>{text(answer.answer)}</p>"
        f"{_cited(answer)}</div>"
        f"<div><h4>应有的依据</h4>{_evidence(judged)}</div>"
        f"<div><h4>检索到的段落</h4>{_retrieved(judged)}</div></div></article>"
    )


def _chips(judged: Judged, failed: Sequence[str]) -> str:
    kind = KIND_NAMES.get(judged.gold.kind, judged.gold.kind)
    failures = [f"<li>✗ {text(METRICS[name].title)}{_how_far(name, judged.scores[name] or 0)}</li>" for name in failed]
    return f"<li class=kind>{text(kind)}</li><li class=kind>{text(judged.gold.id)}</li>" + "".join(failures)


def _how_far(name: str, score: float) -> str:
    """Say how much of a check failed where it is not all of it."""
    if METRICS[name].higher_is_better:
        return f" {figure(name, score)}" if score else ""
    return f" {score:g} 个"


def _expected(judged: Judged) -> str:
    gold = judged.gold
    said = f"<p class=said>{text(gold.answer)}</p>" if gold.answer else ""
    if gold.must_include:
        said += f"<p class=soft>要说到：{text('；'.join(' 或 '.join(choice) for choice in gold.must_include))}</p>"
    if gold.must_not_include:
        said += f"<p class=soft>不能说成：{text('；'.join(gold.must_not_include))}</p>"
    return said or "<p class=soft>测试题没有写。</p>"


def _cited(answer: Answer) -> str:
    if not answer.citations:
        return ""
    items = "".join(
        f"<li>〔{cited.number}〕《{text(cited.report.title)}》：{text(cited.quote)}</li>" for cited in answer.citations
    )
    return f"<details><summary>引用了 {len(answer.citations)} 处</summary><ul>{items}</ul></details>"


def _evidence(judged: Judged) -> str:
    answer = judged.answer
    if judged.gold.relevant is not None:
        items = "".join(
            f"<li>{text(document)} <span class=soft>相关度 {grade}</span></li>"
            for document, grade in judged.gold.relevant.items()
        )
    else:
        items = "".join(f"<li>{text(one.quote)} {_whereabouts(one, answer)}</li>" for one in judged.gold.evidence)
    return f"<ul>{items}</ul>" if items else "<p class=soft>没有：这道题不该有依据，或者测试题没有写。</p>"


def _whereabouts(evidence: Quote, answer: Answer) -> str:
    quote = squeeze(evidence.quote)
    rank = next((found.rank for found in answer.retrieved if quote in squeeze(found.text)), None)
    cited = any(quote in squeeze(citation.paragraph) for citation in answer.citations)
    where = f"<span class=found>检索到，第 {rank} 条</span>" if rank else "<span class=absent>没有检索到</span>"
    return where + ("，<span class=found>已引用</span>" if cited else "，<span class=absent>没有引用</span>")


def _retrieved(judged: Judged) -> str:
    items = [_found(found, judged.gold.evidence) for found in judged.answer.retrieved]
    if not items:
        return "<p class=soft>没有检索。</p>"
    shown = f"<ol>{''.join(items[:_SHOWN])}</ol>"
    if len(items) > _SHOWN:
        rest = f'<ol start="{_SHOWN + 1}">{"".join(items[_SHOWN:])}</ol>'
        shown += f"<details><summary>其余 {len(items) - _SHOWN} 段</summary>{rest}</details>"
    return shown


def _found(found: Retrieved, evidence: Sequence[Quote]) -> str:
    report = f"{found.report.region} {found.report.report_year}"
    return f"<li><span class=soft>{text(report)} 年报告</span> {_marked(found.text, evidence)}</li>"


def _marked(passage: str, evidence: Sequence[Quote]) -> str:
    """Mark the quotes that a passage holds; all of it where only the width of characters keeps them from being found."""
    held = [squeeze(one.quote) for one in evidence if squeeze(one.quote) in squeeze(passage)]
    if not held:
        return text(passage)
    spaced = "|".join(r"\s*".join(map(re.escape, quote)) for quote in held if quote)
    parts = re.split(f"({spaced})", passage) if spaced else [passage]
    if len(parts) == 1:
        return f"<mark>{text(passage)}</mark>"
    return "".join(f"<mark>{text(part)}</mark>" if odd % 2 else text(part) for odd, part in enumerate(parts))
