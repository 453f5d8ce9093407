"""A task of Airflow: it reads a table and writes one, and gives on where the result is. No token goes through XCom, which
keeps what it is given in a database."""

import polars as pl
from airflow.sdk import task

import linkmint


@task
def mint_links(source: str, target: str, issued_at: str) -> str:
    links = linkmint.generate(
        pl.read_parquet(source),
        keyring=linkmint.Keyring.from_env(),
        issued_at=issued_at,  # the run's own time, so that a retry counts from it too
        base_url="https://mystore.com/p",
        expires_in="7d",
    )
    links.write_parquet(target)
    return target
