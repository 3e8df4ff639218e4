"""A worker that does what a file's name says: for tests of the supervisor."""

import json
import os
import signal
import subprocess
import sys
import time

STATE = sys.argv[1] if len(sys.argv) > 1 else None


def first_time(name: str) -> bool:
    """Whether this is the first worker that sees a file."""
    path = os.path.join(STATE, os.path.basename(name))
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
        return True
    except FileExistsError:
        return False


def row(path: str, status: str = "ok", filler: str = "") -> str:
    stamp = {"tool": "sdkaudit", "version": "9.9.9", "signatures": {"count": 1, "digest": "ab" * 32}}
    source = {"path": path, "bytes": 3, "sha256": "cd" * 32}
    shape = {"schema_version": "1.0", "status": status, "source": source, "stamp": stamp, "options": "0123456789abcdef",
             "times": None, "declared": None, "error": None, "app": {"filler": filler, "pid": os.getpid()}}  # fmt: skip
    return json.dumps(shape, separators=(",", ":")) + "\n"


def misbehave(path: str) -> str:
    name = os.path.basename(path)
    if name.startswith("hang"):
        # What it starts must end with it.
        child = subprocess.Popen(["sleep", "600"])
        open(os.path.join(STATE, "grandchild"), "w").write(str(child.pid))
        time.sleep(600)
    if name.startswith("abort"):
        sys.stderr.write("thread 'main' has overflowed its stack\n")
        sys.stderr.flush()
        os.abort()
    if name.startswith("memory"):
        hoard = [bytearray(64 << 20) for _ in range(1000)]
        return row(str(len(hoard)))
    if name.startswith("leave"):
        os._exit(0)
    if name.startswith("flaky") and first_time(name):
        os.abort()
    if name.startswith("murdered") and first_time(name):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("doomed"):
        os.kill(os.getpid(), signal.SIGTERM)
    if name.startswith("other"):
        return row("somebody else")
    if name.startswith("twice"):
        return row(path) + row(path)
    if name.startswith("torn"):
        sys.stdout.write(row(path)[:-20])
        sys.stdout.flush()
        os.abort()
    if name.startswith("noise"):
        sys.stderr.write("x" * 1_000_000)
    return row(path, filler="y" * (3 << 20) if name.startswith("big") else "")


for line in sys.stdin:
    if not line.strip():
        sys.stdout.write(row("", "error"))
    else:
        sys.stdout.write(misbehave(json.loads(line)["uri"]))
    sys.stdout.flush()
