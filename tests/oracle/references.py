"""Call sites by a second, independent implementation: androguard's analysis against `sdkaudit inspect --format json`.

Run by hand, not in CI (androguard takes about a minute for each MB of code):

    python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install -r tests/oracle/requirements.txt
    /tmp/oracle/bin/python tests/oracle/references.py target/release/sdkaudit APK...

Compared is how often each method of each class refers to each API of src/platform/apis.json. Method calls come from androguard's
cross-references; static fields and string constants, which its analysis does not follow into the platform, from its disassembler.
Printed is one row per app, and each difference. Exit code 1 where there is one.
"""

import collections
import json
import pathlib
import subprocess
import sys

from androguard.core.apk import APK
from androguard.core.analysis.analysis import Analysis
from androguard.core.dex import DEX
from loguru import logger

logger.remove()

CATALOGUE = pathlib.Path(__file__).parents[2] / "src/platform/apis.json"
REFLECTION = {
    "Ljava/lang/Class;": {"forName", "getDeclaredMethod", "getMethod"},
    "Ljava/lang/reflect/Method;": {"invoke"},
}


def dotted(descriptor):
    return descriptor[1:-1].replace("/", ".")


def descriptor(name):
    return "L" + name.replace(".", "/") + ";"


def catalogue():
    """Methods by (class, name), each with its arguments (None: any call); fields; literals: whether they need reflection."""
    methods, fields, literals = collections.defaultdict(set), set(), {}
    for group in json.loads(CATALOGUE.read_text())["apis"]:
        for name in group.get("methods", []):
            methods[descriptor(group["class"]), name].add(group.get("argument"))
        for name in group.get("fields", []):
            fields.add((descriptor(group["class"]), name))
        for text in group.get("literals", []):
            literals[text] = group["strength"] == "reflective"
    return methods, fields, literals


def title(owner, name, argument=None):
    return f"{dotted(owner)}.{name}" + (f'("{argument}")' if argument else "")


def register_names(instruction):
    """Registers that a call passes, as androguard prints them: `v1, v2, Lx;->…` or `v1 ... v5, Lx;->…`."""
    words = instruction.get_output().split("L", 1)[0].replace(",", " ").split()
    if "..." in words:
        first, last = int(words[0][1:]), int(words[2][1:])
        return [f"v{number}" for number in range(first, last + 1)]
    return [word for word in words if word.startswith("v")]


def arguments(method, called, wanted):
    """How often each wanted constant stands in a register of a call of this method, in linear order."""
    found, registers = collections.Counter(), {}
    for instruction in method.get_instructions():
        kind, output = instruction.get_name(), instruction.get_output()
        target = output.split(",")[0].strip()
        if kind.startswith("const-string"):
            registers[target] = instruction.get_raw_string()
        elif kind.startswith("move-object") and "," in output:
            registers[target] = registers.get(output.split(",")[1].strip())
        elif kind.startswith("invoke"):
            if output.replace(" ", "").endswith(called):
                passed = {registers.get(register) for register in register_names(instruction)}
                found.update(argument for argument in wanted if argument in passed)
        elif not kind.startswith(("iput", "sput", "aput", "if-", "return", "throw", "check-cast", "monitor", "goto", "nop")):
            registers.pop(target, None)
    return found


class Oracle:
    def __init__(self, path):
        self.apk = APK(path)
        self.sites = collections.Counter()
        self.analysis = Analysis()
        self.dexes = [DEX(data) for data in self.apk.get_all_dex()]
        for dex in self.dexes:
            self.analysis.add(dex)
        self.analysis.create_xref()

    def add(self, method, api, count=1):
        self.sites[dotted(method.get_class_name()), str(method.get_name()), api] += count

    def platform_owner(self, owner, name, methods):
        """The catalogue's class that a call through `owner` leads to: its own, or that of a superclass in the app."""
        while True:
            if (owner, name) in methods:
                return owner
            node = self.analysis.classes.get(owner)
            if node is None or node.is_external():
                return None
            if any(str(method.name) == name and not method.is_external() for method in node.get_methods()):
                return None
            owner = str(node.extends)

    def calls(self, methods):
        for node in self.analysis.get_classes():
            for target in node.get_methods():
                owner = self.platform_owner(str(node.name), str(target.name), methods)
                if owner is None:
                    continue
                name = str(target.name)
                wanted = methods[owner, name]
                called = f"{node.name}->{name}{target.descriptor}".replace(" ", "")
                callers = collections.Counter(caller.get_method() for _, caller, _ in target.get_xref_from())
                for method, count in callers.items():
                    if None in wanted:
                        self.add(method, title(owner, name), count)
                    for argument, times in arguments(method, called, wanted - {None}).items():
                        self.add(method, title(owner, name, argument), times)

    def constants(self, fields, literals):
        for dex in self.dexes:
            for method in dex.get_encoded_methods():
                texts, reflects = collections.Counter(), False
                for instruction in method.get_instructions():
                    kind = instruction.get_name()
                    if kind.startswith("const-string"):
                        text = instruction.get_raw_string()
                        if text in literals:
                            texts[text] += 1
                    elif kind.startswith("sget"):
                        owner, rest = instruction.get_output().split(", ", 1)[1].split("->", 1)
                        name = rest.split(" ", 1)[0]
                        if (owner, name) in fields:
                            self.add(method, title(owner, name))
                    elif kind.startswith("invoke"):
                        owner, _, rest = instruction.get_output().rsplit(", ", 1)[-1].partition("->")
                        reflects |= rest.split("(", 1)[0] in REFLECTION.get(owner, ())
                for text, count in texts.items():
                    if reflects or not literals[text]:
                        self.add(method, f'"{text}"', count)


def ours(program, path):
    """Sites of the report: every body of code, a companion's under its own id only."""
    run = subprocess.run([program, "inspect", "--format", "json", path], capture_output=True, check=False)
    app = json.loads(run.stdout)["apps"][0]
    other = app["other_references"]
    bodies = [sdk["references"] for sdk in app["sdks"]] + [other["own_code"], other["obfuscated"]]
    bodies += [one["references"] for one in other["wrappers"] + other["unidentified"]]
    rows = set()
    for reference in (one for body in bodies for one in body if one["companion"] is None):
        for site in reference["sites"]:
            # Code under a shared prefix stands under each SDK that brings it.
            rows.add((site["class"], site["method"], site["api"], site["entry"], site["count"]))
    sites = collections.Counter()
    for owner, method, api, _, count in rows:
        sites[owner, method, api] += count
    return sites


def main(program, paths):
    methods, fields, literals = catalogue()
    differences = 0
    print("| app | call sites, sdkaudit | androguard | the same | only sdkaudit | only androguard |\n| --- | --: | --: | --: | --: | --: |")
    for path in paths:
        oracle = Oracle(path)
        oracle.calls(methods)
        oracle.constants(fields, literals)
        found, wanted = ours(program, path), oracle.sites
        same = sum((found & wanted).values())
        more, less = found - wanted, wanted - found
        totals = [sum(one.values()) for one in (found, wanted)] + [same, sum(more.values()), sum(less.values())]
        print(f"| {pathlib.Path(path).name} | " + " | ".join(f"{total:,}" for total in totals) + " |", flush=True)
        for label, rows in (("only sdkaudit", more), ("only androguard", less)):
            for (owner, method, api), count in sorted(rows.items()):
                differences += 1
                print(f"{label}: {owner}.{method} {api} {count}", file=sys.stderr)
    return 1 if differences else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
