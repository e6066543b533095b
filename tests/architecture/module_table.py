"""src/README.md holds the table made from the declared modules."""

import difflib

import source_tree


def breaches(root, build):
    wanted = (build / "module_table.md").read_text()
    readme = root / "src" / "README.md"
    found = readme.read_text() if readme.exists() else ""
    if found != wanted:
        difference = difflib.unified_diff(found.splitlines(), wanted.splitlines(), str(readme), "declared", lineterm="", n=0)
        yield "\n".join([*difference, "write it anew: cmake --build <build folder> --target module_table"])


if __name__ == "__main__":
    source_tree.main(breaches)
