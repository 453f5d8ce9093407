# Whether a token is good. LINKMINT_URL is http://127.0.0.1:8787, LINKMINT_API_KEY an API key.
import json, os, sys, urllib.error, urllib.request
request = urllib.request.Request(os.environ["LINKMINT_URL"] + "/v1/check", json.dumps({"token": sys.argv[1]}).encode(),
    {"X-API-KEY": os.environ["LINKMINT_API_KEY"], "content-type": "application/json"})
try: answer = urllib.request.urlopen(request, timeout=10)
except urllib.error.HTTPError as error: answer = error  # 400 and 403 have a verdict, too
said = json.load(answer)
print(answer.status, said.get("message") or said.get("detail"))
