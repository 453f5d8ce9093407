"""Checking a link in FastAPI."""

from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException

import linkmint

app = FastAPI()
VERIFIER = linkmint.Verifier(linkmint.Keyring.load(), expect={"campaign_id": "spring26"})


def valid_token(token: str) -> linkmint.Token:
    try:
        return VERIFIER.verify(token)
    except linkmint.Refused as refused:
        raise HTTPException(410 if refused.status == "expired" else 404, str(refused)) from refused


@app.get("/p/{token}")
def promotion(token: Annotated[linkmint.Token, Depends(valid_token)]) -> dict[str, str]:
    return {"customer": token.claims["customer_id"]}
