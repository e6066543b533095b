"""Stream detectors of River and of hone on the same streams: false alarms where nothing changes, delays where something
does, time of an update. Arguments: the program stream_alarms, a folder to work in, the number of seeds.
"""
import gzip
import os
import pathlib
import subprocess
import sys
import time

import numpy as np
from river import drift, naive_bayes
from river.datasets import synth
from scipy.signal import lfilter

PROGRAM, WORK, SEEDS = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
ROWS = 1000  # of a stream without change, after the reference
REFERENCE = 1000


def autoregressive(phi):
    def make(rng, rows):
        noise = rng.standard_normal(rows + 1000) * np.sqrt(1 - phi * phi)
        return lfilter([1], [1, -phi], noise)[1000:]
    return make


def garch(rng, rows):
    noise, values, variance, value = rng.standard_normal(rows + 500), np.empty(rows + 500), 1.0, 0.0
    for i in range(rows + 500):
        variance = 0.02 + 0.08 * value * value + 0.90 * variance
        value = values[i] = np.sqrt(variance) * noise[i]
    return values[500:]


def returns():
    """Daily log returns of the S&P 500, or nothing where there is no data."""
    path = pathlib.Path(os.environ.get("HONE_DATA", "")) / "market/arch/sp500.csv.gz"
    if not path.is_file():
        return None
    closes = np.array([float(line.split(",")[4]) for line in gzip.open(path, "rt").read().split("\n")[1:] if line])
    daily = np.diff(np.log(closes)) * 100

    def make(rng, rows):
        """Stationary bootstrap (Politis and Romano 1994), blocks of 50 days: the dependence stays, the eras are mixed."""
        out, i = np.empty(rows), rng.integers(len(daily))
        for k in range(rows):
            i = rng.integers(len(daily)) if rng.random() < 1 / 50 else (i + 1) % len(daily)
            out[k] = daily[i]
        return out
    return make


def errors_of(make):
    """Errors of a model whose difficulty follows the stream: wrong where it is in its upper fifth."""
    return lambda rng, rows: (make(rng, rows) > 0.8416).astype(float)


VALUES = {"i.i.d.": autoregressive(0), "AR 0.5": autoregressive(0.5), "AR 0.9": autoregressive(0.9), "AR 0.99": autoregressive(0.99), "GARCH": garch}
if returns() is not None:
    VALUES["S&P 500"] = returns()
ERRORS = {name: errors_of(VALUES[name]) for name in ("i.i.d.", "AR 0.5", "AR 0.9")}
RIVER = {
    "adwin": drift.ADWIN, "page_hinkley": drift.PageHinkley, "kswin": lambda: drift.KSWIN(seed=1),
    "ddm": drift.binary.DDM, "eddm": drift.binary.EDDM, "hddm_a": drift.binary.HDDMA, "hddm_w": drift.binary.HDDMW,
}
OF_ERRORS = ("ddm", "eddm", "hddm_a", "hddm_w", "rddm", "stepd")


def hone(streams, detector, *settings):
    """The first drift of each stream, None where there is none; nanoseconds an update."""
    streams = np.ascontiguousarray(streams, dtype="<f8")
    path = WORK / "streams"
    streams.tofile(path)
    ran = subprocess.run([PROGRAM, str(streams.shape[1]), str(path), detector, *settings], capture_output=True, text=True, check=True)
    return [[int(row) for row in line.split()] for line in ran.stdout.split("\n")[:-1]], float(ran.stderr)


def river(stream, detector):
    made = RIVER[detector]()
    for i, x in enumerate(stream):
        made.update(x)
        if made.drift_detected:
            return i
    return None


def share(found):
    return f"{100 * np.mean(found):.1f}"


