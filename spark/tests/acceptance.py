"""What issue 9 asks for, on a real cluster. Run by ``spark/tests/acceptance``."""

import argparse
import contextlib
import glob
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter

import pyarrow.parquet as pq
import pyspark

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MODULE = os.path.join(ROOT, "spark", "sdkaudit_spark.py")
sys.path.insert(0, os.path.dirname(MODULE))

import sdkaudit_spark as sut  # noqa: E402

BINARY = os.path.abspath(os.environ["SDKAUDIT_BIN"])
SPARK = os.path.dirname(pyspark.__file__)
#: Executor cores: two workers with two each.
WORKERS, CORES = 2, 2
#: Seconds that are added to each scan, so that there is a middle in which to kill.
DELAY = 0.03
TIMEOUT = 6
BUCKET = "apps"
POISON = {"abort": sut.CRASHED, "hang": sut.TIMED_OUT, "memory": sut.OUT_OF_MEMORY}

#: What keeps short-lived Java processes from compiling more than they run.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

START = time.monotonic()
ENVIRONMENT = {
    **os.environ, "SPARK_HOME": SPARK, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "127.0.0.1",
    "SPARK_DAEMON_MEMORY": "256m", "SPARK_DAEMON_JAVA_OPTS": JAVA, "PYSPARK_PYTHON": sys.executable, "LC_ALL": "C.UTF-8", "LANGUAGE": "",
}  # fmt: skip


def say(text: str) -> None:
    print(f"[{time.monotonic() - START:5.0f} s] {text}", flush=True)


def check(fine: bool, text: str) -> None:
    say(("ok      " if fine else "FAILED  ") + text)
    if not fine:
        raise SystemExit(1)


