from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.corpus.ingest import ingest
from assistant.corpus.library import Library
from assistant.keeping.export import ExportError, export
from tests.corpus.test_ingest import a_file, tiny


def test_all_that_is_held_is_exported_and_can_be_read_as_json(tmp_path: Path) -> None:
    path, file = a_file(tmp_path, "one", "甲乙县"), tmp_path / "all.jsonl"
    with Library.open(tmp_path / "library.db") as library:
        ingest([path], library, tiny, "tiny")
        path.write_text(path.read_text("utf-8").replace("增长5%", "增长6.5%"), "utf-8")
        (outcome,) = ingest([path], library, tiny, "tiny", replace_rivals=True)
        counts = export(library, file)
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        by_kind = {kind: [line for line in lines if line["record"] == kind] for kind in counts}
        assert {kind: len(found) for kind, found in by_kind.items()} == counts
        assert list(counts) == ["library", "report", "paragraph", "fact", "item", "replacement"]
        (report,) = by_kind["report"]
        assert outcome.report is not None
        assert (report["id"], report["region"], report["report_year"]) == (outcome.report.id, "甲乙县", 2025)
        assert [line["text"] for line in by_kind["paragraph"]] == [p.text for p in library.paragraphs(report["id"])]
        texts = {line["id"]: line["text"] for line in by_kind["paragraph"]}
        for fact in by_kind["fact"]:
            assert (fact["value"], fact["unit"]) == ("6.5", "%")
            assert texts[fact["paragraph_id"]][fact["start"] : fact["end"]] == "6.5%"
        assert by_kind["replacement"][0]["after"] == report["id"]
        with pytest.raises(ExportError, match="已经有"):
            export(library, file)
        with pytest.raises(ExportError, match="写不进去"):
            export(library, tmp_path / "nowhere" / "all.jsonl")
    assert sorted(one.name for one in tmp_path.glob("all*")) == ["all.jsonl"]