def print_table(head, rows):
    print("\n| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)


def false_alarms(kinds, detectors, with_default):
    columns = {name: np.array([make(np.random.default_rng(seed), REFERENCE + ROWS) for seed in range(SEEDS)]) for name, make in kinds.items()}
    rows = []
    for detector in detectors:
        if detector in RIVER:
            rows.append([f"River {detector}"] + [share([river(s, detector) is not None for s in x[:, REFERENCE:].tolist()]) for x in columns.values()])
        rows.append([f"hone {detector}"] + [share([bool(a) for a in hone(x[:, REFERENCE:], detector)[0]]) for x in columns.values()])
    if with_default:
        rows.append(["**hone prewhitened_ranks** (default)"] + [share([bool(a) for a in hone(x, "prewhitened_ranks")[0]]) for x in columns.values()])
    print_table(["% of streams that alarm within 1,000 values, nothing changes", *columns], rows)


def delays():
    """At a change, what is left of a detector once it alarms in at most 5 % of streams without one."""
    changes = {"mean +1 sd": lambda x: x + 1, "mean +0.5 sd": lambda x: x + 0.5, "sd x1.5": lambda x: 1.5 * x, "sd x0.5": lambda x: 0.5 * x}
    rows = []
    for kind in ("i.i.d.", "AR 0.5", "AR 0.9", "GARCH"):
        calm = np.array([VALUES[kind](np.random.default_rng(seed), REFERENCE + 3000) for seed in range(SEEDS)])
        tuned = {"prewhitened_ranks": ()}
        for detector, key, values in (("adwin", "delta", [0.002 / 10**i for i in range(0, 9)]), ("page_hinkley", "threshold", [50 * 2**i for i in range(8)])):
            settings = next((f"{key}={v:g}" for v in values if np.mean([bool(a) for a in hone(calm, detector, f"{key}={v:g}")[0]]) <= 0.05), None)
            if settings:
                tuned[detector] = (settings,)
        for detector, settings in tuned.items():
            cells = [kind, " ".join((detector, *settings))]
            for change in changes.values():
                moved = calm.copy()
                moved[:, 2000:] = change(moved[:, 2000:])
                late = [next((a - 2000 for a in alarms if a >= 2000), None) for alarms in hone(moved, detector, *settings)[0]]
                seen = [d for d in late if d is not None]
                cells.append(f"{100 * len(seen) / len(late):.0f} %, {np.median(seen):.0f}" if seen else "0 %")
            rows.append(cells)
    print_table(["stream", "detector at <= 5 % false alarms in 4,000 values", *(f"{c}: found, median delay" for c in changes)], rows)


def concept(name, seed):
    """Five thousand examples of one concept, then of another."""
    first, second = {
        "SINE1": lambda: (synth.Sine(0, seed), synth.Sine(1, seed)),
        "SEA": lambda: (synth.SEA(0, seed=seed), synth.SEA(2, seed=seed)),
        "Agrawal": lambda: (synth.Agrawal(0, seed), synth.Agrawal(3, seed)),
        "LED": lambda: (synth.LED(seed, 0.1), ((dict(zip(x, list(x.values())[::-1])), y) for x, y in synth.LED(seed, 0.1))),
        "RandomRBF": lambda: (synth.RandomRBF(seed, seed), synth.RandomRBF(seed + 1000, seed)),
    }[name]()
    return first, second


def classifier_errors(name, seed, width, rows=3000, at=1500):
    """0/1 errors of naive Bayes that learned the first concept; over `width` examples the second takes its place."""
    rng, (first, second), model, errors = np.random.default_rng(seed), concept(name, seed), naive_bayes.GaussianNB(), []
    first, second = iter(first), iter(second)
    for _ in range(500):
        x, y = next(first)
        model.learn_one(x, y)
    for i in range(rows):
        new = i >= at if width == 0 else rng.random() < min(max((i - at) / width, 0), 1)
        x, y = next(second if new else first)
        errors.append(float(model.predict_one(x) != y))
    return errors


def concepts():
    rows, seeds = [], max(SEEDS // 10, 5)
    for name in ("SINE1", "SEA", "Agrawal", "LED", "RandomRBF"):
        for width, kind in ((0, "abrupt"), (500, "gradual")):
            streams = [classifier_errors(name, seed, width) for seed in range(seeds)]
            cells = [f"{name} {kind}", f"{np.mean([s[:1500] for s in streams]):.2f} to {np.mean([s[2000:] for s in streams]):.2f}"]
            for detector, settings in (("prewhitened_ranks", ("reference=1000",)), ("adwin", ()), ("ddm", ()), ("hddm_a", ()), ("hddm_w", ()), ("rddm", ())):
                alarms = hone(streams, detector, *settings)[0]
                early = sum(any(a < 1500 for a in each) for each in alarms)
                late = [next((a - 1500 for a in each if a >= 1500), None) for each in alarms]
                seen = [d for d in late if d is not None]
                cells.append(f"{early}/{seeds}, {np.median(seen):.0f}" + ("" if len(seen) == seeds else f" ({len(seen)}/{seeds})") if seen else f"{early}/{seeds}, none")
            rows.append(cells)
    print_table(["stream", "error rate", "prewhitened_ranks", "adwin", "ddm", "hddm_a", "hddm_w", "rddm"], rows)


def times():
    stream, errors = np.random.default_rng(1).standard_normal((1, 50000)), (np.random.default_rng(1).random((1, 50000)) < 0.2).astype(float)
    rows = []
    for detector in ("prewhitened_ranks", *RIVER, "rddm", "stepd", "cusum"):
        x = errors if detector in OF_ERRORS else stream
        ours = min(hone(x, detector)[1] for _ in range(3))
        if detector not in RIVER:
            rows.append([detector, f"{ours:.0f}", "", ""])
            continue
        made, few = RIVER[detector](), x[0, :2000 if detector == "kswin" else 50000].tolist()
        begin = time.process_time()
        for value in few:
            made.update(value)
        theirs = (time.process_time() - begin) / len(few) * 1e9
        rows.append([detector, f"{ours:.0f}", f"{theirs:.0f}", f"{theirs / ours:.0f}x"])
    print_table(["ns an update", "hone", "River", "River / hone"], rows)


false_alarms(VALUES, ("adwin", "page_hinkley", "kswin", "cusum"), True)
false_alarms(ERRORS, OF_ERRORS, True)
delays()
print("\nErrors of a classifier; in each cell streams with an alarm before the change, then the median delay.")
concepts()
times()
