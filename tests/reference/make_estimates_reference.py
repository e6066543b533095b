"""Writes the outside numbers that estimates before labels are held to: estimates_reference.csv and estimates_samples.csv.

Needs scikit-learn and NumPy (versions are written into the file); run it from the repository root:

    python3 tests/reference/make_estimates_reference.py

The form is that of make_stats_reference.py. Adaptive conformal intervals follow the pseudo-code of arXiv 2208.08401
(DtACI), written here from the paper; a score set of the newest `window` errors.
"""
import csv

import numpy as np
import sklearn
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(20210607)
folder = "tests/reference/"
samples, rows = {}, []


def add(function, case, arguments, value):
    rows.append([function, case, ";".join(a if isinstance(a, str) else repr(float(a)) for a in arguments), repr(float(value))])


def add_isotonic(name, x, y):
    samples["x_" + name], samples["y_" + name] = x, y
    fit = IsotonicRegression(out_of_bounds="clip").fit(x, y)
    for at in [*np.quantile(x, [0, 0.1, 0.25, 0.5, 0.77, 0.9, 1]), x.min() - 1, x.max() + 1, x.mean()]:
        add("isotonic", name, ["x_" + name, "y_" + name, at], fit.predict([at])[0])


def add_roc(name, scores, probabilities):
    samples["s_" + name], samples["p_" + name] = scores, probabilities
    kinds = np.repeat([1, 0], len(scores))
    area = roc_auc_score(kinds, np.tile(scores, 2), sample_weight=np.concatenate([probabilities, 1 - probabilities]))
    add("expected_roc_area", name, ["s_" + name, "p_" + name], area)


def dtaci(predictions, outcomes, coverage, window, speeds, memory):
    miss, k = 1 - coverage, len(speeds)
    step = np.sqrt(3 / memory) * np.sqrt((np.log(k * memory) + 2) / (coverage**2 * miss**3 + miss**2 * coverage**3))
    asked, weights, scores, lows = np.full(k, miss), np.full(k, 1 / k), [], []
    for prediction, outcome in zip(predictions, outcomes):
        past, score = np.sort(scores[-window:]), abs(outcome - prediction)
        rank = int(np.ceil((len(past) + 1) * (1 - weights @ asked) - 1e-9))
        lows.append(prediction - (np.inf if rank > len(past) else 0 if rank < 1 else past[rank - 1]))
        if int(np.ceil((len(past) + 1) * coverage - 1e-9)) <= len(past):
            beta = (1 + np.sum(past >= score)) / (len(past) + 1)
            loss = miss * (beta - asked) - np.minimum(0, beta - asked)
            raised = weights * np.exp(-step * loss)
            sigma = 1 / (2 * memory)
            weights = (1 - sigma) * raised / raised.sum() + sigma / k
            asked = asked + np.array(speeds) * (miss - (asked > beta - 1e-12))
        scores.append(score)
    return lows


add_isotonic("noisy_200", rng.uniform(size=200), rng.normal(size=200) + np.linspace(0, 1, 200))
x = rng.uniform(size=500)
add_isotonic("events_500", x, (rng.uniform(size=500) < x**2).astype(float))
x = rng.integers(0, 12, size=300) / 11
add_isotonic("tied_300", x, (rng.uniform(size=300) < x).astype(float))
add_isotonic("falling_50", np.arange(50.0), -np.arange(50.0))
add_roc("plain_400", rng.uniform(size=400), rng.beta(2, 3, size=400))
add_roc("tied_300", rng.integers(0, 9, size=300) / 8, rng.uniform(size=300))
add_roc("sure_200", rng.normal(size=200), rng.integers(0, 2, size=200).astype(float))

prediction = rng.normal(size=1200)
outcome = prediction + rng.normal(size=1200) * np.repeat([1.0, 3.0, 0.5], 400)
samples["conformal_p"], samples["conformal_y"] = prediction, outcome
speeds = [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128]
for coverage, window in [(0.9, 250), (0.8, 50), (0.95, 100)]:
    lows = dtaci(prediction, outcome, coverage, window, speeds, 500)
    for at in [300, 399, 405, 450, 799, 810, 900, 1199]:
        add("conformal_low", f"{coverage}_{window}", ["conformal_p", "conformal_y", coverage, window, at], lows[at])

with open(folder + "estimates_reference.csv", "w") as out:
    out.write(f"# scikit-learn {sklearn.__version__}, numpy {np.__version__}\n")
    csv.writer(out, lineterminator="\n").writerows(rows)
with open(folder + "estimates_samples.csv", "w") as out:
    csv.writer(out, lineterminator="\n").writerows([name, *map(lambda v: repr(float(v)), values)] for name, values in samples.items())
