"""What the README says about portals is done here: its curl commands run, its files are well-formed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from assistant.settings import Settings

ROOT = Path(__file__).parents[2]


def readmes() -> list[Path]:
    """The files that have the section on portals."""
    return [path for path in sorted(ROOT.glob("README*.md")) if "/embed?portal=" in path.read_text("utf-8")]


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def block(path: Path, language: str, holding: str) -> str:
    return next(text for text in blocks(path, language) if holding in text)


def test_both_languages_have_the_section() -> None:
    assert len(readmes()) == 2
    for language in ("sh", "toml", "python", "ini", "nginx", "dockerfile", "yaml"):
        first, second = (len(blocks(path, language)) for path in readmes())
        assert first == second


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl: `apt-get install curl` and this runs")
def test_the_commands_for_curl_work(
    served: Callable[..., AbstractContextManager[str]], key: Callable[..., str]
) -> None:
    commands = [text for text in blocks(readmes()[0], "sh") if text.startswith("curl")]
    assert len(commands) == 6
    with served() as address:
        environment = {**os.environ, "URL": address, "KEY": key(), "NO_PROXY": "127.0.0.1"}
        for command in commands:
            done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, timeout=60, check=True)
            text = done.stdout.decode()
            assert '"error"' not in text
            if "event-stream" in command and "/api/ask" in command:
                assert text.startswith("event: delta")
                assert "event: answer" in text
                continue
            whole = json.loads(text)
            assert {"answer", "results", "reports", "choices", "result"} & set(whole), command


def test_the_settings_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in readmes():
        (tmp_path / "zhengwen.toml").write_text(block(path, "toml", "[portal.oa]"), "utf-8")
        (tmp_path / "zhengwen.toml").chmod(0o600)
        monkeypatch.setenv("ZHENGWEN_HOME", str(tmp_path))
        from assistant.settings import load_settings

        assert load_settings().portal["oa"].regions == ("松北区",)
        assert load_settings().trusted_hosts == ("ask.example.cn",)


def test_the_portal_s_program_signs_a_token_that_is_taken(tmp_path: Path) -> None:
    from assistant.access.tokens import caller_of

    for path in readmes():
        names: dict[str, Any] = {}
        exec(compile(block(path, "python", "jwt.encode"), "README", "exec"), names)
        table = tomllib.loads(block(path, "toml", "[portal.oa]"))
        portals = Settings(home=tmp_path, portal=table["portal"]).portal
        assert caller_of(names["token"], portals, "").user == "zhang.san"
        assert names["token"] in names["frame"]


def test_every_setting_has_its_row() -> None:
    text = "".join(path.read_text("utf-8") for path in sorted(ROOT.glob("README*.md")))
    for name in Settings.model_fields:
        assert text.count(f"| `{name}` |") >= 2, name


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
def test_the_unit_is_well_formed(tmp_path: Path) -> None:
    for path in readmes():
        unit = tmp_path / "zhengwen.service"
        unit.write_text(block(path, "ini", "[Service]").replace("/opt/zhengwen/bin/zhengwen", sys.executable), "utf-8")
        done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, timeout=60, check=False)
        said = [line for line in done.stderr.decode().splitlines() if "zhengwen" in line]
        assert said == []


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx: `apt-get install nginx-light` and this runs")
def test_the_proxy_s_configuration_is_well_formed(tmp_path: Path) -> None:
    for path in readmes():
        text = block(path, "nginx", "server {")
        whole = f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{text}\n}}\n"
        (tmp_path / "nginx.conf").write_text(whole, "utf-8")
        command = [shutil.which("nginx") or "", "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr.decode()


def test_the_container_s_files_are_well_formed() -> None:
    for path in readmes():
        composed = yaml.safe_load(block(path, "yaml", "services:"))
        assert composed["services"]["zhengwen"]["ports"] == ["127.0.0.1:7860:7860"]
        for name in composed["services"]["zhengwen"]["environment"]:
            assert name.removeprefix("ZHENGWEN_").lower() in Settings.model_fields
        lines = re.sub(r"\\\n", " ", block(path, "dockerfile", "FROM")).splitlines()
        steps = [line.split()[0] for line in lines if line and not line.startswith("#")]
        known = {
            "FROM",
            "ARG",
            "WORKDIR",
            "COPY",
            "RUN",
            "USER",
            "ENV",
            "VOLUME",
            "EXPOSE",
            "STOPSIGNAL",
            "HEALTHCHECK",
            "CMD",
        }
        assert set(steps) <= known
        assert steps.index("USER") > steps.index("RUN")
