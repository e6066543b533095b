"""Writes the outside numbers that src/stats is held to: tests/reference/stats_reference.csv and samples.csv.

Needs SciPy, NumPy, statsmodels, scikit-learn and arch (versions are written into the file); run it from the repository
root:

    python3 tests/reference/make_stats_reference.py

Each line: function, name of the case, arguments separated by ';', expected value. Samples are columns of
stats_samples.csv, called by name.
"""
import csv
import itertools
import warnings

import arch
import arch.bootstrap
import numpy as np
import scipy
import scipy.spatial.distance
import scipy.special
import scipy.stats
import scipy.stats.contingency
import sklearn
import sklearn.linear_model
import sklearn.metrics
import statsmodels
import statsmodels.stats.proportion
import statsmodels.regression.linear_model
import statsmodels.stats.multitest

rng = np.random.default_rng(20080915)
folder = "tests/reference/"


def exact(value):
    return repr(float(value))


SAMPLES = {
    "normal_40": rng.normal(size=40),
    "normal_25": rng.normal(0.4, 1.2, size=25),
    "t4_60": rng.standard_t(4, size=60),
    "skewed_60": rng.exponential(size=60),
    "normal_300": rng.normal(size=300),
    "shifted_200": rng.normal(0.3, 1, size=200),
    "near_300": rng.normal(0.02, 1, size=300),
    "ties_50": rng.integers(0, 6, size=50).astype(float),
    "ties_80": rng.integers(1, 7, size=80).astype(float),
    "far_30": rng.normal(9, 1, size=30),
}
noise = rng.normal(size=400)
walk = np.zeros(400)
for i in range(1, 400):
    walk[i] = 0.7 * walk[i - 1] - 0.2 * walk[i - 2] + noise[i]
SAMPLES["ar2_400"] = walk
for name, phi in (("ar5_300", 0.5), ("ar9_2000", 0.9), ("iid_500", 0.0)):
    series = np.random.default_rng(len(SAMPLES)).normal(size=int(name.split("_")[1]))
    for i in range(1, len(series)):
        series[i] += phi * series[i - 1]
    SAMPLES[name] = series

rows = []


def add(function, case, arguments, value):
    rows.append([function, case, ";".join(a if isinstance(a, str) else exact(a) for a in arguments), exact(value)])


def anderson_darling(x, y):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the range of its p-value, which is not used
        return scipy.stats.anderson_ksamp([x, y]).statistic


def mean_discrepancy(x, y):
    """Squared, biased, bandwidth 1.5."""
    kernel = lambda a, b: sklearn.metrics.pairwise.rbf_kernel(a[:, None], b[:, None], gamma=1 / (2 * 1.5**2))
    return kernel(x, x).mean() + kernel(y, y).mean() - 2 * kernel(x, y).mean()


def add_shares():
    counts = {"even": ([20, 30, 50], [25, 25, 50]), "far": ([90, 10, 0, 3], [5, 40, 60, 0]), "one_empty": ([5, 0, 7], [6, 0, 3]), "many": (list(range(1, 30)), list(range(30, 1, -1)))}
    for case, (a, b) in counts.items():
        p, q = np.array(a) / sum(a), np.array(b) / sum(b)
        arguments = [str(len(a)), *map(str, a), *map(str, b)]
        add("jensen_shannon", case, arguments, scipy.spatial.distance.jensenshannon(p, q))
        add("hellinger", case, arguments, np.linalg.norm(np.sqrt(p) - np.sqrt(q)) / np.sqrt(2))
        table = np.array([a, b])[:, (np.array(a) + np.array(b)) > 0]
        chi = scipy.stats.chi2_contingency(table, correction=False)
        add("chi_squared", case, arguments, chi.statistic)
        add("chi_squared_p", case, arguments, chi.pvalue)
        add("cramers_v", case, arguments, scipy.stats.contingency.association(table, method="cramer"))


