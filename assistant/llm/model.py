"""What the rest of the product knows of a language model: messages in, text in pieces out, and an end that always comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    speaker: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that one completion took, as the service counts them; None where it does not say."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class Completion(Protocol):
    """The text that a model writes, in pieces as they come. Made to be read once, and closed in the end."""

    def __iter__(self) -> Iterator[str]:
        """Yield pieces of text. Raises `LanguageModelError` where the model fails, is silent for too long or does not end."""
        ...

    @property
    def usage(self) -> Usage:
        """Known once all has been read."""
        ...

    def close(self) -> None:
        """Stop the model; nothing happens where it has ended."""
        ...


class LanguageModel(Protocol):
    """A chat model. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """What a reader is told: `openai:deepseek-chat`, `gguf:qwen2.5-7b-instruct`. Never an address or a key."""
        ...

    def complete(self, messages: Sequence[Message], *, longest: int) -> Completion:
        """Begin a completion of at most `longest` tokens. Returns at once; failures come with the first piece."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait until it can be asked: packages imported, weights loaded. Return whether it can."""
        ...

    def close(self) -> None:
        """Let go of connections, threads and child processes."""
        ...
