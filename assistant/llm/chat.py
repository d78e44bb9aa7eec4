"""The one door to LangChain's chat models: opens any of them by `provider:model`, whatever its package wants to be told."""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from assistant.errors import LanguageModelError
from assistant.settings import is_loopback

EXTRAS = {
    "openai": ("langchain_openai", "openai"),
    "anthropic": ("langchain_anthropic", "anthropic"),
    "ollama": ("langchain_ollama", "ollama"),
}
"""The package that speaks to a provider, and our extra that installs it. Others work once their package is installed."""

OLLAMA_CONTEXT = 8192
"""Tokens; Ollama's own default is smaller than a prompt with ten passages, and it cuts such a prompt without a word."""


@dataclass(slots=True)
class Connection:
    """A chat model that was opened, and how it is spoken to."""

    chat: Any
    """LangChain's `BaseChatModel`."""
    request: Callable[[int], dict[str, Any]]
    """What goes along with a request for at most so many tokens."""
    close: Callable[[], Awaitable[None]]
    asks_for_usage: bool = False
    """Whether a service is asked to count tokens in a stream, which not every gateway takes; unset once one has refused."""

    def options(self, longest: int) -> dict[str, Any]:
        """Return what goes along with a request."""
        return self.request(longest) | ({"stream_usage": True} if self.asks_for_usage else {})


async def _nothing() -> None:
    return None


def load_chat_model(name: str, **options: Any) -> Any:
    """Open the chat model `provider:model` (openai:deepseek-chat), which is asked to say the same every time.

    What `options` leave out comes from the environment as the provider's own package reads it (OPENAI_API_KEY,
    OPENAI_BASE_URL). Raises `LanguageModelError` where that package is missing or the model cannot be opened.
    """
    check_installed(name)
    provider, _, model = name.partition(":")
    # Questions and passages go to the model that is set and to nobody else, whatever the environment says of tracing.
    os.environ |= {"LANGSMITH_TRACING": "false", "LANGCHAIN_TRACING_V2": "false"}
    from langchain.chat_models import init_chat_model

    try:
        # Without a colon LangChain guesses the provider from the name (gpt-4o, claude-…).
        return init_chat_model(model or name, model_provider=provider if model else None, temperature=0, **options)
    except ImportError as error:
        wanted = re.search(r"pip install ([\w.-]+)", str(error))
        package = wanted[1].rstrip(".") if wanted else f"langchain-{provider}"
        raise LanguageModelError(f"没有安装语言模型所需的软件包 {package}。", f"请运行 pip install {package}") from None
    except Exception as error:  # noqa: BLE001  # each provider's package has its own for a bad name or a missing key
        raise LanguageModelError(
            f"语言模型打不开：{type(error).__name__}。",
            "名称写成 提供方:模型，例如 openai:deepseek-chat；密钥写在设置 llm_api_key 或提供方自己的环境变量里。",
        ) from None


def check_installed(name: str) -> None:
    """Raise `LanguageModelError` with the extra to install where a provider's package is known to be missing."""
    package, extra = EXTRAS.get(name.partition(":")[0], ("", ""))
    if package and find_spec(package) is None:
        raise LanguageModelError(
            f"没有安装语言模型所需的软件包 {package.replace('_', '-')}。", f"请运行 pip install 'zhengwen[{extra}]'"
        )


def connect(name: str, *, base_url: str | None, key: SecretStr | None, seconds: float) -> Connection:
    """Open a chat model for streaming: no retries, since the reader stands in, and no request longer than `seconds`."""
    provider = name.partition(":")[0]
    if provider == "openai":
        return _connect_openai(name, base_url, key, seconds)
    if provider == "ollama":
        return _connect_ollama(name, base_url, key, seconds)
    options: dict[str, Any] = {"max_retries": 0, "timeout": seconds} | _place(base_url, key)
    if provider == "anthropic":
        # Its package shares one pool of connections among all models of a process, whose loops are not the same.
        options["default_headers"] = {"Connection": "close"}
    return Connection(load_chat_model(name, **options), lambda longest: {"max_tokens": longest}, _nothing)


def connect_local(base_url: str, key: SecretStr, seconds: float) -> Connection:
    """Open the llama.cpp server that runs on this machine."""
    return _connect_openai("openai:local", base_url, key, seconds, local=True)


def _connect_openai(
    name: str, base_url: str | None, key: SecretStr | None, seconds: float, *, local: bool = False
) -> Connection:
    check_installed(name)
    address = base_url or os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_BASE")
    # Our own client: the package's is shared among all models of a process, whose loops are not the same. Through the
    # package: which httpx it is made of depends on its release.
    http = import_module("openai").DefaultAsyncHttpxClient(trust_env=not _is_here(address), timeout=seconds)
    chat = load_chat_model(
        name,
        max_retries=0,
        timeout=seconds,
        http_async_client=http,
        # A child that died leaves no connection behind for the next one.
        default_headers={"Connection": "close"} if local else None,
        stream_usage=local or address is None,
        **_place(base_url, key),
    )

    def request(longest: int) -> dict[str, Any]:
        if address is None:
            return {"max_tokens": longest}
        # The package renames max_tokens to what only OpenAI's own service is sure to know. llama.cpp tells how far it has
        # read a long prompt, which is the sign of life of a slow machine.
        return {"extra_body": {"max_tokens": longest} | ({"return_progress": True} if local else {})}

    return Connection(chat, request, http.aclose, asks_for_usage=not local and address is not None)


def _connect_ollama(name: str, base_url: str | None, key: SecretStr | None, seconds: float) -> Connection:
    client: dict[str, Any] = {"timeout": seconds}
    address = base_url or os.environ.get("OLLAMA_HOST") or "http://127.0.0.1"
    if _is_here(address):
        client["trust_env"] = False
    if key is not None or base_url is not None:
        # Written even without a key: the package would send the environment's to whatever address is set.
        client["headers"] = {"Authorization": f"Bearer {key.get_secret_value() if key else 'none'}"}
    chat = load_chat_model(name, client_kwargs=client, **({"base_url": base_url} if base_url else {}))

    def request(longest: int) -> dict[str, Any]:
        return {"options": {"num_predict": longest, "num_ctx": OLLAMA_CONTEXT, "temperature": 0}}

    return Connection(chat, request, _nothing)


def _place(base_url: str | None, key: SecretStr | None) -> dict[str, Any]:
    options: dict[str, Any] = {"base_url": base_url} if base_url else {}
    if key is not None:
        options["api_key"] = key
    elif base_url:
        # A key of the environment belongs to the provider's own address and goes nowhere else.
        options["api_key"] = SecretStr("none")
    return options


def _is_here(address: str | None) -> bool:
    """Whether an address is on this machine, where no proxy leads."""
    host = urlsplit(address if address and "//" in address else f"//{address or ''}").hostname
    return host is not None and is_loopback(host)
