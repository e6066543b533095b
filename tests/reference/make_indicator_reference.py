"""Writes the outside numbers that src/features/indicators is held to: indicator_bars.csv and indicator_reference.csv here.

Needs TA-Lib 0.8 (the wheel brings its library), NumPy, pandas and SciPy; versions are written into the file. Run it from
the repository root:

    python3 tests/reference/make_indicator_reference.py

Each line: call;output;bar=value bar=value ... at the first bars that have a value and some later ones.
"""
import numpy as np
import pandas as pd
import scipy
import scipy.stats
import talib as ta

FOLDER = "tests/reference/"
SEED = 20240229
BARS = 300


def bars():
    rng = np.random.default_rng(SEED)
    close = np.round(50 * np.exp(np.cumsum(rng.normal(0, 0.015, BARS))), 2)
    close[120:124] = close[120]  # a market that stands still
    open_ = np.round(close * np.exp(rng.normal(0, 0.006, BARS)), 2)
    high = np.round(np.maximum(open_, close) * np.exp(np.abs(rng.normal(0, 0.006, BARS))), 2)
    low = np.round(np.minimum(open_, close) * np.exp(-np.abs(rng.normal(0, 0.006, BARS))), 2)
    volume = np.round(rng.lognormal(7, 0.6, BARS))
    for column in (open_, high, low):
        column[121:124] = close[121]
    volume[200:203] = 0
    return {"open": open_, "high": high, "low": low, "close": close, "volume": volume}


B = bars()
O, H, L, C, V = (B[name] for name in ("open", "high", "low", "close", "volume"))
INPUTS = {"": ["close"], "hl": ["high", "low"], "hlc": ["high", "low", "close"], "hlv": ["high", "low", "volume"], "hlcv": ["high", "low", "close", "volume"], "ohlc": ["open", "high", "low", "close"], "oc": ["open", "close"], "cv": ["close", "volume"], "v": ["volume"], "co": ["close", "open"]}
rows = []


def add(name, inputs, parameters, values):
    series = INPUTS[inputs]
    call = f"{name}({','.join([*series, *(repr(p) for p in parameters)])})"
    values = values if isinstance(values, tuple) else (values,)
    begin = int(np.isfinite(values[0]).argmax()) if len(values) > 1 else 63  # of integers, which have no NaN: ht_trendmode's 63
    for output, column in enumerate(values):
        whole = np.issubdtype(column.dtype, np.integer)
        column = np.asarray(column, float)
        if whole:
            column[:begin] = np.nan
        first = int(np.isfinite(column).argmax())
        at = [b for b in (first, first + 1, *range(first + 7, BARS, 13), 122, 123, 124, 130, 201, BARS - 1) if first <= b < BARS and np.isfinite(column[b])]
        rows.append(f"{call};{output};" + " ".join(f"{b}={float(column[b])!r}" for b in sorted(set(at))))


# name, inputs, parameters; TA-Lib's own function of that name is called with them.
TALIB = [(name, "", p) for name in "sma ema rma wma dema tema trima trix mom roc rocp rocr rocr100 hma zlema".split() for p in ((14,), (2,))]
TALIB += [(name, "", p) for name in "kama max min minmax sum rsi cmo cmou midpoint linearreg linearreg_slope linearreg_angle linearreg_intercept tsf avgdev er dpo fosc vhf percentrank".split() for p in ((14,), (5,))]
TALIB += [(name, "", ()) for name in "ht_dcperiod ht_dcphase ht_phasor ht_sine ht_trendline ht_trendmode cumsum".split()]
TALIB += [(name, inputs, ()) for name, inputs in {"ad": "hlcv", "obv": "cv", "pvt": "cv", "nvi": "cv", "pvi": "cv", "wad": "hlc", "avgprice": "ohlc", "medprice": "hl", "typprice": "hlc", "wclprice": "hlc", "bop": "ohlc", "trange": "hlc", "ha": "ohlc", "marketfi": "hlv"}.items()]
TALIB += [(name, "hlc", p) for name in "adx adxr dx cci willr accbands plus_di minus_di atr natr eri vortex".split() for p in ((14,), (2,))]
TALIB += [(name, "hl", p) for name in "plus_dm minus_dm aroon aroonosc midprice donchian adr".split() for p in ((14,), (2,))]
TALIB += [("plus_di", "hlc", (1,)), ("minus_dm", "hl", (1,)), ("atr", "hlc", (1,)), ("natr", "hlc", (1,)), ("t3", "", (5, 0.7)), ("macd", "", (12, 26, 9)), ("macd", "", (26, 12, 9)), ("macdfix", "", (9,)), ("apo", "", (12, 26)), ("ppo", "", (12, 26)), ("pvo", "v", (12, 26)), ("ultosc", "hlc", (7, 14, 28)), ("ultosc", "hlc", (28, 7, 14)), ("tsi", "", (25, 13)), ("smi", "hlc", (13, 2, 25, 9)), ("imi", "oc", (14,)), ("qstick", "oc", (10,)), ("coppock", "", (10, 11, 14)), ("ao", "hl", (5, 34)), ("ac", "hl", (5, 34, 5)), ("bbands", "", (20, 2.0, 2.0)), ("bbands", "", (5, 1.0, 3.0)), ("stddev", "", (5, 1.0)), ("kc", "hlc", (20, 10, 2.0)), ("kc", "hlc", (5, 30, 1.0)), ("supertrend", "hlc", (10, 3.0)), ("supertrend", "hlc", (7, 1.0)), ("cvi", "hl", (10, 10)), ("massi", "hl", (9, 25)), ("rvi", "", (14, 10)), ("sar", "hl", (0.02, 0.2)), ("sar", "hl", (0.1, 0.05)), ("sarext", "hl", (0.0, 0.0, 0.02, 0.02, 0.2, 0.02, 0.02, 0.2)), ("sarext", "hl", (-60.0, 0.01, 0.02, 0.03, 0.2, 0.01, 0.02, 0.1)), ("adosc", "hlcv", (3, 10)), ("mfi", "hlcv", (14,)), ("cmf", "hlcv", (20,)), ("efi", "cv", (13,)), ("rvol", "v", (20,)), ("vwma", "cv", (30,)), ("correl", "co", (30,)), ("beta", "co", (5,)), ("percentile", "", (30, 35.0)), ("mama", "", (0.5, 0.05))]
for name, inputs, parameters in TALIB:
    add(name, inputs, parameters, getattr(ta, name.upper())(*(B[series] for series in INPUTS[inputs]), *parameters))
