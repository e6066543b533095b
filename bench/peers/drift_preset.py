"""Evidently's drift preset where nothing changes: how often it finds drift in a table of ten columns. Argument: seeds."""
import sys
import warnings

import numpy as np
import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

warnings.filterwarnings("ignore")
SEEDS, COLUMNS, CURRENT = int(sys.argv[1]), 10, 250


def table(phi, rows, seed):
    rng = np.random.default_rng(seed)
    noise, values = rng.standard_normal((rows + 1000, COLUMNS)) * np.sqrt(1 - phi * phi), np.zeros((rows + 1000, COLUMNS))
    for i in range(1, rows + 1000):
        values[i] = phi * values[i - 1] + noise[i]
    return pd.DataFrame(values[1000:], columns=[f"x{i}" for i in range(COLUMNS)])


def drifted_columns(reference, phi, seed):
    rows = table(phi, reference + CURRENT, seed)
    told = Report([DataDriftPreset()]).run(rows[reference:], rows[:reference]).dict()
    return next(m["value"]["count"] for m in told["metrics"] if m["metric_name"].startswith("DriftedColumnsCount"))


print("\n| Evidently DataDriftPreset, ten columns, nothing changes: % of tables told to have drifted | i.i.d. | AR 0.5 | AR 0.9 |\n|---|---|---|---|")
for reference in (1000, 5000):
    cells = []
    for phi in (0, 0.5, 0.9):
        drifted = [drifted_columns(reference, phi, seed) for seed in range(SEEDS)]
        cells.append(f"{100 * np.mean([count >= COLUMNS / 2 for count in drifted]):.1f} (some column: {100 * np.mean([count > 0 for count in drifted]):.1f})")
    print(f"| reference {reference}, current {CURRENT} | " + " | ".join(cells) + " |", flush=True)
