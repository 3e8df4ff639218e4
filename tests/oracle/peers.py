"""What other readers make of the same files: aapt, dexdump, apk-info, androguard and exodus-core beside `sdkaudit inspect --format json`.

Run by hand, not in CI. exodus-core asks for another androguard than the newest one, so it lives in an environment of its own:

    python3 -m venv /tmp/peers  && /tmp/peers/bin/pip  install -r tests/oracle/requirements.txt
    python3 -m venv /tmp/exodus && /tmp/exodus/bin/pip install exodus-core==1.3.15
    SDKAUDIT_HOSTILE=/tmp/hostile cargo test --test hostile_files          # writes the project's own hostile files
    /tmp/peers/bin/python tests/oracle/peers.py --exodus /tmp/exodus/bin/python target/debug/sdkaudit /tmp/hostile FOLDER...

Every tool reads every file in a process of its own (2 GiB, 60 seconds). Printed are a table of file kinds, and each file on which a tool that opens
it reads another application id, other permissions or other classes than `sdkaudit`. `--json FILE` keeps the answers.
"""

import argparse
import collections
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile

SECONDS, MEMORY = 60, 2 << 30
TOOLS = ["sdkaudit", "aapt", "dexdump", "apk-info", "androguard", "exodus-core"]


def by_program(arguments):
    """Standard output of a program, or why there is none."""
    limits = lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        done = subprocess.run(arguments, capture_output=True, timeout=SECONDS, preexec_fn=limits)
    except subprocess.TimeoutExpired:
        return None, None, f"over {SECONDS} s"
    text, error = done.stdout.decode("utf8", "replace"), done.stderr.decode("utf8", "replace").strip()
    return text, done.returncode, error


def sdkaudit(program, path):
    text, code, error = by_program([program, "inspect", "--format", "json", path])
    if code not in (0, 1, 2):
        return {"crash": f"exit {code}: {error[-200:]}"}
    apps = json.loads(text)["apps"] if text else []
    if not apps:
        return {"error": error.splitlines()[0] if error else "", "names_file": os.path.basename(path) in error}
    app = apps[0]
    hidden = [one["message"] for one in app["findings"] if one["rule"] in ("unreadable-content", "tampered-archive", "packed-app")]
    return {"id": app["application_id"], "permissions": [one["name"] for one in app["requested_permissions"]],
            "classes": app["coverage"]["classes"], "told": hidden, "all_dex": app["coverage"]["dex_read"] == app["coverage"]["dex_total"]}


def aapt(path):
    text, code, error = by_program(["aapt", "dump", "permissions", path])
    if code is None or code < 0:
        return {"crash": f"signal {code}" if code else error}
    if code != 0 or not text.startswith("package:"):
        return {"error": (error or text).splitlines()[0][:200] if error or text else f"exit {code}"}
    names = re.findall(r"^uses-permission[^:]*: name='([^']*)'", text, re.M)
    return {"id": text.split(":", 1)[1].split()[0], "permissions": names}


def dexdump(path):
    text, code, error = by_program(["dexdump", path])
    if code is None or code < 0:
        return {"crash": f"signal {code}" if code else error}
    if code != 0:
        return {"error": (error.splitlines() or [f"exit {code}"])[-1][:200]}
    return {"classes": text.count("\n  Class descriptor  : ")}


def apk_info(path):
    from apk_info import APK
    apk = APK(path)
    requested = list(apk.get_permissions()) + list(apk.get_permissions_sdk23())
    return {"id": apk.get_package_name(), "permissions": [getattr(one, "name", one) for one in requested]}


def androguard(path):
    from androguard.core.apk import APK
    from loguru import logger
    logger.remove()
    apk = APK(path)
    if not apk.is_valid_APK():
        return {"error": "is_valid_APK() is false"}
    return {"id": apk.get_package(), "permissions": apk.get_permissions()}


def exodus(path):
    from loguru import logger
    logger.remove()
    from exodus_core.analysis.static_analysis import StaticAnalysis
    analysis = StaticAnalysis(path)
    # What it calls embedded classes are all names of the type table, referenced ones too: no number to compare.
    return {"id": analysis.get_package(), "permissions": analysis.get_permissions(), "types": len(analysis.get_embedded_classes())}


IN_PYTHON = {"apk-info": apk_info, "androguard": androguard, "exodus-core": exodus}


