// Package linkmint checks linkmint tokens offline with the standard library alone (Go 1.19+).
//
// Export the keyring and keep it with your other secrets, never in version control:
//
//	linkmint key export > keys.json
//
// Then, for each request:
//
//	var keys linkmint.Keyring
//	err := json.Unmarshal(file, &keys) // once, from keys.json
//	…
//	status, token, err := linkmint.Verify(text, keys, time.Now().Unix(), 0)
//	if err == nil && status == linkmint.Valid && token.Claims["campaign_id"] == "spring26" {
//		fmt.Println("welcome,", token.Claims["customer_id"])
//	}
//
// Public tokens are checked with `linkmint key export --public`, which holds no secret. A token that begins with eyJ
// is a JWT: use a JOSE library with `linkmint key export --jwt`.
package linkmint

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Keyring is a JWK Set (RFC 7517) of linkmint's secrets, or of its public keys.
type Keyring struct {
	Keys []JWK `json:"keys"`
}

// JWK is one secret of a keyring, or one public key (Crv, X and a Kid).
type JWK struct {
	Kty string `json:"kty"`
	Kid string `json:"kid"`
	K   string `json:"k"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Alg string `json:"alg"`
	Use string `json:"use"`
	D   any    `json:"d"`
}

// key is one of a keyring: a secret, or else what checks public tokens alone.
type key struct {
	id, secret []byte
	public     ed25519.PublicKey
}

// Status is what a check says of a token.
type Status string

// All that a check may say.
const (
	Valid            Status = "valid"
	Malformed        Status = "malformed"
	UnknownKey       Status = "unknown_key"
	InvalidSignature Status = "invalid_signature"
	NotYetValid      Status = "not_yet_valid"
	Expired          Status = "expired"
)

// Token is what an authentic token says. Times are seconds; ExpiresAt 0: never, NotBefore 0: none.
type Token struct {
	IssuedAt, ExpiresAt, NotBefore int64
	ID                             string
	Claims                         map[string]string
}

const (
	base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	base32    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abcdefghijklmnopqrstuvwxyz" // a digit is its index mod 32
	signed    = 0x2c
	sealed    = 0x48
	public    = 0x3c
)

var (
	registered   = [...]string{"", "customer_id", "campaign_id", "product_id"}
	numberForm   = regexp.MustCompile(`^(0|[1-9][0-9]{0,19})$`)
	uuidForm     = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	hexForm      = regexp.MustCompile(`^([0-9a-f]{2}){4,}$`)
	errMalformed = errors.New("malformed")
	// points of small order and points that are not canonical, as hex without the sign: anyone can sign with them
	weakPoint = regexp.MustCompile(`^(0[01](00){31}|(e[c-f]|f.)(ff){30}7f` +
		`|26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05` +
		`|c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a)$`)
	keyIDForm = regexp.MustCompile(`^[0-9a-f]{4}$`)
)

// Verify checks a token's text. The token is nil unless it is authentic: Valid, NotYetValid or Expired.
// now and leeway are seconds, 0 or more. An error means a bad keyring or time, never a bad token.
func Verify(text string, keys Keyring, now, leeway int64) (Status, *Token, error) {
	if now < 0 || leeway < 0 {
		return "", nil, errors.New("now and leeway must be 0 or more")
	}
	ring, err := readRing(keys)
	if err != nil {
		return "", nil, err
	}
	data, ok := fromText(text)
	if !ok {
		return Malformed, nil, nil
	}
	status := UnknownKey
	for _, key := range ring {
		// a public key checks public tokens alone
		if !bytes.Equal(key.id, data[1:3]) || key.secret == nil && data[0] != public {
			continue
		}
		status = InvalidSignature // unless this key or another of the same id made it
		body := authenticBody(data, key)
		if body == nil {
			continue
		}
		token, err := readBody(body, len(data))
		switch {
		case err != nil:
			return Malformed, nil, nil
		case leeway < token.NotBefore-now: // a difference: now + leeway could overflow
			return NotYetValid, token, nil
		case token.ExpiresAt != 0 && now-leeway >= token.ExpiresAt:
			return Expired, token, nil
		}
		return Valid, token, nil
	}
	return status, nil, nil
}

func prf(key, message []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(message)
	return mac.Sum(nil)
}

func keyID(secret []byte) []byte { return prf(secret, []byte("linkmint v1 key id"))[:2] }

func readRing(keys Keyring) ([]key, error) {
	if keys.Keys == nil {
		return nil, errors.New("keyring: no list of keys")
	}
	var ring []key
	for i, jwk := range keys.Keys {
		if jwk.Kty == "OKP" {
			public, ok := publicKey(jwk)
			if !ok {
				return nil, fmt.Errorf("keyring: key %d is no public key of Ed25519 with a kid", i+1)
			}
			ring = append(ring, public)
			continue
		}
		secret, ok := decode(jwk.K, base64url, 6)
		if !ok || jwk.Kty != "oct" || len(secret) < 32 || len(secret) > 64 {
			return nil, fmt.Errorf("keyring: key %d is no base64url secret of 32 to 64 bytes", i+1)
		}
		if jwk.Kid != "" && jwk.Kid != hex.EncodeToString(keyID(secret)) {
			return nil, fmt.Errorf("keyring: the kid of key %d is not its secret's (is this an export for JWT?)", i+1)
		}
		ring = append(ring, key{id: keyID(secret), secret: secret})
	}
	return ring, nil
}

func publicKey(jwk JWK) (key, bool) {
	point, ok := decode(jwk.X, base64url, 6)
	ok = ok && jwk.Crv == "Ed25519" && jwk.D == nil && (jwk.Use == "" || jwk.Use == "sig") &&
		(jwk.Alg == "" || jwk.Alg == "EdDSA" || jwk.Alg == "Ed25519")
	if !ok || len(point) != ed25519.PublicKeySize || !keyIDForm.MatchString(jwk.Kid) || weak(point) {
		return key{}, false
	}
	id, _ := hex.DecodeString(jwk.Kid)
	return key{id: id, public: point}, true
}

func weak(point []byte) bool {
	unsigned := append([]byte(nil), point...)
	unsigned[31] &= 0x7f
	return weakPoint.MatchString(hex.EncodeToString(unsigned))
}

func fromText(text string) (data []byte, ok bool) {
	if text == "" || len(text) > 1770 { // 1,106 bytes in base32
		return nil, false
	}
	switch text[0] {
	case 'L', 'S', 'P':
		data, ok = decode(text, base64url, 6)
	case 'F', 'J', 'H', 'f', 'j', 'h':
		data, ok = decode(text, base32, 5)
	}
	if !ok || len(data)%3 == 0 {
		return nil, false
	}
	switch data[0] {
	case signed, sealed:
		return data, len(data) >= 34 && len(data) <= 1058
	case public: // its signature has 64 bytes and not 16
		return data, len(data) >= 82 && len(data) <= 1106
	}
	return nil, false
}

// Not encoding/base64: it skips line breaks, and unused bits unless told otherwise (RFC 4648, section 3.5).
func decode(text, alphabet string, bits int) ([]byte, bool) {
	var data []byte
	number, held := 0, 0
	for i := 0; i < len(text); i++ {
		digit := strings.IndexByte(alphabet, text[i])
		if digit < 0 {
			return nil, false
		}
		number = number<<bits | digit%(1<<bits)
		held += bits
		if held >= 8 {
			held -= 8
			data = append(data, byte(number>>held))
			number &= 1<<held - 1
		}
	}
	return data, held < bits && number == 0
}

func authenticBody(data []byte, key key) []byte {
	switch data[0] {
	case sealed:
		return openSealed(prf(key.secret, []byte("linkmint v1 seal")), data)
	case public:
		end := len(data) - ed25519.SignatureSize
		if weak(data[end:end+32]) || !ed25519.Verify(key.publicKey(), data[:end], data[end:]) {
			return nil
		}
		return data[3:end]
	}
	end := len(data) - 16
	tag := prf(prf(key.secret, []byte("linkmint v1 sign")), data[:end])[:16] // RFC 2104, section 5
	if !hmac.Equal(tag, data[end:]) {
		return nil
	}
	return data[3:end]
}

func (k key) publicKey() ed25519.PublicKey {
	if k.secret == nil {
		return k.public
	}
	return ed25519.NewKeyFromSeed(prf(k.secret, []byte("linkmint v1 public"))).Public().(ed25519.PublicKey)
}

// AES-SIV-CMAC-256 with one header, the token's first three bytes (RFC 5297, section 2.7).
func openSealed(key, data []byte) []byte {
	mac, _ := aes.NewCipher(key[:16]) // fails on other key sizes only
	encrypt, _ := aes.NewCipher(key[16:])
	siv, plaintext := data[3:19], make([]byte, len(data)-19)
	counter := append([]byte(nil), siv...)
	counter[8] &= 0x7f
	counter[12] &= 0x7f
	cipher.NewCTR(encrypt, counter).XORKeyStream(plaintext, data[19:])
	mixed := xorEnd(double(cmac(mac, make([]byte, 16))), cmac(mac, data[:3]))
	last := padded(plaintext)
	if len(plaintext) >= 16 {
		last = xorEnd(plaintext, mixed)
	} else {
		last = xorEnd(last, double(mixed))
	}
	if !hmac.Equal(cmac(mac, last), siv) {
		return nil
	}
	return plaintext
}

// RFC 4493: the last block of a CBC encryption whose last block had a subkey added.
func cmac(block cipher.Block, message []byte) []byte {
	zero := make([]byte, 16)
	subkey := make([]byte, 16)
	block.Encrypt(subkey, zero)
	subkey = double(subkey)
	if len(message) == 0 || len(message)%16 != 0 {
		message, subkey = padded(message), double(subkey)
	}
	blocks := xorEnd(message, subkey)
	cipher.NewCBCEncrypter(block, zero).CryptBlocks(blocks, blocks)
	return blocks[len(blocks)-16:]
}

func padded(message []byte) []byte {
	whole := make([]byte, len(message)+16-len(message)%16)
	copy(whole, message)
	whole[len(message)] = 0x80
	return whole
}

func xorEnd(message, block []byte) []byte {
	mixed := append([]byte(nil), message...)
	for i, b := range block {
		mixed[len(mixed)-16+i] ^= b
	}
	return mixed
}

func double(block []byte) []byte {
	high, low := binary.BigEndian.Uint64(block), binary.BigEndian.Uint64(block[8:])
	doubled := make([]byte, 16)
	binary.BigEndian.PutUint64(doubled, high<<1|low>>63)
	binary.BigEndian.PutUint64(doubled[8:], low<<1^0x87&-(high>>63))
	return doubled
}

func readBody(body []byte, tokenLength int) (token *Token, err error) {
	defer func() {
		if recovered := recover(); recovered == errMalformed {
			token, err = nil, errMalformed
		} else if recovered != nil {
			panic(recovered)
		}
	}()
	token = &Token{
		IssuedAt:  int64(binary.BigEndian.Uint32(body)),
		ExpiresAt: int64(binary.BigEndian.Uint32(body[4:])),
		ID:        hex.EncodeToString(body[8:14]),
		Claims:    map[string]string{},
	}
	rest := reader(body[14:])
	rest.claims(token)
	insist(token.ExpiresAt == 0 || token.ExpiresAt > token.IssuedAt && token.ExpiresAt > token.NotBefore)
	insist(len(rest) == 0 || len(rest) == 1 && rest[0] == 0 && (tokenLength-1)%3 == 0)
	return token, nil
}

func insist(condition bool) {
	if !condition {
		panic(errMalformed) // caught in readBody
	}
}

// reader takes deterministically encoded CBOR (RFC 8949, section 4.2.1), as far as claims use it.
type reader []byte

func (r *reader) take(count uint64) []byte {
	insist(count <= uint64(len(*r)))
	taken := (*r)[:count]
	*r = (*r)[count:]
	return taken
}

func (r *reader) head() (major byte, argument uint64) {
	first := r.take(1)[0]
	major, info := first>>5, first&31
	if info < 24 {
		return major, uint64(info)
	}
	insist(info <= 27) // 28 to 30 are reserved, 31 is an indefinite length
	for _, b := range r.take(1 << (info - 24)) {
		argument = argument<<8 | uint64(b)
	}
	insist(argument >= [...]uint64{24, 1 << 8, 1 << 16, 1 << 32}[info-24]) // else a shorter head would do
	return major, argument
}

func (r *reader) text(length, limit uint64) string {
	insist(length >= 1 && length <= limit)
	text := r.take(length)
	insist(utf8.Valid(text))
	return string(text)
}

func (r *reader) claims(token *Token) {
	whole := *r
	var previous []byte
	major, pairs := r.head()
	insist(major == 5)
	for ; pairs > 0; pairs-- {
		key, name := *r, ""
		major, argument := r.head()
		if major == 0 {
			insist(argument <= 3)
			name = registered[argument]
		} else {
			insist(major == 3)
			name = r.text(argument, 64)
			insist(strings.IndexFunc(name, unicode.IsControl) < 0)
			insist(name != registered[1] && name != registered[2] && name != registered[3])
		}
		key = key[:len(key)-len(*r)]
		insist(bytes.Compare(key, previous) > 0) // in order, and none twice
		previous = key
		if name == "" {
			major, seconds := r.head()
			insist(major == 0 && seconds >= 1 && seconds < 1<<32)
			token.NotBefore = int64(seconds)
		} else {
			token.Claims[name] = r.value()
		}
	}
	insist(len(token.Claims) <= 16 && len(whole)-len(*r) <= 1024)
}

func (r *reader) value() (text string) {
	var form *regexp.Regexp
	switch major, argument := r.head(); major {
	case 0:
		form, text = numberForm, strconv.FormatUint(argument, 10)
	case 2:
		form, text = hexForm, hex.EncodeToString(r.take(argument))
		insist(len(text) <= 512)
	case 3:
		text = r.text(argument, 512)
	case 6:
		insist(argument == 37 && r.take(1)[0] == 0x50) // a byte string of 16
		id := r.take(16)
		form, text = uuidForm, fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
	default:
		insist(false)
	}
	insist(form == firstForm(text))
	return text
}

// firstForm returns the form a value must be stored in, nil for text.
func firstForm(text string) *regexp.Regexp {
	if numberForm.MatchString(text) {
		if _, err := strconv.ParseUint(text, 10, 64); err == nil {
			return numberForm
		}
	}
	for _, form := range []*regexp.Regexp{uuidForm, hexForm} {
		if form.MatchString(text) {
			return form
		}
	}
	return nil
}
