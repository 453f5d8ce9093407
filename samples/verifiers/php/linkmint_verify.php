<?php
/*
 * Check linkmint tokens offline with PHP's own extensions alone (PHP 8.1+, 64 bit; openssl for sealed tokens,
 * sodium for public ones).
 *
 * Export the keyring and keep it with your other secrets: outside the web root, never in version control:
 *
 *     linkmint key export > keys.json
 *
 * Then, for each request:
 *
 *     require 'linkmint_verify.php';
 *
 *     $keys = json_decode(file_get_contents('keys.json'), true, 8, JSON_THROW_ON_ERROR);
 *     $result = LinkmintVerify::verify($token, $keys, time());
 *     if ($result['status'] === 'valid' && ($result['claims']['campaign_id'] ?? null) === 'spring26') {
 *         echo 'welcome, ', htmlspecialchars($result['claims']['customer_id']);
 *     }
 *
 * Public tokens are checked with `linkmint key export --public`, which holds no secret. A token that begins with `eyJ` is a JWT: use a JOSE library with `linkmint key export --jwt`.
 */
declare(strict_types=1);

final class LinkmintMalformed extends Exception
{
}

final class LinkmintVerify
{
    private const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    private const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abcdefghijklmnopqrstuvwxyz'; // a digit is its index mod 32
    private const SIGNED = "\x2c";
    private const SEALED = "\x48";
    private const PUBLIC = "\x3c";
    /** Points of small order and points that are not canonical, as hex without the sign: anyone can sign with them. */
    private const WEAK = '/^(0[01](00){31}|(e[c-f]|f.)(ff){30}7f'
        . '|26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'
        . '|c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a)$/D';
    private const REGISTERED = [1 => 'customer_id', 2 => 'campaign_id', 3 => 'product_id'];

    private function __construct(private string $data, private int $position)
    {
    }

    /**
     * Returns ['status' => …]: valid, malformed, unknown_key, invalid_signature, not_yet_valid or expired. An
     * authentic token's result also has claims, issued_at, expires_at, not_before (seconds or null) and id. PHP
     * turns a claim name like "123" into an integer array key; $result['claims']['123'] finds it all the same.
     * $keys is the parsed keyring (InvalidArgumentException if it is none), $now and $leeway are seconds.
     */
    public static function verify(string $token, array $keys, int $now, int $leeway = 0): array
    {
        if ($now < 0 || $leeway < 0) {
            throw new InvalidArgumentException('now and leeway must be 0 or more');
        }
        $ring = self::ring($keys);
        try {
            $data = self::fromText($token);
            $candidates = array_filter($ring, fn ($key) => $key['id'] === substr($data, 1, 2)
                && (isset($key['secret']) || $data[0] === self::PUBLIC)); // a public key checks public tokens alone
            if ($candidates === []) {
                return ['status' => 'unknown_key'];
            }
            $body = self::authenticBody($data, $candidates);
            if ($body === null) {
                return ['status' => 'invalid_signature'];
            }
            $result = self::readBody($body, strlen($data));
        } catch (LinkmintMalformed) {
            return ['status' => 'malformed'];
        }
        // Differences, not $now + $leeway: a sum past PHP_INT_MAX would become a float.
        if ($result['not_before'] !== null && $leeway < $result['not_before'] - $now) {
            $result['status'] = 'not_yet_valid';
        } elseif ($result['expires_at'] !== null && $now - $leeway >= $result['expires_at']) {
            $result['status'] = 'expired';
        }
        return $result;
    }

    private static function prf(string $key, string $message): string
    {
        return hash_hmac('sha256', $message, $key, true);
    }

    private static function keyId(string $secret): string
    {
        return substr(self::prf($secret, 'linkmint v1 key id'), 0, 2);
    }

    private static function insist(bool $condition): void
    {
        $condition || throw new LinkmintMalformed();
    }

