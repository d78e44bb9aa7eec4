"""What the two children of a build do: `python -m embeddings.builder build|check DIRECTORY`.

They run apart because Chroma's engine can end its process, and because only files that another process can open count.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.durable import checksums, flush_tree
from embeddings.private_copy import PrivateCopy
from embeddings.store import Store, write_store

RECORD = "record.json"
SAMPLE = 20
"""Entries, spread evenly, that must find themselves."""


def spool(part: Path, manifest: dict[str, str], ids: list[str], groups: list[str], vectors: np.ndarray) -> None:
    """Write what the children read."""
    np.save(part / "vectors.npy", np.asarray(vectors, np.float32), allow_pickle=False)
    entries = {"manifest": manifest, "ids": ids, "groups": groups}
    (part / "entries.json").write_text(json.dumps(entries, ensure_ascii=False), "utf-8")


def build(part: Path) -> None:
    """Write the store and seal it with a record of its files."""
    entries, vectors = _spooled(part)
    store = part / "store"
    store.mkdir()
    write_store(store, entries["ids"], entries["groups"], vectors)
    record = {"manifest": entries["manifest"], "count": len(entries["ids"]), "files": checksums(store)}
    (part / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=1), "utf-8")
    flush_tree(part)


def check(part: Path) -> None:
    """Open the store as a reader does and compare it with what was to be stored; ends with a sentence if it differs."""
    entries, vectors = _spooled(part)
    copy = PrivateCopy(part.parent, part / "store")
    store = Store(copy.directory)
    if sorted(store.ids()) != sorted(entries["ids"]):
        sys.exit(f"stored {len(store)} entries, not the {len(entries['ids'])} that were given")
    for row in np.unique(np.linspace(0, len(vectors) - 1, SAMPLE).astype(int)) if len(vectors) else ():
        # Equal texts have equal vectors: one of them found in place of the other is right as well.
        found = store.search(vectors[row], 1, [entries["groups"][row]])
        if vectors[row].any() and not (found and found[0].score > 0.999):
            sys.exit(f"entry {entries['ids'][row]} does not find itself")
    store.close()
    copy.remove()


def _spooled(part: Path) -> tuple[dict[str, Any], np.ndarray]:
    entries = json.loads((part / "entries.json").read_text("utf-8"))
    return entries, np.load(part / "vectors.npy", allow_pickle=False)


if __name__ == "__main__":
    {"build": build, "check": check}[sys.argv[1]](Path(sys.argv[2]))
