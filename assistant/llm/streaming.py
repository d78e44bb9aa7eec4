"""Streams completions of any chat model, with limits on time, on length, and on how many run at once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
import time
import weakref
from collections.abc import AsyncGenerator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import aclosing
from typing import Any, Protocol

from assistant.errors import LanguageModelError
from assistant.llm.background import BackgroundLoop
from assistant.llm.breaker import Breaker
from assistant.llm.chat import Connection
from assistant.llm.failures import DECLINED, LASTING, PASSING, Failure, diagnose
from assistant.llm.guard import Fault, Guard
from assistant.llm.model import Message, Usage

_log = logging.getLogger(__name__)


class Backend(Protocol):
    """Where a chat model comes from: a service, or a child process that may have to be started again."""

    @property
    def name(self) -> str:
        """What a reader is told."""
        ...

    @property
    def at_once(self) -> int:
        """How many completions may run at the same time."""
        ...

    def connection(self) -> Future[Connection]:
        """Return the connection, there or to come; its error is a `LanguageModelError`."""
        ...

    def close(self) -> None:
        """Let go of threads and child processes."""
        ...


class Stop:
    """The end of a completion, with what it took."""

    def __init__(self, usage: Usage | None = None) -> None:
        self.usage = usage or Usage()


class Request:
    """What one completion and the task that writes it share; the task must not keep the completion alive."""

    def __init__(self, messages: Sequence[Message], longest: int) -> None:
        # Half a surrogate pair cannot be sent.
        self.messages = [(one.speaker, one.text.encode("utf-8", "replace").decode()) for one in messages]
        self.guard = Guard(longest)
        self.longest = longest
        self.written: queue.SimpleQueue[str | LanguageModelError | Stop] = queue.SimpleQueue()
        """Pieces of text, empty ones as signs of life, and one end."""
        self.waits_for = Failure.UNREADY
        """What it is if nothing comes: as the request gets on, the reason changes."""


class StreamedCompletion:
    """A completion that is being written on another thread, read with an eye on the clock."""

    def __init__(self, request: Request, breaker: Breaker, patience: float, deadline: float) -> None:
        self._request = request
        self._breaker = breaker
        self._patience = patience
        self._end = time.monotonic() + deadline
        self._usage = Usage()
        self._closed = False
        self._stop = contextlib.ExitStack()

    def written_by(self, task: Future[None]) -> None:
        """Learn which task writes, so that it ends with the reader, even with one who forgot to close."""
        finalizer = weakref.finalize(self, _cancel, task)
        finalizer.atexit = False  # the thread is a daemon and its loop may be gone by then
        self._stop.callback(finalizer)

    def __iter__(self) -> Iterator[str]:
        try:
            while not isinstance(piece := self._next(), Stop):
                if piece:
                    yield piece
            self._usage = piece.usage
        finally:
            self.close()

    @property
    def usage(self) -> Usage:
        return self._usage

    def close(self) -> None:
        self._closed = True
        self._stop.close()
        self._request.written.put(Stop(self._usage))  # for a reader that waits on another thread, or reads again

    def _next(self) -> str | Stop:
        left = self._end - time.monotonic()
        try:
            piece = self._request.written.get(timeout=min(self._patience, max(left, 0)))
        except queue.Empty:
            if self._closed:
                return Stop(self._usage)
            failure = Failure.SLOW if left <= self._patience and self._begun else self._request.waits_for
            if failure in PASSING and failure is not Failure.BUSY:
                self._breaker.failed()
            _log.warning("language model gave up: %s", failure.name)
            raise failure.error() from None
        if self._closed:
            return Stop(self._usage)
        if isinstance(piece, LanguageModelError):
            raise piece
        if left <= 0 and not isinstance(piece, Stop):
            self._breaker.failed()
            raise Failure.SLOW.error()
        return piece

    @property
    def _begun(self) -> bool:
        return self._request.waits_for is Failure.SILENT


class StreamingModel:
    """A language model over any backend. The thread that speaks to it starts with the first completion."""

    def __init__(self, backend: Backend, *, patience: float, deadline: float, breaker: Breaker | None = None) -> None:
        self._backend = backend
        self._patience = patience
        self._deadline = deadline
        self._breaker = breaker or Breaker()
        self._loop = BackgroundLoop("language-model")
        self._places = asyncio.Semaphore(backend.at_once)
        self._closing = threading.Event()

    @property
    def name(self) -> str:
        return self._backend.name

    def complete(self, messages: Sequence[Message], *, longest: int) -> StreamedCompletion:
        """Begin a completion of at most `longest` tokens. Returns at once; failures come with the first piece."""
        request = Request(messages, longest)
        completion = StreamedCompletion(request, self._breaker, self._patience, self._deadline)
        if self._closing.is_set():
            request.written.put(Failure.CLOSED.error())
        elif not self._breaker.admits():
            request.written.put(Failure.SUSPENDED.error())
        elif task := self._loop.submit(self._write(request)):
            completion.written_by(task)
        else:
            request.written.put(Failure.CLOSED.error())
        return completion

    def wait(self, seconds: float) -> bool:
        """Wait until the model can be asked, at most so many seconds; return whether it can."""
        try:
            self._backend.connection().result(seconds)
        except (TimeoutError, LanguageModelError):
            return False
        return True

    def close(self) -> None:
        self._closing.set()
        self._loop.close(self._disconnect())
        self._backend.close()

    async def _write(self, request: Request) -> None:
        begun = False
        try:
            # The reader keeps the time; this is for one that neither reads nor closes.
            async with asyncio.timeout(self._deadline + 1):
                # Shielded: whoever stops waiting must not stop the opening.
                connection = await asyncio.shield(asyncio.wrap_future(self._backend.connection()))
                request.waits_for = Failure.BUSY
                async with self._places:
                    request.waits_for = Failure.SILENT
                    request.written.put("")
                    async for piece in _pieces(connection, request):
                        begun = begun or bool(piece)
                        request.written.put(piece)
        except asyncio.CancelledError:
            request.written.put(Failure.CLOSED.error())  # the model's own end; a reader who stopped does not read it
            raise
        except LanguageModelError as error:
            # A copy: every reader's traceback would hang on the one that the backend keeps.
            request.written.put(LanguageModelError(str(error), error.hint))
        except Fault as fault:
            self._failed(request, fault.failure)
        except Exception as error:  # noqa: BLE001  # of whatever tree the provider's package has
            diagnosis = diagnose(error, begun=begun)
            _log.warning("language model failed: %s, status %s", type(error).__name__, diagnosis.status)
            self._failed(request, diagnosis.failure, diagnosis.wait)
        else:
            self._breaker.succeeded()

    def _failed(self, request: Request, failure: Failure, wait: float | None = None) -> None:
        if failure in LASTING:
            self._breaker.failed(lasting=True)
        elif failure in PASSING:
            self._breaker.failed(wait=wait)
        elif failure not in DECLINED:
            self._breaker.succeeded()  # what it wrote is of no use, but it is up
        request.written.put(failure.error())

    async def _disconnect(self) -> None:
        opened = self._backend.connection()
        if opened.done() and not opened.cancelled() and opened.exception() is None:
            await opened.result().close()


async def _pieces(connection: Connection, request: Request) -> Any:
    """Yield the text of a completion, with an empty piece for each sign of life, and put its end into the request."""
    finish: str | None = None
    prompt_tokens = completion_tokens = 0
    async with aclosing(_chunks(connection, request)) as stream:
        async for chunk in stream:
            finish = _finish(chunk) or finish
            # Some services count in every chunk up to there, others the prompt first and the answer last.
            counted = chunk.usage_metadata or {}
            prompt_tokens = max(prompt_tokens, counted.get("input_tokens") or 0)
            completion_tokens = max(completion_tokens, counted.get("output_tokens") or 0)
            yield request.guard.take(_text(chunk.content))
    yield request.guard.end(finish)
    request.written.put(Stop(Usage(prompt_tokens or None, completion_tokens or None)))


async def _chunks(connection: Connection, request: Request) -> AsyncGenerator[Any]:
    """Yield the chunks of a completion; a service that refuses to count tokens is asked once more, and then never again."""
    begun = False
    try:
        async with aclosing(connection.chat.astream(request.messages, **connection.options(request.longest))) as stream:
            async for chunk in stream:
                begun = True
                yield chunk
            return
    except Exception as error:
        refused = diagnose(error, begun=begun).failure is Failure.REFUSED
        if begun or not refused or not connection.asks_for_usage:
            raise
    connection.asks_for_usage = False
    async with aclosing(connection.chat.astream(request.messages, **connection.options(request.longest))) as stream:
        async for chunk in stream:
            yield chunk


def _finish(chunk: Any) -> str | None:
    """Read why the model stopped, under the names of OpenAI's kin, Anthropic, Ollama, and OpenAI's Responses API."""
    names = ("finish_reason", "stop_reason", "done_reason", "status")
    told = (chunk.response_metadata.get(name) for name in names)
    return next((str(reason) for reason in told if reason), None)


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    blocks = (block for block in content if isinstance(block, dict) and block.get("type") == "text")
    return "".join(str(block.get("text") or "") for block in blocks)


def _cancel(task: Future[None]) -> None:
    with contextlib.suppress(RuntimeError):  # its loop is closed, and the task with it
        task.cancel()
