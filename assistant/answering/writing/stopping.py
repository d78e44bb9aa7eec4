"""Reading what a model writes until somebody has had enough."""

from __future__ import annotations

import threading
from collections.abc import Generator

from assistant.llm.model import Completion

_EVERY = 0.1
"""Seconds between two looks at whether the reader has left."""


def until_stopped(completion: Completion, stopped: threading.Event) -> Generator[str]:
    """Yield the pieces of a completion; once `stopped` is set it ends, also while the model is silent.

    Raises `LanguageModelError` as the completion does, and always closes it.
    """
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_EVERY):
            if stopped.is_set():
                completion.close()
                return

    threading.Thread(target=watch, name="stop-the-model", daemon=True).start()
    try:
        for piece in completion:
            if stopped.is_set():
                return
            yield piece
    finally:
        done.set()
        completion.close()
