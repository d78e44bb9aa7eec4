"""What the pages on the API, portals and operation say is done here: their curl commands run, their files are well-formed."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml  # type: ignore[import-untyped]

from assistant.settings import Settings
from assistant.web.api.corrections import CalledWrong
from tests.pages import READMES, ROOT, block, blocks, both

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from assistant import Assistant

API, PORTAL, OPERATION, INDICATORS = both("api"), both("portal"), both("operation"), both("indicators")


def test_both_languages_have_the_same_files() -> None:
    for first, second in (API, PORTAL, OPERATION, INDICATORS):
        for language in ("sh", "toml", "python", "html", "js", "ini", "nginx", "dockerfile", "yaml"):
            assert len(blocks(first, language)) == len(blocks(second, language))


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl: `apt-get install curl` and this runs")
def test_the_commands_for_curl_work(
    served: Callable[..., AbstractContextManager[str]], key: Callable[..., str]
) -> None:
    commands, others = ([text for text in blocks(path, "sh") if text.startswith("curl")] for path in API)
    assert commands == others
    assert len(commands) == 8
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
            assert {"answer", "kept", "results", "reports", "facts", "choices", "result"} & set(whole), command


def test_the_commands_on_indicators_name_what_is_there(
    service: Callable[..., TestClient], key: Callable[..., str], assistant: Assistant
) -> None:
    asked, others = (
        re.findall("^curl .*", "\n".join(blocks(path, "sh")).replace("\\\n", " "), re.MULTILINE) for path in INDICATORS
    )
    assert asked == others
    *got, given = map(shlex.split, asked)
    for words in got:
        query = [one.split("=", 1) for flag, one in pairwise(words) if flag in {"-d", "--data-urlencode"}]
        reply = service().get(words[2].removeprefix("$URL"), params=query, headers={"x-api-key": key()})  # type: ignore[arg-type]
        assert reply.status_code == 200
        assert reply.json().get("series") or reply.json().get("ranking") or reply.json().get("subjects")
    said = CalledWrong.model_validate_json(given[-1])
    figures = {(one.fact.paragraph_id, one.fact.start): one.figure for one in assistant.facts(said.report)}
    assert figures[said.paragraph, said.start] == said.figure


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl: `apt-get install curl` and this runs")
def test_the_readme_s_command_works_on_this_machine_without_a_key(
    served: Callable[..., AbstractContextManager[str]],
) -> None:
    first, second = (next(text for text in blocks(path, "sh") if text.startswith("curl")) for path in READMES)
    assert first == second
    with served(sign_in=None) as address:
        command = first.replace("http://127.0.0.1:7860", address)
        assert command != first
        environment = {**os.environ, "NO_PROXY": "127.0.0.1"}
        done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, timeout=60, check=True)
    assert "5.5%" in json.loads(done.stdout)["answer"]


def test_the_settings_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in PORTAL:
        (tmp_path / "zhengwen.toml").write_text(block(path, "toml", "[portal.oa]"), "utf-8")
        (tmp_path / "zhengwen.toml").chmod(0o600)
        monkeypatch.setenv("ZHENGWEN_HOME", str(tmp_path))
        from assistant.settings import load_settings

        assert load_settings().portal["oa"].regions == ("松北区",)
        assert load_settings().trusted_hosts == ("ask.example.cn",)


def test_the_portal_s_program_signs_a_token_that_is_taken(tmp_path: Path) -> None:
    from assistant.access.tokens import caller_of

    for path in PORTAL:
        names: dict[str, Any] = {}
        exec(compile(block(path, "python", "jwt.encode"), "portal.md", "exec"), names)
        table = tomllib.loads(block(path, "toml", "[portal.oa]"))
        portals = Settings(home=tmp_path, portal=table["portal"]).portal
        assert caller_of(names["token"], portals, "").user == "zhang.san"
        assert names["token"] in names["frame"]


def test_the_provider_s_settings_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.settings import load_settings

    monkeypatch.setenv("ZHENGWEN_HOME", str(tmp_path))
    for path in OPERATION:
        (tmp_path / "zhengwen.toml").write_text(block(path, "toml", "oidc_issuer"), "utf-8")
        (tmp_path / "zhengwen.toml").chmod(0o600)
        assert load_settings().oidc_client_id == "zhengwen"


def test_the_bubble_s_line_is_the_same_everywhere() -> None:
    lines = {block(path, "html", "widget.js") for path in (*READMES, *PORTAL)}
    assert len(lines) == 1


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
def test_the_unit_is_well_formed(tmp_path: Path) -> None:
    for path in OPERATION:
        unit = tmp_path / "zhengwen.service"
        unit.write_text(block(path, "ini", "[Service]").replace("/opt/zhengwen/bin/zhengwen", sys.executable), "utf-8")
        done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, timeout=60, check=False)
        said = [line for line in done.stderr.decode().splitlines() if "zhengwen" in line]
        assert said == []


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx: `apt-get install nginx-light` and this runs")
def test_the_proxy_s_configuration_is_well_formed(tmp_path: Path) -> None:
    for path in OPERATION:
        text = block(path, "nginx", "server {").replace("/var/log/nginx/", f"{tmp_path}/")
        whole = f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{text}\n}}\n"
        (tmp_path / "nginx.conf").write_text(whole, "utf-8")
        command = [shutil.which("nginx") or "", "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr.decode()


SERVICE = {
    *("build", "cap_add", "cap_drop", "command", "container_name", "cpus", "depends_on", "entrypoint", "env_file"),
    *(
        "environment",
        "expose",
        "healthcheck",
        "hostname",
        "image",
        "init",
        "labels",
        "logging",
        "mem_limit",
        "networks",
    ),
    *("pids_limit", "ports", "read_only", "restart", "secrets", "security_opt", "shm_size", "stop_grace_period"),
    *("stop_signal", "tmpfs", "ulimits", "user", "volumes", "working_dir"),
}
"""Keys of a service in the Compose specification, as far as one would want them here: a misspelt one is found."""
DURATION = re.compile(r"(\d+(us|ms|s|m|h))+")


def test_the_composition_is_well_formed(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in OPERATION:
        composed = yaml.safe_load(block(path, "yaml", "services:"))
        assert set(composed) <= {"name", "services", "volumes", "networks", "secrets", "configs"}
        service = composed["services"]["zhengwen"]
        assert set(service) <= SERVICE
        assert service["ports"] == ["127.0.0.1:7860:7860"]
        assert DURATION.fullmatch(service["stop_grace_period"])
        assert service["restart"] in {"no", "always", "on-failure", "unless-stopped"}
        named = {volume.partition(":")[0] for volume in service["volumes"]}
        assert named == set(composed["volumes"])
        assert {volume.split(":")[1] for volume in service["volumes"]} == set(dockerfile(path)["VOLUME"])
        assert all(isinstance(value, str) for value in service["environment"].values())
        _are_settings(service["environment"], monkeypatch)


def _are_settings(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.settings import load_settings

    with monkeypatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        settings = load_settings()
    for name in environment:
        field = name.removeprefix("ZHENGWEN_").lower()
        assert getattr(settings, field) != Settings.model_fields[field].get_default(call_default_factory=True)


def dockerfile(path: Path) -> dict[str, list[str]]:
    """The instructions with what follows each."""
    steps: dict[str, list[str]] = {}
    for line in re.sub(r"\\\n", " ", block(path, "dockerfile", "FROM")).splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            steps.setdefault(name, []).append(rest.strip())
    return steps


def test_the_dockerfile_is_well_formed(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in OPERATION:
        steps = dockerfile(path)
        known = "FROM ARG WORKDIR COPY RUN USER ENV VOLUME EXPOSE STOPSIGNAL HEALTHCHECK CMD"
        assert list(steps) == known.split()  # the user comes after what only root may do
        assert steps["COPY"] == [". ."]
        assert steps["EXPOSE"] == [str(Settings.model_fields["port"].default)]
        assert json.loads(steps["CMD"][0]) == ["zhengwen", "serve"]
        options, _, command = steps["HEALTHCHECK"][0].partition(" CMD ")
        assert re.fullmatch(r"(--(interval|timeout|start-period|retries)=\w+ ?)+", options)
        compile(json.loads(command)[2], "HEALTHCHECK", "exec")
        _are_settings(dict(pair.split("=", 1) for pair in steps["ENV"][0].split()), monkeypatch)
        for name in re.findall(r"-[cr] (\S+\.txt)", steps["RUN"][0]):
            assert (ROOT / name).is_file()


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_what_is_collected_for_a_network_without_a_way_out_suffices_there(tmp_path: Path) -> None:
    """The commands of the Dockerfile, in a plain environment that has no index to ask."""
    text = block(OPERATION[0], "dockerfile", "FROM")
    collect = re.search(r"`pip (wheel [^`]*)`", text)
    offline = re.search(r'PIP="(--no-index [^"]*)"', text)
    assert collect
    assert offline
    source, install = tmp_path / "src", re.search(r"pip install ([^&\\]*)", text)
    assert install
    kept = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    source.mkdir()
    subprocess.run(["tar", "-x"], cwd=source, input=kept, check=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *shlex.split(collect[1])], cwd=source, check=True, timeout=900)
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    asked = install[1].replace("$PIP", offline[1]).replace("/src/", f"{source}/")
    python = str(tmp_path / "venv" / "bin" / "python")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    environment["PIP_CONFIG_FILE"] = os.devnull  # the user's own index must not help out
    command = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", *shlex.split(asked)]
    subprocess.run(command, cwd=source, env=environment, check=True, timeout=900)
    told = subprocess.run([python, "-P", "-m", "assistant", "--version"], cwd=tmp_path, capture_output=True, check=True)
    assert told.stdout.decode().startswith("zhengwen ")
