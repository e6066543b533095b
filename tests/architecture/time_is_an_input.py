"""Nothing in src/ reads the wall clock, sleeps, draws unseeded randomness or starts a thread on its own account.

ALLOWED names the few files that provide these things to the others, with the reason.
"""

import re

import source_tree

FORBIDDEN = {
    "reads the clock": r"\b(?:system_clock|steady_clock|high_resolution_clock)::now\b|\b(?:clock_gettime|gettimeofday)\b"
                       r"|\bstd::time\s*\(|\btime\s*\(\s*(?:nullptr|NULL|0)\s*\)",
    "sleeps": r"\bsleep_for\b|\bsleep_until\b|\b(?:u|nano)?sleep\s*\(",
    "draws unseeded randomness": r"\brandom_device\b|\bs?rand\s*\(|\bgetrandom\b|\barc4random",
    "starts a thread": r"\bstd::(?:jthread|async)\b|\bstd::thread\b(?!::)|\bpthread_create\b",
}
COMMENT = re.compile(r"//.*")

ALLOWED = {
    "base/executor.cc": {"starts a thread"},  # the pool itself, which main makes and passes on
}


def breaches(root, build):
    src = root / "src"
    for path in source_tree.sources(src):
        if source_tree.is_test(path):
            continue
        allowed = ALLOWED.get(str(path.relative_to(src)), ())
        for number, line in enumerate(path.read_text().splitlines(), 1):
            code = COMMENT.sub("", line)
            for what, pattern in FORBIDDEN.items():
                if what not in allowed and re.search(pattern, code):
                    yield f"{path}:{number}: {what}; clock, random source and executor are passed in"


if __name__ == "__main__":
    source_tree.main(breaches)
