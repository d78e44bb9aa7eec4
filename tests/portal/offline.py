"""The service as a child that cannot reach any other host, and writes down which ones it would have liked to."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.homes import copied
from tests.portal.service import SECRET

ROOT = Path(__file__).parents[2]
REPORT = "ASKED_FOR"
"""The environment variable that names the file into which each host goes."""

# Python runs a module of this name at its start, in the children of a child too. An audit hook cannot be taken off again.
WATCH = f"""
import os, sys

def here(host):
    text = host.decode() if isinstance(host, bytes) else host
    return text in (None, "", "localhost", "::1", "0.0.0.0", "::") or str(text).startswith("127.")

def watch(event, given):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = given[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = given[0]
    elif event == "socket.getnameinfo":
        host = given[0][0]
    else:
        return
    if not here(host):
        line = f"{{event}} {{host}}\\n".encode()
        file = os.open(os.environ["{REPORT}"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, line)
        os.close(file)
        raise OSError(101, "Network is unreachable")

sys.addaudithook(watch)
"""


@dataclass(frozen=True, slots=True)
class Offline:
    """A home of the five reports, with a portal, and the way to run things over it that reach nobody."""

    home: Path
    asked_for: Path
    environment: dict[str, str]

    def hosts(self) -> list[str]:
        """Every host that was asked for: how, and which."""
        return self.asked_for.read_text().splitlines() if self.asked_for.exists() else []

    def run(self, *words: str, before: Sequence[str] = (), watched: bool = True) -> subprocess.CompletedProcess[str]:
        """Run Python with these words to its end; `before` stands in front of the command."""
        environment = self.environment if watched else {**self.environment, "PYTHONPATH": str(ROOT)}
        command = [*before, sys.executable, *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)


def offline(folder: Path, seeded: Path, origin: str) -> Offline:
    """Make it in a folder, from a home that holds the reports; `origin` is the site that may embed the page."""
    home = copied(seeded, folder / "home")
    (home / "zhengwen.toml").write_text(f'[portal.oa]\norigins = ["{origin}"]\nsecret = "{SECRET}"\n', "utf-8")
    (home / "zhengwen.toml").chmod(0o600)
    (folder / "sitecustomize.py").write_text(WATCH, "utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZHENGWEN_", "HF_", "GRADIO_"))}
    own = {"ZHENGWEN_HOME": str(home), "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", REPORT: str(folder / "asked-for")}
    return Offline(home, folder / "asked-for", {**kept, **own})


@contextmanager
def serving(place: Offline, *more: str, before: Sequence[str] = (), seconds: float = 60) -> Iterator[str]:
    """Run `zhengwen serve` until the block ends and give its address; `before` stands in front of the command."""
    command = [*before, sys.executable, "-m", "assistant", "serve", "--port", "0", *more]
    said = place.home.parent / "said"
    with said.open("w") as errors:
        child = subprocess.Popen(command, env=place.environment, stderr=errors, stdout=subprocess.DEVNULL)
    try:
        yield _address(child, said, seconds)
    finally:
        child.terminate()
        child.wait(30)


def _address(child: subprocess.Popen[bytes], said: Path, seconds: float) -> str:
    until = time.monotonic() + seconds
    while time.monotonic() < until and child.poll() is None:
        for line in said.read_text("utf-8").splitlines():
            if "已就绪" in line:
                return f"http://{line.split('http://')[1].split('（')[0].split('/')[0]}"
        time.sleep(0.05)
    raise AssertionError(said.read_text("utf-8"))
