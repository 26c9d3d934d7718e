"""Draw a page of a PDF that was looked through before: `page.py NUMBER SIDE`, from 0; in pixels."""

from __future__ import annotations

import io
import json
import sys

import pypdfium2

QUALITY = 82


def drawn(data: bytes, number: int, side: int) -> bytes:
    """The page as a JPEG, its longer side so long. Raises whatever the library raises."""
    # Without forms: what is drawn is what lies on the page, and nothing in the file is run.
    page = pypdfium2.PdfDocument(data)[number]
    scale = side / max(*page.get_size(), 1)
    image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def main() -> None:
    """Draw stdin; what cannot be drawn has no picture."""
    number, side = (int(word) for word in sys.argv[1:3])
    try:
        told, kept = {"type": "image/jpeg"}, drawn(sys.stdin.buffer.read(), number, side)
    except Exception:
        told, kept = {"refused": "damaged"}, b""
    sys.stdout.buffer.write(json.dumps(told).encode("ascii") + b"\n" + kept)


if __name__ == "__main__":
    main()
