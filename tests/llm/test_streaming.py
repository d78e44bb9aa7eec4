from __future__ import annotations

import gc
import logging
import socket
import threading
import time

import pytest

from assistant.errors import LanguageModelError
from assistant.llm.model import Message, Usage
from assistant.llm.opening import open_language_model
from assistant.settings import Settings
from tests.llm.conftest import PATIENCE, Opener, asked
from tests.llm.fault_server import SECRET, TEXT, FaultServer

KEY = "sk-our-own-key-0123456789"


def _failure(model: object, longest: int = 200) -> tuple[LanguageModelError, float]:
    started = time.monotonic()
    with pytest.raises(LanguageModelError) as failed:
        list(model.complete(asked(), longest=longest))  # type: ignore[attr-defined]
    return failed.value, time.monotonic() - started


def test_text_comes_in_pieces_and_the_messages_arrive_as_they_were(faults: FaultServer, open_model: Opener) -> None:
    completion = open_model("ok").complete([*asked("问{题}"), Message("assistant", "答")], longest=77)
    pieces = list(completion)
    assert "".join(pieces) == TEXT
    assert len(pieces) > 3
    (request,) = faults.requests
    assert [(one["role"], one["content"]) for one in request["messages"]] == [
        ("system", "只根据资料回答。"),
        ("user", "问{题}"),
        ("assistant", "答"),
    ]
    assert (request["max_tokens"], request["temperature"], request["stream"]) == (77, 0, True)
    assert request["stream_options"] == {
        "include_usage": True
    }  # asked once; a gateway that refuses it is asked without
    assert completion.usage == Usage(30, 20)


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        ("400", "不接受这次请求"),
        ("401", "不接受密钥"),
        ("402", "余额不足"),
        ("403", "不接受密钥"),
        ("404", "不存在"),
        ("429", "正忙"),
        ("429-wait", "正忙"),
        ("500", "出错了"),
        ("503", "出错了"),
        ("reset-at-once", "连接不上"),
        ("reset", "中途断开"),
        ("html", "读不懂"),
        ("broken-json", "读不懂"),
        ("other-json", "读不懂"),
        ("bad-utf8", "读不懂"),
        ("surrogate", "读不懂"),
        ("nul", "读不懂"),
        ("truncated", "中途断开"),
        ("done-without-a-reason", "中途断开"),
        ("error-inside", "出错了"),
        ("empty", "没有写出内容"),
        ("blank", "没有写出内容"),
        ("only-thinks", "没有写出内容"),
        ("length", "没有写完"),
        ("filtered", "不接受这次请求"),
        ("repetition", "停不下来"),
        ("flood", "停不下来"),
    ],
)
def test_each_fault_ends_soon_in_its_own_sentence_and_tells_nothing_inner(
    mode: str, sentence: str, open_model: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "assistant")
    error, seconds = _failure(open_model(mode, llm_api_key=KEY, llm_patience=30))
    assert sentence in str(error)
    assert seconds < 20
    assert error.__cause__ is None
    told = f"{error!r} {error.hint} {caplog.text}"
    for inner in (SECRET, KEY, "127.0.0.1", "http"):
        assert inner not in told


@pytest.mark.parametrize("mode", ["hang", "hang-midway", "hang-after-thinking", "pings"])
def test_a_silent_model_is_given_up_when_patience_ends(mode: str, faults: FaultServer, open_model: Opener) -> None:
    error, seconds = _failure(open_model(mode))
    assert "没有及时回应" in str(error)
    assert PATIENCE <= seconds < PATIENCE + 10
    assert faults.gone.wait(30)


def test_a_model_that_writes_too_slowly_is_given_up_at_the_deadline(faults: FaultServer, open_model: Opener) -> None:
    error, seconds = _failure(open_model("one-a-second", llm_deadline=1, llm_patience=30))
    assert "没有按时写完" in str(error)
    assert 0.9 <= seconds < 10
    assert faults.gone.wait(30)


def test_a_service_that_is_not_there_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets the port
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        model = open_language_model(Settings(llm="openai:x", llm_base_url=address))
        assert model is not None
        error, _ = _failure(model)
        model.close()
    assert "连接不上" in str(error)


def test_thoughts_are_left_out(open_model: Opener) -> None:
    assert "".join(open_model("think").complete(asked(), longest=100)).strip() == TEXT


