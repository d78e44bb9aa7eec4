"""How a language model fails: one quiet sentence for each way, and which way a foreign exception is."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum

from assistant.errors import LanguageModelError, TooLongForModel

LONGEST_WAIT = 600.0
"""Seconds; a service that asks for more is asked again after this."""


class Failure(Enum):
    """A way in which a completion fails: what the reader is told, and what the keeper of the settings can do."""

    UNREACHABLE = ("语言模型连接不上。", "请检查设置 llm_base_url，以及语言模型的服务是否开着。")
    REJECTED = ("语言模型不接受密钥。", "请检查设置 llm_api_key。")
    UNPAID = ("语言模型的账户余额不足。", "请到语言模型的服务商处充值。")
    MISSING = ("语言模型不存在。", "请检查设置 llm 里的模型名称和 llm_base_url。")
    BUSY = ("语言模型正忙。", "请过一会儿再问。")
    REFUSED = ("语言模型不接受这次请求。", "")
    FILTERED = ("语言模型的服务商没有放行这次问答。", "")
    TOO_MUCH = ("资料超过了语言模型一次能读的长度。", "请换上下文更长的模型，或把设置 llm_reads 改为 extract。")
    BROKEN = ("语言模型出错了。", "")
    SILENT = ("语言模型没有及时回应。", "如果它本来就慢，请调大设置 llm_patience。")
    SLOW = ("语言模型写得太慢，没有按时写完。", "如果它本来就慢，请调大设置 llm_deadline。")
    CUT = ("语言模型中途断开了。", "")
    UNREADABLE = ("语言模型的回应读不懂。", "请检查设置 llm_base_url 是否指向语言模型的接口。")
    EMPTY = ("语言模型没有写出内容。", "")
    ENDLESS = ("语言模型停不下来。", "")
    TOO_LONG = ("语言模型写得太长，没有写完。", "")
    UNREADY = ("语言模型还没有准备好。", "请过一会儿再问。")
    SUSPENDED = ("语言模型暂时停用，过一会儿会再试。", "")
    CLOSED = ("语言模型已经关闭。", "")

    def error(self) -> LanguageModelError:
        """Make the error of this failure; it has no cause, whose text could tell an address or a key."""
        return (TooLongForModel if self is Failure.TOO_MUCH else LanguageModelError)(*self.value)


LASTING = frozenset({Failure.REJECTED, Failure.UNPAID, Failure.MISSING})
"""These do not heal by themselves within seconds."""

DECLINED = frozenset({Failure.REFUSED, Failure.FILTERED, Failure.TOO_MUCH})
"""These say nothing of whether the service is up for others."""

PASSING = frozenset(
    {
        Failure.UNREACHABLE,
        Failure.BUSY,
        Failure.BROKEN,
        Failure.SILENT,
        Failure.SLOW,
        Failure.CUT,
        Failure.UNREADABLE,
    }
)
"""These speak against the service; the rest concern one request, or the waiting in front of it."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a foreign exception comes down to."""

    failure: Failure
    status: int | None = None
    """Of HTTP, where there was one."""
    wait: float | None = None
    """Seconds for which the service asks to be left alone."""


_BY_STATUS = {
    400: Failure.REFUSED,
    401: Failure.REJECTED,
    402: Failure.UNPAID,
    403: Failure.REJECTED,
    404: Failure.MISSING,
    408: Failure.SILENT,
    413: Failure.REFUSED,
    422: Failure.REFUSED,
    429: Failure.BUSY,
}

# What the bodies of 400 say: codes of OpenAI and Azure, DashScope, Zhipu, Baidu, DeepSeek, and the sentences of vLLM and llama.cpp.
_TOO_MUCH = re.compile(
    r"context_length_exceeded|exceed_context_size|maximum context length|context (?:length|size|window)|prompt is too long"
    r"|Range of input length|input (?:length|is) too long|max_prompt_tokens|tokens? (?:limit|exceed)|超(?:过|出).{0,8}(?:长度|上限)",
    re.IGNORECASE,
)
_FILTERED = re.compile(
    r"content_filter|content_policy|data_inspection_failed|DataInspection|inappropriate content|Content Exists Risk|sensitive|不安全|敏感|违规",
    re.IGNORECASE,
)

_CONNECTION_ERRORS = frozenset({"APIConnectionError", "NetworkError", "ProtocolError", "OSError"})
"""Base classes by name: the clients of openai, anthropic and ollama each bring their own, of httpx or httpx2."""


def diagnose(error: BaseException, *, begun: bool) -> Diagnosis:
    """Tell which failure an exception of any provider's package is; `begun` says that the answer had begun."""
    chain = list(_chain(error))
    bases = {base.__name__ for one in chain for base in type(one).__mro__}
    status = next((code for one in chain if isinstance(code := getattr(one, "status_code", None), int)), None)
    if status is not None and status >= 400:
        failure = _BY_STATUS.get(status, Failure.BROKEN)
        return Diagnosis(_refusal(chain) if failure is Failure.REFUSED else failure, status, _wait(chain))
    if any("Timeout" in name for name in bases):
        return Diagnosis(Failure.SILENT)
    if bases & _CONNECTION_ERRORS:
        return Diagnosis(Failure.CUT if begun else Failure.UNREACHABLE)
    # An error object inside the stream has no status; openai and anthropic raise the base class of their own tree for it.
    if "APIError" in bases or "ResponseError" in bases:
        return Diagnosis(Failure.BROKEN, status)
    if bases & {"ValueError", "LookupError", "TypeError", "AttributeError"}:
        return Diagnosis(Failure.UNREADABLE)
    return Diagnosis(Failure.BROKEN)


def _refusal(chain: list[BaseException]) -> Failure:
    """Tell from the body of a refusal why; its text is looked at and never shown."""
    told = " ".join(f"{getattr(one, 'code', '')} {getattr(one, 'body', '')} {one}" for one in chain)
    return (
        Failure.TOO_MUCH if _TOO_MUCH.search(told) else Failure.FILTERED if _FILTERED.search(told) else Failure.REFUSED
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    # A chain may bite its own tail where a library re-raises what it caught.
    for _ in range(10):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _wait(chain: list[BaseException]) -> float | None:
    """Read Retry-After, in seconds or as a date (RFC 9110, 10.2.3)."""
    responses = (getattr(one, "response", None) for one in chain)
    headers = next((found for one in responses if (found := getattr(one, "headers", None)) is not None), None)
    written = headers.get("retry-after") if headers is not None else None
    if not written:
        return None
    try:
        seconds = float(written)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(written).timestamp() - time.time()
        except ValueError:
            return None
    return min(seconds, LONGEST_WAIT) if seconds > 0 else None  # which leaves out not-a-number too
