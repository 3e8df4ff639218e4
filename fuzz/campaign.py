#!/usr/bin/env python3
"""Runs the fuzz targets in turn until each has had its share of processor time, and keeps count.

    campaign.py run [--totals FILE] [--processes N] [--until HH:MM]   needs the programs that `cargo +nightly fuzz build` makes
    campaign.py render FILE docs/fuzzing.md                           puts the table of totals into the page

What counts is the processor time of the target's process, not the clock: on a busy machine they differ by ten. A target that holds three
unsolved crashes rests until they are taken away from artifacts/<target>.
"""
import argparse
import datetime
import json
import os
import re
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

HERE = Path(__file__).resolve().parent
LONG = {"zip", "axml", "dex", "html", "pdf"}
SHORT = {"arsc", "elf", "class", "signing", "docx", "text", "markdown", "csv", "json", "play", "plist"}
# Long ones first, then those whose input the outside world writes.
ORDER = ["zip", "axml", "dex", "html", "pdf", "arsc", "docx", "class", "elf", "signing", "text", "markdown", "csv", "json", "play", "plist"]
MAX_LENGTH = {"zip": 1 << 16, "dex": 1 << 16, "pdf": 1 << 18, "docx": 1 << 17, "elf": 1 << 17}
CHUNK = 60.0
UNSOLVED = 3


def goal(target):
    return 60.0 * (20 if target in LONG else 5)


def programs():
    target = Path(os.environ.get("CARGO_TARGET_DIR", HERE / "target"))
    return target / "x86_64-unknown-linux-gnu" / "release"


def unsolved(target):
    folder = HERE / "artifacts" / target
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def command(target):
    corpus, artifacts = HERE / "corpus" / target, HERE / "artifacts" / target
    corpus.mkdir(parents=True, exist_ok=True)
    artifacts.mkdir(parents=True, exist_ok=True)
    out = [str(programs() / target), str(corpus), f"-artifact_prefix={artifacts}/", "-rss_limit_mb=512", "-timeout=300", "-print_final_stats=1",
           f"-max_len={MAX_LENGTH.get(target, 1 << 16)}"]
    dictionary = HERE / "dictionaries" / f"{target}.dict"
    words = dictionary if dictionary.exists() else HERE / "dictionaries" / "policy.dict"
    if dictionary.exists() or target in {"text", "markdown", "csv", "play", "plist", "docx", "pdf"}:
        out.append(f"-dict={words}")
    return out


def used(pid):
    """Processor seconds of a process so far."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def chunk(target, seconds, stop):
    """One run; what it cost and what it found."""
    environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0:detect_odr_violation=0:quarantine_size_mb=8:malloc_context_size=4:allocator_may_return_null=0")
    log = HERE / "artifacts" / f"{target}.log"
    log.parent.mkdir(exist_ok=True)
    before = unsolved(target)
    with open(log, "wb") as out:
        child = subprocess.Popen(command(target), stdout=out, stderr=out, env=environment, preexec_fn=lambda: os.nice(19))
    asked = False
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        if not asked and (used(child.pid) >= seconds or time.time() > stop):
            asked = True
            child.send_signal(signal.SIGINT)
        time.sleep(0.5)
    child.returncode = status
    text = log.read_text(errors="replace")
    number = lambda pattern: max((int(found) for found in re.findall(pattern, text)), default=0)
    executions = number(r"stat::number_of_executed_units:\s*(\d+)") or number(r"^#(\d+)\s")
    return {"cpu": usage.ru_utime + usage.ru_stime, "executions": executions, "coverage": number(r"cov: (\d+)"),
            "features": number(r"ft: (\d+)"), "rss": usage.ru_maxrss // 1024, "crashes": max(0, unsolved(target) - before)}


def run(arguments):
    path = Path(arguments.totals)
    totals = json.loads(path.read_text()) if path.exists() else {}
    stop = float("inf")
    if arguments.until:
        hour, minute = map(int, arguments.until.split(":"))
        stop = datetime.datetime.now().replace(hour=hour, minute=minute, second=0).timestamp()
    lock, running = Lock(), set()

    def entry(target):
        return totals.setdefault(target, {"cpu": 0.0, "executions": 0, "coverage": 0, "features": 0, "rss": 0, "crashes": 0, "runs": 0})

    def take():
        """The target that has had the least of its share; targets that have none of it come first, in their order."""
        with lock:
            open_ = [one for one in ORDER if one not in running and entry(one)["cpu"] < goal(one) and unsolved(one) < UNSOLVED]
            chosen = min(open_, key=lambda one: entry(one)["cpu"] // CHUNK, default=None)
            if chosen:
                running.add(chosen)
            return chosen

    def work(_):
        while time.time() < stop:
            target = take()
            if target is None:
                with lock:
                    finished = all(entry(one)["cpu"] >= goal(one) for one in ORDER)
                if finished:
                    return
                time.sleep(5)
                continue
            found = chunk(target, min(CHUNK, max(5.0, goal(target) - entry(target)["cpu"] + 1)), stop)
            with lock:
                one = entry(target)
                for key in ("cpu", "executions", "crashes"):
                    one[key] += found[key]
                for key in ("coverage", "features", "rss"):
                    one[key] = max(one[key], found[key])
                one["runs"] += 1
                running.discard(target)
                path.write_text(json.dumps(totals, indent=1, sort_keys=True))

    with ThreadPoolExecutor(arguments.processes) as pool:
        list(pool.map(work, range(arguments.processes)))


def render(arguments):
    totals = json.loads(Path(arguments.totals).read_text())
    rows = ["| target | processor minutes | asked | executions | edges | features | peak MiB (with the sanitizer) |", "| --- | --: | --: | --: | --: | --: | --: |"]
    for target in ORDER:
        one = totals.get(target, {})
        rows.append(f"| {target} | {one.get('cpu', 0) / 60:.1f} | {goal(target) / 60:.0f} | {one.get('executions', 0):,} | "
                    f"{one.get('coverage', 0):,} | {one.get('features', 0):,} | {one.get('rss', 0)} |")
    whole = sum(one["cpu"] for one in totals.values()) / 60
    rows.append(f"\nTogether {whole:.0f} processor minutes and {sum(one['executions'] for one in totals.values()):,} executions.")
    page = Path(arguments.page)
    text = page.read_text()
    start, end = "<!-- totals: written by fuzz/campaign.py render -->\n", "<!-- end of totals -->"
    head, rest = text.split(start)
    page.write_text(head + start + "\n".join(rows) + "\n" + end + rest.split(end)[1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    running = commands.add_parser("run")
    running.add_argument("--totals", default=HERE / "totals.json")
    running.add_argument("--processes", type=int, default=1)
    running.add_argument("--until")
    running.set_defaults(act=run)
    rendering = commands.add_parser("render")
    rendering.add_argument("totals")
    rendering.add_argument("page")
    rendering.set_defaults(act=render)
    arguments = parser.parse_args()
    arguments.act(arguments)
