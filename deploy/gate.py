#!/usr/bin/env python3
"""Whether the rows of a run's parts are exactly one for each input: ``gate.py MANIFEST ROWS...``.

MANIFEST holds JSON Lines or one path a line, as `sdkaudit batch` reads it; paths in it are meant from its own folder. Ends with 0 where
inputs = rows = distinct rows and both name the same apps, else with 1 and up to ten examples of what is wrong.
"""

import json
import os
import sys
from collections import Counter


def inputs(manifest: str) -> set:
    """The apps of a manifest, named as rows name them."""
    folder = os.path.dirname(manifest)
    found = set()
    with open(manifest, encoding="utf-8-sig") as lines:
        for line in filter(None, map(str.strip, lines)):
            name = line
            if line.startswith("{"):
                entry = json.loads(line)
                name = entry.get("uri") or entry["path"]
            found.add(name if "://" in name else os.path.join(folder, name))
    return found


def main(manifest: str, parts: list) -> int:
    wanted = inputs(manifest)
    rows = Counter()
    for part in parts:
        with open(part, encoding="utf-8") as lines:
            rows.update(json.loads(line)["source"]["path"] for line in lines)
    missing, strange = wanted - rows.keys(), rows.keys() - wanted
    twice = [path for path, count in rows.items() if count > 1]
    print(f"{len(wanted)} inputs, {sum(rows.values())} rows, {len(rows)} of them distinct")
    for text, paths in (("without a row", missing), ("not in the manifest", strange), ("more than once", twice)):
        for path in sorted(paths)[:10]:
            print(f"{text}: {path}", file=sys.stderr)
    return 1 if missing or strange or twice else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