# Where TA-Lib has types of averages in between, and where its name means something else.
add("stoch", "hlc", (5, 3, 3), ta.STOCH(H, L, C, 5, 3, 0, 3, 0))
add("stochf", "hlc", (5, 3), ta.STOCHF(H, L, C, 5, 3, 0))
add("kdj", "hlc", (9, 3, 3), ta.KDJ(H, L, C, 9, 3, 13, 3, 13))
add("stochrsi", "", (14, 5, 3), ta.STOCHRSI(C, 14, 5, 3, 0))
add("var", "", (20,), ta.VAR(C, 20, 1.0))
add("vwap_total", "hlcv", (), ta.VWAP(H, L, C, V))
add("vwap", "hlcv", (20,), ta.VWMA((H + L + C) / 3, V, 20))
INPUTS["cV"] = ["close", "volume"]
add("mavp", "cV", (2, 30), ta.MAVP(C, V, 2, 30, 0))

# NumPy, pandas and SciPy.
window = np.lib.stride_tricks.sliding_window_view


def rolling(values, size, formula):
    values = np.asarray(values, float)
    return np.concatenate([np.full(size - 1, np.nan), [formula(w) for w in window(values, size)]])


def after(values):
    return np.concatenate([[np.nan], values])


N = 20
returns = np.diff(np.log(C))
add("log_return", "", (), after(returns))
add("realised_variance", "", (N,), after(rolling(returns**2, N, np.sum)))
add("realised_volatility", "", (N,), after(np.sqrt(rolling(returns**2, N, np.sum))))
add("bipower_variation", "", (N,), np.concatenate([[np.nan, np.nan], np.pi / 2 * rolling(np.abs(returns[1:] * returns[:-1]), N - 1, np.sum)]))
add("zscore", "", (N,), rolling(C, N, lambda w: (w[-1] - w.mean()) / w.std()))
add("skew", "", (N,), rolling(C, N, scipy.stats.skew))
add("kurtosis", "", (N,), rolling(C, N, scipy.stats.kurtosis))
add("autocorrelation", "", (N, 3), pd.Series(C).rolling(N).corr(pd.Series(C).shift(3)).to_numpy())
add("entropy", "", (N, 5), rolling(C, N, lambda w: scipy.stats.entropy(np.histogram(w, 5)[0], base=2)))
parkinson = np.log(H / L) ** 2 / (4 * np.log(2))
garman = np.log(H / L) ** 2 / 2 - (2 * np.log(2) - 1) * np.log(C / O) ** 2
satchell = np.log(H / C) * np.log(H / O) + np.log(L / C) * np.log(L / O)
add("parkinson", "hl", (N,), np.sqrt(rolling(parkinson, N, np.mean)))
add("garman_klass", "ohlc", (N,), np.sqrt(rolling(garman, N, np.mean)))
add("rogers_satchell", "ohlc", (N,), np.sqrt(rolling(satchell, N, np.mean)))
k = 0.34 / (1.34 + (N + 1) / (N - 1))
night, day = np.log(O[1:] / C[:-1]), np.log(C / O)[1:]
add("yang_zhang", "ohlc", (N,), after(np.sqrt(rolling(night, N, lambda w: w.var(ddof=1)) + k * rolling(day, N, lambda w: w.var(ddof=1)) + (1 - k) * rolling(satchell[1:], N, np.mean))))
add("cyclical", "v", (24.0,), (np.sin(2 * np.pi * V / 24), np.cos(2 * np.pi * V / 24)))
move = np.diff((H + L) / 2) * (H - L)[1:]
emv = np.divide(move * 1e8, V[1:], out=np.zeros(BARS - 1), where=V[1:] != 0)
add("emv", "hlv", (14,), after(rolling(emv, 14, np.mean)))

with open(FOLDER + "indicator_bars.csv", "w") as out:
    out.write(f"# numpy {np.__version__}, PCG64 seed {SEED}\n" + ",".join(B) + "\n")
    out.writelines(",".join(f"{B[name][i]:g}" for name in B) + "\n" for i in range(BARS))
with open(FOLDER + "indicator_reference.csv", "w") as out:
    out.write(f"# TA-Lib {ta.__ta_version__.decode().split()[0]} (wheel {ta.__version__}), numpy {np.__version__}, pandas {pd.__version__}, scipy {scipy.__version__}\n")
    out.writelines(row + "\n" for row in rows)
