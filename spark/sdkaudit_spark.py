"""sdkaudit over millions of apps: one supervised ``sdkaudit worker`` for each task of Apache Spark.

A manifest (``uri``, and where known ``size``, ``sha256``, ``policy``) becomes one row for every app. Each task has a worker child of its own,
with its own pipes, a time limit and a memory limit. A child that hangs or dies is started anew and asked once more; only the second time
the file is blamed and gets a row that says so. A child that is killed from outside blames nobody.

Scans happen at least once, results exactly once: a run writes its rows to a folder of its own and becomes visible only after a gate has
counted them. Nothing here is needed on the executors but Python, pyarrow and the ``sdkaudit`` binary.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple

if TYPE_CHECKING:  # Spark and Arrow are the cluster's; the supervisor needs neither.
    import pyarrow
    from pyspark.sql import Column, DataFrame, SparkSession

__all__ = ["Answer", "GateFailed", "Limits", "Supervisor", "Unusable", "audit", "gate", "main", "published", "remaining", "run"]

# What became of a request. Only ANSWERED rows are the worker's own; the others are written here, in the same shape.
ANSWERED = "answered"
CRASHED = "crashed"
TIMED_OUT = "timed_out"
OUT_OF_MEMORY = "out_of_memory"
GARBLED = "garbled"
INTERRUPTED = "interrupted"

#: Signals that a child does not send to itself: an operator, an init system or the kernel's own memory killer.
OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
#: How allocators say that a memory limit was met.
NO_MEMORY = (b"memory allocation of", b"MemoryError", b"Cannot allocate memory", b"std::bad_alloc")
MAX_ROW = 512 << 20
MAX_TAIL = 4096
START_SECONDS = 60.0

#: What the child does before it becomes the worker: it ends with its parent, whatever ends that one, and is bound to its memory.
LAUNCHER = """
import os, resource, signal, sys
parent, memory, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
if sys.platform == "linux":
    import ctypes
    ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(113)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
if memory:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
try:
    os.execv(command[0], command)
except OSError as error:
    os.write(2, f"{command[0]}: {error}".encode())
    os._exit(127)
"""


class Unusable(RuntimeError):
    """The worker cannot be started or does not speak as it should: no file's fault, so the task fails."""


class GateFailed(RuntimeError):
    """The rows of a run are not exactly one for each input: nothing was published."""


@dataclass(frozen=True)
class Limits:
    """What one request may cost, and how often it is tried."""

    #: Seconds for one app, on the clock.
    timeout: float = 120.0
    #: Address space of a child in MiB; 0 is without limit.
    memory_mib: int = 2048
    #: Strikes until a file is blamed.
    strikes: int = 2
    #: Deaths by another's hand, for one file, until it is left for a later run.
    patience: int = 5


@dataclass(frozen=True)
class Answer:
    """The row of one request."""

    #: Compact JSON, as docs/batch-row.schema.json says.
    row: str
    #: ``ok``, ``gap`` or ``error``: the row's own status.
    status: str
    #: ``answered``, or why the worker gave no answer.
    fate: str
    #: How often the file was begun.
    scans: int
    #: Seconds, on the clock.
    seconds: float
    #: Length and SHA-256 of the file, as the row has them.
    file_bytes: Optional[int]
    file_sha256: Optional[str]


@dataclass(frozen=True)
class _Reply:
    """One row, or how a child failed to give it."""

    row: Optional[bytes]
    fate: str = ANSWERED
    detail: str = ""


