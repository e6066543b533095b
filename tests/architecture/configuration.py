"""hone_module() stops the configuration of a tree whose modules depend upward, sideways or on nothing that exists."""

import pathlib
import subprocess
import sys
import tempfile

SOUND = 'hone_module(NAME base LAYER 0 DESCRIPTION "ground")'

# The declaration of the second module, called `drift`, and what the message must say; None where it is right.
CASES = [
    ('hone_module(NAME drift LAYER 5 DEPENDS base DESCRIPTION "detectors")', None),
    ('hone_module(NAME drift LAYER 0 DEPENDS base DESCRIPTION "detectors")', "layer 0 may not depend on base of layer 0"),
    ('hone_module(NAME drift LAYER 5 DEPENDS engine DESCRIPTION "detectors")', "no module engine is declared before it"),
    ('hone_module(NAME drift LAYER 5 TEST_DEPENDS engine DESCRIPTION "detectors")', "no module engine is declared"),
    ('hone_module(NAME drift DESCRIPTION "detectors")', "LAYER is missing"),
    ('hone_module(NAME drift LAYER 5)', "DESCRIPTION is missing"),
    ('hone_module(NAME other LAYER 5 DESCRIPTION "detectors")', "named like its folder, drift"),
    ('hone_module(NAME drift LAYER 5 DESCRIPTION "detectors" NEEDS base)', "unknown argument NEEDS"),
]


def configure(root, cmake, generator, declaration):
    """Returns the exit status and what CMake wrote on stderr, its line breaks taken out."""
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder)
        for name, text in (("base", SOUND), ("drift", declaration)):
            (tree / name).mkdir()
            (tree / name / "CMakeLists.txt").write_text(text)
        (tree / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(tree LANGUAGES NONE)\n"
            f"list(PREPEND CMAKE_MODULE_PATH {root}/cmake)\ninclude(hone_module)\nadd_library(hone_options INTERFACE)\n"
            "add_subdirectory(base)\nadd_subdirectory(drift)\nhone_modules_done()\n")
        ran = subprocess.run([cmake, "-G", generator, "-S", tree, "-B", tree / "build"], capture_output=True, text=True, check=False)
        return ran.returncode, " ".join(ran.stderr.split())


def main(root, cmake, generator):
    for declaration, expected in CASES:
        status, message = configure(root, cmake, generator, declaration)
        if expected is None:
            assert status == 0, message
        else:
            assert status != 0 and expected in message, f"{declaration}: expected '{expected}', got {status} '{message}'"
    print(f"{len(CASES)} declarations judged")


if __name__ == "__main__":
    main(*sys.argv[1:])
