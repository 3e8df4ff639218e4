#!/usr/bin/env python3
"""CPU of whole processes on the same apps: this program against exodus-core and androguard, in one run.

    python3 tests/scale/peers.py target/release/sdkaudit PYTHON APK...

PYTHON has both packages (`pip install exodus-core androguard`). exodus-core fetches its list of trackers at run time; so that nothing
depends on the network it gets a saved copy (reference/peers/exodus_trackers.json under SDKAUDIT_SHARED, else ../shared), or one made of
this repository's trackers. Every tool runs ROUNDS times in turn; medians of user and system time are printed, with their ratios.
"""

import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

ROUNDS = 3
ROOT = pathlib.Path(__file__).resolve().parents[2]

EXODUS = """
import collections, json, logging, sys
logging.disable(logging.CRITICAL)
from exodus_core.analysis.static_analysis import StaticAnalysis
class Offline(StaticAnalysis):
    def load_trackers_signatures(self):
        kind = collections.namedtuple("tracker", "id name code_signature network_signature website")
        self.signatures = [kind(*row) for row in json.load(open(sys.argv[2]))]
        self._compile_signatures()
analysis = Offline(sys.argv[1])
print(len(analysis.detect_trackers()), len(analysis.get_permissions()))
"""

ANDROGUARD = """
import sys
from loguru import logger
logger.disable("androguard")
from androguard.core.apk import APK
from androguard.core.dex import DEX
apk = APK(sys.argv[1])
print(sum(len(list(DEX(dex).get_classes_names())) for dex in apk.get_all_dex()), len(apk.get_permissions()))
"""


def trackers():
    """Rows as exodus-core's list has them: a tracker with its prefixes as an expression."""
    saved = pathlib.Path(os.environ.get("SDKAUDIT_SHARED", ROOT / "../shared")) / "reference/peers/exodus_trackers.json"
    if saved.is_file():
        known = json.loads(saved.read_text(encoding="utf-8"))
        return [[one["id"], one["name"], one["code_signature"], one["network_signature"], ""] for one in known]
    rows = []
    for path in sorted((ROOT / "sdk-signatures").glob("*/*.json")):
        sdk = json.loads(path.read_text(encoding="utf-8"))
        if sdk.get("tracker") and sdk["detect"].get("packages"):
            rows.append([len(rows), sdk["id"], "|".join(sdk["detect"]["packages"]), "NC", ""])
    return rows


def cpu(command):
    """User and system time of one process, seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    tool, python, apps = sys.argv[1], sys.argv[2], sys.argv[3:]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as rows:
        json.dump(trackers(), rows)
        rows.flush()
        for app in apps:
            commands = {
                "sdkaudit": [tool, "inspect", "-fjson", app],
                "exodus-core": [python, "-c", EXODUS, app, rows.name],
                "androguard": [python, "-c", ANDROGUARD, app],
            }
            times = {name: [] for name in commands}
            for _ in range(ROUNDS):
                for name, command in commands.items():
                    times[name].append(cpu(command))
            middle = {name: statistics.median(values) * 1000 for name, values in times.items()}
            own = middle["sdkaudit"]
            figures = "  ".join(f"{name} {value:.0f} ms ({value / own:.0f} x)" for name, value in middle.items())
            print(f"{pathlib.Path(app).name}: {figures}")


if __name__ == "__main__":
    main()
