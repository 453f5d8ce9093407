import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Checks linkmint tokens offline with the JDK alone (Java 17+).
 *
 * <p>Export the keyring and keep it with your other secrets, never in version control:
 * <pre>linkmint key export > keys.json</pre>
 *
 * <p>Then, for each request:
 * <pre>{@code
 * Map<?, ?> keys = (Map<?, ?>) LinkmintVerify.Json.read(Files.readString(Path.of("keys.json"))); // once
 * var result = LinkmintVerify.verify(token, keys, Instant.now().getEpochSecond());
 * if (result.status().equals("valid") && "spring26".equals(result.claims().get("campaign_id"))) {
 *     System.out.println("welcome, " + result.claims().get("customer_id"));
 * }
 * }</pre>
 *
 * <p>Public tokens are checked with {@code linkmint key export --public}, which holds no secret. A token that begins
 * with {@code eyJ} is a JWT: use a JOSE library with {@code linkmint key export --jwt}.
 */
public final class LinkmintVerify {
    private static final String BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abcdefghijklmnopqrstuvwxyz"; // index mod 32
    private static final HexFormat HEX = HexFormat.of();
    private static final byte SIGNED = 0x2c;
    private static final byte SEALED = 0x48;
    private static final byte PUBLIC = 0x3c;
    /** Points of small order and points that are not canonical, as hex without the sign: anyone can sign with them. */
    private static final String WEAK = "0[01](00){31}|(e[c-f]|f.)(ff){30}7f"
            + "|26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
            + "|c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a";
    private static final byte[] X509_START = HEX.parseHex("302a300506032b6570032100"); // RFC 8410: before a public key
    private static final List<String> REGISTERED = List.of("customer_id", "campaign_id", "product_id"); // keys 1 to 3

    /**
     * The status is valid, malformed, unknown_key, invalid_signature, not_yet_valid or expired. All else is null
     * unless the token is authentic; then too where it never expires, or has no start.
     */
    public record Result(
            String status, Map<String, String> claims, Long issuedAt, Long expiresAt, Long notBefore, String id) {
        private static Result refused(String status) {
            return new Result(status, null, null, null, null, null);
        }
    }

    /** A key of the ring: a secret, or else what checks public tokens alone. */
    private record Key(byte[] id, byte[] secret, PublicKey publicKey) {
        private boolean checks(byte[] data) {
            return Arrays.equals(id, 0, 2, data, 1, 3) && (secret != null || data[0] == PUBLIC);
        }
    }

    private static final class Malformed extends Exception {
        private Malformed() {
            super(null, null, false, false); // a verdict, not a fault: no stack trace
        }
    }

    public static Result verify(String token, Map<?, ?> keys, long now) {
        return verify(token, keys, now, 0);
    }

