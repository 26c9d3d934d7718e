"""Files as people and attackers send them, made when asked for."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

SECRET = "GPS-31.2304N-121.4737E"


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (640, 420), n: int = 1, **save: Any
) -> bytes:
    """A paper as a camera takes it; each `n` gives another one."""
    image = Image.new("RGB", size, (225, 232, 228))
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, size[0] - 20, size[1] - 20), outline=(30, 90, 80), width=6)
    draw.text((60, 60), f"Specimen {n}", fill=(20, 40, 40))
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def with_camera_data() -> bytes:
    """A JPEG with EXIF (a place, turned by 90 degrees), a comment and bytes after its end."""
    exif = Image.Exif()
    exif[0x010E] = SECRET  # description
    exif[0x0112] = 6  # orientation
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif, comment=SECRET.encode()) + b"trailing " + SECRET.encode()


def png_with_text() -> bytes:
    """A PNG with a text chunk and bytes after its end."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET)
    return picture("PNG", pnginfo=info) + SECRET.encode()


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, pixels: bytes, colour: int = 2) -> bytes:
    """A PNG of these sides around packed pixel data, whether they fit or not."""
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@cache
def zeros(megabytes: int) -> bytes:
    """So many megabytes of nothing, packed a thousandfold."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


def enormous() -> bytes:
    """A PNG that says it is 60,000 pixels wide and high."""
    return png(60_000, 60_000, zlib.compress(bytes(4096)))


def png_bomb() -> bytes:
    """A small PNG whose pixel data unpack to 200 MiB."""
    return png(100, 100, zeros(200))


def zip_bomb() -> bytes:
    """A zip archive of 200 KB that unpacks to 200 MiB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(200 << 20))
    return out.getvalue()


def archive() -> bytes:
    """A small zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("inside.txt", "hello")
    return out.getvalue()


def pdf(pages: int = 1, **options: Any) -> bytes:
    """A PDF; options: password, script, launch, attachment, bomb, twice, picture."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if options.get("script"):
        script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript")})
        script[NameObject("/JS")] = TextStringObject("app.alert(1)")
        writer.root_object[NameObject("/OpenAction")] = script
    if options.get("launch"):
        action = DictionaryObject({NameObject("/S"): NameObject("/Launch")})
        writer.root_object[NameObject("/OpenAction")] = action
    if options.get("attachment"):
        writer.add_attachment("run.exe", b"MZ")
    for stream in _streams(**options):
        writer.root_object[NameObject("/Extra")] = writer._add_object(stream)
    if password := options.get("password"):
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _streams(bomb: bool = False, twice: bool = False, sides: int = 0, **_: Any) -> list[Any]:
    made = []
    if bomb or twice:
        stream = EncodedStreamObject()
        packed = zeros(200)
        stream._data = zlib.compress(packed) if twice else packed
        flate = NameObject("/FlateDecode")
        stream[NameObject("/Filter")] = ArrayObject([flate, flate]) if twice else flate
        made.append(stream)
    if sides:
        image = DecodedStreamObject()
        image.set_data(b"")
        image[NameObject("/Width")] = image[NameObject("/Height")] = NumberObject(sides)
        made.append(image)
    return made


SVG = b"""<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"""
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"


def flat(mode: str, size: tuple[int, int]) -> bytes:
    """A large PNG of one colour, small as a file."""
    out = io.BytesIO()
    Image.new(mode, size, 77 if len(mode) == 1 else (10, 120, 90, 200)[: len(mode)]).save(
        out, "PNG"
    )
    return out.getvalue()
