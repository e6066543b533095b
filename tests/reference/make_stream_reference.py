"""Writes where other implementations alarm, which src/drift/stream_detectors is held to: stream_reference.csv.

Needs River (PyPI river), MOA (moa.jar, here that of PyPI capymoa) and JPype with a Java; run it from the repository root:

    python3 tests/reference/make_stream_reference.py MOA_JAR

Each line: detector, its settings separated by blanks, stream, seed, whose answer it is, rows of drifts, rows of warnings
(0-based; "a-b" are all from a to b). Streams are drawn from hone's own generator (base/random.h), so that a test can
draw them again: stream_reference_test.cc.

Where River or MOA depart from the paper the line is made to follow the paper, or left to the other one:
  - River's ADWIN and KSWIN forget everything at a drift. The papers keep the newer part of the window: those lines use
    River's inner window of ADWIN, and a KSWIN begun anew with the newest values.
  - River's HDDM_W applies the first weight one row early; MOA's is used.
  - MOA's STEPD alarms on rare errors that did not change (it takes |T| of a negative T), at row 59 of long_errors 1 say:
    that stream is left out.
"""
import csv
import math
import sys

import jpype
import river
import river.drift
from river._river_rust.drift import AdaptiveWindowing

MASK = (1 << 64) - 1


class Random:
    """xoshiro256++ seeded through splitmix64."""

    def __init__(self, seed):
        self.state = []
        for _ in range(4):
            seed = (seed + 0x9E3779B97F4A7C15) & MASK
            z = ((seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
            self.state.append(z ^ (z >> 31))

    @staticmethod
    def rotate(x, k):
        return ((x << k) | (x >> (64 - k))) & MASK

    def uniform(self):
        s = self.state
        result = (self.rotate((s[0] + s[3]) & MASK, 23) + s[0]) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = self.rotate(s[3], 45)
        return (result >> 11) * 2.0**-53


def noise(random):
    """Nearly normal, and the same to the bit in every language: twelve uniforms less 6."""
    total = 0.0
    for _ in range(12):
        total += random.uniform()
    return total - 6.0


def steps(random):
    for rows, level, scale in ((800, 0.0, 1.0), (800, 1.0, 1.0), (600, -0.5, 1.0), (400, -0.5, 3.0)):
        for _ in range(rows):
            yield level + scale * noise(random)


def persistent(random):
    value = 0.0
    for _ in range(2000):
        value = 0.9 * value + 0.4358898943540674 * noise(random)
        yield value


def errors(random):
    for rows, rate in ((1000, 0.2), (1000, 0.35), (1000, 0.1), (600, 0.5)):
        for _ in range(rows):
            yield 1.0 if random.uniform() < rate else 0.0


def long_errors(random):
    for rows, rate in ((9000, 0.05), (1000, 0.07), (1500, 0.12)):
        for _ in range(rows):
            yield 1.0 if random.uniform() < rate else 0.0


STREAMS = {"steps": steps, "persistent": persistent, "errors": errors, "long_errors": long_errors}


class Window:
    """River's ADWIN without its fresh start."""

    def __init__(self):
        self.inner = AdaptiveWindowing(delta=0.002, clock=32, max_buckets=5, min_window_length=5, grace_period=10)

    def update(self, x):
        return self.inner.update(x), False


class River:
    def __init__(self, detector):
        self.detector = detector

    def update(self, x):
        self.detector.update(x)
        return self.detector.drift_detected, getattr(self.detector, "warning_detected", False)


class Kswin:
    """All 30 older values of a window of 60 are drawn, so chance has no part in it."""

    def __init__(self):
        self.detector = river.drift.KSWIN(window_size=60, stat_size=30)

    def update(self, x):
        self.detector.update(x)
        if not self.detector.drift_detected:
            return False, False
        self.detector = river.drift.KSWIN(window_size=60, stat_size=30, window=list(self.detector.window))
        return True, False


class Moa:
    def __init__(self, name, **options):
        self.detector = jpype.JClass("moa.classifiers.core.driftdetection." + name)()
        for option, label in options.items():
            getattr(self.detector, option).setChosenLabel(label)
        self.detector.prepareForUse()

    def update(self, x):
        self.detector.input(x)
        return bool(self.detector.getChange()), bool(self.detector.getWarningZone())


CASES = [
    ("adwin", "", "River's window", Window, ("steps", "persistent", "errors")),
    ("adwin", "keep_window=false", "River", lambda: River(river.drift.ADWIN()), ("steps", "persistent", "errors")),
    ("kswin", "window=60 recent=30", "River", Kswin, ("steps", "persistent")),
    ("page_hinkley", "", "River", lambda: River(river.drift.PageHinkley()), ("steps", "persistent", "errors")),
    ("page_hinkley", "threshold=15 delta=0.1 down=false", "River", lambda: River(river.drift.PageHinkley(threshold=15, delta=0.1, mode="up")), ("steps", "persistent")),
    ("ddm", "", "River", lambda: River(river.drift.binary.DDM()), ("errors", "long_errors")),
    ("eddm", "", "River", lambda: River(river.drift.binary.EDDM()), ("errors", "long_errors")),
    ("hddm_a", "", "River", lambda: River(river.drift.binary.HDDMA()), ("errors", "long_errors")),
    ("hddm_a", "two_sided=true", "River", lambda: River(river.drift.binary.HDDMA(two_sided_test=True)), ("errors",)),
    ("hddm_w", "", "MOA", lambda: Moa("HDDM_W_Test", oneSidedTestOption="One-sided"), ("errors", "long_errors")),
    ("rddm", "", "MOA", lambda: Moa("RDDM"), ("errors", "long_errors")),
    ("stepd", "", "MOA", lambda: Moa("STEPD"), ("errors",)),
]


def ranges(rows):
    text, first, last = [], None, None
    for row in rows + [math.inf]:
        if first is not None and row != last + 1:
            text.append(str(first) if first == last else f"{first}-{last}")
            first = None
        first = row if first is None else first
        last = row
    return " ".join(text)


def main(jar):
    jpype.startJVM(classpath=[jar])
    rows = []
    for name, settings, source, make, streams in CASES:
        for stream in streams:
            for seed in (1, 2, 3):
                detector, drifts, warnings = make(), [], []
                for i, x in enumerate(STREAMS[stream](Random(seed))):
                    drift, warning = detector.update(x)
                    if drift:
                        drifts.append(i)
                    elif warning:
                        warnings.append(i)
                rows.append([name, settings, stream, seed, source, ranges(drifts), ranges(warnings)])
    with open("tests/reference/stream_reference.csv", "w", newline="") as out:
        out.write(f"# river {river.__version__}, MOA of capymoa 0.15.1\n")
        csv.writer(out, lineterminator="\n").writerows(rows)


main(sys.argv[1])