def wait_for(what: str, ready, seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise SystemExit(f"waited {seconds} s for {what}")
        time.sleep(0.05)


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


# --- Processes -------------------------------------------------------------------------------------------------------------------


def processes() -> dict:
    """Living processes of this machine: number → (parent, command line)."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                    state, parent = file.read().rsplit(")", 1)[1].split()[:2]
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    line = file.read().replace(b"\0", b" ").decode("utf-8", "replace")
                if state not in "ZX":
                    found[int(entry)] = (int(parent), line)
    return found


def below(ancestor: int) -> list:
    """All processes that a process has started, with theirs."""
    table = processes()
    found, new = [], [ancestor]
    while new:
        new = [pid for pid, (parent, _) in table.items() if parent in new]
        found += new
    return found


def named(text: str) -> list:
    return [pid for pid, (_, line) in processes().items() if text in line and pid != os.getpid()]


# --- The yard: apps, worker, cluster ---------------------------------------------------------------------------------------------


class Yard:
    def __init__(self, count: int, stack: contextlib.ExitStack) -> None:
        self.stack = stack
        base = os.environ.get("CARGO_TARGET_DIR") or os.path.join(ROOT, "target")
        os.makedirs(base, exist_ok=True)
        # Beside the corpus, as hard links want it.
        self.folder = tempfile.mkdtemp(prefix="spark-acceptance-", dir=base)
        stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.log = self.path("log")
        self.apps = self.path("apps")
        for folder in (self.log, self.apps, self.path("tmp")):
            os.mkdir(folder)
        self.sources = self.find_sources()
        self.good = [self.link(f"{number:04}.apk", self.pick(number)) for number in range(count)]
        self.poison = {kind: self.link(f"poison-{kind}.apk", self.sources[0]) for kind in POISON}
        with open(self.sources[0], "rb") as file:
            whole = file.read()
        self.odd = [self.write("truncated.apk", whole[: len(whole) // 2]), self.write("empty.apk", b"")]
        self.all = [*self.good, *self.poison.values(), *self.odd]
        self.worker = self.path("worker")
        with open(self.worker, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nexec {sys.executable} -S {HERE}/poisoned_worker.py {self.log} {DELAY} {BINARY} "$@"\n')
        os.chmod(self.worker, 0o755)

    def path(self, *names: str) -> str:
        return os.path.join(self.folder, *names)

    def find_sources(self) -> list:
        """Real apps, the smallest first; without the corpus those of this repository."""
        shared = os.environ.get("SDKAUDIT_SHARED") or os.path.join(ROOT, "..", "shared")
        found = glob.glob(os.path.join(shared, "corpus", "apk", "*.apk"))
        if not found:
            say("the corpus is not there: the apps are those of samples/ and tests/fixtures")
            found = [os.path.join(ROOT, "tests", "fixtures", "small.apk"), *glob.glob(os.path.join(ROOT, "samples", "*.apk"))]
        return sorted(found, key=os.path.getsize)

    def pick(self, number: int) -> str:
        """Mostly the smallest; every twentieth one of the others up to 4 MB, so that sizes are skewed as they are in stores."""
        larger = [path for path in self.sources[1:] if os.path.getsize(path) < 4 << 20] or self.sources
        return larger[number // 20 % len(larger)] if number % 20 == 7 else self.sources[0]

    def link(self, name: str, source: str) -> str:
        path = os.path.join(self.apps, name)
        try:
            os.link(source, path)
        except OSError:
            shutil.copyfile(source, path)
        return path

    def write(self, name: str, content: bytes) -> str:
        path = os.path.join(self.apps, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def manifest(self, name: str, uris: list, digests: bool = False) -> str:
        path = self.path(name)
        with open(path, "w", encoding="utf-8") as file:
            for uri in uris:
                line = {"uri": uri, "size": os.path.getsize(uri)}
                if digests:
                    line["sha256"] = sha256(uri)
                file.write(json.dumps(line) + "\n")
        return path

    def scans(self) -> Counter:
        """How often each app was begun."""
        found = Counter()
        for path in glob.glob(os.path.join(self.log, "*")):
            with open(path, encoding="utf-8") as file:
                found.update(line.strip() for line in file)
        return found


def sha256(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


class Cluster:
    """A standalone master and its workers, and what they leave when they are stopped: nothing."""

    def __init__(self, yard: Yard) -> None:
        self.yard = yard
        self.url = "spark://127.0.0.1:7077"
        yard.stack.callback(self.stop)
        self.processes = []
        master = "org.apache.spark.deploy.master.Master"
        self.start("master", master, "--host", "127.0.0.1", "--port", "7077", "--webui-port", "8090")
        wait_for("the master", lambda: answers(7077))
        worker = "org.apache.spark.deploy.worker.Worker"
        options = ["--cores", str(CORES), "--memory", "1g", "--host", "127.0.0.1"]
        self.workers = [
            self.start(f"worker{n}", worker, *options, "--webui-port", str(8091 + n), "-d", yard.path(f"work{n}"), self.url)
            for n in range(WORKERS)
        ]
        joined = lambda n: "Successfully registered" in self.text(f"worker{n}")  # noqa: E731
        wait_for("the workers", lambda: all(joined(n) for n in range(WORKERS)))

    def start(self, name: str, kind: str, *options: str) -> subprocess.Popen:
        with open(self.yard.path(f"{name}.log"), "wb") as log:
            process = subprocess.Popen(
                [os.path.join(SPARK, "bin", "spark-class"), kind, *options], stdout=log, stderr=log, env=ENVIRONMENT
            )
        self.processes.append(process)
        return process

    def text(self, name: str) -> str:
        with open(self.yard.path(f"{name}.log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def executor(self, worker: subprocess.Popen) -> list:
        table = processes()
        return [pid for pid in below(worker.pid) if "CoarseGrainedExecutorBackend" in table.get(pid, (0, ""))[1]]

    def submit(self, *arguments: str, environment=()) -> subprocess.Popen:
        """The package's own entry point, as a user calls it."""
        confs = {
            "spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.memory": "512m", "spark.executor.memory": "512m", "spark.executor.cores": str(CORES),
            "spark.driver.extraJavaOptions": JAVA, "spark.executor.extraJavaOptions": JAVA,
            "spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.sql.shuffle.partitions": "8", "spark.log.level": "WARN", "spark.local.dir": self.yard.path("tmp"),
            **{f"spark.executorEnv.{key}": value for key, value in environment}, "spark.executorEnv.LC_ALL": "C.UTF-8",
        }  # fmt: skip
        command = [os.path.join(SPARK, "bin", "spark-submit"), "--master", self.url]
        for key, value in confs.items():
            command += ["--conf", f"{key}={value}"]
        with open(self.yard.path("driver.log"), "ab") as log:
            driver = subprocess.Popen(
                [*command, MODULE, *arguments], stdout=subprocess.PIPE, stderr=log, env=ENVIRONMENT, text=True
            )
        self.processes.append(driver)
        return driver

    def stop(self) -> None:
        """Ends what was started here, and what that has started."""
        for process in reversed(self.processes):
            for pid in [*below(process.pid), process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()


def parts_of(out: str) -> list:
    """The rows of all runs below a folder, partition by partition, read without Spark."""
    return [pq.read_table(path).to_pylist() for path in glob.glob(os.path.join(out, "rows", "*", "*.parquet"))]


def rows_of(out: str) -> list:
    return [row for part in parts_of(out) for row in part]


# --- The four points -------------------------------------------------------------------------------------------------------------


def scan_with_losses(yard: Yard, cluster: Cluster, shard_apps: int) -> list:
    """Points 1 and 2: everything is scanned while a child, then a worker with its executor, is killed."""
    manifest = yard.manifest("all.jsonl", yard.all)
    out = yard.path("out")
    options = ["--manifest", manifest, "--out", out, "--binary", yard.worker, "--timeout", str(TIMEOUT), "--memory", "1024"]
    options += ["--shard-apps", str(shard_apps), "--parallelism", str(WORKERS * CORES)]
    driver = cluster.submit(*options)
    total = len(yard.all)

    def begun(share: float) -> bool:
        if driver.poll() is not None:
            raise SystemExit(f"the driver ended too early:\n{open(yard.path('driver.log'), encoding='utf-8').read()[-4000:]}")
        return len(yard.scans()) >= share * total

    wait_for("the first scans", lambda: begun(0.1))
    victim = next(pid for pid in named("poisoned_worker.py") if os.path.exists(os.path.join(yard.log, str(pid))))
    os.kill(victim, signal.SIGKILL)
    say(f"killed a worker child from outside (process {victim})")
    wait_for("a fifth of the scans", lambda: begun(0.2))
    doomed = max(cluster.workers, key=lambda worker: len(below(worker.pid)))
    executors = cluster.executor(doomed)
    orphans = below(doomed.pid)
    for pid in [doomed.pid, *executors]:
        os.kill(pid, signal.SIGKILL)
    done = len(yard.scans()) / total
    say(f"killed a worker and its executor after {done:.0%} of the scans")
    check(bool(executors) and 0.2 <= done <= 0.6, "the executor was killed between 20 % and 60 % of the scans")
    with contextlib.suppress(SystemExit):
        wait_for("orphans", lambda: not [pid for pid in orphans if pid in processes()], 20)
    left = [line for pid, (_, line) in processes().items() if pid in orphans]
    check(not left, f"no process of the killed executor is left of {len(orphans)} {left}")

    output, _ = driver.communicate(timeout=400)
    check(driver.returncode == 0, f"the run ended with 0: {output.strip()}")
    rows = rows_of(out)
    names = {row["uri"] for row in rows}
    check(len(rows) == len(names) == total and names == set(yard.all), f"rows = distinct = N: {len(rows)} = {len(names)} = {total}")
    parts = [(len(part), sum(row["size"] for row in part)) for part in parts_of(out) if part]
    apps, weights = zip(*parts)
    largest = max(row["size"] for row in rows)
    even = max(apps) <= shard_apps and max(apps) - min(apps) <= 1 and max(weights) - min(weights) <= largest
    check(even, f"{len(parts)} partitions of {min(apps)} to {max(apps)} apps, {min(weights) >> 10} to {max(weights) >> 10} KiB")
    by_uri = {row["uri"]: row for row in rows}
    good = [by_uri[uri] for uri in yard.good]
    check(all((row["status"], row["fate"]) == ("ok", sut.ANSWERED) for row in good), f"every good file is ok: {len(good)}")
    fates = {kind: (by_uri[uri]["status"], by_uri[uri]["fate"]) for kind, uri in yard.poison.items()}
    check(fates == {kind: ("error", fate) for kind, fate in POISON.items()}, f"each poison file has its status: {fates}")
    odd = [(row["status"], row["fate"]) for row in map(by_uri.get, yard.odd)]
    check(odd == [("error", sut.ANSWERED)] * 2, f"truncated and empty files are the worker's own errors: {odd}")
    check(not [row for row in rows if row["fate"] == sut.INTERRUPTED], "the child that was killed from outside blames no file")

    scans = yard.scans()
    twice = [uri for uri in yard.good + yard.odd if scans[uri] > 1]
    bound = WORKERS * CORES * shard_apps
    check(len(twice) <= bound, f"files scanned twice: {len(twice)}, at most shards in flight × shard size = {bound}")
    before = sum(scans.values())
    again = cluster.submit(*options)
    output, _ = again.communicate(timeout=400)
    check((again.returncode, output, sum(yard.scans().values())) == (0, "", before), "a rerun scans nothing")
    wait_for("workers to end", lambda: not named("poisoned_worker.py") and not named(f"{BINARY} worker"), 20)
    check(True, "no worker process is left")
    return rows


def compare_with_batch(yard: Yard, rows: list) -> dict:
    """Point 2: the same rows from `batch`, from its shards, and from four threads at once."""
    uris = yard.good + yard.odd
    manifest = yard.manifest("good.jsonl", uris)

    def batch(*options: str) -> list:
        command = [BINARY, "batch", manifest, "--exit-zero", "--quiet", *options]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=400)
        if done.returncode not in (0, 2):
            raise SystemExit(done.stderr)
        return done.stdout.splitlines()

    expected = {json.loads(line)["source"]["path"]: line for line in batch()}
    found = {row["uri"]: row["row"] for row in rows if row["uri"] in expected}
    check(len(expected) == len(uris) and found == expected, f"the same rows from batch: {len(found)}")
    shards = [batch("--shard", f"{number}/3") for number in (1, 2, 3)]
    lines = [line for shard in shards for line in shard]
    check(sorted(lines) == sorted(expected.values()), f"the same rows from batch --shard: {[len(shard) for shard in shards]}")

    wrong = []

    def work(part: list) -> None:
        with sut.Supervisor([BINARY, "worker"]) as supervisor:
            wrong.extend(uri for uri in part if supervisor.ask({"uri": uri}).row != expected[uri])

    os.environ["LC_ALL"] = "C.UTF-8"
    threads = [threading.Thread(target=work, args=(uris[number::4],)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check(not wrong, f"four threads at once do not mix replies: {len(uris)} rows")
    return expected


#: How everything here reaches the S3 server.
S3 = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:5005", "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
}  # fmt: skip


def remote(yard: Yard) -> tuple:
    """Point 3: the same rows from an S3 server, and how much of the objects was fetched. Returns requests and their rows."""
    import boto3

    log = open(yard.path("moto.log"), "wb")  # noqa: SIM115
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "5005"], stdout=log, stderr=log, env=ENVIRONMENT
    )
    yard.stack.callback(lambda: (server.kill(), server.wait(), log.close()))
    wait_for("the S3 server", lambda: answers(5005))
    client = boto3.client("s3", endpoint_url=S3["AWS_ENDPOINT_URL"], region_name="us-east-1",
                          aws_access_key_id="test", aws_secret_access_key="test")  # fmt: skip
    client.create_bucket(Bucket=BUCKET)
    files = [path for path in yard.sources if os.path.getsize(path) < 20 << 20] + yard.odd
    requests = {}
    for path in files:
        key = f"store a/{os.path.basename(path)}"
        client.upload_file(path, BUCKET, key)
        requests[f"s3://{BUCKET}/{key}"] = path

    def worker(lines: list) -> tuple:
        done = subprocess.run([BINARY, "worker"], input="\n".join(lines), env={**ENVIRONMENT, **S3},
                              capture_output=True, text=True, timeout=400)  # fmt: skip
        return done.stdout.splitlines(), done.stderr.strip()

    local, _ = worker(list(requests.values()))
    expected = [row.replace(path, uri) for row, (uri, path) in zip(local, requests.items())]
    asked = [{"uri": uri, "sha256": sha256(path), "size": os.path.getsize(path)} for uri, path in requests.items()]
    found, said = worker([json.dumps(request) for request in asked])
    check(found == expected, f"remote rows = local rows, with stated digests: {len(found)}; {said}")
    found, said = worker(list(requests))
    check(found == expected, f"remote rows = local rows, without: {len(found)}; {said}")
    return asked, expected


