"""What the rules share: the declared modules and the sources of a tree."""

import pathlib
import sys
from dataclasses import dataclass

SOURCE_SUFFIXES = {".h", ".cc", ".cu"}


@dataclass(frozen=True)
class Module:
    name: str
    layer: int
    depends: frozenset
    test_depends: frozenset


def modules(build):
    """The declarations that hone_modules_done() wrote, by name."""
    declared = {}
    for row in (build / "modules.tsv").read_text().splitlines():
        name, layer, depends, test_depends, _ = row.split("\t")
        declared[name] = Module(name, int(layer), frozenset(depends.split()), frozenset(test_depends.split()))
    return declared


def sources(folder):
    """Every C++ file below a folder, in a fixed order."""
    return sorted(path for path in folder.rglob("*") if path.suffix in SOURCE_SUFFIXES)


def is_test(path):
    return path.stem.endswith(("_test", "_bench"))


def main(breaches):
    """Runs `breaches(root, build)`, prints each breach and exits 1 if there is any."""
    found = list(breaches(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
    for breach in found:
        print(breach)
    print(f"{len(found)} breaches")
    sys.exit(1 if found else 0)