@pytest.mark.parametrize("how", ["close", "generator", "garbage"])
def test_stopping_reaches_the_service_at_once(how: str, faults: FaultServer, open_model: Opener) -> None:
    completion = open_model("hang-midway", llm_patience=30).complete(asked(), longest=100)
    reading = iter(completion)
    assert next(piece for piece in reading if piece)
    if how == "close":
        completion.close()
        assert list(reading) == []
    elif how == "generator":
        reading.close()  # type: ignore[attr-defined]
    else:
        del reading, completion
        gc.collect()
    assert faults.gone.wait(30)


def test_a_completion_that_nobody_reads_stops_with_it(faults: FaultServer, open_model: Opener) -> None:
    completion = open_model("hang").complete(asked(), longest=100)
    deadline = time.monotonic() + 30
    while not faults.requests and time.monotonic() < deadline:
        time.sleep(0.01)
    del completion
    gc.collect()
    assert faults.gone.wait(30)


def test_closing_from_another_thread_ends_a_reader_that_waits(open_model: Opener) -> None:
    completion = open_model("hang", llm_patience=30).complete(asked(), longest=100)
    threading.Timer(0.3, completion.close).start()
    started = time.monotonic()
    assert list(completion) == []
    assert time.monotonic() - started < 10


def test_a_closed_model_says_so_and_lets_go_of_what_runs(faults: FaultServer, open_model: Opener) -> None:
    model = open_model("hang")
    running = model.complete(asked(), longest=100)
    deadline = time.monotonic() + 30
    while not faults.requests and time.monotonic() < deadline:
        time.sleep(0.01)
    model.close()
    assert faults.gone.wait(30)
    with pytest.raises(LanguageModelError, match="已经关闭"):
        list(running)
    tries = [_failure(model) for _ in range(3)]
    assert all("已经关闭" in str(error) for error, _ in tries)
    assert min(seconds for _, seconds in tries) < PATIENCE


def test_more_completions_than_places_wait_and_then_are_told_that_it_is_busy(
    faults: FaultServer, open_model: Opener
) -> None:
    model = open_model("hang")
    running = [model.complete(asked(), longest=100) for _ in range(4)]
    deadline = time.monotonic() + 30
    while len(faults.requests) < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    error, seconds = _failure(model)
    assert "正忙" in str(error)
    assert seconds < PATIENCE + 10
    assert len(faults.requests) == 4
    running[0].close()
    waiting = model.complete(asked(), longest=100)
    deadline = time.monotonic() + 30
    while len(faults.requests) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(faults.requests) == 5
    for one in (*running, waiting):
        one.close()


def test_a_model_that_is_down_is_left_alone_after_three_failures(faults: FaultServer, open_model: Opener) -> None:
    model = open_model("ok")
    faults.override = "500"
    for _ in range(3):
        assert "出错了" in str(_failure(model)[0])
    tries = [_failure(model) for _ in range(3)]
    assert all("暂时停用" in str(error) for error, _ in tries)
    assert min(seconds for _, seconds in tries) < PATIENCE
    assert len(faults.requests) == 3


def test_a_refused_key_is_not_tried_again(faults: FaultServer, open_model: Opener) -> None:
    model = open_model("401")
    _failure(model)
    assert "暂时停用" in str(_failure(model)[0])
    assert len(faults.requests) == 1


def test_a_busy_service_is_left_alone_for_as_long_as_it_asks(faults: FaultServer, open_model: Opener) -> None:
    model = open_model("ok")
    faults.override = "429-wait"
    _failure(model)
    faults.override = None
    assert "暂时停用" in str(_failure(model)[0])
    time.sleep(2.1)
    assert "".join(model.complete(asked(), longest=100)) == TEXT


def test_a_reader_who_stops_is_no_failure(faults: FaultServer, open_model: Opener) -> None:
    model = open_model("ok")
    faults.override = "hang"
    for _ in range(4):
        model.complete(asked(), longest=100).close()
    faults.override = None
    assert "".join(model.complete(asked(), longest=100)) == TEXT


def test_half_a_surrogate_pair_in_a_question_does_no_harm(open_model: Opener) -> None:
    assert "".join(open_model("ok").complete(asked("多少\ud83d"), longest=100)) == TEXT
