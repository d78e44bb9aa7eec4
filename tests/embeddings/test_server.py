from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from embeddings import ExactIndex, ServerIndex, ServerUnusable

Entries = Callable[[int], tuple[list[str], list[str], np.ndarray]]
MANIFEST = {"embedding": "model@1", "rules": "1"}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--host", "127.0.0.1", "--port", str(port)]
    with (
        (tmp_path_factory.mktemp("log") / "chroma.log").open("w") as log,
        subprocess.Popen(
            [*command, "--path", str(tmp_path_factory.mktemp("chroma"))], stdout=log, stderr=log
        ) as server,
    ):
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def test_a_server_finds_what_the_exact_way_finds(url: str, entries: Entries) -> None:
    ids, groups, vectors = entries(700)
    index = ServerIndex(url, MANIFEST)
    index.sync(ids, groups, vectors)
    exact = ExactIndex(ids, groups, vectors)
    assert len(index) == 700
    for query in entries(710)[2][700:]:
        for wanted in (None, ["small"], ["report-1", "report-2"], []):
            found = [hit.id for hit in index.search(query, 10, wanted)]
            assert found == [hit.id for hit in exact.search(query, 10, wanted)]
    index.close()


def test_synchronising_adds_what_is_new_and_removes_what_is_gone(url: str, entries: Entries) -> None:
    ids, groups, vectors = entries(60)
    index = ServerIndex(url, {**MANIFEST, "catalogue": "b"})
    index.sync(ids[:40], groups[:40], vectors[:40])
    index.sync(ids[20:], groups[20:], vectors[20:])
    index.sync(ids[20:], groups[20:], vectors[20:])
    assert len(index) == 40
    assert index.search(vectors[0], 1)[0].id != "p-0"
    assert index.search(vectors[59], 1)[0].id == "p-59"
    index.sync([], [], np.zeros((0, 384), np.float32))
    assert len(index) == 0
    assert index.search(vectors[0], 3) == []
    index.close()


def test_another_manifest_is_another_collection(url: str, entries: Entries) -> None:
    with (
        contextlib.closing(ServerIndex(url, {"rules": "2"})) as two,
        contextlib.closing(ServerIndex(url, {"rules": "2"})) as again,
        contextlib.closing(ServerIndex(url, {"rules": "3"})) as three,
    ):
        two.sync(*entries(5))
        assert (len(again), len(three)) == (5, 0)


def test_a_server_that_is_not_there_is_named_with_a_hint() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(ServerUnusable) as caught:
        ServerIndex(url, MANIFEST)
    assert url in str(caught.value)
    assert caught.value.hint