class _Child:
    """One running worker with its pipes. It belongs to the thread that starts it: the kernel ends it with that thread."""

    def __init__(self, command: Sequence[str], memory_mib: int) -> None:
        launch = [sys.executable, "-I", "-S", "-c", LAUNCHER, str(os.getpid()), str(memory_mib << 20), *command]
        # A session of its own, so that what the worker starts can be ended with it.
        self.process = subprocess.Popen(
            launch, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, start_new_session=True
        )
        assert self.process.stdin and self.process.stdout and self.process.stderr
        self._in, self._out, self._err = (
            stream.fileno() for stream in (self.process.stdin, self.process.stdout, self.process.stderr)
        )
        for pipe in (self._in, self._out, self._err):
            os.set_blocking(pipe, False)
        self._said = b""

    def ask(self, line: bytes, seconds: float) -> _Reply:
        """Sends one line and waits for one. A child that does not give it is not to be asked again."""
        deadline = time.monotonic() + seconds
        rest, got = memoryview(line), bytearray()
        self._said = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._in, selectors.EVENT_WRITE)
            selector.register(self._out, selectors.EVENT_READ)
            selector.register(self._err, selectors.EVENT_READ)
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    return _Reply(None, TIMED_OUT, f"no answer within {seconds:g} s")
                ready = selector.select(min(left, 0.5))
                if not ready and self._ended():
                    return self._post_mortem()
                for key, _ in ready:
                    if key.fd == self._in:
                        rest = self._send(rest)
                        if not rest:
                            selector.unregister(self._in)
                    elif key.fd == self._err:
                        if not self._listen():
                            selector.unregister(self._err)
                    else:
                        reply = self._receive(got)
                        if reply:
                            return reply

    def _send(self, rest: memoryview) -> memoryview:
        try:
            return rest[os.write(self._in, rest) :]
        except BlockingIOError:
            return rest
        except OSError:
            # It has ended; how, its other pipe tells.
            return rest[len(rest) :]

    def _receive(self, got: bytearray) -> Optional[_Reply]:
        try:
            chunk = os.read(self._out, 1 << 20)
        except BlockingIOError:
            return None
        if not chunk:
            return self._post_mortem()
        got += chunk
        end = chunk.find(b"\n")
        if end >= 0 and end + 1 == len(chunk):
            return _Reply(bytes(got[:-1]))
        if end >= 0 or len(got) > MAX_ROW:
            return _Reply(None, GARBLED, "more than one line for one request" if end >= 0 else "a line without end")
        return None

    def _listen(self) -> bool:
        try:
            said = os.read(self._err, 1 << 16)
        except BlockingIOError:
            return True
        self._said = (self._said + said)[-MAX_TAIL:]
        return bool(said)

    def _ended(self) -> bool:
        # Looked at, not reaped: as long as its number is taken, its group can be ended.
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _post_mortem(self) -> _Reply:
        end = time.monotonic() + 5.0
        while not self._ended():
            if time.monotonic() > end:
                return _Reply(None, GARBLED, "it closed its output and went on")
            time.sleep(0.002)
        while True:
            before = self._said
            if not self._listen() or self._said == before:
                break
        code = self.kill()
        number = -code if code < 0 else code - 128
        said = self._said.decode("utf-8", "replace").strip()
        if number in OUTSIDE:
            return _Reply(None, INTERRUPTED, f"killed by {signal.Signals(number).name}")
        how = f"ended by {_signal_name(-code)}" if code < 0 else f"ended with code {code}"
        fate = OUT_OF_MEMORY if any(phrase in self._said for phrase in NO_MEMORY) else CRASHED
        return _Reply(None, fate, f"{how}: {said[-500:]}" if said else how)

    def kill(self) -> int:
        """Ends it with all that it started; returns how it ended."""
        if self.process.returncode is None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                self.process.kill()
        code = self.process.wait()
        self._close()
        return code

    def close(self) -> None:
        """Lets it end by itself, as it does at the end of its input."""
        assert self.process.stdin
        self.process.stdin.close()
        end = time.monotonic() + 5.0
        while not self._ended() and time.monotonic() < end:
            time.sleep(0.002)
        self.kill()

    def _close(self) -> None:
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


