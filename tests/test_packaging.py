"""An installed wheel finds its reports, prompts and aliases, and the two lists of releases agree."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import assistant

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REQUIREMENTS = [Requirement(line) for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]]


def _pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.name)
def test_every_direct_dependency_is_pinned_within_its_range(requirement: Requirement) -> None:
    assert requirement.specifier.contains(_pins()[requirement.name])


def test_every_library_that_the_sources_import_is_declared() -> None:
    declared = {_normal(Requirement(line).name) for line in PROJECT["dependencies"]}
    providers = importlib.metadata.packages_distributions()
    own = {"assistant", "embeddings", "prompts", "seeds"}
    # sentence-transformers is made of these and picks their releases.
    declared |= {"huggingface-hub", "safetensors", "tokenizers", "transformers"}
    # So is FastAPI of the one, and pydantic of the other.
    declared |= {"starlette", "pydantic-core"}
    declared.add("rapidocr")  # the extra `ocr`; where it is not installed nothing imports it
    imported = {name for top in own for path in (ROOT / top).rglob("*.py") for name in _imported(path)}
    undeclared = {
        name
        for name in imported - own - sys.stdlib_module_names
        if not declared & {_normal(provider) for provider in providers.get(name, [])}
    }
    assert undeclared == set()


def test_constraints_name_releases_and_no_place_to_fetch_them_from() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pin = re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.]*")
    assert [line for line in lines if line and not line.startswith("#") and not pin.fullmatch(line)] == []


def test_the_installed_command_and_version_are_those_of_the_sources() -> None:
    try:
        installed = importlib.metadata.distribution("zhengwen")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("not installed in this environment: `make test` installs it and runs this")
    assert installed.version == assistant.__version__
    assert [(entry.name, entry.value) for entry in installed.entry_points] == [("zhengwen", "assistant.cli:main")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir", str(out), str(ROOT)],
        check=True,
        timeout=240,
    )
    (built,) = out.glob("zhengwen-*.whl")
    return built


@pytest.mark.slow
def test_a_wheel_holds_every_data_file_and_no_test(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "assistant", "embeddings", "prompts", "seeds"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert set(tracked) - held == set()
    assert {f"{top}/py.typed" for top in ("assistant", "embeddings", "prompts", "seeds")} <= held
    assert {"seeds/catalogue.jsonl", "prompts/README.md", "assistant/language/aliases.toml"} <= held
    assert len([name for name in held if re.fullmatch(r"seeds/\d{3}_\w+\.txt", name)]) == 5
    assert not [name for name in held if name.startswith("tests/")]


@pytest.mark.slow
def test_an_unpacked_wheel_finds_its_data_far_from_the_sources(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    look = (
        "from importlib.resources import files\n"
        "import assistant, seeds\n"
        "assert len([f for f in files('seeds').iterdir() if f.name.endswith('.txt')]) == 5\n"
        "assert (files('seeds') / 'catalogue.jsonl').read_text('utf-8').count('松北区')\n"
        "assert (files('prompts') / 'README.md').is_file()\n"
        "assert (files('assistant.language') / 'aliases.toml').is_file()\n"
        "print(assistant.__file__, seeds.__file__)\n"
    )
    # -P and the bare path: neither the checkout nor the editable install may help out.
    found = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n{look}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.count(str(tmp_path / "site")) == 2
