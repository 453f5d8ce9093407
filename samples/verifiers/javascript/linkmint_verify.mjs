/*
 * Check linkmint tokens offline with Node's own modules alone (Node 18+).
 *
 * Export the keyring and keep it with your other secrets, never in version control:
 *
 *     linkmint key export > keys.json
 *
 * Then, for each request:
 *
 *     import { readFileSync } from 'node:fs';
 *     import { verify } from './linkmint_verify.mjs';
 *
 *     const keys = JSON.parse(readFileSync('keys.json', 'utf8'));
 *     const result = verify(token, keys, Math.floor(Date.now() / 1000));
 *     if (result.status === 'valid' && result.claims.campaign_id === 'spring26') {
 *       console.log('welcome,', result.claims.customer_id);
 *     }
 *
 * Public tokens are checked with `linkmint key export --public`, which holds no secret. A token that begins with
 * `eyJ` is a JWT: use a JOSE library with `linkmint key export --jwt`.
 */
import {
  createCipheriv, createDecipheriv, createHmac, createPrivateKey, createPublicKey, timingSafeEqual,
  verify as verifySignature,
} from 'node:crypto';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abcdefghijklmnopqrstuvwxyz'; // a digit is its index mod 32
const [SIGNED, SEALED, PUBLIC] = [0x2c, 0x48, 0x3c];
// Points of small order and points that are not canonical, as hex without the sign: whoever likes can sign with them.
const WEAK = new RegExp('^(0[01](00){31}|(e[c-f]|f.)(ff){30}7f'
  + '|26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'
  + '|c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a)$');
const PKCS8_SEED = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410: what stands before a seed
const REGISTERED = ['customer_id', 'campaign_id', 'product_id']; // keys 1 to 3
const ZERO_BLOCK = Buffer.alloc(16);
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }); // true keeps the mark

class Malformed extends Error {}

/**
 * Returns `{ status }`: valid, malformed, unknown_key, invalid_signature, not_yet_valid or expired. An authentic
 * token's result also has claims, issued_at, expires_at, not_before (seconds or null) and id.
 * `keys` is the parsed keyring (throws if it is none), `now` and `leeway` are whole seconds, not milliseconds.
 */
export function verify(token, keys, now, leeway = 0) {
  // NaN would make every comparison false, and thus every token valid for ever.
  if (![now, leeway].every((seconds) => Number.isSafeInteger(seconds) && seconds >= 0)) {
    throw new RangeError('now and leeway must be whole seconds, 0 or more');
  }
  const ring = readRing(keys);
  try {
    const data = fromText(token);
    // a public key checks public tokens alone
    const candidates = ring.filter((key) => key.id.equals(data.subarray(1, 3)) && (key.secret || data[0] === PUBLIC));
    if (candidates.length === 0) return { status: 'unknown_key' };
    const body = authenticBody(data, candidates);
    if (body === null) return { status: 'invalid_signature' };
    const result = readBody(body, data.length);
    if (result.not_before !== null && now + leeway < result.not_before) result.status = 'not_yet_valid';
    else if (result.expires_at !== null && now - leeway >= result.expires_at) result.status = 'expired';
    return result;
  } catch (error) {
    if (error instanceof Malformed) return { status: 'malformed' };
    throw error;
  }
}

const prf = (key, message) => createHmac('sha256', key).update(message).digest();
const keyId = (secret) => prf(secret, 'linkmint v1 key id').subarray(0, 2);

function insist(condition) {
  if (!condition) throw new Malformed();
}

function readRing(keyring) {
  if (!Array.isArray(keyring?.keys)) throw new Error('keyring: no list of keys');
  return keyring.keys.map((jwk, index) => {
    if (jwk.kty === 'OKP') return readPublicKey(jwk, index + 1);
    const secret = jwk.kty === 'oct' ? decode(String(jwk.k), BASE64URL, 6) : null;
    if (secret === null || secret.length < 32 || secret.length > 64) {
      throw new Error(`keyring: key ${index + 1} is no base64url secret of 32 to 64 bytes`);
    }
    if (jwk.kid !== undefined && jwk.kid !== keyId(secret).toString('hex')) {
      throw new Error(`keyring: the kid of key ${index + 1} is not its secret's (is this an export for JWT?)`);
    }
    return { id: keyId(secret), secret };
  });
}

