"""A small assistant over real seed text: a handful of questions, each with the kind of answer that it is there for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.errors import LibraryError, QuestionError
from assistant.facts.told import Told
from assistant.types import (
    Answer,
    Aspect,
    Choice,
    Citation,
    Evidence,
    Figure,
    Paragraph,
    Preview,
    Report,
    ReportRef,
    Retrieved,
    Turn,
    Writing,
)
from tests.facts.stating import told_in

SEEDS = Path(__file__).parents[2] / "seeds"
SONGBEI = Report("8fabc22ccca2c171", "2025年哈尔滨市松北区政府工作报告", "松北区", 2025)
REPORTS = (
    SONGBEI,
    Report("2d83ae9706601383", "呼兰区2022年政府工作计划", "呼兰区", 2022),
    Report("ae3b72a4d9ab043f", "2023年哈尔滨新区重点工作", "松北区", 2023),
    Report("b39c97ba8610aaf9", "2023年经济社会发展主要任务", "道里区", 2023),
    Report("2a244fdc629a76a9", "南岗区2022年政府工作报告", "南岗区", 2022),
)
GDP_QUESTION = "松北区2025年GDP目标是多少"
EXAMPLES = (
    ("一个数字", GDP_QUESTION),
    ("比较", "比较松北区2025年和2023年GDP目标"),
    ("列出来", "松北区2025年要办哪些民生实事"),
    ("概括", "总结一下松北区2025年政府工作报告"),
)
NEXT = ("松北区2024年地区生产总值达到了多少", "道里区2023年GDP目标是多少", "松北区2025年固定资产投资目标是多少")


def seed_line(name: str, words: str) -> str:
    """Give the one line of a seed file that holds `words`."""
    text = next(SEEDS.glob(f"{name}_*")).read_text(encoding="utf-8", errors="replace")
    return next(line.strip() for line in text.splitlines() if words in line)


def gdp_answer(question: str = GDP_QUESTION) -> Answer:
    """Build the answer to the GDP question from the report's own line, with a second passage beside it."""
    target = seed_line("000", "主要预期目标是")
    review = seed_line("000", "预计完成620亿元")
    songbei = ReportRef.of(SONGBEI)
    return Answer(
        question=question,
        verdict="answered",
        answer="松北区2025年地区生产总值预期目标：增长5.5%〔1〕。\n上一年（2024年）预计完成620亿元〔2〕。",
        citations=(
            Citation(1, songbei, ("二、2025年工作安排",), target, target[: target.index("规模")], f"{SONGBEI.id}-1-40"),
            Citation(
                2,
                songbei,
                ("一、2024年工作回顾", "(一)经济向好结构向优的发展步伐更加稳健"),
                review,
                "地区生产总值预计完成620亿元,财政收入总量跃居全市第一。",
                f"{SONGBEI.id}-1-5",
            ),
        ),
        figures=(
            Figure("5.5%", 5.5, "%", None, "地区生产总值", "target", "2025年", 1, "verified"),
            Figure("620亿元", 6.2e10, "元", "预计", "地区生产总值", "actual", "2024年", 2, "verified"),
        ),
        retrieved=(
            Retrieved(1, 3.21, f"{SONGBEI.id}-1-40", target, songbei),
            Retrieved(2, 2.5, f"{SONGBEI.id}-1-5", review, songbei),
            Retrieved(3, 1.75, f"{SONGBEI.id}-1-1", "三是狠抓项目建设。", songbei),
        ),
        understood="松北区 · 2025年 · 地区生产总值 · 目标",
    )


def compared(question: str) -> Answer:
    """Build an answer of two sides and what they come to."""
    answer = gdp_answer(question)
    other = replace(answer.citations[1], quote=answer.citations[1].paragraph)
    return replace(
        answer,
        answer="松北区2025年地区生产总值预期目标：增长5.5%〔1〕\n松北区2023年地区生产总值预期目标：增长6.5%左右〔2〕\n"
        "比较：松北区2025年的目标比松北区2023年低约1个百分点（6.5%减5.5%，由引用数据计算）。",
        citations=(answer.citations[0], replace(other, report=replace(other.report, report_year=2023))),
        figures=(
            answer.figures[0],
            Figure("6.5%", 6.5, "%", "左右", "地区生产总值", "target", "2023年", 2, "verified"),
            Figure("1个百分点", 1.0, "个百分点", "约", None, None, None, None, "computed"),
        ),
    )


def sides(question: str, *of: tuple[str, int]) -> Answer:
    """Build an answer of many sides: the goal of each place and year, a percent and a half more from one to the next."""
    answer = gdp_answer(question)
    cited = [
        replace(answer.citations[0], number=number, report=replace(answer.citations[0].report, region=place))
        for number, (place, _) in enumerate(of, 1)
    ]
    figures = [
        replace(answer.figures[0], text=f"{number}.5%", value=number + 0.5, period=f"{year}年", citation=number)
        for number, (_, year) in enumerate(of, 1)
    ]
    lines = [
        f"{place}{year}年地区生产总值预期目标：增长{number}.5%〔{number}〕"
        for number, (place, year) in enumerate(of, 1)
    ]
    return replace(answer, answer="\n".join(lines), citations=tuple(cited), figures=tuple(figures))


WRITTEN = (
    "松北区2025年的地区生产总值预期目标是增长5.5%〔1〕。",
    "上一年预计完成620亿元〔2〕。",
    "地区生产总值预计完成620亿元,财政收入总量跃居全市第一。〔原文〕〔2〕",
)