    private static function ring(array $keys): array
    {
        if (!is_array($keys['keys'] ?? null)) {
            throw new InvalidArgumentException('keyring: no list of keys');
        }
        $ring = [];
        foreach (array_values($keys['keys']) as $index => $jwk) {
            $key = 'key ' . ($index + 1);
            if (($jwk['kty'] ?? null) === 'OKP') {
                $ring[] = self::publicKey($jwk, $key);
                continue;
            }
            $secret = self::decode((string) ($jwk['k'] ?? ''), self::BASE64URL, 6) ?? '';
            if (($jwk['kty'] ?? null) !== 'oct' || strlen($secret) < 32 || strlen($secret) > 64) {
                throw new InvalidArgumentException("keyring: $key is no base64url secret of 32 to 64 bytes");
            }
            $keyId = bin2hex(self::keyId($secret));
            if (($jwk['kid'] ?? $keyId) !== $keyId) {
                throw new InvalidArgumentException(
                    "keyring: the kid of $key is not its secret's (is this an export for JWT?)"
                );
            }
            $ring[] = ['id' => self::keyId($secret), 'secret' => $secret];
        }
        return $ring;
    }

    private static function publicKey(array $jwk, string $key): array
    {
        $public = self::decode((string) ($jwk['x'] ?? ''), self::BASE64URL, 6) ?? '';
        $right = ($jwk['crv'] ?? null) === 'Ed25519' && in_array($jwk['alg'] ?? 'EdDSA', ['EdDSA', 'Ed25519'], true)
            && ($jwk['use'] ?? 'sig') === 'sig' && !array_key_exists('d', $jwk);
        $named = preg_match('/^[0-9a-f]{4}$/D', (string) ($jwk['kid'] ?? '')) === 1;
        if (!$right || !$named || strlen($public) !== 32 || self::weak($public)) {
            throw new InvalidArgumentException("keyring: $key is no public key of Ed25519 with a kid");
        }
        return ['id' => hex2bin($jwk['kid']), 'public' => $public];
    }

    private static function weak(string $point): bool
    {
        return preg_match(self::WEAK, bin2hex($point & str_repeat("\xff", 31) . "\x7f")) === 1;
    }

    private static function fromText(string $text): string
    {
        self::insist(strlen($text) <= 1770 && strspn($text, 'LSPFJHfjh', 0, 1) === 1); // 1,106 bytes in base32
        $base64url = strspn($text, 'LSP', 0, 1) === 1;
        $data = $base64url ? self::decode($text, self::BASE64URL, 6) : self::decode($text, self::BASE32, 5);
        self::insist($data !== null && $data !== '' && strlen($data) % 3 !== 0);
        self::insist(in_array($data[0], [self::SIGNED, self::SEALED, self::PUBLIC], true));
        $longer = $data[0] === self::PUBLIC ? 48 : 0; // its signature has 64 bytes and not 16
        self::insist(strlen($data) >= 34 + $longer && strlen($data) <= 1058 + $longer);
        return $data;
    }

    /** Not base64_decode: it lets unused bits and wrong lengths pass (RFC 4648, section 3.5). */
    private static function decode(string $text, string $alphabet, int $bits): ?string
    {
        [$bytes, $number, $held] = ['', 0, 0];
        for ($i = 0; $i < strlen($text); $i++) {
            $digit = strpos($alphabet, $text[$i]);
            if ($digit === false) {
                return null;
            }
            $number = $number << $bits | $digit % (1 << $bits);
            $held += $bits;
            if ($held >= 8) {
                $held -= 8;
                $bytes .= chr($number >> $held);
                $number &= (1 << $held) - 1;
            }
        }
        return $held < $bits && $number === 0 ? $bytes : null;
    }

    private static function authenticBody(string $data, array $candidates): ?string
    {
        foreach ($candidates as $key) { // imported keys may share an id
            if ($data[0] === self::PUBLIC) {
                if (self::signatureHolds($key, substr($data, -64), substr($data, 0, -64))) {
                    return substr($data, 3, -64);
                }
                continue;
            }
            $secret = $key['secret'];
            if ($data[0] === self::SEALED) {
                $body = self::openSealed(self::prf($secret, 'linkmint v1 seal'), $data);
                if ($body !== null) {
                    return $body;
                }
                continue;
            }
            $tag = self::prf(self::prf($secret, 'linkmint v1 sign'), substr($data, 0, -16)); // RFC 2104, section 5
            if (hash_equals(substr($tag, 0, 16), substr($data, -16))) {
                return substr($data, 3, -16);
            }
        }
        return null;
    }

