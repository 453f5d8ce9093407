#!/bin/sh
# Whether a token is good: status 0 where it is. LINKMINT_URL is http://127.0.0.1:8787, LINKMINT_API_KEY an API key.
printf '{"token": "%s"}' "$1" | curl -sS -w '\n%{http_code}\n' -H "X-API-KEY: $LINKMINT_API_KEY" \
    -H 'content-type: application/json' --data @- "$LINKMINT_URL/v1/check" | tee /dev/stderr | tail -1 | grep -qx 200