class Supervisor:
    """Asks one worker after the other until there is an answer. To be used by one thread.

    :param command: the worker with its options, the program as a path.
    :param limits: what one request may cost.
    """

    def __init__(self, command: Sequence[str], limits: Limits = Limits()) -> None:
        self.command = list(command)
        self.limits = limits
        self.starts = 0
        self._child: Optional[_Child] = None
        self._template: Dict[str, Any] = {}

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the worker."""
        child, self._child = self._child, None
        if child:
            child.close()

    @property
    def maker(self) -> str:
        """What makes the rows: version, signatures and options. Rows of different makers do not belong together."""
        self._ready()
        stamp = self._template["stamp"]
        return f"{stamp['version']} {stamp['signatures']['digest'][:16]} {self._template['options']}"

    def ask(self, request: Dict[str, Any]) -> Answer:
        """The row of one request: ``uri``, and where known ``policy``, ``sha256`` and ``size``."""
        path = location(str(request["uri"]))
        keys = ("policy", "sha256", "size")
        asked = {"uri": path, **{key: request[key] for key in keys if request.get(key) is not None}}
        if "policy" in asked:
            asked["policy"] = location(str(asked["policy"]))
        line = json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        start = time.monotonic()
        scans = strikes = outside = 0
        while True:
            reply = self._ready().ask(line, self.limits.timeout)
            scans += 1
            if reply.row is not None:
                head = _head(reply.row)
                if head and head[1]["path"] == path:
                    status, source = head
                    took = time.monotonic() - start
                    row = reply.row.decode("utf-8", "replace")
                    return Answer(row, status, ANSWERED, scans, took, source["bytes"], source["sha256"])
                reply = _Reply(None, GARBLED, "the answer to another request")
            self._drop()
            if reply.fate == INTERRUPTED:
                outside += 1
                if outside <= self.limits.patience:
                    # Whoever kills may need a moment: the kernel's memory killer does.
                    time.sleep(min(0.05 * 2**outside, 5.0))
                    continue
            else:
                strikes += 1
                if strikes < self.limits.strikes:
                    continue
            row = self._row_of(path, request.get("size"), reply)
            return Answer(row, "error", reply.fate, scans, time.monotonic() - start, request.get("size"), None)

    def _ready(self) -> _Child:
        """A worker that has answered: the answer to an empty line shows that it speaks, and what made it."""
        failures: List[str] = []
        while self._child is None:
            child = _Child(self.command, self.limits.memory_mib)
            self.starts += 1
            reply = child.ask(b"\n", START_SECONDS)
            head = _head(reply.row) if reply.row is not None else None
            if head and reply.row is not None and head[1]["path"] == "":
                self._child, self._template = child, json.loads(reply.row)
                break
            child.kill()
            failures.append(reply.detail or (reply.row or b"")[:200].decode("utf-8", "replace"))
            if len(failures) > self.limits.patience or reply.fate != INTERRUPTED and len(failures) > 1:
                raise Unusable(f"{' '.join(self.command)}: {failures[-1]}")
            time.sleep(0.1 * len(failures))
        return self._child

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child:
            child.kill()

    def _row_of(self, path: str, size: Optional[int], reply: _Reply) -> str:
        blame = "it is left for a later run" if reply.fate == INTERRUPTED else "it was tried twice"
        error = {
            "path": path,
            "entry": None,
            "offset": None,
            "message": f"cannot read {path}: the worker gave no answer ({reply.fate}: {reply.detail})",
            "help": f"{blame}; run sdkaudit on this file alone, and report it if it fails there too",
        }
        if reply.fate == INTERRUPTED:
            error["help"] = f"{blame}; look whether the machine is short of memory"
        source = {"path": path, "bytes": size, "sha256": None}
        row = {**self._template, "status": "error", "source": source, "declared": None, "error": error, "app": None}
        return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


_HEAD = re.compile(rb'\{"schema_version":"[^"]*","status":"(ok|gap|error)","source":')


def _head(row: bytes) -> Optional[Tuple[str, Dict[str, Any]]]:
    """Status and source of a row, mostly without parsing the rest of it, which is a hundred times as long."""
    found = _HEAD.match(row)
    if found:
        text = row[found.end() : found.end() + (256 << 10)].decode("utf-8", "replace")
        try:
            return found.group(1).decode(), json.JSONDecoder().raw_decode(text)[0]
        except ValueError:
            pass
    try:
        whole = json.loads(row)
        return whole["status"], whole["source"]
    except (ValueError, KeyError, TypeError):
        return None


def location(uri: str) -> str:
    """The name by which a worker reads what Hadoop calls ``uri``."""
    scheme, mark, rest = uri.partition(":")
    if mark and scheme in ("s3a", "s3n"):
        return f"s3:{rest}"
    if mark and scheme == "dbfs":
        return "/dbfs/" + rest.lstrip("/")
    if mark and scheme == "file":
        from urllib.parse import unquote

        return "/" + unquote(rest).lstrip("/")
    return uri


def find_binary(binary: Optional[str] = None) -> str:
    """The program: the given path, ``SDKAUDIT_BIN``, a file shipped by ``--files``, or what ``PATH`` has."""
    for candidate in (binary, os.environ.get("SDKAUDIT_BIN")):
        if candidate:
            return _executable(_shipped(candidate) or candidate)
    found = _shipped("sdkaudit") or shutil.which("sdkaudit")
    if not found:
        raise Unusable("no sdkaudit on this executor: give --binary or --ship, set SDKAUDIT_BIN, or put it on PATH")
    return _executable(found)


def _shipped(name: str) -> Optional[str]:
    """Where Spark has put a file of ``--files``, if it has."""
    here = os.path.basename(name)
    candidates = [] if os.path.isabs(name) and os.path.exists(name) else [os.path.abspath(here)]
    try:
        from pyspark import SparkFiles

        candidates.append(SparkFiles.get(here))
    except Exception:  # noqa: BLE001 - without Spark nothing was shipped
        pass
    return next((path for path in candidates if os.path.isfile(path)), None)


def _executable(path: str) -> str:
    """Shipped files lose their permission to be run; one without it is copied."""
    if not os.path.isfile(path):
        raise Unusable(f"{path}: no such program")
    if os.access(path, os.X_OK):
        return os.path.abspath(path)
    folder = tempfile.mkdtemp(prefix="sdkaudit-")
    copy = shutil.copy(path, os.path.join(folder, "sdkaudit"))
    os.chmod(copy, 0o700)
    return copy


# --- Spark -----------------------------------------------------------------------------------------------------------------------

REQUEST = "uri string, size bigint, sha256 string, policy string"
ROWS = (
    f"{REQUEST}, status string, fate string, scans int, seconds double, file_bytes bigint, file_sha256 string, "
    "maker string, row string"
)
#: Rows that are handed to Spark together, and their bytes.
MAX_ROWS = 256
MAX_ROWS_BYTES = 16 << 20


@dataclass(frozen=True)
class Scan:
    """What a task does with its part of the manifest. It travels to the executors."""

    binary: Optional[str] = None
    declared: Optional[str] = None
    options: Tuple[str, ...] = ()
    limits: Limits = Limits()

    def command(self) -> List[str]:
        """The worker's command line on this machine."""
        declared = ["--declared", _shipped(self.declared) or location(self.declared)] if self.declared else []
        return [find_binary(self.binary), "worker", *declared, *self.options]

    def __call__(self, batches: "Iterator[pyarrow.RecordBatch]") -> "Iterator[pyarrow.RecordBatch]":
        """Record batches of requests in, record batches of rows out."""
        with Supervisor(self.command(), self.limits) as supervisor:
            maker = supervisor.maker
            pending: List[Tuple[Any, ...]] = []
            weight = 0
            for batch in batches:
                for request in batch.select(["uri", "size", "sha256", "policy"]).to_pylist():
                    answer = supervisor.ask(request)
                    pending.append((
                        request["uri"], request["size"], request["sha256"], request["policy"],
                        answer.status, answer.fate, answer.scans, answer.seconds, answer.file_bytes, answer.file_sha256,
                        maker, answer.row,
                    ))  # fmt: skip
                    weight += len(answer.row)
                    if len(pending) >= MAX_ROWS or weight >= MAX_ROWS_BYTES:
                        yield _record_batch(pending)
                        pending, weight = [], 0
            if pending:
                yield _record_batch(pending)


