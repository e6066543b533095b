"""talipp, pandas-ta-classic and polars on the bars of bench/indicator_peers_bench.cc, beside hone's answers and times.

python indicator_peers.py FOLDER    # columns of float64, calls.tsv, and hone's answers as PLACE.OUTPUT

Every answer is compared from bar FROM on, where the start of recursive means has worn off (it differs between
libraries; hone's is TA-Lib's), to 1e-9 of the value or of its column's standard deviation. A call that a library lacks or
defines otherwise is left out. Fails where one differs.
"""
import pathlib
import sys
import time

import numpy as np
import pandas as pd
import pandas_ta_classic as pandas_ta
import polars as pl
from talipp import indicators as talipp
from talipp.ohlcv import OHLCV

FOLDER = pathlib.Path(sys.argv[1])
FROM, TOLERANCE, TURNS = 3000, 1e-9, 5
TICKS = 20_000  # that talipp is given, bar by bar

BARS = {name: np.fromfile(FOLDER / name) for name in ("open", "high", "low", "close", "volume")}
PANDAS = {name: pd.Series(values) for name, values in BARS.items()}
POLARS = {name: pl.Series(name, values) for name, values in BARS.items()}

CLOSES = BARS["close"][:TICKS].tolist()
ROWS = [OHLCV(*row) for row in zip(*(BARS[name][:TICKS].tolist() for name in ("open", "high", "low", "close", "volume")))]

TALIPP = {  # call: the indicator, what it is fed, its outputs in hone's order
    "sma(close,20)": (lambda: talipp.SMA(20), CLOSES, None),
    "ema(close,20)": (lambda: talipp.EMA(20), CLOSES, None),
    "wma(close,20)": (lambda: talipp.WMA(20), CLOSES, None),
    "rsi(close,14)": (lambda: talipp.RSI(14), CLOSES, None),
    "macd(close,12,26,9)": (lambda: talipp.MACD(12, 26, 9), CLOSES, ("macd", "signal", "histogram")),
    "bbands(close,20,2,2)": (lambda: talipp.BB(20, 2), CLOSES, ("ub", "cb", "lb")),
    "stddev(close,20,1)": (lambda: talipp.StdDev(20), CLOSES, None),
    "roc(close,10)": (lambda: talipp.ROC(10), CLOSES, None),
    "atr(high,low,close,14)": (lambda: talipp.ATR(14), ROWS, None),
    "adx(high,low,close,14)": (lambda: talipp.ADX(14, 14), ROWS, ("adx",)),
    "cci(high,low,close,20)": (lambda: talipp.CCI(20), ROWS, None),
    "stochf(high,low,close,14,3)": (lambda: talipp.Stoch(14, 3), ROWS, ("k", "d")),
    "obv(close,volume)": (lambda: talipp.OBV(), ROWS, None),
}


def pandas_calls():
    open_, high, low, close, volume = (PANDAS[name] for name in ("open", "high", "low", "close", "volume"))
    no = {"talib": False}  # its own formulas, not TA-Lib's through it
    return {
        "sma(close,20)": lambda: pandas_ta.sma(close, 20, **no),
        "ema(close,20)": lambda: pandas_ta.ema(close, 20, **no),
        "wma(close,20)": lambda: pandas_ta.wma(close, 20, **no),
        "rsi(close,14)": lambda: pandas_ta.rsi(close, 14, **no),
        "macd(close,12,26,9)": lambda: pandas_ta.macd(close, 12, 26, 9, **no).iloc[:, [0, 2, 1]],
        "bbands(close,20,2,2)": lambda: pandas_ta.bbands(close, 20, 2, ddof=0, **no).iloc[:, [2, 1, 0]],
        "stddev(close,20,1)": lambda: pandas_ta.stdev(close, 20, ddof=0, **no),
        "roc(close,10)": lambda: pandas_ta.roc(close, 10, **no),
        "atr(high,low,close,14)": lambda: pandas_ta.atr(high, low, close, 14, **no),
        "adx(high,low,close,14)": lambda: pandas_ta.adx(high, low, close, 14, **no).iloc[:, [0]],
        "cci(high,low,close,20)": lambda: pandas_ta.cci(high, low, close, 20, **no),
        "willr(high,low,close,14)": lambda: pandas_ta.willr(high, low, close, 14, **no),
        "stoch(high,low,close,14,3,3)": lambda: pandas_ta.stoch(high, low, close, 14, 3, 3, **no).iloc[:, [0, 1]],
        "obv(close,volume)": lambda: pandas_ta.obv(close, volume, **no),
    }


def polars_bbands(close):
    mean, deviation = close.rolling_mean(20), close.rolling_std(20, ddof=0)
    return mean + 2 * deviation, mean, mean - 2 * deviation


def polars_macd(close):
    macd = close.ewm_mean(span=12, adjust=False) - close.ewm_mean(span=26, adjust=False)
    signal = macd.ewm_mean(span=9, adjust=False)
    return macd, signal, macd - signal


