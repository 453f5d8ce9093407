"""Links for a DataFrame of Polars."""

import polars as pl

import linkmint

customers = pl.read_csv("samples/customers.csv", infer_schema=False)
links = linkmint.generate(
    customers,
    keyring=linkmint.Keyring.load(),
    base_url="https://mystore.com/p",
    expires_in="24h",
)
print(links.select("customer_id", "url_link", "expires_at").head(3))
