"""What is counted, in the format of Prometheus."""

from __future__ import annotations

import os

from assistant.types import Writing


class Metrics:
    """Counters of one process; where several serve, they are added up through files that all of them write."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self._registry = registry = CollectorRegistry()
        self.replies = Counter(
            "zhengwen_replies", "Replies by kind of route and status", ["kind", "status"], registry=registry
        )
        self.answers = Counter(
            "zhengwen_answers", "Questions by what became of them", ["way", "verdict"], registry=registry
        )
        self.tokens = Counter(
            "zhengwen_model_tokens", "Tokens of the language model", ["model", "kind"], registry=registry
        )
        self.cost = Counter(
            "zhengwen_model_cost_yuan", "What those tokens cost, where a price is set", ["model"], registry=registry
        )
        self.refusals = Counter("zhengwen_refusals", "Requests turned away, by reason", ["reason"], registry=registry)
        self.seconds = Histogram(
            "zhengwen_answer_seconds",
            "Seconds from a question to its whole answer, without waiting",
            buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
            registry=registry,
        )
        self.in_flight = Gauge(
            "zhengwen_asks_in_flight",
            "Questions being answered or waiting",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self.unwritten = Counter(
            "zhengwen_audit_lines_unwritten", "Audit lines that could not be written", registry=registry
        )

    def wrote(self, writing: Writing) -> None:
        """Count the tokens that a language model took for one answer, and their cost."""
        self.tokens.labels(writing.model, "prompt").inc(writing.prompt_tokens or 0)
        self.tokens.labels(writing.model, "completion").inc(writing.completion_tokens or 0)
        self.cost.labels(writing.model).inc(writing.cost or 0)

    def text(self) -> bytes:
        """All of them as /metrics shows them."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = self._registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library types its single-process part only
        return generate_latest(registry)


def forget(pid: int | None) -> None:
    """Leave out what a process that has died was still working on; what it had counted stays."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(pid)  # type: ignore[no-untyped-call]  # as above
