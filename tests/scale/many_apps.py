#!/usr/bin/env python3
"""Ten thousand apps through `sdkaudit batch`, run by hand (see docs/performance.md, "Many apps").

  python3 tests/scale/many_apps.py target/release/sdkaudit [--apps 10000] [--largest BYTES] [--kills 5] [--keep DIR]

Makes a folder of hard links to the corpus (SDKAUDIT_SHARED, else ../shared: corpus/apk) and the sample app, one in a hundred
broken, and checks that
  - every input has its row exactly once, the broken ones too,
  - one thread and two give the same bytes,
  - a run killed at random moments and resumed gives the bytes of an undisturbed one,
  - memory does not grow over the run.
Prints CPU time per app and the memory over time. Ends with 1 where a check fails.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def corpus(largest):
    shared = pathlib.Path(os.environ.get("SDKAUDIT_SHARED", ROOT.parent / "shared"))
    apps = sorted((shared / "corpus" / "apk").glob("*.apk"))
    if not apps:
        sys.exit(f"no corpus in {shared}: set SDKAUDIT_SHARED")
    apps.append(ROOT / "samples" / "meterpay.apk")
    return [app for app in apps if app.stat().st_size <= largest]


def link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)


def fill(folder, sources, count, chance):
    """`count` apps in folders of a thousand, every hundredth broken in one of four ways."""
    for number in range(count):
        place = folder / f"{number // 1000:02}"
        place.mkdir(exist_ok=True)
        source = sources[number % len(sources)]
        target = place / f"{number:05}-{source.stem}.apk"
        if number % 100 != 99:
            link(source, target)
            continue
        whole = source.read_bytes()
        broken = [whole[: chance.randrange(len(whole))], b"", b"<html>not found</html>\n" * 9, chance.randbytes(5000)]
        target.write_bytes(broken[number // 100 % 4])


class Run:
    """One run of the program, its memory looked at four times a second."""

    def __init__(self, program, folder, rows, jobs, resume=False):
        command = [program, "batch", folder, "-o", rows, "--sorted", "-q", "-j", str(jobs)] + ["--resume"] * resume
        self.start = time.monotonic()
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE)
        self.memory = []
        self.peak = 0

    def look(self):
        try:
            status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return
        for line in status.splitlines():
            if line.startswith("VmRSS:"):
                self.memory.append(int(line.split()[1]))
            # Not the rusage of the child: that begins with this script's own memory.
            if line.startswith("VmHWM:"):
                self.peak = max(self.peak, int(line.split()[1]))

    def finish(self):
        while True:
            pid, _, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                break
            self.look()
            time.sleep(0.25)
        self.seconds = time.monotonic() - self.start
        self.cpu = usage.ru_utime + usage.ru_stime
        self.said = self.process.stderr.read().decode().strip()
        return self


def show(name, run, count):
    tenths = [run.memory[len(run.memory) * part // 10] // 1024 for part in range(10)] if run.memory else []
    print(f"{name}: {run.seconds:.1f} s, CPU {run.cpu:.1f} s = {run.cpu / count * 1000:.2f} ms/app, peak {run.peak / 1024:.1f} MiB")
    print(f"  memory in MiB at every tenth of the run: {tenths}")
    print(f"  {run.said}")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("program")
    options.add_argument("--apps", type=int, default=10_000)
    options.add_argument("--largest", type=int, default=1 << 40, help="leave out larger corpus apps")
    options.add_argument("--kills", type=int, default=5)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--keep", help="folder for the rows, kept")
    options = options.parse_args()
    chance = random.Random(options.seed)
    work = pathlib.Path(options.keep or tempfile.mkdtemp(prefix="sdkaudit-scale-"))
    apps = work / "apps"
    apps.mkdir(parents=True)
    sources = corpus(options.largest)
    fill(apps, sources, options.apps, chance)
    size = sum(path.stat().st_size for path in apps.rglob("*.apk"))
    print(f"{options.apps} apps, {size / 1e9:.2f} GB, from {len(sources)} files")
    failures = []

    def check(holds, what):
        print(("ok      " if holds else "FAILED  ") + what)
        if not holds:
            failures.append(what)

    rows = {jobs: work / f"rows-{jobs}.jsonl" for jobs in (1, 2)}
    runs = {jobs: Run(options.program, apps, rows[jobs], jobs).finish() for jobs in (1, 2)}
    for jobs, run in runs.items():
        show(f"-j {jobs}", run, options.apps)
    print(f"CPU of two threads: {runs[2].cpu / runs[1].cpu:.3f} of one thread's")
    paths, broken = [], 0
    with open(rows[1]) as lines:
        for line in lines:
            row = json.loads(line)
            paths.append(row["source"]["path"])
            broken += row["status"] == "error"
    check(sorted(paths) == sorted(map(str, apps.rglob("*.apk"))), "every input has its row exactly once")
    check(broken == options.apps // 100, f"{broken} broken inputs have a row that says so")
    whole = rows[1].read_bytes()
    check(rows[2].read_bytes() == whole, "two threads write the bytes of one")
    for jobs, run in runs.items():
        later = run.memory[len(run.memory) // 3 :]
        check(bool(later) and max(later) <= max(run.memory[: len(run.memory) // 3] or [0]) * 1.1, f"memory does not grow, -j {jobs}")

    killed = work / "killed.jsonl"
    for kill in range(options.kills):
        run = Run(options.program, apps, killed, 2, resume=kill > 0)
        time.sleep(runs[2].seconds / (options.kills + 1) * chance.uniform(0.4, 1.2))
        run.process.kill()
        ended = run.process.wait()
        there = killed.read_bytes().count(b"\n")
        print(f"killed after {time.monotonic() - run.start:.1f} s: {there} rows are there")
        check(ended == -9 and there < options.apps, "it was killed in the middle")
    last = Run(options.program, apps, killed, 2, resume=True).finish()
    show("the rest", last, options.apps)
    check(killed.read_bytes() == whole, f"killed {options.kills} times and resumed: the bytes of an undisturbed run")
    if not options.keep:
        shutil.rmtree(work)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
