"""Scanned pages: drawn with a Chinese font of the system, tilted and noisy, and put into a PDF file as pictures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = sorted(Path("/usr/share/fonts").rglob("NotoSerifCJK-Regular.ttc"))
needs_font = pytest.mark.skipif(not FONTS, reason="needs a Chinese font: apt-get install fonts-noto-cjk")


def scan(*lines: str, degrees: float = 0.0, noise: float = 0.0, blur: float = 0.0, size: int = 40) -> Image.Image:
    """Return a page of A5 at 200 dots an inch with these lines on it."""
    page = Image.new("L", (1166, 1654), 255)
    font = ImageFont.truetype(str(FONTS[0]), size, index=2)
    for at, line in enumerate(lines):
        ImageDraw.Draw(page).text((110, 120 + at * 2 * size), line, 0, font)
    tilted = page.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(blur))
    grey = np.asarray(tilted) + np.random.default_rng(1).normal(-10, noise, (1654, 1166))
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8))


def as_pdf(pages: Sequence[Image.Image | bytes]) -> bytes:
    """Return one PDF file of pictures and of the pages of other PDF files."""
    whole = pypdfium2.PdfDocument.new()
    for page in pages:
        if isinstance(page, Image.Image):
            file = io.BytesIO()
            page.save(file, "PDF", resolution=200)
            page = file.getvalue()
        whole.import_pages(pypdfium2.PdfDocument(page))
    written = io.BytesIO()
    whole.save(written)
    return written.getvalue()
