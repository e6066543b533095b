"""As-of joins of polars and DuckDB on the rows of bench/as_of_join_bench.cc, beside hone's answers and times.

python as_of_join.py FOLDER DELAY TTL (NAME SECONDS)...

FOLDER holds int64 `event`, float64 `value`, and of each NAME its rows, int64 NAME.time, and hone's answers, float64
NAME.joined. A value is known DELAY after its event and counts for TTL after it. Both peers start from tables in memory
and end with one, on all cores; polars needs its rows in order, so sorting them counts where they are not. Fails where an
answer differs in a bit.
"""
import pathlib
import sys
import time

import duckdb
import numpy as np
import polars as pl

FOLDER, DELAY, TTL = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
TURNS = 3
EVENT, VALUE = np.fromfile(FOLDER / "event", np.int64), np.fromfile(FOLDER / "value")


def timed(work):
    best, answer = float("inf"), None
    for _ in range(TURNS):
        answer = None
        start = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - start)
    return best, answer


def run_polars(times):
    values = pl.DataFrame({"known": EVENT + DELAY, "value": VALUE}).set_sorted("known")
    rows = pl.DataFrame({"row": np.arange(len(times)), "time": times})
    if (np.diff(times) >= 0).all():
        rows = rows.set_sorted("time")

    def join():
        return rows.sort("time").join_asof(values, left_on="time", right_on="known", tolerance=TTL - DELAY)

    seconds, joined = timed(join)
    return seconds, joined["row"].to_numpy(), joined["value"].to_numpy()


def run_duckdb(times):
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    known, row = EVENT + DELAY, np.arange(len(times))
    source = {"known": known, "event": EVENT, "value": VALUE}
    asked = {"row": row, "time": times}
    connection.register("source", source)
    connection.register("asked", asked)
    connection.execute('CREATE TABLE "values" AS FROM source')
    connection.execute("CREATE TABLE rows AS FROM asked")

    def join():
        connection.execute(
            'CREATE OR REPLACE TABLE joined AS SELECT r.row AS row, CASE WHEN r.time - v.event <= '
            f'{TTL} THEN v.value END AS value FROM rows r ASOF LEFT JOIN "values" v ON r.time >= v.known')

    seconds, _ = timed(join)
    answer = connection.execute("SELECT row, coalesce(value, 'nan'::DOUBLE) AS value FROM joined").fetchnumpy()
    return seconds, np.asarray(answer["row"]), np.asarray(answer["value"])


def main():
    failed = 0
    print(f"as-of joins of rows with {len(EVENT)} values; seconds, best of {TURNS}; hone on one thread, the others on all cores")
    for name, seconds in zip(sys.argv[4::2], sys.argv[5::2]):
        times, expected = np.fromfile(FOLDER / f"{name}.time", np.int64), np.fromfile(FOLDER / f"{name}.joined")
        for peer, run in (("polars", run_polars), ("DuckDB", run_duckdb)):
            theirs, row, value = run(times)
            answer = np.empty(len(times))
            answer[row] = value
            same = len(row) == len(times) and bool(
                ((answer.view(np.int64) == expected.view(np.int64)) | (np.isnan(answer) & np.isnan(expected))).all())
            failed += not same
            print(f"{name:9} {len(times)} rows, {int(np.isnan(expected).sum())} without a value: hone {float(seconds):6.3f}  "
                  f"{peer} {theirs:6.3f}  {theirs / float(seconds):5.1f}x  {'equal' if same else 'DIFFERENT'}", flush=True)
    return 1 if failed else 0


sys.exit(main())
