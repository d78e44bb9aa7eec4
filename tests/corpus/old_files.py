"""Files of the old Word format and OFD files, made here because no package that is at hand writes them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def doc(
    text: str, footnotes: str = "", header: str = "", *, flags: int = 0, version: int = 0xC1, lists: int = 0
) -> bytes:
    """Return a .doc file; paragraphs end in a carriage return, cells and rows in a bell."""
    whole = text + footnotes + header
    start = 2048
    body = whole.encode("utf-16-le")
    document = bytearray(start) + body
    struct.pack_into("<HH", document, 0, 0xA5EC, version)
    struct.pack_into("<H", document, 0x0A, 0x0200 | flags)
    struct.pack_into("<III", document, 0x4C, len(text), len(footnotes), len(header))
    half = len(whole) // 2
    pieces = struct.pack("<III", 0, half, len(whole))
    pieces += struct.pack("<HIH", 0, start, 0) + struct.pack("<HIH", 0, start + 2 * half, 0)
    table = b"\x01\x02\x00\xff\xff" + b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", document, 0x1A2, 0, len(table))
    struct.pack_into("<II", document, 0x2EA, 0, lists)
    return container({"WordDocument": bytes(document), "1Table": table})


def container(streams: dict[str, bytes]) -> bytes:
    """Return an OLE compound file with these streams."""
    padded = {name: stream.ljust(4096, b"\0") for name, stream in streams.items()}
    sectors = [b""]
    chains: list[int] = [_FAT]
    starts: dict[str, int] = {}
    for name, stream in padded.items():
        starts[name] = len(sectors)
        for at in range(0, len(stream), _SECTOR):
            sectors.append(stream[at : at + _SECTOR].ljust(_SECTOR, b"\0"))
            chains.append(len(sectors))
        chains[-1] = _END
    directory = _entry("Root Entry", 5, _END, 0)
    directory += b"".join(_entry(name, 2, starts[name], len(stream)) for name, stream in padded.items())
    first = len(sectors)
    for at in range(0, len(directory), _SECTOR):
        sectors.append(directory[at : at + _SECTOR].ljust(_SECTOR, b"\0"))
        chains.append(len(sectors))
    chains[-1] = _END
    tables = [0]
    while len(tables) * 128 < len(chains):
        tables.append(len(sectors))
        sectors.append(b"")
        chains.append(_FAT)
    chains += [_FREE] * (len(tables) * 128 - len(chains))
    for number, sector in enumerate(tables):
        sectors[sector] = struct.pack("<128I", *chains[number * 128 : (number + 1) * 128])
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(_SECTOR, b"\0"))
    struct.pack_into("<HHHHH", header, 0x18, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 0x2C, len(tables), first, 0, 4096, _END, 0, _END, 0, *tables[:1])
    struct.pack_into("<109I", header, 0x4C, *tables, *[_FREE] * (109 - len(tables)))
    return bytes(header) + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    told = name.encode("utf-16-le") + b"\0\0"
    entry = bytearray(told.ljust(128, b"\0"))
    struct.pack_into("<HBB", entry, 64, len(told), kind, 1)
    struct.pack_into("<III", entry, 68, _FREE, _FREE, _FREE)
    struct.pack_into("<IQ", entry, 116, start, size)
    return bytes(entry)


def ofd(*pages: Sequence[tuple[str, float, float]], size: float = 4.2) -> bytes:
    """Return an OFD file of A4 pages with texts at places, in millimetres from the left and from the top."""
    spaced = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "OFD.xml",
            f"<ofd:OFD {spaced}><ofd:DocBody><ofd:DocRoot>D/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        listed = "".join(f'<ofd:Page ID="{at}" BaseLoc="P{at}/Content.xml"/>' for at in range(len(pages)))
        archive.writestr("D/Document.xml", f"<ofd:Document {spaced}><ofd:Pages>{listed}</ofd:Pages></ofd:Document>")
        for at, page in enumerate(pages):
            texts = "".join(
                f'<ofd:TextObject ID="{number}" Boundary="{x} {y - size} 210 10" Size="{size}">'
                f'<ofd:TextCode X="0" Y="{size}">{escape(text)}</ofd:TextCode></ofd:TextObject>'
                for number, (text, x, y) in enumerate(page, 1000)
            )
            content = f"<ofd:Page {spaced}><ofd:Content><ofd:Layer>{texts}</ofd:Layer></ofd:Content></ofd:Page>"
            archive.writestr(f"D/P{at}/Content.xml", content)
    return out.getvalue()