    private static function signatureHolds(array $key, string $signature, string $message): bool
    {
        if (!function_exists('sodium_crypto_sign_verify_detached')) {
            throw new RuntimeException('public tokens need the sodium extension');
        }
        $public = $key['public'] ?? sodium_crypto_sign_publickey(
            sodium_crypto_sign_seed_keypair(self::prf($key['secret'], 'linkmint v1 public')));
        return !self::weak(substr($signature, 0, 32))
            && sodium_crypto_sign_verify_detached($signature, $message, $public);
    }

    /** AES-SIV-CMAC-256 with one header, the token's first three bytes (RFC 5297, section 2.7). */
    private static function openSealed(string $key, string $data): ?string
    {
        if (!function_exists('openssl_decrypt')) {
            throw new RuntimeException('sealed tokens need the openssl extension');
        }
        [$macKey, $counterKey] = str_split($key, 16);
        $siv = substr($data, 3, 16);
        $counter = $siv & "\xff\xff\xff\xff\xff\xff\xff\xff\x7f\xff\xff\xff\x7f\xff\xff\xff";
        $plaintext = openssl_decrypt(substr($data, 19), 'aes-128-ctr', $counterKey, OPENSSL_RAW_DATA, $counter);
        $mixed = self::double(self::cmac($macKey, str_repeat("\0", 16))) ^ self::cmac($macKey, substr($data, 0, 3));
        $last = strlen($plaintext) >= 16
            ? substr($plaintext, 0, -16) . (substr($plaintext, -16) ^ $mixed)
            : self::double($mixed) ^ self::padded($plaintext);
        return hash_equals(self::cmac($macKey, $last), $siv) ? $plaintext : null;
    }

    /** RFC 4493: the last block of a CBC encryption whose last block had a subkey added. */
    private static function cmac(string $key, string $message): string
    {
        $encrypt = fn (string $blocks): string => openssl_encrypt(
            $blocks, 'aes-128-cbc', $key, OPENSSL_RAW_DATA | OPENSSL_ZERO_PADDING, str_repeat("\0", 16));
        $subkey = self::double($encrypt(str_repeat("\0", 16)));
        if ($message === '' || strlen($message) % 16 !== 0) {
            $message = self::padded($message);
            $subkey = self::double($subkey);
        }
        return substr($encrypt(substr($message, 0, -16) . (substr($message, -16) ^ $subkey)), -16);
    }

    private static function padded(string $message): string
    {
        return $message . "\x80" . str_repeat("\0", 15 - strlen($message) % 16);
    }

    private static function double(string $block): string
    {
        $doubled = '';
        for ($i = 0; $i < 16; $i++) {
            $doubled .= chr((ord($block[$i]) << 1 | ord($block[$i + 1] ?? "\0") >> 7) & 0xff);
        }
        return $doubled ^ str_repeat("\0", 15) . chr(0x87 & -(ord($block[0]) >> 7));
    }

    private static function readBody(string $body, int $tokenLength): array
    {
        ['issued' => $issuedAt, 'expires' => $expiresAt] = unpack('Nissued/Nexpires', $body);
        self::insist($expiresAt === 0 || $expiresAt > $issuedAt);
        $reader = new self($body, 14);
        [$claims, $notBefore] = $reader->claims();
        self::insist($notBefore === null || $expiresAt === 0 || $notBefore < $expiresAt);
        $pad = substr($body, $reader->position);
        self::insist($pad === '' || ($pad === "\0" && ($tokenLength - 1) % 3 === 0));
        return ['status' => 'valid', 'claims' => $claims, 'issued_at' => $issuedAt, 'expires_at' => $expiresAt ?: null,
            'not_before' => $notBefore, 'id' => bin2hex(substr($body, 8, 6))];
    }

    // From here on: deterministically encoded CBOR (RFC 8949, section 4.2.1), as far as claims use it.

    private function take(int $count): string
    {
        self::insist($count >= 0 && $count <= strlen($this->data) - $this->position);
        $this->position += $count;
        return substr($this->data, $this->position - $count, $count);
    }