def add_block_lengths():
    for name in ("iid_500", "ar5_300", "ar9_2000", "ar2_400", "t4_60"):
        add("block_length", name, [name], arch.bootstrap.optimal_block_length(SAMPLES[name])["stationary"].iloc[0])


def add_fits():
    """Rows of two columns, the samples one beside the other; labels by a noisy line."""
    x = np.column_stack([SAMPLES["normal_300"], SAMPLES["near_300"]])
    labels = (x[:, 0] + 0.5 * x[:, 1] + SAMPLES["ar5_300"] > 0).astype(float)
    for c in (0.1, 1.0, 100.0):
        fit = sklearn.linear_model.LogisticRegression(C=c, solver="newton-cholesky", tol=1e-13, max_iter=1000).fit(x, labels)
        for i, value in enumerate([*fit.coef_[0], *fit.intercept_]):
            add("logistic_regression", f"C {c} {i}", ["normal_300", "near_300", "ar5_300", 1 / c, i], value)
    columns = np.column_stack([SAMPLES[n] for n in ("normal_300", "near_300", "ar5_300")] + [SAMPLES["normal_300"] * 0.5 + SAMPLES["iid_500"][:300]])
    covariance = np.cov(columns.T, bias=True)
    values, vectors = np.linalg.eigh(covariance)
    entries = ";".join(map(exact, covariance.ravel()))
    for i in range(4):
        add("eigenvalue", f"{i}", [str(i), entries], values[3 - i])
        add("eigenvector", f"{i}", [str(i), entries], np.abs(vectors[:, 3 - i]).max())


def add_samples():
    pairs = [("normal_40", "normal_25"), ("t4_60", "skewed_60"), ("normal_300", "shifted_200"), ("normal_300", "near_300"), ("ties_50", "ties_80"), ("normal_25", "far_30"), ("shifted_200", "t4_60")]
    for a, b in pairs:
        x, y = SAMPLES[a], SAMPLES[b]
        case = f"{a} {b}"
        for mode in ("exact", "asymp"):
            result = scipy.stats.ks_2samp(x, y, method=mode)
            add("ks_p_" + mode, case, [a, b], result.pvalue)
        add("ks_statistic", case, [a, b], result.statistic)
        add("wasserstein_1", case, [a, b], scipy.stats.wasserstein_distance(x, y))
        add("wasserstein_1_pooled", case, [a, b], scipy.stats.wasserstein_distance(x, y))
        add("ks_statistic_pooled", case, [a, b], result.statistic)
        add("energy_distance", case, [a, b], scipy.stats.energy_distance(x, y))
        add("cramer_von_mises", case, [a, b], scipy.stats.cramervonmises_2samp(x, y).statistic)
        if "ties" not in a:
            add("cramer_von_mises_distance", case, [a, b], scipy.stats.cramervonmises_2samp(x, y).statistic)
        add("anderson_darling", case, [a, b], anderson_darling(x, y))
        add("area_under_curve", case, [a, b], sklearn.metrics.roc_auc_score([0] * len(x) + [1] * len(y), np.concatenate([x, y])))
        add("mean_discrepancy", case, [a, b], mean_discrepancy(x, y))
        add("median_distance", a, [a], np.median(scipy.spatial.distance.pdist(x[:, None])))
    for a, b in [("t4_60", "skewed_60"), ("normal_300", "near_300")]:  # equal sizes: the coupling of order statistics
        add("wasserstein_2", f"{a} {b}", [a, b], np.sqrt(np.mean((np.sort(SAMPLES[a]) - np.sort(SAMPLES[b])) ** 2)))
    for a in ("normal_40", "ties_50", "skewed_60"):
        for q in (0.0, 0.1, 0.25, 0.5, 0.613, 0.975, 1.0):
            add("quantile", f"{a} {q}", [a, q], np.quantile(SAMPLES[a], q))
    rho, _ = statsmodels.regression.linear_model.yule_walker(SAMPLES["ar2_400"], order=5, method="mle")
    for i, coefficient in enumerate(rho):
        add("yule_walker_5", f"coefficient {i}", ["ar2_400", i], coefficient)


