"""Every `#include "module/..."` in src/ is of the file's own module or of one that the module names in DEPENDS.

Tests and benchmarks may also use TEST_DEPENDS. Each folder of src/ that holds sources is a declared module.
"""

import re

import source_tree

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def breaches(root, build):
    declared = source_tree.modules(build)
    src = root / "src"
    for path in source_tree.sources(src):
        name = path.relative_to(src).parts[0]
        if name not in declared:
            yield f"{path}: there is no module {name}"
            continue
        yield from breaches_in_file(path, src, declared[name], declared)


def breaches_in_file(path, src, module, declared):
    allowed = {module.name} | module.depends | (module.test_depends if source_tree.is_test(path) else set())
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match.group(1)
        used = target.split("/")[0]
        if not (src / target).is_file():
            yield f'{path}:{number}: "{target}" is no file of src/ (includes are written from src/)'
        elif used not in allowed:
            layer = declared[used].layer if used in declared else "?"
            yield (f"{path}:{number}: {module.name} (layer {module.layer}) includes {target} of {used} (layer {layer}), "
                   f"which its hone_module() does not name")


if __name__ == "__main__":
    source_tree.main(breaches)
