"""No file, folder or class is named by a word that says nothing: utils, common, manager, helper, misc."""

import re

import source_tree

FOLDERS = ("src", "apps", "bench", "fuzz", "tests")
EMPTY_WORDS = r"utils?|utilities|common|managers?|helpers?|misc"
PATH_WORD = re.compile(rf"(?:^|_)(?:{EMPTY_WORDS})(?:$|_)", re.IGNORECASE)
TYPE_NAME = re.compile(r"^\s*(?:class|struct|enum class|namespace)\s+(\w+)")
CAPITALS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def says_nothing(type_name):
    return any(re.fullmatch(EMPTY_WORDS, word, re.IGNORECASE) for word in CAPITALS.findall(type_name))


def breaches(root, build):
    for folder in FOLDERS:
        for path in source_tree.sources(root / folder):
            for part in path.relative_to(root).parts:
                if PATH_WORD.search(part.split(".")[0]):
                    yield f"{path}: '{part}' does not say what it holds"
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = TYPE_NAME.match(line)
                if match and says_nothing(match.group(1)):
                    yield f"{path}:{number}: '{match.group(1)}' does not say what it is"


if __name__ == "__main__":
    source_tree.main(breaches)
