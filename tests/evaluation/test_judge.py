from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from assistant.evaluation.gold import GoldQuestion
from assistant.evaluation.judge import JudgeError, Judgement, Opinion, judge_with_model, open_chat_model
from assistant.evaluation.metrics import Judged, judge
from assistant.evaluation.run import Evaluation, with_judgement
from assistant.evaluation.scorecard import build_scorecard
from assistant.types import Answer, Citation, ReportRef

QUESTION = "松北区2025年GDP目标是多少"
REPORT = ReportRef("8ed70c806e0b4433", "2025年哈尔滨市松北区政府工作报告", "松北区", 2025)
PARAGRAPH = "2025年经济社会发展的主要预期目标是:地区生产总值增长5.5%。"


def _judged(text: str) -> Judged:
    citations = (Citation(1, REPORT, (), PARAGRAPH, PARAGRAPH, "8ed70c806e0b4433-1-3"),)
    return judge(GoldQuestion(text, QUESTION), Answer(QUESTION, "answered", text, citations), 0.1)


REFUSED = judge(GoldQuestion("refused", QUESTION), Answer(QUESTION, "not_covered", "没有收录。"), 0.1)


class _Model(BaseHTTPRequestHandler):
    """Speaks OpenAI's chat API; finds a statement faithful that the context holds word by word."""

    def do_POST(self) -> None:  # the name that http.server calls
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = self._reply(str(request["messages"][-1]["content"]))
        choice = {"message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
        body = {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": request["model"],
            "choices": [{"index": index, **choice} for index in range(request.get("n") or 1)],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
        sent = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def _reply(self, prompt: str) -> str:
        asked = json.loads(prompt[prompt.rindex("input: ") + len("input: ") : prompt.rindex("}") + 1])
        reply: dict[str, Any]
        if "statements" in asked:
            verdicts = [(statement, int(statement in asked["context"])) for statement in asked["statements"]]
            reply = {"statements": [{"statement": s, "reason": "原文", "verdict": v} for s, v in verdicts]}
        elif "answer" in asked:
            reply = {"statements": asked["answer"].rstrip("。").split("；")}
        else:
            reply = {"question": QUESTION, "noncommittal": int("不清楚" in asked["response"])}
        return json.dumps(reply, ensure_ascii=False)

    def log_message(self, format: str, *values: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Model)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()
    thread.join()


def test_without_the_extra_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ragas", None)
    with pytest.raises(JudgeError, match="ragas") as refused:
        judge_with_model([REFUSED], object(), object())
    assert "zhengwen[judge]" in refused.value.hint


def _chat_model(address: str) -> Any:
    reason = "`pip install '.[judge]' -c constraints.txt` and this runs"
    pytest.importorskip("ragas", reason=reason)
    return pytest.importorskip("langchain_openai", reason=reason).ChatOpenAI(
        model="local-judge", base_url=address, api_key="none", max_retries=0
    )


def _embeddings() -> Any:
    from langchain_core.embeddings import DeterministicFakeEmbedding

    return DeterministicFakeEmbedding(size=16)


pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::ResourceWarning")


def test_a_model_judges_what_was_answered_and_leaves_refusals_alone(address: str) -> None:
    steps = []
    judgement = judge_with_model(
        [
            _judged("地区生产总值增长5.5%。"),
            _judged("地区生产总值增长5.5%；固定资产投资增长9%。"),
            _judged("不清楚。"),
            REFUSED,
        ],
        _chat_model(address),
        _embeddings(),
        lambda done, all_of_them: steps.append((done, all_of_them)),
    )
    assert judgement.model == "local-judge"
    assert judgement.ragas
    assert [opinion.faithfulness for opinion in judgement.opinions] == [1, 0.5, 0, None]
    assert [opinion.answer_relevancy for opinion in judgement.opinions] == pytest.approx([1, 1, 0, None])
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_model_that_is_not_there_is_named_as_the_fault() -> None:
    with pytest.raises(JudgeError, match="评审模型"):
        judge_with_model([_judged("5.5%。")], _chat_model("http://127.0.0.1:9/v1"), _embeddings())


def test_a_models_opinions_stand_in_the_scorecard_with_the_model_that_gave_them() -> None:
    judged = (_judged("5.5%"), REFUSED)
    opinions = (Opinion("5.5%", 1.0, 0.5), Opinion("refused", None, None))
    plain = Evaluation(judged, build_scorecard(judged, {}))
    assert "faithfulness" not in plain.scorecard["overall"]
    seen = with_judgement(plain, Judgement("some-model", "0.3.1", opinions))
    assert seen.scorecard["what"]["judge"] == {"model": "some-model", "ragas": "0.3.1"}
    assert seen.scorecard["overall"]["faithfulness"]["value"] == 1.0
    assert seen.scorecard["overall"]["faithfulness"]["n"] == 1
    assert seen.scorecard["overall"]["refusal"] == plain.scorecard["overall"]["refusal"]


def test_a_chat_model_whose_package_is_missing_is_named() -> None:
    with pytest.raises(JudgeError, match="langchain-mistralai"):
        open_chat_model("mistralai:mistral-large")
