"""Opens the language model that the settings mean."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from assistant.errors import LanguageModelError
from assistant.llm.chat import Connection, check_installed, connect
from assistant.llm.model import LanguageModel
from assistant.llm.streaming import Backend, StreamingModel
from assistant.settings import DEMO_LLM, NO_LLM, Settings

GGUF = "gguf"
AT_ONCE = 4
"""Completions of one service at the same time; a gateway of one's own is soon full, and others wait a moment."""


def open_language_model(settings: Settings) -> LanguageModel | None:
    """Open the model of the setting `llm`; None where it is `none`.

    Returns at once: what takes seconds (imports, weights) goes on in the background, and a completion waits for it no
    longer than `llm_patience`. Raises `LanguageModelError` where a package or a file is missing.
    """
    if settings.llm == NO_LLM:
        return None
    provider, _, model = settings.llm.partition(":")
    if settings.llm == DEMO_LLM or provider == GGUF:
        from assistant.llm.demo import demo_model
        from assistant.llm.gguf import LocalBackend, local_file

        file = local_file(Path(model)) if provider == GGUF else demo_model(settings.home)
        return _streaming(LocalBackend(file, settings.llm_deadline), settings)
    check_installed(settings.llm)

    def opener() -> Connection:
        return connect(
            settings.llm, base_url=settings.llm_base_url, key=settings.llm_api_key, seconds=settings.llm_deadline
        )

    return _streaming(ServiceBackend(shown_name(settings.llm), opener), settings)


def _streaming(backend: Backend, settings: Settings) -> StreamingModel:
    return StreamingModel(backend, patience=settings.llm_patience, deadline=settings.llm_deadline)


class ServiceBackend:
    """A model behind an address; its package is loaded on a thread, since that takes seconds."""

    at_once = AT_ONCE

    def __init__(self, name: str, opener: Callable[[], Connection]) -> None:
        self.name = name
        self._opened: Future[Connection] = Future()
        threading.Thread(target=self._open, args=(opener,), name="language-model-opening", daemon=True).start()

    def connection(self) -> Future[Connection]:
        return self._opened

    def close(self) -> None:
        """Nothing is held but the connection, which the model closes."""

    def _open(self, opener: Callable[[], Connection]) -> None:
        try:
            self._opened.set_result(opener())
        except LanguageModelError as error:
            self._opened.set_exception(error)
        except Exception as error:  # noqa: BLE001  # whoever waits for it must hear of it
            self._opened.set_exception(LanguageModelError(f"语言模型打不开：{type(error).__name__}。"))


def shown_name(llm: str) -> str:
    """Name the model of a setting without the place where it lies: a server too may call it by its path on disk."""
    provider, _, model = llm.partition(":")
    if "://" in model or "\\" in model or model.startswith(("/", ".", "~")) or provider == GGUF:
        model = model.replace("\\", "/").rstrip("/").rpartition("/")[2].removesuffix(".gguf")
    return f"{provider}:{model}" if model else provider