def in_child(tool, path, answer):
    """The child's side: one file, an answer in a file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.alarm(SECONDS)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        found = IN_PYTHON[tool](path)
    except MemoryError:
        found = {"crash": "out of memory"}
    except BaseException as error:
        found = {"error": f"{type(error).__name__}: {error}"[:200]}
    pathlib.Path(answer).write_text(json.dumps(found, default=str))


def serve(tool):
    """Imports the tool once and forks for every path on standard input; an answer per line."""
    {"apk-info": lambda: __import__("apk_info"), "androguard": lambda: __import__("androguard.core.apk"),
     "exodus-core": lambda: __import__("exodus_core.analysis.static_analysis")}[tool]()
    with tempfile.TemporaryDirectory() as folder:
        answer = os.path.join(folder, "answer")
        for line in sys.stdin:
            path = line.rstrip("\n")
            pathlib.Path(answer).write_text("")
            child = os.fork()
            if child == 0:
                in_child(tool, path, answer)
                os._exit(0)
            status = os.waitpid(child, 0)[1]
            text = pathlib.Path(answer).read_text()
            ended = {"crash": f"over {SECONDS} s" if status == signal.SIGALRM else f"signal {status}"}
            print(text or json.dumps(ended), flush=True)


def ask(interpreter, tool, paths):
    done = subprocess.run([interpreter, __file__, "--serve", tool], input="\n".join(paths) + "\n", stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


ORDINARY = "ordinary apps"
# Kinds of files by name: the project's own ones are named after their trick, the others after the suite they come from.
KINDS = [
    (r"^(local method|directory method|both methods|local sizes|stored with|encryption)", "own: BadPack, eight variants"),
    (r"^(bomb|claim)", "own: bombs"),
    (r"^(60000|20000)", "own: tens of thousands of entries"),
    (r"^(cut after|hole)", "own: cut files"),
    (r"^(NUL|a name|zip slip|folder|two manifests|many of one)", "own: names (NUL, zip slip, duplicates)"),
    (r"manifest$|^(text that|a component before|an id before|a quarter)|^a pool|^ten thousand open|^a manifest of", "own: broken manifests"),
    (r"^(dex before|bytes|count|decoy|zip64|data behind)", "own: directory and end record"),
    (r"Apktool__", "Apktool's test files"),
    (r"(v1|v1v2|v2|v3|v31|v4)[-_]|signed|signer|certs?[-_.]|rotation", "AOSP signing fixtures"),
    (r"", "other test files of androguard"),
]


def kind(path):
    name = os.path.basename(path).removesuffix(".apk")
    if "/corpus/apk/" in path:
        return ORDINARY
    # Only the suites' files have their origin in their names.
    kinds = [one for one in KINDS if not (one[1].startswith("own") and "__" in name)]
    return next(title for pattern, title in kinds if re.search(pattern, name if "Apktool" in name else name.rsplit("__", 1)[-1]))


def verdict(ours, theirs):
    """What a tool does, beside what we do."""
    if not theirs:
        return "-"
    if "crash" in theirs:
        return "crashes or hangs"
    if "error" in theirs:
        return "refuses"
    if "error" in ours or "crash" in ours:
        if "classes" in theirs:
            return "reads code alone"
        return "opens, we refuse" if theirs["id"] else "opens, reads nothing"
    same = all(sorted(set(ours[key] or [])) == sorted(set(theirs[key] or [])) for key in ["permissions"] if key in theirs)
    same &= all(ours[key] == theirs[key] for key in ["id", "classes"] if key in theirs)
    return "reads the same" if same else ("opens, reads nothing" if not theirs.get("id", "x") else "reads otherwise")


def own(answer):
    if "crash" in answer:
        return "crashes"
    if "error" in answer:
        return "exit 2" + ("" if answer["names_file"] else " without the file's name")
    return "reads, and tells" if answer["told"] else "reads"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve")
    parser.add_argument("--exodus", default=sys.executable)
    parser.add_argument("--json")
    parser.add_argument("program", nargs="?")
    parser.add_argument("folders", nargs="*")
    arguments = parser.parse_args()
    if arguments.serve:
        return serve(arguments.serve)
    paths = sorted(str(path) for folder in arguments.folders for path in pathlib.Path(folder).rglob("*.apk"))
    answers = {"sdkaudit": [sdkaudit(arguments.program, path) for path in paths], "aapt": [aapt(path) for path in paths],
               "dexdump": [dexdump(path) for path in paths]}
    for tool in IN_PYTHON:
        answers[tool] = ask(arguments.exodus if tool == "exodus-core" else sys.executable, tool, paths)
        if len(answers[tool]) != len(paths):
            sys.exit(f"{tool} answered for {len(answers[tool])} of {len(paths)} files")
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps({"paths": paths, "answers": answers}, indent=1))
    table(paths, answers)
    differences(paths, answers)


def table(paths, answers):
    order = [title for _, title in KINDS] + [ORDINARY]
    kinds = [kind(path) for path in paths]
    print("| file kind | files | " + " | ".join(TOOLS) + " |\n| --- | --: | " + " | ".join("---" for _ in TOOLS) + " |")
    for title in sorted(set(kinds), key=order.index):
        rows = [at for at, one in enumerate(kinds) if one == title]
        cells = []
        for tool in TOOLS:
            what = [own(answers[tool][at]) if tool == "sdkaudit" else verdict(answers["sdkaudit"][at], answers[tool][at]) for at in rows]
            cells.append(", ".join(f"{count} {word}" for word, count in collections.Counter(what).most_common()))
        print(f"| {title} | {len(rows)} | " + " | ".join(cells) + " |")


def differences(paths, answers):
    for at, path in enumerate(paths):
        ours = answers["sdkaudit"][at]
        for tool in TOOLS[1:]:
            theirs = answers[tool][at]
            word = verdict(ours, theirs)
            if word in ("reads the same", "refuses", "reads code alone", "-"):
                continue
            print(f"{os.path.basename(path)}\t{tool}\t{word}\t{theirs}\tours: {ours}"[:900])


if __name__ == "__main__":
    main()