def _record_batch(rows: List[Tuple[Any, ...]]) -> "pyarrow.RecordBatch":
    import pyarrow as pa

    kinds = {"string": pa.string(), "bigint": pa.int64(), "int": pa.int32(), "double": pa.float64()}
    fields = [pa.field(name, kinds[kind]) for name, kind in (column.split() for column in ROWS.split(", "))]
    columns = [pa.array(list(column), field.type) for column, field in zip(zip(*rows), fields)]
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields))


def requests(manifest: "DataFrame") -> "DataFrame":
    """The manifest with exactly the columns of a request, each app once. ``path`` is taken for ``uri``.

    :raises ValueError: where an app is named twice with different sizes, digests or policies, or not at all.
    """
    from pyspark.sql import functions as F

    have = {name.lower(): F.col(f"`{name}`") for name in manifest.columns}
    names = [have[name] for name in ("uri", "path") if name in have]
    if not names:
        raise ValueError(f"the manifest has no column uri: {', '.join(manifest.columns)}")
    have["uri"] = F.coalesce(*names)

    def column(name: str, kind: str) -> "Column":
        text = F.trim(have.get(name, F.lit(None)).cast("string"))
        return F.when(text != "", text).cast(kind).alias(name)

    wanted = manifest.select(*(column(*part.split()) for part in REQUEST.split(", ")))
    # Before twins are looked for: a digest means the same in both cases of letters.
    wanted = wanted.withColumn("sha256", F.lower("sha256")).distinct()
    counts = wanted.agg(F.count(F.lit(1)), F.count("uri"), F.countDistinct("uri")).first()
    if counts[0] != counts[1]:
        raise ValueError("the manifest has a line without uri")
    if counts[1] != counts[2]:
        twice = wanted.groupBy("uri").count().where("count > 1").orderBy("uri").limit(5).collect()
        raise ValueError(f"named twice, with different sizes, digests or policies: {', '.join(row.uri for row in twice)}")
    return wanted


