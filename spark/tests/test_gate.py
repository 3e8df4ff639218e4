"""deploy/gate.py and deploy/array.sh: what holds the parts of a run together where there is no Spark."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

DEPLOY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "deploy")


class Gate(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name: str, lines: list) -> str:
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
        return path

    def gate(self, manifest: str, *parts: str) -> tuple:
        command = [sys.executable, os.path.join(DEPLOY, "gate.py"), manifest, *parts]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.strip(), done.stderr.split("\n")

    def rows(self, name: str, *paths: str) -> str:
        full = [path if "://" in path else os.path.join(self.folder, path) for path in paths]
        return self.write(name, [json.dumps({"source": {"path": path}}) for path in full])

    def test_each_input_once(self) -> None:
        manifest = self.write("m.jsonl", ['{"uri": "s3://b/a.apk"}', "", '{"path": "b.apk"}', "c.apk"])
        first, second = self.rows("1", "s3://b/a.apk"), self.rows("2", "b.apk", "c.apk")
        self.assertEqual(self.gate(manifest, first, second), (0, "3 inputs, 3 rows, 3 of them distinct", [""]))

    def test_what_is_wrong_is_named(self) -> None:
        manifest = self.write("m.txt", ["a.apk", "b.apk"])
        code, _, said = self.gate(manifest, self.rows("1", "a.apk", "x.apk"), self.rows("2", "a.apk"))
        self.assertEqual(code, 1)
        for text, name in (("without a row", "b.apk"), ("not in the manifest", "x.apk"), ("more than once", "a.apk")):
            self.assertIn(f"{text}: {os.path.join(self.folder, name)}", said)

    def test_array_tasks_count_from_one(self) -> None:
        log = os.path.join(self.folder, "log")
        fake = self.write("fake", ["#!/bin/sh", f'echo "$@" >> {log}', "exit ${CODE:-2}"])
        os.chmod(fake, 0o755)

        def task(**environment: str) -> int:
            command = ["sh", os.path.join(DEPLOY, "array.sh"), "m.txt", "rows", "5"]
            bare = {"PATH": os.environ["PATH"], "SDKAUDIT_BIN": fake, **environment}
            return subprocess.run(command, env=bare, capture_output=True, check=False).returncode

        self.assertEqual([task(SHARD="0"), task(SLURM_ARRAY_TASK_ID="4"), task(AWS_BATCH_JOB_ARRAY_INDEX="2")], [0, 0, 0])
        self.assertEqual([task(SHARD="1", CODE="137"), task()], [137, 64])
        with open(log, encoding="utf-8") as lines:
            shards = [line.split("--shard ")[1].split()[0] for line in lines]
        self.assertEqual(shards, ["1/5", "5/5", "3/5", "2/5"])


if __name__ == "__main__":
    unittest.main()
