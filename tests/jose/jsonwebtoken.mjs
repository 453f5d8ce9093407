// Asks jsonwebtoken. See README.md.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const jwt = createRequire(process.argv[2] + "/")("jsonwebtoken");

const asked = JSON.parse(readFileSync(0, "utf8"));
const { keys } = JSON.parse(asked.jwks);
// it takes secrets, not JWKs
const keyOf = ({ kid }) => Buffer.from((keys.find((key) => key.kid === kid) ?? keys[0]).k, "base64url");

function check(token) {
  return new Promise((done) => {
    const find = (header, found) => found(null, keyOf(header));
    jwt.verify(token, find, { algorithms: ["HS256"] }, (error, payload) => {
      done(error ? { error: `${error.name}: ${error.message}` } : { payload });
    });
  });
}

function make({ header, payload }) {
  return jwt.sign(payload, keyOf(header), { algorithm: "HS256", header: { alg: "HS256", typ: "JWT", ...header } });
}

const checked = await Promise.all(asked.check.map(check));
const made = asked.make.map(make);
process.stdout.write(JSON.stringify({ checked, made }));
