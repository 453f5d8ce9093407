"""Links for a query of DuckDB, and back into it. DuckDB gives its rows in batches, so each brings its number."""

import duckdb
import pyarrow as pa

import linkmint

cursor = duckdb.connect().cursor()
customers = cursor.sql(
    "select row_number() over () - 1 as row, * from read_csv('samples/customers.csv', all_varchar = true)"
)
links = pa.table(
    linkmint.generate(
        customers,
        keyring=linkmint.Keyring.load(),
        row="row",
        base_url="https://mystore.com/p",
        expires_in="24h",
    )
)
print(cursor.sql("select campaign_id, count(token) as links from links group by all order by all"))