class SeedAssistant:
    """Knows a handful of questions, some with a model that words the answer, and remembers what history it was handed."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, tuple[str, ...]]] = []
        self.pace = threading.Semaphore(0)
        """One more sentence of the model for each release."""
        self.told = threading.Event()
        """Set when a wait for the model has been ended by `stopped`."""

    def reports(self) -> tuple[Report, ...]:
        return REPORTS

    def facts(self, report_id: str) -> tuple[Told, ...]:
        return told_in(*self.report(report_id))

    def report(self, report_id: str) -> tuple[Report, tuple[Paragraph, ...]]:
        if report_id != SONGBEI.id:
            raise LibraryError("资料库里没有这份报告。", "")
        answer = gdp_answer()
        held = {citation.paragraph_id: citation for citation in answer.citations}
        return SONGBEI, tuple(
            Paragraph(
                id=(paragraph_id := f"{SONGBEI.id}-1-{ordinal}"),
                report_id=SONGBEI.id,
                ordinal=ordinal,
                headings=("一、2024年工作回顾",) if ordinal < 30 else ("二、2025年工作安排",),
                text=held[paragraph_id].paragraph if paragraph_id in held else f"第{ordinal}段<b>文字</b>。" * 9,
            )
            for ordinal in range(60)
        )

    def aspects(self, question: str) -> tuple[Aspect, ...]:
        if "香坊" in question:
            return ()
        return (
            Aspect("place", "松北区", (Choice("道里区2023年", "道里区2023年GDP目标是多少"),)),
            Aspect("time", "2025年", (Choice("2023年", "松北区2023年GDP目标是多少"),)),
            Aspect("subject", "地区生产总值", (Choice("固定资产投资", "松北区2025年固定资产投资目标是多少"),)),
            Aspect("role", "目标"),
        )

    def examples(self) -> tuple[tuple[str, str], ...]:
        return EXAMPLES

    def next_questions(self, answer: Answer) -> tuple[str, ...]:
        return NEXT if answer.verdict == "answered" else ()

    def search(self, query: str, limit: int = 10) -> tuple[Evidence, ...]:
        return ()

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        return next(part for part in self.stream(question, history) if isinstance(part, Answer))

    def stream(
        self, question: str, history: Sequence[Turn], stopped: threading.Event | None = None
    ) -> Iterator[Preview | str | Answer]:
        self.heard.append((question, tuple(turn.question for turn in history)))
        if len(question) > 500:
            raise QuestionError(f"问题太长了（{len(question)}字）。", "请把问题缩短到500字以内。")
        if "看不懂" in question:
            raise QuestionError("没有看懂这个问题。", "请用文字提问，例如：松北区2025年GDP目标是多少")
        if "出错" in question:
            raise RuntimeError("inner text /etc/passwd")
        if "很慢" in question:
            yield "正在"
            for _ in range(100):
                time.sleep(0.1)
                yield "…"
        if "等一下" in question:
            time.sleep(0.7)
        if "用模型" in question:
            yield from self._written(question, stopped or threading.Event())
            return
        yield self._answer(question)

    def _written(self, question: str, stopped: threading.Event) -> Iterator[Preview | str | Answer]:
        extract = gdp_answer(question)
        yield Preview(extract)
        if "不回话" in question:
            if stopped.wait(60):
                self.told.set()
            return
        for sentence in WRITTEN:
            while not self.pace.acquire(timeout=0.1):
                if stopped.is_set():
                    return
            yield sentence
        self.pace.acquire(timeout=20)
        writing = Writing("demo:qwen2.5-7b-instruct", "0123456789ab", kept=2, replaced=1)
        yield replace(extract, answer="".join(WRITTEN), model=writing.model, writing=writing)

    def _answer(self, question: str) -> Answer:
        if "香坊" in question:
            return Answer(
                question,
                "not_covered",
                "资料库里没有香坊区的政府工作报告，不能作答。现已收录：松北区（2023、2025年）、道里区（2023年）、呼兰区（2022年）、南岗区（2022年）的报告。",
                understood="香坊区 · 2025年 · 地区生产总值 · 目标",
                suggestions=("松北区2025年GDP目标是多少", "南岗区2022年GDP目标是多少"),
            )
        if "各区" in question:
            return sides(question, *((f"{name}区", 2025) for name in "甲乙丙丁戊己庚辛壬癸子丑"))
        if "历年" in question:
            return sides(question, *(("松北区", year) for year in (2025, 2023, 2024)))
        if "比较" in question:
            return compared(question)
        if "没有回应" in question:
            return replace(gdp_answer(question), notice="语言模型没有及时回应，这里是报告原文。")
        if question.startswith("那目标"):
            others = ("松北区2023年GDP目标是多少", "松北区2025年一般公共预算收入目标是多少")
            return replace(gdp_answer(question), standalone=GDP_QUESTION, alternatives=others)
        if question.startswith("GDP"):
            return Answer(
                question,
                "needs_clarification",
                "您问的是哪个地方、哪一年？资料库里能回答的有：松北区2025年、道里区2023年、南岗区2022年。",
                understood="地区生产总值 · 目标",
                suggestions=("松北区2025年GDP目标是多少", "道里区2023年GDP目标是多少", "南岗区2022年GDP目标是多少"),
            )
        return gdp_answer(question)
