// Whether a token is good. LINKMINT_URL is http://127.0.0.1:8787, LINKMINT_API_KEY an API key.
const { LINKMINT_URL, LINKMINT_API_KEY } = process.env;
const headers = { "X-API-KEY": LINKMINT_API_KEY, "content-type": "application/json" };
const body = JSON.stringify({ token: process.argv[2] });
const answer = await fetch(`${LINKMINT_URL}/v1/check`, { method: "POST", headers, body });
const said = await answer.json();
console.log(answer.status, said.message ?? said.detail);
