"""Runs llama.cpp's server for one GGUF file in a process of its own, which ends with the process that started it.

It may be killed at any moment, by its parent or for want of memory; nothing is lost, and the parent starts it again.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
from importlib import import_module
from typing import Any

CONTEXT = 4096
"""Tokens of prompt and answer together; a prompt with ten passages has 2,000 to 3,000."""
BATCH = 64
"""Tokens of a prompt read at a time: after each it tells how far it is, and sees whether anyone still waits."""
CACHE_MIB = 64
"""Memory for prompts seen before; llama.cpp's own default is 8192."""
PR_SET_PDEATHSIG = 1


def main() -> None:
    """Read one line of JSON (`path`, `key`, threads for `writing` and for `reading`), serve, write the address as one line, and stay."""
    _end_with_parent()
    wanted = json.loads(sys.stdin.readline())
    # What the library itself prints must not be taken for the address.
    told = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    # A daemon: where the model cannot be loaded, nothing else is left to do.
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    server = _serve(wanted)
    os.write(told, f"{server.listening_address}\n".encode())
    threading.Event().wait()


def _serve(wanted: dict[str, Any]) -> Any:
    # By name: a plain import would have to be of something that is always installed, and this is an extra.
    xllamacpp = import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = wanted["path"]
    params.model_alias = {"local"}  # else the path is told in every reply
    params.n_ctx = CONTEXT
    params.n_batch = params.n_ubatch = BATCH
    params.n_parallel = 1
    params.cpuparams.n_threads = wanted["writing"]
    params.cpuparams_batch.n_threads = wanted["reading"]
    params.n_threads_http = 4  # one for the completion, the rest for one that is being stopped and the next
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [wanted["key"]]
    params.cors_origins = ""
    params.ui = False
    params.endpoint_slots = False
    params.offline = True
    params.cache_ram_mib = CACHE_MIB
    params.verbosity = 0
    return xllamacpp.Server(params)


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _end_with_stdin() -> None:
    # The descriptor itself: an interpreter that ends must not wait for a lock of a buffered reader.
    while os.read(0, 1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
