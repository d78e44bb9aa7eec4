"""A language model as a second opinion: faithfulness and answer relevancy of ragas, an extra that is off by default."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from typing import Any

from assistant.answering.compose import plain
from assistant.errors import LanguageModelError, ZhengwenError
from assistant.evaluation.judged import Judged
from assistant.llm.chat import load_chat_model

SECONDS = 180.0
"""How long one metric of one answer may take; small local models are slow."""


class JudgeError(ZhengwenError):
    """The judging model cannot be used: the extra is not installed, or the model does not answer as it should."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model thinks of one answer; None where a metric does not apply or the model gave no usable verdict."""

    id: str
    """Of the gold question."""
    faithfulness: float | None
    """Share of the answer's statements that follow from the cited paragraphs (Es et al. 2024, RAGAS)."""
    answer_relevancy: float | None
    """Mean cosine between the question and questions that the model finds the answer to reply to (Es et al. 2024)."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The opinions with what gave them, as a scorecard records it."""

    model: str
    """Name of the chat model."""
    ragas: str
    """Version of ragas, whose prompts are part of the measure."""
    opinions: tuple[Opinion, ...]


def judge_with_model(
    judged: Sequence[Judged], chat_model: Any, embeddings: Any, progress: Callable[[int, int], None] | None = None
) -> Judgement:
    """Let a LangChain chat model judge each answer that was given; refusals are left to the metrics.

    `chat_model` is a `BaseChatModel`, `embeddings` an `Embeddings` of langchain_core, such as the encoder. Nothing but the
    two is called: the usage reports of ragas are off. Not for use inside a running event loop. Raises `JudgeError` where
    ragas is missing or the model fails.
    """
    faithfulness, relevancy, sample_of, release = _metrics(chat_model, embeddings)
    opinions = []
    # One loop for all answers: an asynchronous client of a chat model keeps connections that belong to the loop.
    with asyncio.Runner() as runner:
        for done, one in enumerate(judged):
            scores: list[float | None] = [None, None]
            if one.answer.verdict == "answered" and one.answer.citations:
                sample = sample_of(
                    user_input=one.answer.question,
                    response=plain(one.answer.answer),
                    retrieved_contexts=[citation.paragraph for citation in one.answer.citations],
                )
                scores = [runner.run(_score(metric, sample)) for metric in (faithfulness, relevancy)]
            opinions.append(Opinion(one.gold.id, *scores))
            if progress is not None:
                progress(done + 1, len(judged))
    return Judgement(_name(chat_model), release, tuple(opinions))


def open_chat_model(name: str) -> Any:
    """Open the chat model `provider:model` (openai:deepseek-chat) through LangChain, which asks the same every time.

    Keys and addresses come from the environment as the provider's own package reads them (OPENAI_API_KEY,
    OPENAI_BASE_URL). Raises `JudgeError` where that package is missing or the name cannot be used.
    """
    try:
        return load_chat_model(name)
    except LanguageModelError as error:
        raise JudgeError(f"评审模型不能用：{error}", error.hint) from error


async def _score(metric: Any, sample: Any) -> float | None:
    try:
        score = float(await metric.single_turn_ascore(sample, timeout=SECONDS))
    except Exception as error:  # whatever the model's own package raises
        raise JudgeError(
            f"评审模型没有给出可用的结果：{type(error).__name__}。",
            "请检查模型的地址和名称，或换一个能输出 JSON 的模型。",
        ) from error
    return None if math.isnan(score) else score


def _metrics(chat_model: Any, embeddings: Any) -> tuple[Any, Any, Callable[..., Any], str]:
    os.environ["RAGAS_DO_NOT_TRACK"] = "true"  # read when ragas is first imported
    try:
        # By name: tests/test_packaging.py holds plain imports to what is always installed, and this is an extra.
        samples, wrappers, llms, metrics = (
            import_module(name) for name in ("ragas.dataset_schema", "ragas.embeddings", "ragas.llms", "ragas.metrics")
        )
    except ImportError as error:
        raise JudgeError("没有安装用模型评审所需的 ragas。", "请运行 pip install 'zhengwen[judge]'。") from error
    llm = llms.LangchainLLMWrapper(chat_model)
    relevancy = metrics.ResponseRelevancy(llm=llm, embeddings=wrappers.LangchainEmbeddingsWrapper(embeddings))
    return metrics.Faithfulness(llm=llm), relevancy, samples.SingleTurnSample, version("ragas")


def _name(chat_model: Any) -> str:
    names = (getattr(chat_model, key, None) for key in ("model_name", "model", "model_id"))
    return next((name for name in names if isinstance(name, str) and name), type(chat_model).__name__)
