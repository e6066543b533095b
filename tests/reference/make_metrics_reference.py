"""Writes the outside numbers that metrics are held to: tests/reference/metrics_reference.csv and metrics_samples.csv.

Needs scikit-learn, empyrical-reloaded, uncertainty-calibration, confidenceinterval (its DeLong), statsmodels and SciPy (versions
are written into the file); run it from the repository root:

    python3 tests/reference/make_metrics_reference.py

The form is that of make_stats_reference.py: function, name of the case, arguments separated by ';', expected value.
"""
import csv
import importlib.metadata
import importlib.util

import calibration.utils
import empyrical
import numpy as np
import sklearn.metrics
import statsmodels.tsa.stattools

rng = np.random.default_rng(19760501)
folder = "tests/reference/"


def delong():  # the package's file alone: the rest of it wants plotting libraries
    origin = importlib.util.find_spec("confidenceinterval").submodule_search_locations[0]
    spec = importlib.util.spec_from_file_location("delong", origin + "/delong.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def exact(value):
    return repr(float(value))


SAMPLES = {}


def add_forecast(name, probabilities, events):
    SAMPLES["p_" + name], SAMPLES["y_" + name] = probabilities, events.astype(float)


p = rng.uniform(size=500)
add_forecast("calibrated_500", p, rng.uniform(size=500) < p)
p = rng.beta(2, 5, size=300)
add_forecast("overconfident_300", p, rng.uniform(size=300) < 0.3 + 0.3 * p)
p = rng.integers(0, 11, size=240) / 10
add_forecast("tied_240", p, rng.uniform(size=240) < 0.2 + 0.6 * p)
add_forecast("sure_20", np.repeat([0.0, 1.0], 10), np.tile([0.0, 1.0, 1.0, 1.0], 5))
SAMPLES["r_normal_400"] = rng.normal(4e-4, 0.01, size=400)
SAMPLES["r_heavy_250"] = 0.01 * rng.standard_t(4, size=250)
SAMPLES["r_losing_100"] = rng.normal(-2e-3, 0.01, size=100)
momentum = rng.normal(size=600)
for i in range(1, 600):
    momentum[i] += 0.3 * momentum[i - 1]
SAMPLES["r_momentum_600"] = 5e-4 + 0.008 * momentum
SAMPLES["x_300"] = rng.lognormal(size=300)
SAMPLES["x_near_300"] = SAMPLES["x_300"] * rng.lognormal(sigma=0.3, size=300)

rows = []


def add(function, case, arguments, value):
    rows.append([function, case, ";".join(a if isinstance(a, str) else exact(a) for a in arguments), exact(value)])


def add_forecasts():
    variance_of = delong().delong_roc_variance
    for case in ("calibrated_500", "overconfident_300", "tied_240", "sure_20"):
        p, y = SAMPLES["p_" + case], SAMPLES["y_" + case]
        a = ["p_" + case, "y_" + case]
        add("accuracy", case, a, sklearn.metrics.accuracy_score(y, p >= 0.5))
        add("log_loss", case, a, sklearn.metrics.log_loss(y, p))
        add("brier", case, a, sklearn.metrics.brier_score_loss(y, p))
        add("roc_area", case, a, sklearn.metrics.roc_auc_score(y, p))
        add("roc_variance", case, a, variance_of(y, p)[1])
    for case in ("calibrated_500", "overconfident_300"):  # without ties both cut the same bins
        p, y = SAMPLES["p_" + case], SAMPLES["y_" + case]
        for bins in (5, 10, 20):
            binned = calibration.utils.bin(list(zip(p, y)), calibration.utils.get_equal_bins(p, bins))
            a = ["p_" + case, "y_" + case, bins]
            add("squared_calibration", f"{case} {bins}", a, calibration.utils.unbiased_square_ce(binned))
            add("plain_calibration", f"{case} {bins}", a, calibration.utils.plugin_ce(binned, power=1))


def add_returns():
    for case in ("r_normal_400", "r_heavy_250", "r_losing_100", "r_momentum_600"):
        r = SAMPLES[case]
        add("sharpe", case, [case], empyrical.sharpe_ratio(r, annualization=1))
        add("sortino", case, [case], empyrical.sortino_ratio(r, annualization=1))
        add("max_drawdown", case, [case], -empyrical.max_drawdown(r))
        add("profit_factor", case, [case], r[r >= 0].sum() / abs(r[r < 0].sum()))
        rho = statsmodels.tsa.stattools.acf(r, nlags=12, fft=False)[1:]
        for k in (1, 5, 12):
            add("autocorrelation", f"{case} {k}", [case, k], rho[k - 1])
        for q in (1, 5, 12, 252):  # Lo (2002), equation 20, autocorrelations up to the twelfth
            lags = np.arange(1, min(q, 13))
            variance = q + 2 * np.sum((q - lags) * rho[: len(lags)])
            add("sharpe_scale", f"{case} {q}", [case, q], q / np.sqrt(variance))


def add_numbers():
    x, near = SAMPLES["x_300"], SAMPLES["x_near_300"]
    a = ["x_near_300", "x_300"]
    add("mae", "x", a, sklearn.metrics.mean_absolute_error(x, near))
    add("rmse", "x", a, sklearn.metrics.root_mean_squared_error(x, near))
    # QLIKE is half the deviance of the gamma distribution.
    add("qlike", "x", a, sklearn.metrics.mean_gamma_deviance(x, near) / 2)


add_forecasts()
add_returns()
add_numbers()
PACKAGES = ("scikit-learn", "empyrical-reloaded", "uncertainty-calibration", "confidenceinterval", "statsmodels", "numpy")
with open(folder + "metrics_reference.csv", "w", newline="") as out:
    out.write("# " + ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES) + "\n")
    csv.writer(out, lineterminator="\n").writerows(rows)
with open(folder + "metrics_samples.csv", "w", newline="") as out:
    out.write(f"# numpy {np.__version__}, PCG64 seed 19760501; one sample a line, its name first\n")
    csv.writer(out, lineterminator="\n").writerows([name, *map(exact, values)] for name, values in SAMPLES.items())
