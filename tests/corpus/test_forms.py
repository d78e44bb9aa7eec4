"""The same report is the same paragraphs under the same headings, whatever file it comes in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import pytest

from assistant.corpus.cleaning import clean
from assistant.corpus.readers import read_file
from assistant.corpus.structure import build_paragraphs
from tests.corpus.forms import FORMS

SEEDS = sorted(Path(str(files("seeds"))).glob("*.txt"))
QUICK = (SEEDS[0], SEEDS[3])
REST = [seed for seed in SEEDS if seed not in QUICK]


def told(lines: Sequence[str]) -> Counter[tuple[str, ...]]:
    """Count the paragraphs with their headings; white space is layout."""
    paragraphs = build_paragraphs(lines, "r")
    return Counter(tuple("".join(text.split()) for text in (*each.headings, each.text)) for each in paragraphs)


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize(
    "seed", [*QUICK, *(pytest.param(seed, marks=pytest.mark.slow) for seed in REST)], ids=lambda seed: seed.name[:3]
)
def test_a_report_is_read_alike_from_every_form(tmp_path: Path, seed: Path, suffix: str) -> None:
    lines = clean(read_file(seed).text)
    (tmp_path / f"报告{suffix}").write_bytes(FORMS[suffix](lines, "2025年临溪县政府工作报告"))
    parsed = read_file(tmp_path / f"报告{suffix}")
    assert parsed.notes == ()
    wanted, found = told(lines), told(clean(parsed.text, parsed.has_paragraphs))
    alike = (wanted & found).total() / wanted.total()
    assert alike >= 0.97, [*(wanted - found), *(found - wanted)][:4]
