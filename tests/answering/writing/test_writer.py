"""A language model words what the reader has found, and nothing that it gets wrong is shown. A real service, scripted."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator

import pytest

from assistant import Assistant
from assistant.answering.compose import plain
from assistant.answering.verification import unsupported
from assistant.answering.writing.prompting import PLACEHOLDERS, check_prompts, load_prompts
from assistant.types import Answer
from tests.answering.writing.worded import Words, answering, asked, passages_in
from tests.llm.fault_server import FaultServer

pytest.importorskip("langchain_openai", reason="`pip install '.[dev]' -c constraints.txt` and this runs")

GDP = "松北区2025年GDP目标是多少"
RETAIL = "南岗2022年社零目标比道里2023年的高多少"
BUSINESS = "道里怎么优化营商环境,简单说说"


@pytest.fixture
def worded(assistant: Assistant, faults: FaultServer) -> Iterator[Assistant]:
    with answering(assistant, faults, "ok", llm_patience=10) as opened:
        yield opened


def saying(faults: FaultServer, *drafts: str) -> None:
    """Let the model say these, one a request, the last again and again."""
    left = list(drafts)
    faults.reply = lambda messages: left.pop(0) if len(left) > 1 else left[0]


def holds_no_loose_figure(answer: Answer) -> bool:
    computed = [figure for figure in answer.figures if figure.status == "computed"]
    return not unsupported(plain(answer.answer), [citation.paragraph for citation in answer.citations], computed)


def test_a_draft_that_says_what_the_reader_found_becomes_the_answer(worded: Assistant, faults: FaultServer) -> None:
    saying(faults, "松北区2025年地区生产总值的预期目标是增长5.5%[1]。")
    preview, texts, answer = asked(worded, GDP)
    assert preview is not None
    assert preview.answer.answer == "松北区2025年地区生产总值预期目标：增长5.5%〔1〕"
    assert texts == ["松北区2025年地区生产总值的预期目标是增长5.5%〔1〕。"]
    assert (answer.model, answer.notice) == ("openai:ok", "")
    assert answer.citations == preview.answer.citations
    (figure,) = answer.figures
    assert (figure.text, figure.role, figure.period, figure.citation) == ("5.5%", "target", "2025年", 1)
    assert answer.writing is not None
    assert (answer.writing.kept, answer.writing.replaced, answer.writing.unsupported) == (1, 0, 0)
    assert answer.writing.prompts == load_prompts().version


@pytest.mark.parametrize(
    "draft",
    [
        "松北区2025年地区生产总值预期目标为620亿元[1]。",
        "松北区2025年地区生产总值预期目标为增长6.5%[1]。",
        "松北区2024年地区生产总值预期目标为增长5.5%[1]。",
        "道里区2025年地区生产总值预期目标为增长5.5%[1]。",
        "松北区2025年地区生产总值完成了增长5.5%[1]。",
        "松北区2025年规上工业增加值预期目标为增长5.5%[1]。",
        "松北区2025年地区生产总值预期目标为下降5.5%[1]。",
        "松北区2025年地区生产总值预期目标为增长5.5%左右[1]。",
        "松北区2025年地区生产总值预期目标为增长5.5个百分点[1]。",
        "Songbei aims at a growth of 5.5% in 2025 [1].",
        "报告中没有提到。",
        "松北区2025年地区生产总值预期目标为增长5.5%，居全市首位[1]。",
    ],
)
def test_a_draft_that_errs_gives_way_to_the_extract(worded: Assistant, faults: FaultServer, draft: str) -> None:
    saying(faults, draft)
    preview, _, answer = asked(worded, GDP)
    assert preview is not None
    assert answer.answer == preview.answer.answer
    assert (answer.model, answer.writing.kept if answer.writing else None) == ("reader", 0)
    assert "报告原文" in answer.notice


def test_a_sentence_that_fails_is_replaced_by_the_passages_words_and_marked(
    worded: Assistant, faults: FaultServer
) -> None:
    saying(
        faults,
        "南岗区2022年社会消费品零售总额预期目标为增长10%[1]。道里区2023年社会消费品零售总额预期目标为增长9%[2]。",
    )
    _, texts, answer = asked(worded, RETAIL)
    assert texts[:2] == [
        "南岗区2022年社会消费品零售总额预期目标为增长10%〔1〕。",
        "道里区2023年社会消费品零售总额预期目标：增长7%〔原文〕〔2〕。",
    ]
    assert "9%" not in answer.answer
    assert answer.writing is not None
    assert (answer.writing.kept, answer.writing.replaced, answer.writing.unsupported) == (1, 1, 1)


def test_what_the_program_has_worked_out_is_said_with_its_arithmetic(worded: Assistant, faults: FaultServer) -> None:
    saying(
        faults,
        "南岗区2022年的社零目标比道里区2023年高3个百分点。南岗区2022年社零预期目标为增长10%，道里区2023年为增长7%。",
    )
    _, _, answer = asked(worded, RETAIL)
    assert "高3个百分点（10%减7%，由引用数据计算）" in answer.answer
    assert "10%〔1〕，道里区2023年为增长7%〔2〕" in answer.answer
    assert [figure.status for figure in answer.figures if figure.text == "3个百分点"] == ["computed"]


def test_a_comparison_the_wrong_way_round_is_not_shown(worded: Assistant, faults: FaultServer) -> None:
    saying(faults, "南岗区2022年社零预期目标为增长10%。南岗区2022年的社零目标比道里区2023年低3个百分点。")
    _, _, answer = asked(worded, RETAIL)
    assert "低3个百分点" not in answer.answer
    assert "南岗区2022年的目标比道里区2023年高" in answer.answer


def test_what_a_draft_leaves_out_is_said_in_the_passages_words(worded: Assistant, faults: FaultServer) -> None:
    saying(faults, "南岗区2022年社会消费品零售总额预期目标为增长10%[1]。")
    _, _, answer = asked(worded, RETAIL)
    assert "道里区2023年社会消费品零售总额预期目标：增长7%〔原文〕〔2〕" in answer.answer
    assert "高3个百分点（10%减7%，由引用数据计算）" in answer.answer


def test_the_marks_are_the_programs_whatever_the_model_sets(worded: Assistant, faults: FaultServer) -> None:
    saying(faults, "南岗区2022年社零预期目标为增长10%[2]。道里区2023年社零预期目标为增长7%[7][1]。")
    _, texts, _ = asked(worded, RETAIL)
    assert texts[0].endswith("10%〔1〕。")
    assert texts[1].endswith("7%〔2〕。")


def test_addresses_markup_and_unseen_characters_are_left_out(worded: Assistant, faults: FaultServer) -> None:
    saying(
        faults,
        "**松北区2025年**<b>地区生产总值</b>的预期目标是增长5.5%[1](https://evil.example/x)\u200b<script>alert(1)</script>。",
    )
    _, _, answer = asked(worded, GDP)
    assert not re.search(r"[<>*\u200b]|evil|script|alert", answer.answer)


def test_sentences_are_shown_as_they_pass(worded: Assistant, faults: FaultServer) -> None:
    saying(
        faults,
        "道里区2023年计划深化“放管服”改革，加大“三级四同”政务服务标准化推进力度。"
        + "同时，开展“大学生落户一件事”“退休一件事”改革试点。"
        + "推动相关部门定期回访企业，搭建“政商交流”平台。",
    )
    faults.pause = 0.04
    arrivals = [time.monotonic() for part in worded.stream(BUSINESS) if isinstance(part, str)]
    assert len(arrivals) >= 3
    assert arrivals[-1] - arrivals[0] > 0.3


def test_the_model_sees_whose_and_when_each_passage_is_and_no_internal_id(
    worded: Assistant, faults: FaultServer
) -> None:
    asked(worded, RETAIL)
    messages = faults.requests[-1]["messages"]
    one, other = passages_in(messages)
    assert one.startswith("[1] 南岗区2022年社会消费品零售总额预期目标")
    assert other.startswith("[2] 道里区2023年社会消费品零售总额预期目标")
    prompt = messages[-1]["content"]
    assert re.search(r"今天是\d{4}年\d{1,2}月\d{1,2}日", prompt)
    assert "（2022年）" in prompt
    assert not re.search(r"[0-9a-f]{16}", prompt)
    assert len(prompt) < 600


@pytest.mark.parametrize(
    "question", ["香坊区2025年GDP目标是多少", "松北区2031年GDP目标是多少", "GDP目标是多少", "谢谢"]
)
def test_a_refusal_never_asks_the_model(worded: Assistant, faults: FaultServer, question: str) -> None:
    preview, _, answer = asked(worded, question)
    assert preview is None
    assert answer.verdict != "answered"
    assert faults.requests == []
    assert answer.writing is None


def test_a_dollar_in_a_question_is_a_dollar() -> None:
    values = dict.fromkeys(PLACEHOLDERS["answer"], "-") | {"question": "$passages ${today} $$"}
    assert "问题：$passages ${today} $$" in load_prompts().fill("answer", **values)


def test_who_stops_gets_the_extract_at_once_and_the_model_stops(assistant: Assistant, faults: FaultServer) -> None:
    assistant.ask(GDP)  # the first question loads what reads it
    with answering(assistant, faults, "hang", llm_patience=20) as hanging:
        stopped = threading.Event()
        threading.Timer(0.3, stopped.set).start()
        started = time.monotonic()
        *_, answer = hanging.stream(GDP, stopped=stopped)
        assert time.monotonic() - started < 10
        assert isinstance(answer, Answer)
        assert "增长5.5%〔1〕" in answer.answer
        assert answer.notice.startswith("已停止")
        assert faults.gone.wait(30)


def test_where_the_reader_has_no_rule_the_model_makes_a_follow_up_whole(worded: Assistant, faults: FaultServer) -> None:
    words: Words = lambda prompt: "松北区2025年营商环境方面还有哪些改革创新举措？" if "最后一问" in prompt else "。"  # noqa: E731
    faults.reply = lambda messages: words(str(messages[-1]["content"]))
    _, _, answer = asked(worded, "还有别的吗", "2025年松北区怎么优化营商环境")
    assert answer.standalone == "松北区2025年营商环境方面还有哪些改革创新举措？"
    assert answer.alternatives[:1] == ("松北区2025年怎么优化营商环境",)


@pytest.mark.parametrize(
    "rewritten",
    [
        "道里区2025年怎么优化营商环境",
        "松北区2024年怎么优化营商环境",
        "松北区2025年GDP目标是多少",
        "增长5.5%",
        "不知道" * 40,
        "",
        "营商环境",
    ],
)
def test_a_rewritten_question_that_brings_in_what_nobody_said_is_not_taken(
    worded: Assistant, faults: FaultServer, rewritten: str
) -> None:
    saying(faults, rewritten)
    _, _, answer = asked(worded, "还有别的吗", "2025年松北区怎么优化营商环境")
    assert answer.standalone == "松北区2025年怎么优化营商环境"


def test_prompts_with_a_wrong_placeholder_are_refused() -> None:
    texts = {name: " ".join(f"${key}" for key in sorted(keys)) for name, keys in PLACEHOLDERS.items()}
    assert re.fullmatch(r"[0-9a-f]{12}", check_prompts(texts).version)
    with pytest.raises(ValueError, match=r"answer.*quest"):
        check_prompts(texts | {"answer": texts["answer"].replace("$question", "$quest")})
    with pytest.raises(ValueError, match="decline"):
        check_prompts(texts | {"decline": "5$"})
