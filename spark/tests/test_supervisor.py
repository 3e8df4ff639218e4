"""The supervisor alone: no Spark, no sdkaudit. ``python3 -m unittest discover spark/tests``."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import sdkaudit_spark as sut  # noqa: E402

FAKE = [sys.executable, os.path.join(HERE, "fake_worker.py")]


def alive(pid: int) -> bool:
    """Whether a process runs: one that nobody has reaped yet does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def gone(pid: int, seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return not alive(pid)


class Case(unittest.TestCase):
    def setUp(self) -> None:
        self.state = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.state, ignore_errors=True)

    def supervisor(self, **limits) -> sut.Supervisor:
        limits = {"timeout": 20.0, "memory_mib": 1024, **limits}
        supervisor = sut.Supervisor([*FAKE, self.state], sut.Limits(**limits))
        self.addCleanup(supervisor.close)
        return supervisor


class Fates(Case):
    def check(self, supervisor, name, status, fate, scans) -> sut.Answer:
        answer = supervisor.ask({"uri": name})
        self.assertEqual((answer.status, answer.fate, answer.scans), (status, fate, scans), answer.row[:400])
        row = json.loads(answer.row)
        self.assertEqual((row["status"], row["source"]["path"]), (status, name))
        return answer

    def test_good_files_have_one_child(self) -> None:
        supervisor = self.supervisor()
        pids = set()
        for name in ("a", "b c", "d\u00e9", "big", "noise", "e"):
            answer = self.check(supervisor, name, "ok", sut.ANSWERED, 1)
            pids.add(json.loads(answer.row)["app"]["pid"])
            self.assertEqual((answer.file_bytes, answer.file_sha256), (3, "cd" * 32))
        self.assertEqual((supervisor.starts, len(pids)), (1, 1))
        self.assertEqual(supervisor.maker, "9.9.9 abababababababab 0123456789abcdef")

    def test_a_file_is_blamed_on_its_second_strike_only(self) -> None:
        supervisor = self.supervisor()
        cases = (("abort", sut.CRASHED), ("leave", sut.CRASHED), ("memory", sut.OUT_OF_MEMORY), ("other", sut.GARBLED),
                 ("twice", sut.GARBLED), ("torn", sut.CRASHED))  # fmt: skip
        for number, (name, fate) in enumerate(cases):
            answer = self.check(supervisor, name, "error", fate, 2)
            row = json.loads(answer.row)
            self.assertEqual((row["app"], row["stamp"]["version"], row["options"]), (None, "9.9.9", "0123456789abcdef"))
            self.assertIn(fate, row["error"]["message"])
            self.check(supervisor, f"good{number}", "ok", sut.ANSWERED, 1)
        self.check(supervisor, "flaky", "ok", sut.ANSWERED, 2)
        self.assertIn("overflowed its stack", supervisor.ask({"uri": "abort"}).row)

    def test_a_hang_ends_with_all_that_it_started(self) -> None:
        supervisor = self.supervisor(timeout=0.5)
        self.check(supervisor, "hang", "error", sut.TIMED_OUT, 2)
        with open(os.path.join(self.state, "grandchild"), encoding="ascii") as file:
            self.assertTrue(gone(int(file.read())))
        self.check(supervisor, "good", "ok", sut.ANSWERED, 1)

    def test_a_death_by_another_hand_blames_nobody(self) -> None:
        supervisor = self.supervisor(patience=2)
        self.check(supervisor, "murdered", "ok", sut.ANSWERED, 2)
        self.check(supervisor, "doomed", "error", sut.INTERRUPTED, 3)
        self.check(supervisor, "good", "ok", sut.ANSWERED, 1)

    def test_killed_between_and_during_requests(self) -> None:
        supervisor = self.supervisor()
        for number in range(5):
            self.check(supervisor, f"good{number}", "ok", sut.ANSWERED, 1)
            os.kill(supervisor._child.process.pid, signal.SIGKILL)
            answer = supervisor.ask({"uri": f"after{number}"})
            self.assertEqual((answer.fate, answer.status), (sut.ANSWERED, "ok"))
            self.assertLessEqual(answer.scans, 2)

    def test_a_worker_that_cannot_work_is_no_files_fault(self) -> None:
        for command in (["/no/such/program"], ["/bin/false"], ["/bin/echo", "hello"]):
            with self.subTest(command=command), self.assertRaises(sut.Unusable):
                sut.Supervisor(command).ask({"uri": "a"})

    def test_requests_carry_what_is_known(self) -> None:
        script = "import sys\nsys.stdin.readline()\nprint('{\"status\":\"error\",\"source\":{\"path\":\"\"}}',flush=True)\n" \
                 "open(sys.argv[1]+'/line','w').write(sys.stdin.readline())"  # fmt: skip
        supervisor = sut.Supervisor([sys.executable, "-c", script, self.state], sut.Limits(timeout=5, strikes=1))
        supervisor.ask({"uri": "s3a://b/\u00e4 b.apk", "size": 7, "sha256": None, "policy": "file:///p/q.md"})
        with open(os.path.join(self.state, "line"), encoding="utf-8") as line:
            self.assertEqual(json.load(line), {"uri": "s3://b/\u00e4 b.apk", "size": 7, "policy": "/p/q.md"})


