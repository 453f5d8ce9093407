"""A checking service as people write it: FastAPI and PyJWT, on uvicorn with uvloop and httptools. No log.

usage: serve_fastapi.py PORT
"""
import os
import sys
from pathlib import Path

import jwt
import uvicorn
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

KEY = Path(os.environ["LINK_KEY_FILE"]).read_bytes()
app = FastAPI()


class Check(BaseModel):
    token: str


@app.post("/v1/check")
async def check(request: Check):
    try:
        return {"status": "valid", "claims": jwt.decode(request.token, KEY, algorithms=["HS256"])}
    except jwt.InvalidTokenError as error:
        raise HTTPException(403, str(error)) from error


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", log_level="error",
                access_log=False)
