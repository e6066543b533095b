"""Breaks one rule at a time in a small tree of its own and fails unless the rule notices exactly what was broken."""

import importlib
import pathlib
import sys
import tempfile

MODULES = "base\t0\t\t\tground\nstats\t1\tbase\t\tformulas\ndrift\t5\tbase stats\tmarket\tdetectors\nmarket\t2\tbase\t\tbars\n"
TABLE = "| 0 | base |\n"

# A tree that keeps every rule.
SOUND = {
    "src/README.md": TABLE,
    "src/base/time.h": '#include <vector>\nclass Clock {};  // not system_clock::now()\n',
    "src/stats/rank.h": '#include "base/time.h"\nstruct Commonality {};\n',
    "src/market/bar.h": "",
    "src/drift/page_hinkley.cc": '#include "base/time.h"\n#include "stats/rank.h"\n#include "drift/page_hinkley.h"\n',
    "src/drift/page_hinkley.h": "",
    "src/drift/page_hinkley_test.cc": '#include "market/bar.h"\n#include <thread>\nstd::thread thread;\n',
}

# Rule, the file that breaks it, its text, and what the report must say.
BREACHES = [
    ("includes", "src/stats/up.h", '#include "drift/page_hinkley.h"\n', "up.h:1: stats (layer 1) includes drift/"),
    ("includes", "src/drift/sideways.h", '\n# include "market/bar.h"\n', "sideways.h:2: drift (layer 5) includes market/"),
    ("includes", "src/drift/relative.cc", '#include "page_hinkley.h"\n', "is no file of src/"),
    ("includes", "src/unknown/new.h", "", "there is no module unknown"),
    ("names", "src/stats/string_utils.h", "", "'string_utils.h' does not say"),
    ("names", "src/common/rank.h", "", "'common' does not say"),
    ("names", "src/stats/rank.cc", "class RankManager {\n", "'RankManager' does not say"),
    ("names", "src/stats/rank.cc", "namespace helper {\n", "'helper' does not say"),
    ("module_table", "src/README.md", "| 0 | another |\n", "+| 0 | base |"),
    ("time_is_an_input", "src/drift/now.cc", "auto t = std::chrono::system_clock::now();\n", "now.cc:1: reads the clock"),
    ("time_is_an_input", "src/drift/seed.cc", "std::random_device device;\n", "draws unseeded randomness"),
    ("time_is_an_input", "src/drift/wait.h", "std::this_thread::sleep_for(wait);\n", "sleeps"),
    ("time_is_an_input", "src/drift/run.cc", "std::thread worker(run);\n", "starts a thread"),
]


def reports(rule, files):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in {**files, "build/modules.tsv": MODULES, "build/module_table.md": TABLE}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return list(importlib.import_module(rule).breaches(root, root / "build"))


def main(rule):
    assert not reports(rule, SOUND), f"{rule} reports a sound tree: {reports(rule, SOUND)}"
    broken = [breach for breach in BREACHES if breach[0] == rule]
    assert broken
    for _, name, text, expected in broken:
        found = reports(rule, {**SOUND, name: text})
        assert len(found) == 1 and expected in found[0], f"{name}: expected one report with '{expected}', got {found}"
    print(f"{rule} noticed {len(broken)} breaches")


if __name__ == "__main__":
    main(sys.argv[1])
