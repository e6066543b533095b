"""Every header of src/ and apps/ compiles with nothing included before it.

One that a source includes before anything else compiles alone when that source does, which clang-tidy shows whenever one of the
two is changed (tools/check). Each other is compiled with the flags of a source of its own module (compile_commands.json), of any
other where there is none.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess

import source_tree

DROPPED_WITH_VALUE = {"-o", "-MF", "-MT", "-MQ"}
DROPPED = {"-c", "-MD", "-MMD"}


def flags(command):
    """The compiler and its flags, without input and output; by ccache where there is one, for the next run."""
    ccache = shutil.which("ccache")
    kept, words = [ccache] if ccache else [], iter(shlex.split(command))
    for word in words:
        if word in DROPPED_WITH_VALUE:
            next(words)
        elif word not in DROPPED and not word.endswith((".cc", ".cxx")):
            kept.append(word)
    return kept


def compiled_together(path):
    """What a unity source includes; any other is itself."""
    if path.parent.name != "Unity":
        return [path]
    return [pathlib.Path(name) for name in re.findall(r'^#include "(.+)"$', path.read_text(), re.MULTILINE)]


def built_sources(build, root):
    """Sources of the checkout that are built, tests left out, each with its command."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        for path in compiled_together(pathlib.Path(entry["file"])):
            if root in path.parents and path.suffix == ".cc" and not source_tree.is_test(path):
                yield path, entry["command"]


def commands(built, root):
    """The flags to use, by module folder relative to `root`."""
    found = {}
    for path, command in built:
        found.setdefault(path.relative_to(root).parts[:2], flags(command))
    return found


def included_first(built, root):
    """Headers that are the first thing some source includes."""
    for path, command in built:
        first = re.search(r'^\s*#\s*include\s+(.*)$', path.read_text(), re.MULTILINE)
        name = re.fullmatch(r'"(.+)"\s*', first.group(1)) if first and "-include" not in command else None
        if name:
            yield root / path.relative_to(root).parts[0] / name.group(1)


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
    built = list(built_sources(build, root))
    known = commands(built, root)
    done = set(included_first(built, root))
    other = known[("src", "base")]
    headers = source_tree.sources(root / "src") + source_tree.sources(root / "apps")
    headers = [path for path in headers if path.suffix == ".h"]
    print(f"{len(headers)} headers, {len(done & set(headers))} included first by a source")
    headers = [path for path in headers if path not in done]
    with concurrent.futures.ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 2)) as pool:
        jobs = [pool.submit(compile_alone, root, build, header, known.get(header.relative_to(root).parts[:2], other))
                for header in headers]
        yield from filter(None, (job.result() for job in jobs))


if __name__ == "__main__":
    source_tree.main(breaches)
