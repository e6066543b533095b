"""libhone_cuda.so holds both forest kernels as machine code for compute capability 8.0 and 9.0 and as PTX for later ones.

Reads the library's fat binaries: a header of 16 bytes with the magic number, then entries, each with kind (1 PTX, 2 ELF),
the sizes of its header and of its body, and the capability it is for.
"""

import pathlib
import struct
import subprocess
import sys

MAGIC = struct.pack("<I", 0xBA55ED50)
KERNELS = ("HoneForestFloat", "HoneForestDouble")
PTX, ELF = 1, 2


def entries(data):
    """(kind, capability, body) of every entry of every fat binary."""
    at = data.find(MAGIC)
    while at >= 0:
        header, size = struct.unpack_from("<HQ", data, at + 6)
        place, end = at + header, at + header + size
        while place < end:
            kind, _, header, size = struct.unpack_from("<HHIQ", data, place)
            capability, = struct.unpack_from("<I", data, place + 28)
            yield kind, capability, data[place + header:place + header + size]
            place += header + size
        at = data.find(MAGIC, end)


def symbols_from_outside(library):
    ran = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True)
    return [line.split()[-1] for line in ran.stdout.splitlines()]


def main(library):
    found = list(entries(pathlib.Path(library).read_bytes()))
    for capability in (80, 90):
        for kernel in KERNELS:
            code = [body for kind, of, body in found if (kind, of) == (ELF, capability) and f".text.{kernel}\0".encode() in body]
            assert len(code) == 1, f"{kernel} for {capability}: {len(code)} times among {[(k, c, len(b)) for k, c, b in found]}"
            assert code[0].startswith(b"\x7fELF")
    assert any((kind, capability) == (PTX, 90) for kind, capability, _ in found), "no PTX for capabilities after 9.0"
    assert symbols_from_outside(library) == ["HoneForestPlugin"], symbols_from_outside(library)
    print(f"{len(KERNELS)} kernels for 8.0 and 9.0, PTX for later ones, one function to call")


if __name__ == "__main__":
    main(sys.argv[1])