def add_distributions():
    for z in (-37.0, -8.0, -3.1, -1.0, -1e-3, 0.0, 0.2, 1.0, 2.5, 6.0):
        add("normal_cdf", f"{z}", [z], scipy.special.ndtr(z))
    for p in (1e-300, 1e-20, 1e-5, 0.01, 0.074, 0.2, 0.5, 0.6, 0.93, 0.999, 1 - 1e-12):
        add("normal_quantile", f"{p}", [p], scipy.special.ndtri(p))
    for x in (0.05, 0.2, 0.5, 0.7, 0.81, 0.83, 1.0, 1.36, 2.0, 3.0, 6.0):
        add("kolmogorov", f"{x}", [x], scipy.special.kolmogorov(x))
    for n, d in itertools.chain(itertools.product((1, 2, 5, 20, 100, 140), (0.03, 0.1, 0.13, 0.25, 0.4, 0.55, 0.9)), itertools.product((141, 500, 2500), (0.001, 0.01, 0.02, 0.04, 0.07, 0.1, 0.3)), [(100000, 0.001), (100000, 0.003), (100000, 0.007)]):
        add("kolmogorov_n", f"{n} {d}", [n, d], scipy.stats.kstwo.sf(d, n))
    for n, d in itertools.product((3, 30, 1000), (0.01, 0.1, 0.3, 0.7)):
        add("smirnov", f"{n} {d}", [n, d], scipy.special.smirnov(n, d))
    for x, k in itertools.product((0.01, 0.7, 3.0, 9.0, 25.0, 120.0), (1, 2, 9, 19, 99)):
        add("chi_square", f"{x} {k}", [x, k], scipy.stats.chi2.sf(x, k))
    for t, k in itertools.product((-3.0, -0.2, 0.0, 1e-3, 0.7, 2.5, 6.0, 40.0), (1, 2, 4.5, 11, 99, 300)):
        add("student", f"{t} {k}", [t, k], scipy.stats.t.sf(t, k))
    for k, n, p in ((0, 10, 0.2), (3, 10, 0.2), (10, 10, 0.9), (40, 1000, 0.05), (5000, 100000, 0.049), (20, 60, 0.999)):
        add("binomial", f"{k} {n} {p}", [k, n, p], scipy.stats.binom.pmf(k, n, p))


def add_decisions():
    for case, p in {"spread": rng.uniform(size=12), "mixed": np.concatenate([rng.uniform(size=9), [1e-9, 1e-4, 1e-4, 0.004]]), "one": np.array([0.03]), "ones": np.ones(4)}.items():
        for function, method in (("benjamini_hochberg", "bh"), ("benjamini_yekutieli", "by")):
            for i, value in enumerate(scipy.stats.false_discovery_control(p, method=method)):
                add(function, f"{case} {i}", [i, *p], value)
    for wins, n, level in ((0, 10, 0.95), (7, 10, 0.95), (480, 1000, 0.99), (33, 33, 0.9)):
        low, high = statsmodels.stats.proportion.proportion_confint(wins, n, alpha=1 - level, method="wilson")
        add("wilson_low", f"{wins}/{n}", [wins, n, level], low)
        add("wilson_high", f"{wins}/{n}", [wins, n, level], high)


add_samples()
add_shares()
add_block_lengths()
add_fits()
add_distributions()
add_decisions()
with open(folder + "stats_reference.csv", "w", newline="") as out:
    out.write(f"# scipy {scipy.__version__}, numpy {np.__version__}, statsmodels {statsmodels.__version__}, scikit-learn {sklearn.__version__}, arch {arch.__version__}\n")
    csv.writer(out, lineterminator="\n").writerows(rows)
with open(folder + "stats_samples.csv", "w", newline="") as out:
    out.write(f"# numpy {np.__version__}, PCG64 seed 20080915; one sample a line, its name first\n")
    csv.writer(out, lineterminator="\n").writerows([name, *map(exact, values)] for name, values in SAMPLES.items())
