// Node's own crypto with Ed25519 on all cores: an EdDSA JWT for each line, or how many lines are valid ones. It reads and
// writes plain lines, and no CSV: the signatures are most of its time.
//
// usage: public_node.mjs mint|check IN OUT

import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const LIFETIME = 24 * 3600;
// RFC 8410: what stands before the 32 bytes of a secret
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const encode = (object) => Buffer.from(JSON.stringify(object)).toString("base64url");

if (isMainThread) await main(...process.argv.slice(2));
else parentPort.postMessage(work(workerData));

async function main(what, source, target) {
  const key = readFileSync(process.env.LINK_KEY_FILE);
  const lines = readFileSync(source, "utf8").split("\n").filter(Boolean);
  const cores = availableParallelism();
  const size = Math.ceil(lines.length / cores);
  const parts = Array.from({ length: cores }, (_, core) => lines.slice(core * size, (core + 1) * size));
  const done = await Promise.all(parts.map((part) => new Promise((answer, fail) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { what, key, part } });
    worker.on("message", answer).on("error", fail);
  })));
  writeFileSync(target, done.flat().join("\n") + "\n");
  if (what === "check" && done.flat().some((valid) => valid !== "valid")) process.exit(1);
}

function work({ what, key, part }) {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8, key]), format: "der", type: "pkcs8" });
  const open = createPublicKey(secret);
  const now = Math.floor(Date.now() / 1000);
  const head = encode({ alg: "EdDSA", typ: "JWT" });
  const mint = (line) => {
    const [customer_id, campaign_id, product_id] = line.split("\t");
    const text = `${head}.${encode({ customer_id, campaign_id, product_id, iat: now, exp: now + LIFETIME })}`;
    return `${text}.${sign(null, Buffer.from(text), secret).toString("base64url")}`;
  };
  const check = (token) => {
    const end = token.lastIndexOf(".");
    const signature = Buffer.from(token.slice(end + 1), "base64url");
    if (!verify(null, Buffer.from(token.slice(0, end)), open, signature)) return "forged";
    const claims = JSON.parse(Buffer.from(token.slice(token.indexOf(".") + 1, end), "base64url"));
    return claims.exp > now ? "valid" : "expired";
  };
  return part.map(what === "mint" ? mint : check);
}
