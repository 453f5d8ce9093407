// A checking service as people write it: Node's http and jsonwebtoken, with a key object that is made once. No log.
//
// usage: serve_jsonwebtoken.mjs PORT
import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(path.join(import.meta.dirname, '../.peers/x.js'));
const jwt = require('jsonwebtoken');
const key = createSecretKey(readFileSync(process.env.LINK_KEY_FILE));

function verdict(body) {
  try {
    return [200, { status: 'valid', claims: jwt.verify(JSON.parse(body).token, key, { algorithms: ['HS256'] }) }];
  } catch (error) {
    return [403, { status: 'invalid', message: error.message }];
  }
}

createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', part => { body += part; });
  request.on('end', () => {
    const [status, answer] = verdict(body);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
