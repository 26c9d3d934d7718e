"""Bring the Chinese catalogue up to date with the sources.

tools/translations.py                extract, update, compile; say what is untranslated
tools/translations.py FILE.json …    the same, with translations {"English": "中文"} from files
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from catalogue import FOLDER, PO, from_file, from_sources, merged, missing, mo_bytes, write


def main(names: list[str]) -> int:
    """Write the catalogue; 1 where something is untranslated."""
    new: dict[str, str] = {}
    for name in names:
        new |= json.loads(Path(name).read_text(encoding="utf-8"))
    done = merged(from_sources(), from_file(), new)
    write(done)
    for other in sorted(FOLDER.glob("*.po")):
        if other != PO:  # those of the packages, which have no sources here
            other.with_suffix(".mo").write_bytes(mo_bytes(from_file(other)))
    gaps = missing(done)
    for gap in gaps:
        print(json.dumps(gap, ensure_ascii=False))
    print(f"{len(list(done)) - 1} texts, {len(gaps)} without a translation", file=sys.stderr)
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