def pack(wanted: "DataFrame", shards: int, apps: int) -> "DataFrame":
    """Deals the apps to ``shards`` partitions like cards, the largest first: all partitions weigh about the same, in apps and bytes."""
    from pyspark.sql import functions as F

    spark = wanted.sparkSession
    # Few large ranges: the remainder of each is what makes partitions unequal.
    ranges = wanted.repartitionByRange(max(1, apps // 50_000), F.coalesce("size", F.lit(0)).desc())
    in_order = ranges.sortWithinPartitions(F.coalesce("size", F.lit(0)).desc(), "uri")
    number = F.monotonically_increasing_id()
    card = F.pmod(number.bitwiseAND((1 << 33) - 1) + F.abs(F.hash(F.shiftright(number, 33))), F.lit(shards))
    dealt = in_order.withColumn("shard", card.cast("int"))
    # Spark puts a key into the partition of its hash: a key is looked up for each, so that no two shards meet in one.
    keys: Dict[int, int] = {}
    tried = 16 * shards
    while len(keys) < shards:
        place = F.pmod(F.hash(F.col("id")), F.lit(shards)).alias("shard")
        found = spark.range(tried).select("id", place).groupBy("shard").agg(F.min("id").alias("key")).collect()
        keys = {row["shard"]: row["key"] for row in found}
        tried *= 2
    table = spark.createDataFrame(sorted(keys.items()), "shard int, key bigint")
    keyed = dealt.join(F.broadcast(table), "shard")
    return keyed.repartition(shards, "key").drop("shard", "key")


def audit(
    manifest: "DataFrame",
    *,
    binary: Optional[str] = None,
    declared: Optional[str] = None,
    options: Sequence[str] = (),
    limits: Limits = Limits(),
    parallelism: int = 1,
    shard_apps: int = 500,
    shard_bytes: int = 2 << 30,
) -> "DataFrame":
    """One row for every app of the manifest. Nothing is scanned before an action asks, and every action scans anew: write the result.

    :param manifest: ``uri``, and where known ``size``, ``sha256``, ``policy``.
    :param binary: the program on the executors; see :func:`find_binary`.
    :param declared: one policy for all apps that name none.
    :param options: further options of ``sdkaudit worker``.
    :param limits: what one app may cost.
    :param parallelism: partitions there are at least; give the number of cores.
    :param shard_apps: apps in a partition at most, about; what a lost executor costs is one partition a core.
    :param shard_bytes: bytes in a partition at most, about.
    """
    from pyspark.sql import functions as F

    wanted = requests(manifest)
    apps, size = wanted.agg(F.count(F.lit(1)), F.coalesce(F.sum("size"), F.lit(0))).first()
    shards = max(1, min(apps, max(parallelism, math.ceil(apps / shard_apps), math.ceil(size / shard_bytes))))
    return _scan(wanted, Scan(binary, declared, tuple(options), limits), shards, apps)


def _scan(wanted: "DataFrame", scan: Scan, shards: int, apps: int) -> "DataFrame":
    from pyspark import cloudpickle

    # By value: executors need not have this module.
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    return pack(wanted, shards, apps).mapInArrow(scan, ROWS)


def maker(spark: "SparkSession", scan: Scan) -> str:
    """What will make the rows, told by a worker on an executor: before a long run it shows that workers start there."""
    from pyspark import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[__name__])

    def ask(batches: "Iterator[pyarrow.RecordBatch]") -> "Iterator[pyarrow.RecordBatch]":
        import pyarrow as pa

        for _ in batches:
            with Supervisor(scan.command(), scan.limits) as supervisor:
                yield pa.RecordBatch.from_pydict({"maker": [supervisor.maker]})

    return str(spark.range(1).coalesce(1).mapInArrow(ask, "maker string").first()[0])


def _read(spark: "SparkSession", path: str) -> "Optional[DataFrame]":
    """A folder of Parquet files; nothing where there is none."""
    from pyspark.errors import AnalysisException

    try:
        return spark.read.parquet(path)
    except AnalysisException as error:
        if "PATH_NOT_FOUND" in str(error):
            return None
        raise


def _runs(spark: "SparkSession", out: str) -> List[str]:
    table = _read(spark, f"{out}/published")
    return sorted(row["run"] for row in table.select("run").distinct().collect()) if table else []


def published(spark: "SparkSession", out: str) -> "Optional[DataFrame]":
    """The rows of all published runs below ``out``, of each app the latest; None before the first."""
    from pyspark.sql import Window, functions as F

    runs = _runs(spark, out)
    if not runs:
        return None
    parts = [spark.read.parquet(f"{out}/rows/{name}").withColumn("run", F.lit(name)) for name in runs]
    rows = parts[0]
    for part in parts[1:]:
        rows = rows.unionByName(part)
    if len(parts) == 1:
        return rows
    latest = F.row_number().over(Window.partitionBy("uri").orderBy(F.col("run").desc()))
    return rows.withColumn("_at", latest).where("_at = 1").drop("_at")


def remaining(wanted: "DataFrame", done: "Optional[DataFrame]", made_by: str) -> "DataFrame":
    """What has no row yet: none of this maker, for this size, digest and policy, or one that was interrupted."""
    if done is None:
        return wanted
    keys = ["uri", "size", "sha256", "policy"]
    settled = done.where((done["fate"] != INTERRUPTED) & (done["maker"] == made_by)).select(*keys).alias("done")
    left = wanted.alias("wanted")
    from pyspark.sql import functions as F

    same = [F.col(f"wanted.{key}").eqNullSafe(F.col(f"done.{key}")) for key in keys]
    return left.join(settled, on=_all(same), how="left_anti")


def _all(conditions: "Iterable[Column]") -> "Column":
    conditions = list(conditions)
    whole = conditions[0]
    for condition in conditions[1:]:
        whole = whole & condition
    return whole


def gate(wanted: "DataFrame", rows: "DataFrame") -> int:
    """Passes only where there is exactly one row for each input, and returns their number.

    :raises GateFailed: with the figures.
    """
    from pyspark.sql import functions as F

    asked = wanted.select("uri", F.lit(1).alias("asked"), F.lit(0).alias("found"))
    found = rows.select("uri", F.lit(0).alias("asked"), F.lit(1).alias("found"))
    each = asked.unionAll(found).groupBy("uri").agg(F.sum("asked").alias("asked"), F.sum("found").alias("found"))
    wrong = F.sum(F.when((F.col("asked") == 1) & (F.col("found") == 1), 0).otherwise(1))
    figures = each.agg(F.sum("asked"), F.sum("found"), F.count(F.lit(1)), wrong).first()
    inputs, count, distinct, odd = (int(figure or 0) for figure in figures)
    if odd or not inputs == count == distinct:
        raise GateFailed(f"{inputs} inputs, {count} rows, {distinct} apps in both, {odd} of them not exactly once in each")
    return count


def run(
    spark: "SparkSession",
    manifest: "DataFrame",
    out: str,
    *,
    slice_apps: int = 1_000_000,
    scan: Scan = Scan(),
    parallelism: int = 1,
    shard_apps: int = 500,
    shard_bytes: int = 2 << 30,
) -> List[Dict[str, Any]]:
    """Audits what has no row below ``out`` yet, slice after slice, each written, counted and published by itself.

    ``out/rows/RUN`` holds the rows of a run, ``out/published`` one line for each run that has passed the gate. What a stopped driver leaves is
    a folder that no line names, and is never read.

    :returns: a summary for each slice; none where nothing was left to do.
    """
    from pyspark.sql import functions as F

    out = out.rstrip("/")
    made_by = maker(spark, scan)
    todo = remaining(requests(manifest), published(spark, out), made_by)
    count, size = todo.agg(F.count(F.lit(1)), F.coalesce(F.sum("size"), F.lit(0))).first()
    slices = math.ceil(count / slice_apps)
    apps = math.ceil(count / max(1, slices))
    shards = max(parallelism, math.ceil(apps / shard_apps), math.ceil(size / max(1, slices) / shard_bytes))
    summaries = []
    for number in range(slices):
        # By the name alone: each slice is the same whenever it is computed.
        part = todo.where(F.pmod(F.xxhash64("uri"), F.lit(slices)) == number)
        name = f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S%f}Z"
        folder = f"{out}/rows/{name}"
        start = time.monotonic()
        result = _scan(part, scan, max(1, min(apps, shards)), apps)
        result.write.option("compression", "zstd").parquet(folder)
        rows = spark.read.parquet(folder)
        passed = gate(part, rows)
        tally = {row["fate"] if row["fate"] != ANSWERED else row["status"]: row["count"]
                 for row in rows.groupBy("fate", "status").count().collect()}  # fmt: skip
        summary = {"run": name, "rows": passed, "seconds": round(time.monotonic() - start, 1), "maker": made_by, **tally}
        line = spark.createDataFrame([(name, made_by, passed)], "run string, maker string, rows bigint")
        line.coalesce(1).write.mode("append").parquet(f"{out}/published")
        summaries.append(summary)
    return summaries