def polars_rsi(close):
    move = close.diff()
    rise = move.clip(lower_bound=0).ewm_mean(alpha=1 / 14, adjust=False)
    fall = (-move).clip(lower_bound=0).ewm_mean(alpha=1 / 14, adjust=False)
    return 100 * rise / (rise + fall)


def polars_willr(high, low, close):
    highest, lowest = high.rolling_max(14), low.rolling_min(14)
    return -100 * (highest - close) / (highest - lowest)


def polars_stoch(high, low, close):
    highest, lowest = high.rolling_max(14), low.rolling_min(14)
    k = (100 * (close - lowest) / (highest - lowest)).rolling_mean(3)
    return k, k.rolling_mean(3)


def polars_calls():
    high, low, close = (POLARS[name] for name in ("high", "low", "close"))
    return {
        "sma(close,20)": lambda: close.rolling_mean(20),
        "ema(close,20)": lambda: close.ewm_mean(span=20, adjust=False),
        "wma(close,20)": lambda: close.rolling_mean(20, weights=[float(i + 1) for i in range(20)]),
        "rsi(close,14)": lambda: polars_rsi(close),
        "macd(close,12,26,9)": lambda: polars_macd(close),
        "bbands(close,20,2,2)": lambda: polars_bbands(close),
        "stddev(close,20,1)": lambda: close.rolling_std(20, ddof=0),
        "max(close,20)": lambda: close.rolling_max(20),
        "min(close,20)": lambda: close.rolling_min(20),
        "roc(close,10)": lambda: 100 * close.pct_change(10),
        "willr(high,low,close,14)": lambda: polars_willr(high, low, close),
        "stoch(high,low,close,14,3,3)": lambda: polars_stoch(high, low, close),
    }


def columns_of(answer):
    if isinstance(answer, pd.DataFrame):
        return [answer.iloc[:, i].to_numpy(float) for i in range(answer.shape[1])]
    if isinstance(answer, tuple):
        return [part.to_numpy() for part in answer]
    return [answer.to_numpy()]


def timed(work, turns=TURNS):
    best, answer = float("inf"), None
    for _ in range(turns):
        start = time.process_time()
        answer = work()
        best = min(best, time.process_time() - start)
    return best * 1e9, answer


def run_talipp(call):
    make, stream, outputs = TALIPP[call]

    def feed():
        indicator = make()
        for value in stream:
            indicator.add(value)
        return indicator

    nanoseconds, indicator = timed(feed, 2)
    values = list(indicator)
    if outputs is None:
        return nanoseconds / TICKS, [np.array([np.nan if v is None else v for v in values], float)]
    return nanoseconds / TICKS, [
        np.array([np.nan if v is None or getattr(v, name) is None else getattr(v, name) for v in values], float)
        for name in outputs
    ]


def run_columns(calls, call):
    nanoseconds, answer = timed(calls[call])
    return nanoseconds / len(BARS["close"]), columns_of(answer)


def worst_error(ours, theirs):
    """The greatest error in units of the value or of the standard deviation, whichever is greater."""
    if len(ours) < len(theirs):
        return float("inf")
    worst = 0.0
    for mine, other in zip(ours, theirs):
        mine, other = mine[FROM : len(other)], other[FROM:]
        error = np.abs(mine - other) / np.maximum(np.abs(mine), np.std(mine))
        worst = max(worst, float("inf") if np.isnan(error).any() else float(error.max()))
    return worst


def main():
    failed = 0
    by_peer = {
        "talipp": (TALIPP, run_talipp),
        "pandas-ta-classic": (pandas_calls(), lambda call: run_columns(pandas_calls(), call)),
        "polars": (polars_calls(), lambda call: run_columns(polars_calls(), call)),
    }
    print(f"nanoseconds of processor time a bar; {len(BARS['close'])} bars, {TICKS} for talipp; hone bar by bar beside talipp")
    for peer, (calls, run) in by_peer.items():
        logs = []
        for place, line in enumerate((FOLDER / "calls.tsv").read_text().splitlines()):
            call, outputs, by_column, by_bar = line.split("\t")
            if call not in calls:
                continue
            ours = [np.fromfile(FOLDER / f"{place}.{i}") for i in range(int(outputs))]
            theirs_time, theirs = run(call)
            hone = float(by_bar if peer == "talipp" else by_column)
            error = worst_error(ours, theirs)
            same = error <= TOLERANCE
            failed += not same
            logs.append(np.log(theirs_time / hone))
            print(f"{peer:18} {call:30} hone {hone:7.2f}  {peer} {theirs_time:9.1f}  {theirs_time / hone:7.1f}x  "
                  f"worst {error:.1e}  {'equal' if same else 'DIFFERENT'}")
        print(f"{peer:18} {len(logs)} calls, geometric mean {np.exp(np.mean(logs)):.1f}x\n")
    return 1 if failed else 0


sys.exit(main())