function readPublicKey({ crv, x, kid, alg = 'EdDSA', use = 'sig', d }, number) {
  const bytes = decode(String(x), BASE64URL, 6);
  const right = crv === 'Ed25519' && ['EdDSA', 'Ed25519'].includes(alg) && use === 'sig' && d === undefined;
  if (!right || bytes?.length !== 32 || !/^[0-9a-f]{4}$/.test(String(kid)) || weak(bytes)) {
    throw new Error(`keyring: key ${number} is no public key of Ed25519 with a kid`);
  }
  return { id: Buffer.from(kid, 'hex'), publicKey: createPublicKey({ key: { kty: 'OKP', crv, x }, format: 'jwk' }) };
}

function weak(point) {
  const unsigned = Buffer.from(point);
  unsigned[31] &= 0x7f;
  return WEAK.test(unsigned.toString('hex'));
}

function fromText(text) {
  insist(typeof text === 'string' && text.length <= 1770 && /^[LSPFJHfjh]/.test(text)); // 1,106 bytes in base32
  const data = /^[LSP]/.test(text) ? decode(text, BASE64URL, 6) : decode(text, BASE32, 5);
  insist(data !== null && data.length % 3 !== 0 && [SIGNED, SEALED, PUBLIC].includes(data[0]));
  const longer = data[0] === PUBLIC ? 48 : 0; // its signature has 64 bytes and not 16
  insist(data.length >= 34 + longer && data.length <= 1058 + longer);
  return data;
}

// Not Buffer's decoder: it skips foreign characters and unused bits (RFC 4648, sections 3.3 and 3.5).
function decode(text, alphabet, bits) {
  const bytes = [];
  let [number, held] = [0, 0];
  for (const character of text) {
    const digit = alphabet.indexOf(character);
    if (digit < 0) return null;
    number = (number << bits) | (digit % (1 << bits));
    held += bits;
    if (held >= 8) {
      held -= 8;
      bytes.push(number >> held);
      number &= (1 << held) - 1;
    }
  }
  return held < bits && number === 0 ? Buffer.from(bytes) : null;
}

function authenticBody(data, candidates) {
  for (const { secret, publicKey } of candidates) { // imported keys may share an id
    if (data[0] === PUBLIC) {
      const signature = data.subarray(-64);
      const key = publicKey ?? publicKeyOf(secret);
      if (!weak(signature.subarray(0, 32)) && verifySignature(null, data.subarray(0, -64), key, signature)) {
        return data.subarray(3, -64);
      }
    } else if (data[0] === SEALED) {
      const body = openSealed(prf(secret, 'linkmint v1 seal'), data);
      if (body !== null) return body;
    } else {
      const tag = prf(prf(secret, 'linkmint v1 sign'), data.subarray(0, -16)).subarray(0, 16); // RFC 2104, section 5
      if (timingSafeEqual(tag, data.subarray(-16))) return data.subarray(3, -16);
    }
  }
  return null;
}

function publicKeyOf(secret) {
  const key = Buffer.concat([PKCS8_SEED, prf(secret, 'linkmint v1 public')]);
  return createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
}

// AES-SIV-CMAC-256 with one header, the token's first three bytes (RFC 5297, section 2.7).
function openSealed(key, data) {
  const siv = data.subarray(3, 19);
  const counter = Buffer.from(siv);
  counter[8] &= 0x7f;
  counter[12] &= 0x7f;
  const plaintext = createDecipheriv('aes-128-ctr', key.subarray(16), counter).update(data.subarray(19));
  const macKey = key.subarray(0, 16);
  const mixed = xorEnd(double(cmac(macKey, ZERO_BLOCK)), cmac(macKey, data.subarray(0, 3)));
  const last = plaintext.length >= 16 ? xorEnd(plaintext, mixed) : xorEnd(double(mixed), padded(plaintext));
  return timingSafeEqual(cmac(macKey, last), siv) ? plaintext : null;
}

// RFC 4493: the last block of a CBC encryption whose last block had a subkey added.
function cmac(key, message) {
  const encrypt = (blocks) => createCipheriv('aes-128-cbc', key, ZERO_BLOCK).setAutoPadding(false).update(blocks);
  const subkey = double(encrypt(ZERO_BLOCK));
  const whole = message.length > 0 && message.length % 16 === 0;
  return encrypt(whole ? xorEnd(message, subkey) : xorEnd(padded(message), double(subkey))).subarray(-16);
}

function padded(message) {
  return Buffer.concat([message, Buffer.of(0x80), Buffer.alloc(15 - (message.length % 16))]);
}

function xorEnd(message, block) {
  const start = message.length - block.length;
  return Buffer.from(message.map((byte, index) => (index < start ? byte : byte ^ block[index - start])));
}