class Processes(Case):
    def test_four_threads_do_not_mix_replies(self) -> None:
        wrong, done = [], []

        def work(thread: int) -> None:
            with sut.Supervisor([*FAKE, self.state], sut.Limits(timeout=20)) as supervisor:
                for number in range(60):
                    name = f"abort-{thread}-{number}" if number % 20 == 7 else f"good-{thread}-{number}"
                    row = json.loads(supervisor.ask({"uri": name}).row)
                    if row["source"]["path"] != name or (row["status"] == "ok") != name.startswith("good"):
                        wrong.append((name, row))
                    done.append(name)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((wrong, len(done)), ([], 240))

    def test_no_child_outlives_its_parent(self) -> None:
        for how in (signal.SIGKILL, signal.SIGTERM):
            program = textwrap.dedent(f"""
                import sdkaudit_spark as sut
                supervisor = sut.Supervisor({[*FAKE, self.state]!r}, sut.Limits(timeout=600))
                supervisor.ask({{"uri": "good"}})
                print(supervisor._child.process.pid, flush=True)
                supervisor.ask({{"uri": "hang"}})
            """)
            parent = subprocess.Popen(
                [sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=os.path.dirname(HERE), text=True
            )
            child = int(parent.stdout.readline())
            self.assertTrue(alive(child))
            parent.send_signal(how)
            parent.wait()
            parent.stdout.close()
            self.assertTrue(gone(child), f"the child outlives a parent that ended by {how!r}")
            self.reap_grandchild()

    def reap_grandchild(self) -> None:
        # The fake's own child is nobody's business here; it must not stay behind.
        path = os.path.join(self.state, "grandchild")
        if os.path.exists(path):
            with open(path, encoding="ascii") as file:
                pid = int(file.read() or 0)
            if pid and alive(pid):
                os.kill(pid, signal.SIGKILL)

    def test_closing_leaves_nothing(self) -> None:
        supervisor = self.supervisor()
        supervisor.ask({"uri": "good"})
        pid = supervisor._child.process.pid
        supervisor.close()
        self.assertFalse(alive(pid))


class Names(unittest.TestCase):
    def test_locations(self) -> None:
        for uri, expected in (
            ("s3a://b/k.apk", "s3://b/k.apk"), ("s3n://b/k", "s3://b/k"), ("gs://b/k", "gs://b/k"), ("/a:b/c", "/a:b/c"),
            ("file:///a%20b", "/a b"), ("file:/a", "/a"), ("dbfs:/m/a.apk", "/dbfs/m/a.apk"), ("a.apk", "a.apk"),
        ):  # fmt: skip
            self.assertEqual(sut.location(uri), expected)

    def test_heads(self) -> None:
        row = b'{"schema_version":"1.0","status":"gap","source":{"path":"a}\\"{","bytes":1,"sha256":null},"app":{}}'
        self.assertEqual(sut._head(row), ("gap", {"path": 'a}"{', "bytes": 1, "sha256": None}))
        other = b'{"source":{"path":"b"},"status":"ok"}'
        self.assertEqual(sut._head(other), ("ok", {"path": "b"}))
        for broken in (b"", b"[]", b"null", b"{", b'{"status":"ok"}'):
            self.assertIsNone(sut._head(broken))

    def test_the_program_is_found_or_named(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            plain = os.path.join(folder, "sdkaudit")
            shutil.copyfile("/bin/sh", plain)
            found = sut.find_binary(plain)
            self.assertTrue(os.access(found, os.X_OK))
            self.assertNotEqual(found, plain, "a file that cannot be run is copied, not changed")
            shutil.rmtree(os.path.dirname(found))
        with self.assertRaises(sut.Unusable):
            sut.find_binary("/no/such/sdkaudit")


if __name__ == "__main__":
    unittest.main()
