"""`sdkaudit worker` with a log of what is begun, and bad manners for marked files: the real one survives them all.

Usage: poisoned_worker.py LOG DELAY BINARY worker [OPTIONS]. Each worker writes its own file below LOG, a line for every request.
"""

import json
import os
import subprocess
import sys
import time

LOG, DELAY, COMMAND = sys.argv[1], float(sys.argv[2]), sys.argv[3:]


def misbehave(name: str) -> None:
    if "poison-abort" in name:
        os.abort()
    if "poison-hang" in name:
        time.sleep(3600)
    if "poison-memory" in name:
        hoard = []
        while True:
            hoard.append(bytearray(64 << 20))


def main() -> None:
    worker = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with open(os.path.join(LOG, str(os.getpid())), "a", encoding="utf-8") as log:
        for line in sys.stdin.buffer:
            if line.strip():
                uri = json.loads(line)["uri"]
                log.write(uri + "\n")
                log.flush()
                misbehave(uri)
                time.sleep(DELAY)
            worker.stdin.write(line)
            worker.stdin.flush()
            sys.stdout.buffer.write(worker.stdout.readline())
            sys.stdout.buffer.flush()
    worker.stdin.close()
    sys.exit(worker.wait())


main()