function double(block) {
  const shifted = block.map((byte, index) => (byte << 1) | (index < 15 ? block[index + 1] >> 7 : 0));
  shifted[15] ^= 0x87 & -(block[0] >> 7);
  return shifted;
}

function readBody(body, tokenLength) {
  const issuedAt = body.readUInt32BE(0);
  const expiresAt = body.readUInt32BE(4);
  insist(expiresAt === 0 || expiresAt > issuedAt);
  const reader = new Reader(body, 14);
  const { claims, notBefore } = reader.claims();
  insist(notBefore === null || expiresAt === 0 || notBefore < expiresAt);
  const pad = body.subarray(reader.position);
  insist(pad.length === 0 || (pad.length === 1 && pad[0] === 0 && (tokenLength - 1) % 3 === 0));
  return {
    status: 'valid', claims, issued_at: issuedAt, expires_at: expiresAt || null, not_before: notBefore,
    id: body.toString('hex', 8, 14),
  };
}

/** Deterministically encoded CBOR (RFC 8949, section 4.2.1), as far as claims use it. */
class Reader {
  constructor(data, position) {
    this.data = data;
    this.position = position;
  }

  take(count) {
    insist(count <= this.data.length - this.position);
    this.position += count;
    return this.data.subarray(this.position - count, this.position);
  }

  // The argument is a BigInt: it may be any number below 2^64.
  head() {
    const first = this.take(1)[0];
    const info = first & 31;
    if (info < 24) return [first >> 5, BigInt(info)];
    insist(info <= 27); // 28 to 30 are reserved, 31 is an indefinite length
    const argument = BigInt(`0x${this.take(1 << (info - 24)).toString('hex')}`);
    insist(argument >= [24n, 1n << 8n, 1n << 16n, 1n << 32n][info - 24]); // else a shorter head would do
    return [first >> 5, argument];
  }

  text(length, limit) {
    insist(length >= 1n && length <= limit);
    try {
      return UTF8.decode(this.take(Number(length)));
    } catch {
      throw new Malformed();
    }
  }

  claims() {
    const start = this.position;
    const claims = Object.create(null); // a claim may be named __proto__
    let [notBefore, previous] = [null, Buffer.alloc(0)];
    const [mapMajor, pairs] = this.head();
    insist(mapMajor === 5);
    for (let pair = 0n; pair < pairs; pair++) {
      const keyStart = this.position;
      const [major, argument] = this.head();
      let name = null;
      if (major === 0) {
        insist(argument <= 3n);
        if (argument > 0n) name = REGISTERED[Number(argument) - 1];
      } else {
        insist(major === 3);
        name = this.text(argument, 64n);
        insist(!/\p{Cc}/u.test(name) && !REGISTERED.includes(name));
      }
      const key = this.data.subarray(keyStart, this.position);
      insist(Buffer.compare(key, previous) > 0); // in order, and none twice
      previous = key;
      if (name === null) {
        const [valueMajor, seconds] = this.head();
        insist(valueMajor === 0 && seconds >= 1n && seconds < 1n << 32n);
        notBefore = Number(seconds);
      } else {
        claims[name] = this.value();
      }
    }
    insist(Object.keys(claims).length <= 16 && this.position - start <= 1024);
    return { claims, notBefore };
  }

  value() {
    const [major, argument] = this.head();
    let [form, text] = [];
    if (major === 0) {
      [form, text] = ['number', String(argument)];
    } else if (major === 6) {
      insist(argument === 37n && this.take(1)[0] === 0x50); // a byte string of 16
      const hex = this.take(16).toString('hex');
      [form, text] = ['uuid', hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')];
    } else if (major === 2) {
      [form, text] = ['hex', this.take(Number(argument)).toString('hex')];
      insist(text.length <= 512);
    } else {
      insist(major === 3);
      [form, text] = ['text', this.text(argument, 512n)];
    }
    insist(form === firstForm(text));
    return text;
  }
}

function firstForm(text) {
  if (/^(0|[1-9][0-9]{0,19})$/.test(text) && BigInt(text) < 1n << 64n) return 'number';
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return 'uuid';
  return /^([0-9a-f]{2}){4,}$/.test(text) ? 'hex' : 'text';
}

// The command line: answers lines of {"token":…,"keys":…,"now":…,"leeway":…} with one result a line.
async function main() {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const row = JSON.parse(line);
    let answer;
    try {
      answer = verify(row.token, row.keys, row.now, row.leeway ?? 0);
    } catch (error) {
      answer = { error: error.message };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
