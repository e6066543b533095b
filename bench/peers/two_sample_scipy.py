"""SciPy's two-sample statistics on the same samples, a line each: name, statistic, p or nan, best seconds of five.

python two_sample_scipy.py SAMPLES N M        # float64: N values, then M
"""
import sys
import time

import numpy as np
import scipy.stats

values = np.fromfile(sys.argv[1])
n, m = int(sys.argv[2]), int(sys.argv[3])
first, second = values[:n], values[n : n + m]


def measure(name, function):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        result = function(first, second)
        times.append(time.perf_counter() - start)
    statistic, p = (result.statistic, result.pvalue) if hasattr(result, "pvalue") else (result, float("nan"))
    print(name, repr(float(statistic)), repr(float(p)), min(times))


measure("ks_2samp", lambda a, b: scipy.stats.ks_2samp(a, b, method="asymp"))
measure("wasserstein_distance", scipy.stats.wasserstein_distance)
measure("energy_distance", scipy.stats.energy_distance)
measure("cramervonmises_2samp", lambda a, b: scipy.stats.cramervonmises_2samp(a, b, method="asymptotic"))