def remote_on_the_cluster(yard: Yard, cluster: Cluster, asked: list, expected: list) -> None:
    """The same once more by Spark, with the names that Hadoop gives."""
    manifest = yard.path("remote.jsonl")
    with open(manifest, "w", encoding="utf-8") as file:
        file.writelines(json.dumps({**request, "uri": request["uri"].replace("s3:", "s3a:")}) + "\n" for request in asked)
    out = yard.path("out-remote")
    driver = cluster.submit("--manifest", manifest, "--out", out, "--binary", BINARY, environment=S3.items())
    output, _ = driver.communicate(timeout=400)
    check(driver.returncode == 0, f"Spark reads from the S3 server: {output.strip()}")
    check(sorted(row["row"] for row in rows_of(out)) == sorted(expected), f"Spark's remote rows = local rows: {len(expected)}")


def refusals() -> None:
    """What the gate and the manifest's check do not let through, and what counts as done."""
    from pyspark.sql import SparkSession

    os.environ.update(ENVIRONMENT)
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.driver.memory", "512m")
    builder = builder.config("spark.sql.shuffle.partitions", "1").config("spark.ui.showConsoleProgress", "false")
    spark = builder.config("spark.driver.extraJavaOptions", JAVA).config("spark.log.level", "ERROR").getOrCreate()

    def refused(work) -> bool:
        try:
            work()
        except (sut.GateFailed, ValueError):
            return True
        return False

    def frame(*lines: tuple):
        return spark.createDataFrame(list(lines), sut.REQUEST)

    def uris(names: str):
        return spark.createDataFrame([(name,) for name in names], "uri string")

    wanted = frame(("a", 1, None, None), ("b", 2, None, "p"))
    check(sut.gate(wanted, uris("ba")) == 2, "the gate lets through what is exactly once in each")
    check(all(refused(lambda: sut.gate(wanted, uris(names))) for names in ("", "a", "abb", "ac", "abc")), "and nothing else")
    mistakes = [frame(("a", 1, None, None), ("a", 2, None, None)), frame(("a", 1, None, None), (" ", 1, None, None)), uris("a").toDF("url")]
    check(all(refused(lambda: sut.requests(mistake)) for mistake in mistakes), "manifests with mistakes are refused")
    twice = sut.requests(frame(("a", 1, "AB", None), ("a", 1, "ab ", None))).collect()
    check([tuple(row) for row in twice] == [("a", 1, "ab", None)], "an app that is named twice in the same way is one app")
    done = spark.createDataFrame(
        [("a", 1, None, None, sut.ANSWERED, "m"), ("b", 2, None, "other", sut.ANSWERED, "m"), ("c", 3, None, None, sut.INTERRUPTED, "m"),
         ("d", 4, None, None, sut.CRASHED, "m"), ("e", 5, None, None, sut.ANSWERED, "old")],
        f"{sut.REQUEST}, fate string, maker string",
    )  # fmt: skip
    asked = frame(("a", 1, None, None), ("b", 2, None, "p"), ("c", 3, None, None), ("d", 4, None, None), ("e", 5, None, None))
    left = sorted(row["uri"] for row in sut.remaining(asked, done, "m").collect())
    check(left == ["b", "c", "e"], f"another policy, an interrupted scan and another maker are scanned anew: {left}")
    spark.stop()


