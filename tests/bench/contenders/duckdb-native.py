"""Native DuckDB: duckdb-native.py THREADS IN OUT.

Writes its version and the seconds that the query took.
"""

import json
import pathlib
import sys
import time

import duckdb

threads, *paths = sys.argv[1:]
query = pathlib.Path(__file__).with_name("total.sql").read_text()
for name, path in zip(["$in", "$out"], paths):
    query = query.replace(name, "'" + path.replace("'", "''") + "'")

connection = duckdb.connect(config={"threads": threads})
connection.execute("SET preserve_insertion_order = false")
start = time.perf_counter()
connection.execute(query)
seconds = time.perf_counter() - start
print(json.dumps({"version": duckdb.__version__, "seconds": seconds}))
