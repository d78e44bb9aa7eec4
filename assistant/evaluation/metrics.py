"""The metrics of one answer. Each is a pure function; None means that it does not apply, which is not the same as 0."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from assistant.answering.compose import plain
from assistant.answering.verification import unsupported
from assistant.evaluation.aggregates import (
    AGGREGATES,
    Aggregate,
    p50_seconds,
    p95_seconds,
    refusal_f1,
    refusal_precision,
    refusal_recall,
    rejection_rate,
    unsupported_number_rate,
)
from assistant.evaluation.figures import hedge_kept, numeric_match, role_right, year_right
from assistant.evaluation.judged import Judged
from assistant.evaluation.questions import GoldQuestion
from assistant.evaluation.ranking import Score, mrr_at, ndcg_at, recall_at
from assistant.evaluation.worded import (
    completion_tokens,
    drafted_unsupported,
    first_sentence_seconds,
    prompt_tokens,
    reader_seconds,
    sentences_replaced,
    worded,
)
from assistant.language.folding import squeeze
from assistant.language.regions import short_name
from assistant.types import Answer, ReportRef

__all__ = [
    "AGGREGATES",
    "BY_MODEL",
    "METRICS",
    "Aggregate",
    "Judged",
    "Metric",
    "answer_right",
    "citation_precision",
    "citation_recall",
    "hedge_kept",
    "judge",
    "mrr_at",
    "ndcg_at",
    "numeric_match",
    "p50_seconds",
    "p95_seconds",
    "recall_at",
    "refusal",
    "refusal_f1",
    "refusal_precision",
    "refusal_recall",
    "region_right",
    "rejection_rate",
    "role_right",
    "says",
    "seconds",
    "unsupported_number_rate",
    "unsupported_numbers",
    "why_wrong",
    "year_right",
]

SHORT_KINDS = ("target", "actual", "fact")
SHORT, LONG = 90, 320
"""Characters that a right answer may have, for short kinds and for the others; half a report is not an answer."""


def answer_right(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return 1 where the answer says all it must, nothing tempting, and is no longer than it should be; else 0.

    The rule of the gold questions (`seeds/questions.md`). An unanswerable question is right when it is refused. None
    where the gold question does not say what must be said.
    """
    if gold.kind != "unanswerable" and not gold.must_include:
        return None
    return float(not why_wrong(gold, answer))


def why_wrong(gold: GoldQuestion, answer: Answer) -> str:
    """Say in Chinese why `answer_right` is 0; empty where it is not."""
    text = squeeze(plain(answer.answer))
    for wrong in gold.must_not_include:
        if says(text, wrong):
            return f"不该出现“{wrong}”"
    if gold.kind == "unanswerable":
        return "" if answer.verdict == "not_covered" else "应当说明没有收录，却作了回答"
    for variants in gold.must_include:
        if not any(says(text, variant) for variant in variants):
            return f"缺少“{'”或“'.join(variants)}”"
    longest = SHORT if gold.kind in SHORT_KINDS else LONG
    return "" if len(text) <= longest else f"有 {len(text)} 字，超过 {longest} 字"


def says(squeezed: str, wanted: str) -> bool:
    """Say whether a squeezed text holds a string; one that begins with a digit only where no number runs into it."""
    wanted = squeeze(wanted)
    boundary = r"(?<![\d.])" if wanted[:1].isdigit() else ""
    return bool(re.search(boundary + re.escape(wanted), squeezed))


