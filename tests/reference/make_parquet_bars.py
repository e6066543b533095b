#!/usr/bin/env python3
"""Makes tests/reference/parquet_bars: the same forty bars as Apache Arrow's Python package writes them in many ways, and files
that hold no bars.

    make_parquet_bars.py FOLDER

Needs the Python package pyarrow 26. FOLDER/bars.csv holds the bars as text, FOLDER/bars_*.parquet the same values,
FOLDER/wrong_*.parquet what a reader of bars refuses, FOLDER/missing_*.parquet nulls. Some are seeds of
fuzz/corpus/parquet_bars.
"""
import datetime
import os
import random
import sys

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 40
DAYS = [datetime.date(2019, 1, 2) + datetime.timedelta(days=i) for i in range(ROWS)]
SECONDS = [int((day - datetime.date(1970, 1, 1)).total_seconds()) for day in DAYS]
PRICES = ["open", "high", "low", "close"]


def bars():
    random.seed(1)
    columns, last = {name: [] for name in PRICES + ["volume"]}, 100.0
    for _ in range(ROWS):
        opened, last = last, last * random.uniform(0.97, 1.03)
        columns["open"].append(opened)
        columns["high"].append(max(opened, last) * random.uniform(1, 1.01))
        columns["low"].append(min(opened, last) / random.uniform(1, 1.01))
        columns["close"].append(last)
        columns["volume"].append(random.randrange(1000, 10**7))
    return columns


BARS = bars()


def times(unit, zone=None):
    factor = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    return pa.array([second * factor for second in SECONDS], pa.int64()).cast(pa.timestamp(unit, zone))


def table(time, names=("time", *PRICES, "volume"), **other):
    columns = [time] + [pa.array(BARS[name]) for name in PRICES + ["volume"]]
    made = pa.table(columns, names=list(names))
    for name, column in other.items():
        made = made.append_column(name, column)
    return made


def texts(values):
    return pa.array([repr(value) for value in values]).dictionary_encode()


def same_bars(write):
    write("bars_ns_snappy", table(times("ns")), write_page_checksum=True)
    shuffled = table(times("us", "UTC"), ["TimeStamp", "OPEN", "High", "lOw", "Close", "VOLUME"],
                     ticker=pa.array(["SPX"] * ROWS)).select(["ticker", "Close", "VOLUME", "TimeStamp", "OPEN", "High", "lOw"])
    write("bars_us_utc_zstd_groups", shuffled, compression="zstd", row_group_size=17)
    write("bars_ms_gzip_pages2", table(times("ms", "America/New_York")), compression="gzip", data_page_version="2.0")
    write("bars_s_lz4", table(times("s")), compression="lz4")
    write("bars_date32_brotli", table(pa.array(DAYS, pa.date32()), ["Date", *PRICES, "Volume"]), compression="brotli")
    write("bars_epoch_split", table(pa.array(SECONDS)), compression="none", use_dictionary=False,
          use_byte_stream_split=PRICES)
    write("bars_int96", table(times("ns")), use_deprecated_int96_timestamps=True)
    text = pa.table({"Date": pa.array([str(day) for day in DAYS]),
                     **{name: texts(BARS[name]) for name in PRICES + ["volume"]}})
    write("bars_text_dictionary", text, row_group_size=11)
    typed = table(times("ns")).set_column(5, "volume", pa.array(BARS["volume"], pa.uint32()))
    write("bars_pandas_index", typed.select(PRICES + ["volume", "time"]).rename_columns(
        PRICES + ["volume", "__index_level_0__"]), data_page_size=64, write_batch_size=4)
    parted = pa.table({"date": pa.array([str(day) for day in DAYS]), "time": pa.array(["00:00"] * ROWS),
                       **{name: pa.array(BARS[name]) for name in PRICES + ["volume"]}})
    write("bars_date_and_time", parted)


def holes(write):
    prices = {name: pa.array([None if i in (3, 20) else value for i, value in enumerate(BARS[name])]) for name in PRICES}
    write("missing_rows", pa.table({"time": times("ns"), **prices, "volume": pa.nulls(ROWS, pa.int64())}),
          row_group_size=16)
    prices["low"] = pa.array([None if i in (3, 18, 20) else value for i, value in enumerate(BARS["low"])])
    write("missing_low", pa.table({"time": times("ns"), **prices}))
    write("missing_time", pa.table({"time": pa.array([0, None], pa.timestamp("ns")), "close": pa.array([1.0, 2.0])}))


def wrong(write):
    time, close = times("ns"), pa.array(BARS["close"])
    decimals = pa.array([round(value, 2) for value in BARS["close"]]).cast(pa.decimal128(12, 2), safe=False)
    write("wrong_decimal", pa.table({"time": time, "close": decimals}))
    write("wrong_list", pa.table({"time": time, "close": pa.array([[value] for value in BARS["close"]])}))
    write("wrong_group", pa.table({"time": time, "bar": pa.array([{"close": value} for value in BARS["close"]])}))
    write("wrong_price_is_time", pa.table({"time": time, "close": time}))
    write("wrong_time_is_fraction", pa.table({"time": pa.array([float(second) for second in SECONDS]), "close": close}))
    write("wrong_text", pa.table({"time": time, "close": pa.array(["12.5"] * 30 + ["dear"] * 10)}))
    write("wrong_nan", pa.table({"time": time, "close": pa.array([1.0] * 39 + [float("nan")])}))
    write("wrong_order", pa.table({"time": times("ns").take(pa.array([0, 2, 1])), "close": pa.array([1.0, 2.0, 3.0])}))
    write("wrong_far_time", pa.table({"time": pa.array([0, 10**15], pa.timestamp("ms")), "close": pa.array([1.0, 2.0])}))
    write("wrong_long_text", pa.table({"time": time, "close": pa.array(["1" * 300] * ROWS)}))
    write("wrong_no_close", pa.table({"time": time, "closing": close, "other": close}))
    write("wrong_empty", pa.table({"time": time, "close": close}).slice(0, 0))


def main(folder):
    os.makedirs(folder, exist_ok=True)

    def write(name, made, **options):
        pq.write_table(made, os.path.join(folder, name + ".parquet"), **options)

    with open(os.path.join(folder, "bars.csv"), "w", encoding="ascii") as file:
        file.write("time,open,high,low,close,volume\n")
        for i, day in enumerate(DAYS):
            file.write(",".join([str(day)] + [repr(BARS[name][i]) for name in PRICES + ["volume"]]) + "\n")
    same_bars(write)
    holes(write)
    wrong(write)


main(sys.argv[1])