    /** Major type and argument; an argument of 2^63 or more comes as the negative integer of the same bits. */
    private function head(): array
    {
        $first = ord($this->take(1));
        [$major, $info] = [$first >> 5, $first & 31];
        if ($info < 24) {
            return [$major, $info];
        }
        self::insist($info <= 27); // 28 to 30 are reserved, 31 is an indefinite length
        $argument = unpack(['C', 'n', 'N', 'J'][$info - 24], $this->take(1 << ($info - 24)))[1];
        $least = [24, 1 << 8, 1 << 16, 1 << 32][$info - 24]; // below, a shorter head would do
        self::insist($argument < 0 || $argument >= $least);
        return [$major, $argument];
    }

    private function text(int $length, int $limit): string
    {
        self::insist($length >= 1 && $length <= $limit);
        $text = $this->take($length);
        self::insist(preg_match('//u', $text) === 1); // valid UTF-8
        return $text;
    }

    private function claims(): array
    {
        [$start, $claims, $notBefore, $previous] = [$this->position, [], null, ''];
        [$major, $pairs] = $this->head();
        self::insist($major === 5 && $pairs >= 0 && $pairs <= 17);
        while ($pairs-- > 0) {
            $keyStart = $this->position;
            [$major, $argument] = $this->head();
            if ($major === 0) {
                self::insist($argument >= 0 && $argument <= 3);
                $name = self::REGISTERED[$argument] ?? null;
            } else {
                self::insist($major === 3);
                $name = $this->text($argument, 64);
                self::insist(preg_match('/\p{Cc}/u', $name) === 0 && !in_array($name, self::REGISTERED, true));
            }
            $key = substr($this->data, $keyStart, $this->position - $keyStart);
            self::insist(strcmp($key, $previous) > 0); // in order, and none twice
            $previous = $key;
            if ($name === null) {
                [$major, $notBefore] = $this->head();
                self::insist($major === 0 && $notBefore >= 1 && $notBefore < 1 << 32);
            } else {
                $claims[$name] = $this->value();
            }
        }
        self::insist(count($claims) <= 16 && $this->position - $start <= 1024);
        return [$claims, $notBefore];
    }

    private function value(): string
    {
        [$major, $argument] = $this->head();
        if ($major === 0) {
            [$form, $text] = ['number', sprintf('%u', $argument)]; // %u reads the bits as unsigned
        } elseif ($major === 6) {
            self::insist($argument === 37 && $this->take(1) === "\x50"); // a byte string of 16
            $hex = bin2hex($this->take(16));
            [$form, $text] = ['uuid', preg_replace('/^(.{8})(.{4})(.{4})(.{4})/', '$1-$2-$3-$4-', $hex)];
        } elseif ($major === 2) {
            [$form, $text] = ['hex', bin2hex($this->take($argument))];
            self::insist(strlen($text) <= 512);
        } else {
            self::insist($major === 3);
            [$form, $text] = ['text', $this->text($argument, 512)];
        }
        self::insist($form === self::firstForm($text));
        return $text;
    }

    /** The form a text must be stored in. D: without it, $ would match before a line feed at the end, too. */
    private static function firstForm(string $text): string
    {
        $digits = str_pad($text, 20, '0', STR_PAD_LEFT); // compared as text: PHP's integers end at 2^63 - 1
        if (preg_match('/^(0|[1-9][0-9]{0,19})$/D', $text) && strcmp($digits, '18446744073709551615') <= 0) {
            return 'number';
        }
        if (preg_match('/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/D', $text)) {
            return 'uuid';
        }
        return preg_match('/^([0-9a-f]{2}){4,}$/D', $text) ? 'hex' : 'text';
    }
}

// The command line: answers lines of {"token":…,"keys":…,"now":…,"leeway":…} with one result a line.
if (PHP_SAPI === 'cli' && realpath($_SERVER['SCRIPT_FILENAME']) === __FILE__) {
    while (($line = fgets(STDIN)) !== false) {
        $row = json_decode($line, true, 16, JSON_THROW_ON_ERROR);
        try {
            $answer = LinkmintVerify::verify($row['token'], $row['keys'], $row['now'], $row['leeway'] ?? 0);
            if (isset($answer['claims'])) {
                $answer['claims'] = (object) $answer['claims']; // {} and never []
            }
        } catch (InvalidArgumentException | RuntimeException $error) {
            $answer = ['error' => $error->getMessage()];
        }
        echo json_encode($answer, JSON_THROW_ON_ERROR), "\n";
    }
}