def region_right(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return 1 where every cited report is of the district that the question is about, else 0.

    Own definition; 松北 and 哈尔滨市松北区 are 松北区. None where the question has no district, is unanswerable, or
    nothing is cited.
    """
    if gold.district is None or gold.kind == "unanswerable" or not answer.citations:
        return None
    return float(all(_is_of(citation.report, gold.district) for citation in answer.citations))


def _is_of(report: ReportRef, district: str) -> bool:
    wanted, held = short_name(squeeze(district)), short_name(squeeze(report.region))
    # A report may call the place by another name in its title: 哈尔滨新区 for 松北区.
    return wanted == held or (held not in report.title and squeeze(district) in report.title)


def citation_recall(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return the share of the evidence quotes that lie in a cited paragraph.

    The name is ALCE's (Gao et al. 2023); where ALCE asks a model whether citations entail a statement, here the quotes
    that people chose decide. None where the question has no quotes, is unanswerable or for retrieval alone.
    """
    quotes, paragraphs = _quotes(gold), _paragraphs(answer)
    if not quotes:
        return None
    return sum(any(quote in paragraph for paragraph in paragraphs) for quote in quotes) / len(quotes)


def citation_precision(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return the share of the cited paragraphs that hold an evidence quote; named after ALCE as `citation_recall` is.

    None where there are no quotes or nothing is cited.
    """
    quotes, paragraphs = _quotes(gold), _paragraphs(answer)
    if not quotes or not paragraphs:
        return None
    return sum(any(quote in paragraph for quote in quotes) for paragraph in paragraphs) / len(paragraphs)


def _quotes(gold: GoldQuestion) -> list[str]:
    if gold.kind == "unanswerable" or gold.relevant is not None:
        return []
    return [squeeze(evidence.quote) for evidence in gold.evidence]


def _paragraphs(answer: Answer) -> list[str]:
    return [squeeze(citation.paragraph) for citation in answer.citations]


def refusal(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return 1 where an unanswerable question is refused or an answerable one is not, else 0.

    The rejection of RGB (Chen et al. 2024), by the verdict and never by wording. None for questions for retrieval alone.
    """
    if gold.relevant is not None:
        return None
    return float((answer.verdict == "not_covered") == (gold.kind == "unanswerable"))


def unsupported_numbers(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return how many figures of the answer no cited paragraph holds and no arithmetic gave; it should be 0.

    Own definition (`assistant.answering.verification`). A refusal may repeat the figures of the question it refuses.
    """
    held = [citation.paragraph for citation in answer.citations]
    if answer.verdict != "answered":
        held += [answer.question, gold.question, *gold.history]
    computed = [figure for figure in answer.figures if figure.status == "computed"]
    return float(len(unsupported(plain(answer.answer), held, computed)))


def seconds(gold: GoldQuestion, answer: Answer) -> float | None:
    """Return the seconds that the assistant took for the answer, by its own clock."""
    return answer.seconds


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric with what people read about it."""

    name: str
    score: Score
    higher_is_better: bool
    title: str
    """Short, in Chinese."""
    meaning: str
    """One Chinese sentence."""


_ALL = (
    Metric("recall@1", recall_at(1), True, "召回率@1", "检索到的第 1 段就包含全部依据的问题所占比例。"),
    Metric("recall@5", recall_at(5), True, "召回率@5", "检索到的前 5 段包含全部依据的问题所占比例。"),
    Metric("recall@10", recall_at(10), True, "召回率@10", "检索到的前 10 段包含全部依据的问题所占比例。"),
    Metric("mrr@10", mrr_at(10), True, "MRR@10", "前 10 段中第一处依据名次的倒数，取平均。"),
    Metric("ndcg@10", ndcg_at(10), True, "nDCG@10", "依据越靠前得分越高，1 为理想排序。"),
    Metric("answer_right", answer_right, True, "回答正确", "该说的都说到、不该说的没说、长度合适的回答所占比例。"),
    Metric("numeric_match", numeric_match, True, "数字一致", "参考答案里的数字，换算单位后在回答中能找到的比例。"),
    Metric("hedge_kept", hedge_kept, True, "保留限定词", "“左右”“以上”“力争”等限定词没有丢失的比例。"),
    Metric("role_right", role_right, True, "目标与完成", "问目标答目标、问完成答完成的比例。"),
    Metric("year_right", year_right, True, "年份正确", "回答所说的年份就是所问年份的比例。"),
    Metric("region_right", region_right, True, "地区正确", "引用的报告都属于所问地区的比例。"),
    Metric("citation_recall", citation_recall, True, "引用召回率", "依据的原文出现在所引段落里的比例。"),
    Metric("citation_precision", citation_precision, True, "引用精确率", "所引段落中确有依据原文的比例。"),
    Metric("refusal", refusal, True, "拒答得当", "该拒答时拒答、不该拒答时作答的比例。"),
    Metric(
        "unsupported_numbers",
        unsupported_numbers,
        False,
        "无据数字",
        "平均每个回答里在所引段落中找不到的数字个数，应为 0。",
    ),
    Metric("seconds", seconds, False, "用时（秒）", "平均每个回答所用的秒数。"),
    Metric("worded", worded, True, "模型成文", "语言模型写的话通过核对、进入回答的比例；没有用模型时不计。"),
    Metric(
        "drafted_unsupported",
        drafted_unsupported,
        False,
        "草稿无据数字",
        "平均每份模型草稿里与原文对不上的数字个数；这些数字没有给用户看。",
    ),
    Metric(
        "sentences_replaced", sentences_replaced, False, "换回原文的句子", "平均每个回答里没通过核对、换成原文的句数。"
    ),
    Metric("first_sentence_seconds", first_sentence_seconds, False, "首句用时（秒）", "从提问到显示第一句话的秒数。"),
    Metric("reader_seconds", reader_seconds, False, "摘录用时（秒）", "从提问到原文摘录就绪的秒数，早于请模型成文。"),
    Metric("prompt_tokens", prompt_tokens, False, "提示词元数", "每个回答交给模型的词元数。"),
    Metric("completion_tokens", completion_tokens, False, "草稿词元数", "模型为每个回答写的词元数。"),
)
METRICS: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in _ALL})
"""Every metric of one answer by its name, in the order in which people read them."""


def _left_to_a_model(gold: GoldQuestion, answer: Answer) -> float | None:
    """No rule gives this score; `evaluation.judge` does, where a model was asked."""
    return None


BY_MODEL: Mapping[str, Metric] = MappingProxyType(
    {
        "faithfulness": Metric(
            "faithfulness",
            _left_to_a_model,
            True,
            "忠实度（模型评审）",
            "回答里的说法有多少能从所引段落推出，由模型判断。",
        ),
        "answer_relevancy": Metric(
            "answer_relevancy", _left_to_a_model, True, "切题度（模型评审）", "回答与所问有多贴近，由模型判断。"
        ),
    }
)
"""What only a model can say, by name; absent from a scorecard unless one was asked."""


def judge(gold: GoldQuestion, answer: Answer, seconds: float) -> Judged:
    """Score one answer by all metrics."""
    return Judged(gold, answer, seconds, {name: metric.score(gold, answer) for name, metric in METRICS.items()})