    /** {@code keys} is the parsed keyring (IllegalArgumentException if it is none), the times are seconds. */
    public static Result verify(String token, Map<?, ?> keys, long now, long leeway) {
        if (now < 0 || leeway < 0) throw new IllegalArgumentException("now and leeway must be 0 or more");
        try {
            List<Key> candidates = ring(keys);
            byte[] data = fromText(token);
            candidates.removeIf(key -> !key.checks(data));
            if (candidates.isEmpty()) return Result.refused("unknown_key");
            byte[] body = authenticBody(data, candidates);
            if (body == null) return Result.refused("invalid_signature");
            Result result = readBody(body, data.length);
            String status = "valid";
            // Differences: now + leeway could overflow.
            if (result.notBefore != null && leeway < result.notBefore - now) {
                status = "not_yet_valid";
            } else if (result.expiresAt != null && now - leeway >= result.expiresAt) {
                status = "expired";
            }
            return new Result(status, result.claims, result.issuedAt, result.expiresAt, result.notBefore, result.id);
        } catch (Malformed refusal) {
            return Result.refused("malformed");
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing); // every JDK has AES and Ed25519
        }
    }

    private static byte[] prf(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing); // every JDK has HMAC-SHA256
        }
    }

    private static byte[] derived(byte[] secret, String purpose) {
        return prf(secret, ("linkmint v1 " + purpose).getBytes(US_ASCII));
    }

    private static byte[] keyId(byte[] secret) {
        return Arrays.copyOf(derived(secret, "key id"), 2);
    }

    private static void require(boolean condition) throws Malformed {
        if (!condition) throw new Malformed();
    }

    private static List<Key> ring(Map<?, ?> keys) {
        if (!(keys.get("keys") instanceof List<?> list)) {
            throw new IllegalArgumentException("keyring: no list of keys");
        }
        List<Key> ring = new ArrayList<>();
        for (Object each : list) {
            Map<?, ?> jwk = (Map<?, ?>) each;
            if ("OKP".equals(jwk.get("kty"))) {
                ring.add(publicKey(jwk, ring.size() + 1));
                continue;
            }
            byte[] secret = "oct".equals(jwk.get("kty")) ? decode(String.valueOf(jwk.get("k")), BASE64URL, 6) : null;
            String key = "key " + (ring.size() + 1);
            if (secret == null || secret.length < 32 || secret.length > 64) {
                throw new IllegalArgumentException("keyring: " + key + " is no base64url secret of 32 to 64 bytes");
            }
            if (jwk.get("kid") != null && !jwk.get("kid").equals(HEX.formatHex(keyId(secret)))) {
                throw new IllegalArgumentException(
                        "keyring: the kid of " + key + " is not its secret's (is this an export for JWT?)");
            }
            ring.add(new Key(keyId(secret), secret, null));
        }
        return ring;
    }

    private static Key publicKey(Map<?, ?> jwk, int number) {
        byte[] point = decode(String.valueOf(jwk.get("x")), BASE64URL, 6);
        Object alg = jwk.get("alg");
        boolean right = "Ed25519".equals(jwk.get("crv")) && !jwk.containsKey("d")
                && (alg == null || alg.equals("EdDSA") || alg.equals("Ed25519"))
                && (jwk.get("use") == null || jwk.get("use").equals("sig"));
        String kid = String.valueOf(jwk.get("kid"));
        try {
            if (right && point != null && point.length == 32 && !weak(point) && kid.matches("[0-9a-f]{4}")) {
                byte[] encoded = Arrays.copyOf(X509_START, X509_START.length + 32);
                System.arraycopy(point, 0, encoded, X509_START.length, 32);
                var spec = new X509EncodedKeySpec(encoded);
                return new Key(HEX.parseHex(kid), null, KeyFactory.getInstance("Ed25519").generatePublic(spec));
            }
        } catch (GeneralSecurityException notOnTheCurve) {
            // said below
        }
        throw new IllegalArgumentException("keyring: key " + number + " is no public key of Ed25519 with a kid");
    }

    private static boolean weak(byte[] point) {
        byte[] unsigned = point.clone();
        unsigned[31] &= 0x7f;
        return HEX.formatHex(unsigned).matches(WEAK);
    }

    private static byte[] fromText(String text) throws Malformed {
        require(text != null && !text.isEmpty() && text.length() <= 1770); // 1,106 bytes in base32
        require("LSPFJHfjh".indexOf(text.charAt(0)) >= 0);
        byte[] data = "LSP".indexOf(text.charAt(0)) >= 0 ? decode(text, BASE64URL, 6) : decode(text, BASE32, 5);
        require(data != null && data.length % 3 != 0);
        require(data[0] == SIGNED || data[0] == SEALED || data[0] == PUBLIC);
        int longer = data[0] == PUBLIC ? 48 : 0; // its signature has 64 bytes and not 16
        require(data.length >= 34 + longer && data.length <= 1058 + longer);
        return data;
    }

    /** Not java.util.Base64: it lets unused bits and padding pass (RFC 4648, sections 3.2 and 3.5). */
    private static byte[] decode(String text, String alphabet, int bits) {
        var bytes = new ByteArrayOutputStream();
        int number = 0;
        int held = 0;
        for (char character : text.toCharArray()) {
            int digit = alphabet.indexOf(character);
            if (digit < 0) return null;
            number = number << bits | digit % (1 << bits);
            held += bits;
            if (held >= 8) {
                held -= 8;
                bytes.write(number >> held);
                number &= (1 << held) - 1;
            }
        }
        return held < bits && number == 0 ? bytes.toByteArray() : null;
    }

    private static byte[] authenticBody(byte[] data, List<Key> candidates) throws GeneralSecurityException {
        int end = data.length - 16;
        for (Key key : candidates) { // imported keys may share an id
            byte[] secret = key.secret;
            if (data[0] == PUBLIC) {
                if (signatureHolds(key, data)) return Arrays.copyOfRange(data, 3, data.length - 64);
            } else if (data[0] == SEALED) {
                byte[] body = openSealed(derived(secret, "seal"), data);
                if (body != null) return body;
            } else {
                byte[] tag = prf(derived(secret, "sign"), Arrays.copyOf(data, end)); // cut to 16: RFC 2104, section 5
                if (MessageDigest.isEqual(Arrays.copyOf(tag, 16), Arrays.copyOfRange(data, end, data.length))) {
                    return Arrays.copyOfRange(data, 3, end);
                }
            }
        }
        return null;
    }

    private static boolean signatureHolds(Key key, byte[] data) throws GeneralSecurityException {
        int end = data.length - 64;
        if (weak(Arrays.copyOfRange(data, end, end + 32))) return false;
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key.publicKey != null ? key.publicKey : publicKeyOf(key.secret));
        signature.update(data, 0, end);
        try {
            return signature.verify(data, end, 64);
        } catch (SignatureException impossible) { // an R or S that no signature has
            return false;
        }
    }

    /** The JDK computes a public key while it generates a pair, from "random" bytes that are the seed. */
    private static PublicKey publicKeyOf(byte[] secret) throws GeneralSecurityException {
        byte[] seed = derived(secret, "public");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
            }
        });
        return generator.generateKeyPair().getPublic();
    }

    /** AES-SIV-CMAC-256 with one header, the token's first three bytes (RFC 5297, section 2.7). */
    private static byte[] openSealed(byte[] key, byte[] data) throws GeneralSecurityException {
        byte[] macKey = Arrays.copyOf(key, 16);
        byte[] siv = Arrays.copyOfRange(data, 3, 19);
        byte[] counter = siv.clone();
        counter[8] &= 0x7f;
        counter[12] &= 0x7f;
        byte[] ciphertext = Arrays.copyOfRange(data, 19, data.length);
        byte[] plaintext = aes("AES/CTR/NoPadding", Arrays.copyOfRange(key, 16, 32), counter, ciphertext);
        byte[] mixed = xorEnd(twice(cmac(macKey, new byte[16])), cmac(macKey, Arrays.copyOf(data, 3)));
        byte[] last = plaintext.length >= 16 ? xorEnd(plaintext, mixed) : xorEnd(padded(plaintext), twice(mixed));
        return MessageDigest.isEqual(cmac(macKey, last), siv) ? plaintext : null;
    }

    /** RFC 4493: the last block of a CBC encryption whose last block had a subkey added. */
    private static byte[] cmac(byte[] key, byte[] message) throws GeneralSecurityException {
        byte[] zero = new byte[16];
        byte[] subkey = twice(aes("AES/CBC/NoPadding", key, zero, zero));
        boolean whole = message.length > 0 && message.length % 16 == 0;
        byte[] blocks = whole ? xorEnd(message, subkey) : xorEnd(padded(message), twice(subkey));
        byte[] encrypted = aes("AES/CBC/NoPadding", key, zero, blocks);
        return Arrays.copyOfRange(encrypted, encrypted.length - 16, encrypted.length);
    }

    /** CTR decrypts as it encrypts. */
    private static byte[] aes(String mode, byte[] key, byte[] iv, byte[] input) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(mode);
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
        return cipher.doFinal(input);
    }

    private static byte[] padded(byte[] message) {
        byte[] whole = Arrays.copyOf(message, message.length + 16 - message.length % 16);
        whole[message.length] = (byte) 0x80;
        return whole;
    }

    private static byte[] xorEnd(byte[] message, byte[] block) {
        byte[] mixed = message.clone();
        for (int i = 0; i < 16; i++) mixed[mixed.length - 16 + i] ^= block[i];
        return mixed;
    }

    private static byte[] twice(byte[] block) {
        long high = ByteBuffer.wrap(block).getLong();
        long low = ByteBuffer.wrap(block).getLong(8);
        return ByteBuffer.allocate(16).putLong(high << 1 | low >>> 63).putLong(low << 1 ^ 0x87 & high >> 63).array();
    }

    private static Result readBody(byte[] body, int tokenLength) throws Malformed {
        ByteBuffer buffer = ByteBuffer.wrap(body);
        long issuedAt = Integer.toUnsignedLong(buffer.getInt());
        long expiresAt = Integer.toUnsignedLong(buffer.getInt());
        byte[] id = new byte[6];
        buffer.get(id);
        var claims = new LinkedHashMap<String, String>();
        Long notBefore = new Reader(buffer).claims(claims);
        require(expiresAt == 0 || expiresAt > issuedAt && (notBefore == null || expiresAt > notBefore));
        require(!buffer.hasRemaining() || buffer.remaining() == 1 && buffer.get() == 0 && (tokenLength - 1) % 3 == 0);
        return new Result("valid", claims, issuedAt, expiresAt == 0 ? null : expiresAt, notBefore, HEX.formatHex(id));
    }

    /** Deterministically encoded CBOR (RFC 8949, section 4.2.1), as far as claims use it. */
    private record Reader(ByteBuffer buffer) {
        private static final long[] LEAST = {24, 1 << 8, 1 << 16, 1L << 32};

        /** Major type and argument; the argument is unsigned. */
        private record Head(int major, long argument) { }

        private byte[] take(long count) throws Malformed {
            require(Long.compareUnsigned(count, buffer.remaining()) <= 0);
            byte[] taken = new byte[(int) count];
            buffer.get(taken);
            return taken;
        }

        private Head head() throws Malformed {
            int first = take(1)[0] & 0xff;
            int info = first & 31;
            if (info < 24) return new Head(first >> 5, info);
            require(info <= 27); // 28 to 30 are reserved, 31 is an indefinite length
            long argument = 0;
            for (byte each : take(1 << (info - 24))) argument = argument << 8 | each & 0xff;
            require(Long.compareUnsigned(argument, LEAST[info - 24]) >= 0); // else a shorter head would do
            return new Head(first >> 5, argument);
        }

        private String text(long length, int limit) throws Malformed {
            require(length >= 1 && length <= limit);
            try {
                return UTF_8.newDecoder().decode(ByteBuffer.wrap(take(length))).toString(); // String's own replaces
            } catch (CharacterCodingException notUtf8) {
                throw new Malformed();
            }
        }

        /** Fills the map and returns not_before or null. */
        private Long claims(Map<String, String> claims) throws Malformed {
            int start = buffer.position();
            Long notBefore = null;
            byte[] previous = {};
            Head map = head();
            require(map.major == 5);
            for (long pair = 0; pair != map.argument; pair++) {
                int keyStart = buffer.position();
                Head head = head();
                String name = null;
                if (head.major == 0) {
                    require(Long.compareUnsigned(head.argument, 3) <= 0);
                    if (head.argument > 0) name = REGISTERED.get((int) head.argument - 1);
                } else {
                    require(head.major == 3);
                    name = text(head.argument, 64);
                    require(name.chars().noneMatch(Character::isISOControl) && !REGISTERED.contains(name));
                }
                byte[] key = Arrays.copyOfRange(buffer.array(), keyStart, buffer.position());
                require(Arrays.compareUnsigned(key, previous) > 0); // in order, and none twice
                previous = key;
                if (name == null) {
                    Head seconds = head();
                    require(seconds.major == 0 && seconds.argument >= 1 && seconds.argument < 1L << 32);
                    notBefore = seconds.argument;
                } else {
                    claims.put(name, value());
                }
            }
            require(claims.size() <= 16 && buffer.position() - start <= 1024);
            return notBefore;
        }

        private String value() throws Malformed {
            Head head = head();
            String form;
            String text;
            if (head.major == 0) {
                form = "number";
                text = Long.toUnsignedString(head.argument);
            } else if (head.major == 6) {
                require(head.argument == 37 && take(1)[0] == 0x50); // a byte string of 16
                form = "uuid";
                text = HEX.formatHex(take(16)).replaceFirst("(.{8})(.{4})(.{4})(.{4})", "$1-$2-$3-$4-");
            } else if (head.major == 2) {
                form = "hex";
                text = HEX.formatHex(take(head.argument));
                require(text.length() <= 512);
            } else {
                require(head.major == 3);
                form = "text";
                text = text(head.argument, 512);
            }
            require(form.equals(firstForm(text)));
            return text;
        }

        private static String firstForm(String text) {
            if (text.matches("0|[1-9][0-9]{0,19}")) {
                try {
                    Long.parseUnsignedLong(text);
                    return "number";
                } catch (NumberFormatException notBelow2To64) {
                    // one of the other forms
                }
            }
            if (text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) return "uuid";
            return text.matches("([0-9a-f]{2}){4,256}") ? "hex" : "text";
        }
    }

    /** As much JSON (RFC 8259) as a keyring needs, for programs without a JSON library. */
    public static final class Json {
        private final String text;
        private int position;

        private Json(String text) {
            this.text = text;
        }

        /** Objects become maps, arrays lists, whole numbers Long. */
        public static Object read(String text) {
            Json json = new Json(text);
            Object value = json.value();
            if (json.peek() != 0) throw json.error();
            return value;
        }

        private IllegalArgumentException error() {
            return new IllegalArgumentException("not JSON at character " + position);
        }

        private char peek() {
            while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) position++;
            return position < text.length() ? text.charAt(position) : 0;
        }

        private boolean found(char wanted) {
            if (peek() != wanted) return false;
            position++;
            return true;
        }

        private void expect(char wanted) {
            if (!found(wanted)) throw error();
        }

        private Object value() {
            if (peek() == '"') return string();
            if (found('{')) {
                var members = new LinkedHashMap<String, Object>();
                if (found('}')) return members;
                do {
                    String name = string();
                    expect(':');
                    members.put(name, value());
                } while (found(','));
                expect('}');
                return members;
            }
            if (found('[')) {
                var elements = new ArrayList<Object>();
                if (found(']')) return elements;
                do elements.add(value()); while (found(','));
                expect(']');
                return elements;
            }
            int start = position;
            while (position < text.length() && ",]} \t\r\n".indexOf(text.charAt(position)) < 0) position++;
            String word = text.substring(start, position);
            return switch (word) {
                case "null" -> null;
                case "true", "false" -> Boolean.valueOf(word);
                default -> number(word);
            };
        }

        private Object number(String word) {
            if (!word.matches("-?[0-9][0-9.eE+-]*")) throw error();
            if (word.matches("-?[0-9]{1,18}|[0-9]{19}")) return Long.valueOf(word);
            return Double.valueOf(word);
        }

        private String string() {
            expect('"');
            var string = new StringBuilder();
            while (position < text.length()) {
                char character = text.charAt(position++);
                if (character == '"') return string.toString();
                if (character == '\\' && position < text.length()) {
                    character = text.charAt(position++);
                    int escape = "bfnrt".indexOf(character);
                    if (escape >= 0) {
                        character = "\b\f\n\r\t".charAt(escape);
                    } else if (character == 'u' && position + 4 <= text.length()) {
                        character = (char) HexFormat.fromHexDigits(text, position, position + 4);
                        position += 4;
                    }
                }
                string.append(character);
            }
            throw error();
        }
    }

    /** Answers lines of {"token":…,"keys":…,"now":…,"leeway":…} with one result a line. */
    public static void main(String[] arguments) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        var out = new PrintStream(System.out, false, UTF_8);
        for (String line; (line = in.readLine()) != null; ) {
            Map<?, ?> row = (Map<?, ?>) Json.read(line);
            long leeway = row.get("leeway") == null ? 0 : (Long) row.get("leeway");
            var answer = new LinkedHashMap<String, Object>();
            try {
                Map<?, ?> keys = (Map<?, ?>) row.get("keys");
                Result result = verify((String) row.get("token"), keys, (Long) row.get("now"), leeway);
                answer.put("status", result.status);
                if (result.claims != null) {
                    answer.put("claims", result.claims);
                    answer.put("issued_at", result.issuedAt);
                    answer.put("expires_at", result.expiresAt);
                    answer.put("not_before", result.notBefore);
                    answer.put("id", result.id);
                }
            } catch (IllegalArgumentException error) {
                answer.put("error", error.getMessage());
            }
            out.println(json(answer));
        }
        out.flush();
    }

    private static String json(Object value) {
        if (value instanceof Map<?, ?> map) {
            List<String> members = new ArrayList<>();
            map.forEach((name, member) -> members.add(json(name) + ":" + json(member)));
            return "{" + String.join(",", members) + "}";
        }
        if (!(value instanceof String string)) return String.valueOf(value);
        var quoted = new StringBuilder("\"");
        for (char character : string.toCharArray()) {
            boolean plain = character >= ' ' && character < 127 && character != '"' && character != '\\';
            quoted.append(plain ? character : String.format("\\u%04x", (int) character));
        }
        return quoted.append('"').toString();
    }
}
