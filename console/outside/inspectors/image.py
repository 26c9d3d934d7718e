"""Read a JPEG or PNG and write it anew: its pixels alone, upright, no larger than needed."""

from __future__ import annotations

import base64
import io
import json
import struct
import sys
import zlib

from PIL import Image, ImageFile, ImageOps, PngImagePlugin

# A JPEG is unpacked at a fraction of its size, a PNG as a whole, and at times twice.
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 30_000_000}
LONGEST_SIDE = 3000  # A4 at 250 dots per inch
THUMBNAIL = 320
LARGEST = 10 * 1024 * 1024
QUALITY = 92

Image.MAX_IMAGE_PIXELS = MOST_PIXELS["JPEG"]
ImageFile.LOAD_TRUNCATED_IMAGES = False
PngImagePlugin.MAX_TEXT_MEMORY = 4 * 1024 * 1024


class Refused(Exception):
    """The file is not taken; the code says why."""


def inflates_beyond_its_size(data: bytes) -> bool:
    """Whether a PNG's pixel data unpack to more than width and height can hold."""
    width, height, depth, colour = struct.unpack(">IIBB", data[16:26])
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour, 4)
    # Interlacing (seven passes) adds at most a filter byte for each row of each pass.
    fits = height * ((width * channels * depth + 7) // 8 + 1) + 8 * (width + height) + 64
    unpack, seen, at = zlib.decompressobj(), 0, 8
    while at + 8 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        chunk = data[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        while chunk:
            seen += len(unpack.decompress(chunk, 1 << 20))
            if seen > fits:
                return True
            chunk = unpack.unconsumed_tail
        at += 12 + length
    return False


def opened(data: bytes) -> Image.Image:
    """The image, its size looked at before any pixel is unpacked. Raises Refused."""
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
    except Image.DecompressionBombError:
        raise Refused("pixels") from None
    kind = "PNG" if image.format == "PNG" else "JPEG"
    if image.width * image.height > MOST_PIXELS[kind]:
        raise Refused("pixels")
    if kind == "PNG" and inflates_beyond_its_size(data):
        raise Refused("bomb")
    return image


def upright(image: Image.Image) -> Image.Image:
    """The pixels as they are looked at, small enough, in a mode both formats know."""
    if image.format != "PNG":
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # unpacks no more than is needed
    image.load()
    clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if image.mode in ("1", "P", "PA"):
        image = image.convert("L" if image.mode == "1" else "RGBA" if clear else "RGB")
    elif image.mode.startswith("I"):
        image = image.convert("I")
    # Small first: a copy of the pixels as they came would double the memory.
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=1.1)
    if image.mode == "I":  # 16 bits for each pixel
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    turned = ImageOps.exif_transpose(image)
    if clear:
        # Papers are looked at on white; a clear background could hide what is on them.
        layer = turned.convert("RGBA")
        white = Image.new("RGB", layer.size, "white")
        white.paste(layer, mask=layer.getchannel("A"))
        return white
    return turned if turned.mode in ("L", "RGB") else turned.convert("RGB")


def written(image: Image.Image, kind: str) -> bytes:
    """The pixels and nothing else: neither metadata nor a profile is passed on."""
    plain = Image.frombytes(image.mode, image.size, image.tobytes())
    out = io.BytesIO()
    if kind == "PNG":
        plain.save(out, "PNG", compress_level=6)
    else:
        plain.save(out, "JPEG", quality=QUALITY, subsampling=0, optimize=False)
    return out.getvalue()


def inspect(data: bytes) -> tuple[dict[str, object], bytes]:
    """What is to be said of the image, and the image to keep. Raises Refused."""
    image = opened(data)
    kind = "PNG" if image.format == "PNG" else "JPEG"
    image = upright(image)
    kept = written(image, kind)
    if len(kept) > LARGEST:
        kind, kept = "JPEG", written(image, "JPEG")
    size = image.size
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    thumbnail = base64.b64encode(written(image.convert("RGB"), "JPEG")).decode("ascii")
    told = {"type": f"image/{kind.lower()}", "width": size[0], "height": size[1]}
    return {**told, "thumbnail": thumbnail}, kept


def main() -> None:
    """Look at stdin. Whatever a decoder stumbles over is a file that cannot be read."""
    kept = b""
    try:
        told, kept = inspect(sys.stdin.buffer.read())
    except Refused as refusal:
        told = {"refused": str(refusal)}
    except MemoryError:
        told = {"refused": "memory"}
    except Exception:
        told = {"refused": "damaged"}
    sys.stdout.buffer.write(json.dumps(told).encode("ascii") + b"\n" + kept)


if __name__ == "__main__":
    main()
