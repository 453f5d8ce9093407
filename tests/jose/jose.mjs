// Asks jose. See README.md.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { resolve } = createRequire(process.argv[2] + "/");
const { createRemoteJWKSet, importJWK, jwtVerify, SignJWT } = await import(resolve("jose"));

const asked = JSON.parse(readFileSync(0, "utf8"));
const { keys } = JSON.parse(asked.jwks);
const remote = asked.jwks_url && createRemoteJWKSet(new URL(asked.jwks_url));
const keyOf = ({ kid }) => importJWK(keys.find((key) => key.kid === kid) ?? keys[0]);

async function check(token) {
  try {
    const { payload } = await jwtVerify(token, remote ?? keyOf, { algorithms: ["HS256", "EdDSA"] });
    return { payload };
  } catch (error) {
    return { error: error.code ?? error.name };
  }
}

async function make({ header, payload }) {
  return new SignJWT(payload).setProtectedHeader({ alg: "HS256", ...header }).sign(await keyOf(header));
}

const checked = await Promise.all(asked.check.map(check));
const made = await Promise.all(asked.make.map(make));
process.stdout.write(JSON.stringify({ checked, made }));
