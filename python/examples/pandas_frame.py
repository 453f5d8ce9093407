"""Links for a DataFrame of pandas; bad rows stay, with what is wrong with them."""

import pandas as pd

import linkmint

customers = pd.read_csv("samples/customers.csv", dtype=str)
links = linkmint.generate(
    customers,
    keyring=linkmint.Keyring.load(),
    url="https://mystore.com/p/{token}?utm_campaign={campaign_id}",
    expires_at="2030-12-31",
    errors="column",
)
print(links.loc[links["error"].isna(), ["customer_id", "url_link"]].head(3).to_string())
