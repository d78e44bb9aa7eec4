"""The lines of a page that is a picture, by the PP-OCR models that come in the package rapidocr: no network is needed."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
from rapidocr import RapidOCR
from rapidocr.main import RapidOCRError

from assistant.corpus.parsing.layout import Run

SURE = 0.9
"""Probability of a character below which it has to be compared with the picture."""
_BLURRED = 0.05
"""Share of uncertain characters above which no figure of a page is taken for certain. Of 359 figures on 20 pages none was read
wrong where the share stayed below; blurred until it rose to 0.39, 19 were, two of them by a point or a % read with certainty."""
_TALL = 1.5
"""Times that a line is higher than wide where the page lies on its side."""
_ASKED = 12
"""Lines that are looked at to see whether a page stands on its head."""
_SAME_TYPE = 1.25
"""Times that a line may be higher or lower than the usual one and be of the same type: heights are not found exactly."""
_EM_OF_HEIGHT = 0.75
"""Height of an em in that of a found line, where no Chinese characters tell it."""
_INNER_BLANK = re.compile(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])")
"""White between Chinese characters and marks is none of the text's."""
_FIGURES = frozenset("0123456789一二三四五六七八九十百千万亿两半")
_HAN = re.compile(r"[\u4e00-\u9fff]{6,}")
_SETTINGS = {
    "Det.limit_side_len": 1280,  # lines are found on a smaller picture and read on the whole one: a third less work, no figure lost
    "Det.limit_type": "max",
    "Global.log_level": "error",
    "Global.max_side_len": 4000,  # a page is not made smaller: small type would be lost
    "Global.return_word_box": True,
    "EngineConfig.onnxruntime.intra_op_num_threads": min(
        4, os.cpu_count() or 1
    ),  # each takes of the memory that is allowed
}


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """A line that was recognised on a page."""

    run: Run
    doubtful: tuple[int, ...]
    """Which of its characters are not certain."""


class Recogniser:
    """Recognises the text of pages, one after the other."""

    def __init__(self) -> None:
        self._engine: Any = RapidOCR(params=_SETTINGS)

    def lines(self, picture: np.ndarray) -> list[RecognisedLine]:
        """Return the lines of a page, (h, w, 3) uint8, as they stand once it is turned upright and straight; none where there are none."""
        boxes, crops = self._upright(picture)
        if not crops:
            return []
        found = self._engine.recognize_txt(crops)
        shapes = _shapes(boxes)
        told = [one for one in zip(found.txts, shapes, found.word_results, strict=True) if one[0].strip()]
        if not told:
            return []
        height = median(shape.height for _, shape, _ in told)
        em = _em(told) or _EM_OF_HEIGHT * height
        certain = [probability >= SURE for _, _, word in told for probability in word.confs]
        blurred = certain.count(False) > _BLURRED * len(certain)
        return [_line(text, shape, word.confs, em, height, blurred=blurred) for text, shape, word in told]

    def _upright(self, picture: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        """Find the lines; a page that lies on its side or stands on its head is turned first."""
        boxes, crops = self._found(picture)
        if crops and np.median([_height(box) / max(_width(box), 1.0) for box in boxes]) > _TALL:
            picture = np.ascontiguousarray(np.rot90(picture))
            boxes, crops = self._found(picture)
        if crops and self._stands_on_head(crops):
            boxes, crops = self._found(np.ascontiguousarray(np.rot90(picture, 2)))
        return boxes, crops

    def _found(self, picture: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        try:
            crops, found = self._engine.detect_and_crop(picture, {})
        except RapidOCRError:  # its word for a page without text
            return np.empty((0, 4, 2)), []
        return found.boxes, crops

    def _stands_on_head(self, crops: Sequence[np.ndarray]) -> bool:
        longest = sorted(crops, key=lambda crop: crop.shape[1])[-_ASKED:]
        labels = [label for label, _ in self._engine.cls_and_rotate(longest)[1].cls_res]
        return sum("180" in label for label in labels) > len(labels) / 2


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where a line stands once the page is straight."""

    left: float
    right: float
    bottom: float
    height: float


def _width(box: np.ndarray) -> float:
    return float(np.linalg.norm(box[1] - box[0]))


def _height(box: np.ndarray) -> float:
    return float(np.linalg.norm(box[3] - box[0]))


def _shapes(boxes: np.ndarray) -> list[_Shape]:
    """Turn the places of all lines by the angle at which the longer half of them stands."""
    widths = [_width(box) for box in boxes]
    long = [box for box, width in zip(boxes, widths, strict=True) if width >= median(widths)]
    angle = float(np.median([math.atan2(*(box[1] - box[0])[::-1]) for box in long]))
    cos, sin = math.cos(angle), math.sin(angle)
    shapes = []
    for box in boxes:
        turned = box @ np.array([[cos, -sin], [sin, cos]])
        left, right = turned[[0, 3], 0].mean(), turned[[1, 2], 0].mean()
        bottom, top = turned[2:, 1].mean(), turned[:2, 1].mean()
        shapes.append(_Shape(float(left), float(right), float(bottom), float(bottom - top)))
    return shapes


def _em(told: Sequence[tuple[str, _Shape, Any]]) -> float:
    """Return the width of a Chinese character on this page, by the places at which they were recognised; 0 where none tells it."""
    ems = []
    for text, shape, word in told:
        places = [place for places in word.word_cols for place in places]
        if len(places) != len(text) or not word.line_txt_len:
            continue
        unit = (shape.right - shape.left) / word.line_txt_len
        ems += [(places[run.end() - 1] - places[run.start()]) * unit / (len(run[0]) - 1) for run in _HAN.finditer(text)]
    return median(ems) if ems else 0.0


def _line(
    text: str, shape: _Shape, probabilities: Sequence[float], em: float, usual: float, *, blurred: bool
) -> RecognisedLine:
    """Return a line; what was found reaches a little over its characters on all sides."""
    margin = max(0.0, (shape.height - _EM_OF_HEIGHT * shape.height) / 2)
    ratio = shape.height / usual
    size = em if 1 / _SAME_TYPE < ratio < _SAME_TYPE else em * ratio
    dropped = {at for blank in _INNER_BLANK.finditer(text) for at in range(*blank.span())}
    kept = [at for at in range(len(text)) if at not in dropped]
    unsure = [probabilities[at] < SURE or (blurred and text[at] in _FIGURES) for at in kept]
    doubtful = tuple(place for place, is_unsure in enumerate(unsure) if is_unsure)
    run = Run("".join(text[at] for at in kept), shape.left + margin, shape.right - margin, shape.bottom - margin, size)
    return RecognisedLine(run, doubtful)
