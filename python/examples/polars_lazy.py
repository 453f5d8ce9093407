"""Links in a lazy query of Polars, which may hand out its rows in parts: each row brings its number."""

import polars as pl

import linkmint

ring = linkmint.Keyring.load()
campaign = linkmint.new_campaign()


def with_links(part: pl.DataFrame) -> pl.DataFrame:
    return linkmint.generate(
        part, keyring=ring, campaign=campaign, row="row", base_url="https://mystore.com/p", expires_in="24h"
    )


customers = pl.scan_csv("samples/customers.csv", infer_schema=False).with_row_index("row")
schema = customers.collect_schema()
schema["token"] = schema["url_link"] = pl.String()
schema["expires_at"] = pl.Datetime("us", "UTC")
links = customers.map_batches(with_links, schema=schema)
print(links.filter(pl.col("campaign_id") == "spring26").select("customer_id", "url_link").collect())