def read_manifest(spark: "SparkSession", path: str, kind: Optional[str] = None) -> "DataFrame":
    """A manifest: Parquet, CSV with a head, JSON Lines, or one uri a line."""
    kind = kind or next((k for k in ("csv", "json", "txt") if re.search(rf"\.{k}l?(\.gz)?$", path)), "parquet")
    if kind == "csv":
        return spark.read.option("header", True).csv(path)
    if kind == "txt":
        return spark.read.text(path).withColumnRenamed("value", "uri").where("trim(uri) != ''")
    if kind == "json":
        # With a schema, or Spark would read it twice to guess one.
        return spark.read.schema(f"{REQUEST}, path string").json(path)
    return spark.read.parquet(path)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """The command line: ``spark-submit sdkaudit_spark.py …`` or ``python -m sdkaudit_spark …``.

    Prints one line of JSON for each published run. 0: every input has its row. 1: some workers were killed from outside, run again for
    their apps. 2: it failed; what was published before stands.
    """
    parser = argparse.ArgumentParser(
        prog="sdkaudit-spark",
        description="Audit the apps of a manifest on Apache Spark. Apps that have their row below OUT are not scanned again.",
        epilog="What follows -- goes to `sdkaudit worker`: -- --lang zh --profile china-miit",
    )
    limits = Limits()
    add = parser.add_argument
    add("--manifest", required=True, help="uri, and where known size, sha256, policy: Parquet, .csv, .json(l) or .txt")
    add("--manifest-format", choices=("parquet", "csv", "json", "txt"), help="where the name does not tell it")
    add("--out", required=True, help="folder for rows and what is published; any file system Spark writes")
    add("--binary", help="sdkaudit on the executors [default: SDKAUDIT_BIN, a shipped file, PATH]")
    add("--ship", metavar="FILE", help="send this sdkaudit to the executors")
    add("--declared", help="one policy for all apps that name none; readable on the executors, or shipped by --files")
    add("--parallelism", type=int, default=0, help="partitions at least [default: Spark's default parallelism]")
    add("--timeout", type=float, default=limits.timeout, help="seconds for one app [default: %(default)s]")
    add("--memory", type=int, default=limits.memory_mib, help="MiB of address space for a worker [default: %(default)s]")
    add("--shard-apps", type=int, default=500, help="apps in a partition at most [default: %(default)s]")
    add("--shard-mib", type=int, default=2048, help="MiB of apps in a partition at most [default: %(default)s]")
    add("--slice", type=int, default=1_000_000, help="apps that are published together [default: %(default)s]")
    given = list(sys.argv[1:] if arguments is None else arguments)
    cut = given.index("--") if "--" in given else len(given)
    typed = parser.parse_args(given[:cut])

    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("sdkaudit").getOrCreate()
    try:
        if typed.ship:
            spark.sparkContext.addFile(typed.ship)
        binary = typed.binary or (os.path.basename(typed.ship) if typed.ship else None)
        summaries = run(
            spark,
            read_manifest(spark, typed.manifest, typed.manifest_format),
            typed.out,
            slice_apps=typed.slice,
            scan=Scan(binary, typed.declared, tuple(given[cut + 1 :]), Limits(typed.timeout, typed.memory)),
            parallelism=typed.parallelism or spark.sparkContext.defaultParallelism,
            shard_apps=typed.shard_apps,
            shard_bytes=typed.shard_mib << 20,
        )
    except (GateFailed, Unusable, ValueError) as error:
        print(f"sdkaudit-spark: {error}", file=sys.stderr)
        return 2
    finally:
        spark.stop()
    for summary in summaries:
        print(json.dumps(summary))
    return 1 if any(summary.get(INTERRUPTED) for summary in summaries) else 0


if __name__ == "__main__":
    sys.exit(main())