def main() -> None:
    # The time limit ends this too: what was started must not stay.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("the time is up"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="120 apps, and no S3 server: any build will do")
    short = parser.parse_args().short
    count, shard_apps = (120, 12) if short else (1000, 40)
    say(f"PySpark {pyspark.__version__}, {subprocess.check_output([BINARY, '--version'], text=True).strip()}")
    interfaces = [name for _, name in socket.if_nameindex()]
    say(f"network interfaces: {', '.join(interfaces)}")
    with contextlib.ExitStack() as stack:
        yard = Yard(count, stack)
        say(f"{len(yard.all)} apps, {sum(map(os.path.getsize, yard.all)) / 1e6:.0f} MB by hard links")
        cluster = Cluster(yard)
        say("a master and two workers are up")
        try:
            rows = scan_with_losses(yard, cluster, shard_apps)
            compare_with_batch(yard, rows)
            refusals()
            if not short:
                requests, expected = remote(yard)
                remote_on_the_cluster(yard, cluster, requests, expected)
        except BaseException:
            keep = os.environ.get("SDKAUDIT_SPARK_KEEP")
            if keep:
                shutil.copytree(yard.folder, keep, dirs_exist_ok=True)
            with contextlib.suppress(OSError), open(yard.path("driver.log"), encoding="utf-8", errors="replace") as log:
                sys.stderr.write("".join(log.readlines()[-40:]))
            raise
    say("passed")


if __name__ == "__main__":
    main()
