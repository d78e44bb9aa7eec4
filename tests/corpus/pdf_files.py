"""Small PDF files, made character by character, so that a test says where everything stands."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

PROTECTED = base64.b64decode(
    b"JVBERi0xLjMKJeLjz9MKMSAwIG9iago8PAovUHJvZHVjZXIgPDNiMGY0NTJmZGE+Cj4+CmVuZG9iagoyIDAgb2JqCjw8Ci9UeXBlIC9QYWdl"
    b"cwovQ291bnQgMQovS2lkcyBbIDQgMCBSIF0KPj4KZW5kb2JqCjMgMCBvYmoKPDwKL1R5cGUgL0NhdGFsb2cKL1BhZ2VzIDIgMCBSCj4+CmVu"
    b"ZG9iago0IDAgb2JqCjw8Ci9UeXBlIC9QYWdlCi9SZXNvdXJjZXMgPDwKPj4KL01lZGlhQm94IFsgMC4wIDAuMCAyMDAgMjAwIF0KL1BhcmVu"
    b"dCAyIDAgUgo+PgplbmRvYmoKNSAwIG9iago8PAovViAyCi9SIDMKL0xlbmd0aCAxMjgKL1AgNDI5NDk2NzI5MgovRmlsdGVyIC9TdGFuZGFy"
    b"ZAovTyA8YTkzZWVmMDlhMDM4YWVmMWY5ZjJlNGM4OTAxMGUxYjBmYTZiMjU3YTZmMThkN2Y5ZDQ0MTRjZDFiMmNhYmYzND4KL1UgPDAyZGIy"
    b"NzFiZTA0YjIyMjhlZDFiNjBlYTljZjUwYzM4MjhiZjRlNWU0ZTc1OGE0MTY0MDA0ZTU2ZmZmYTAxMDg+Cj4+CmVuZG9iagp4cmVmCjAgNgow"
    b"MDAwMDAwMDAwIDY1NTM1IGYgCjAwMDAwMDAwMTUgMDAwMDAgbiAKMDAwMDAwMDA1OSAwMDAwMCBuIAowMDAwMDAwMTE4IDAwMDAwIG4gCjAw"
    b"MDAwMDAxNjcgMDAwMDAgbiAKMDAwMDAwMDI2MSAwMDAwMCBuIAp0cmFpbGVyCjw8Ci9TaXplIDYKL1Jvb3QgMyAwIFIKL0luZm8gMSAwIFIK"
    b"L0lEIFsgPDY5M2RkNTFhNWQzZDVhNWFkZTJlOTZhZTBhMTI3YjEzPiA8NjkzZGQ1MWE1ZDNkNWE1YWRlMmU5NmFlMGExMjdiMTM+IF0KL0Vu"
    b"Y3J5cHQgNSAwIFIKPj4Kc3RhcnR4cmVmCjQ3NgolJUVPRgo="
)
"""One empty page that opens with a password only."""


@dataclass(frozen=True)
class Put:
    """Text at a place: points from the left and from the bottom of the page; an em is `size` points."""

    text: str
    x: float
    y: float
    size: float = 12


PICTURE = Put("\N{OBJECT REPLACEMENT CHARACTER}", 0, 0)
"""A black square in place of text."""


def pdf(*pages: Sequence[Put]) -> bytes:
    """Return a PDF file of A4 pages with these texts; a Chinese character is an em wide, a letter half of one."""
    blocks = sorted({ord(each) >> 8 for page in pages for put in page for each in put.text})
    ranges = "".join(f"<{block:02X}00> <{block:02X}FF> <{block:02X}00>\n" for block in blocks)
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange {len(blocks)} beginbfrange\n{ranges}endbfrange endcmap end end"
    )
    first = 6
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        "/DW 1000/W[32 126 500]>>",
        _stream(to_unicode),
    ]
    for at, page in enumerate(pages):
        content = "\n".join(map(_shown, page))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents {first + 2 * at + 1} 0 R>>"
        )
        objects.append(_stream(content))
    return _file(objects)


def prose(*lines: str, left: float = 60, top: float = 760, size: float = 12, step: float = 20) -> list[Put]:
    """Return lines below one another; ideographic spaces in front of a line push it to the right."""
    put = []
    for at, line in enumerate(lines):
        text = line.lstrip("\u3000")
        put.append(Put(text, left + (len(line) - len(text)) * size, top - at * step, size))
    return put


def _shown(put: Put) -> str:
    if put is PICTURE:
        return "100 100 400 600 re f"
    codes = put.text.encode("utf-16-be").hex()
    return f"BT /F {put.size} Tf {put.x} {put.y} Td <{codes}> Tj ET"


def _stream(content: str) -> str:
    return f"<</Length {len(content)}>>\nstream\n{content}\nendstream"


def _file(objects: Sequence[str]) -> bytes:
    out, places = "%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return f"{out}trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode("ascii")
