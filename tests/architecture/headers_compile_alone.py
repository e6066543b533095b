"""Every header of src/ and apps/ compiles with nothing included before it.

Each is compiled with the flags of a source of its own module (compile_commands.json), of any other where there is none.
"""

import concurrent.futures
import json
import os
import pathlib
import shlex
import subprocess

import source_tree

DROPPED_WITH_VALUE = {"-o", "-MF", "-MT", "-MQ"}
DROPPED = {"-c", "-MD", "-MMD"}


def flags(command):
    """The compiler and its flags, without input and output."""
    kept, words = [], iter(shlex.split(command))
    for word in words:
        if word in DROPPED_WITH_VALUE:
            next(words)
        elif word not in DROPPED and not word.endswith(".cc"):
            kept.append(word)
    return kept


def commands(build, root):
    """The flags to use, by module folder relative to `root`."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        if root in path.parents and path.suffix == ".cc" and not source_tree.is_test(path):
            found.setdefault(path.relative_to(root).parts[:2], flags(entry["command"]))
    return found


def compile_alone(root, build, header, command):
    name = header.relative_to(root)
    source = build / "headers_compile_alone" / name.with_suffix(".cc")
    source.parent.mkdir(parents=True, exist_ok=True)
    text = f'#include "{name.relative_to(name.parts[0])}"\n'
    if not source.exists() or source.read_text() != text:
        source.write_text(text)
    ran = subprocess.run([*command, "-O0", "-g0", "-c", source, "-o", source.with_suffix(".o")], capture_output=True, text=True,
                         check=False, cwd=build)
    return f"{header} does not compile alone:\n{ran.stderr}" if ran.returncode else None


def breaches(root, build):
    known = commands(build, root)
    other = known[("src", "base")]
    headers = source_tree.sources(root / "src") + source_tree.sources(root / "apps")
    headers = [path for path in headers if path.suffix == ".h"]
    print(f"{len(headers)} headers")
    with concurrent.futures.ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 2)) as pool:
        jobs = [pool.submit(compile_alone, root, build, header, known.get(header.relative_to(root).parts[:2], other))
                for header in headers]
        yield from filter(None, (job.result() for job in jobs))


if __name__ == "__main__":
    source_tree.main(breaches)
