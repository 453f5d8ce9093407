// Asks jjwt about JWTs, and for one: reads one JSON object from standard input and answers with one.
//
// asked     jwks: a JWK Set as text; now: seconds since 1970; check: JWTs; make: null, or a payload to sign with the set's
//           first key
// answered  checked: for each JWT its payload, or {"error": the name of jjwt's exception}; made: the JWT, or null
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.Jwks;
import java.security.Key;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.SecretKey;

class Jjwt {
    public static void main(String[] args) throws Exception {
        var json = new ObjectMapper();
        var asked = json.readTree(System.in);
        var now = new Date(asked.get("now").asLong() * 1000);
        Map<String, Key> keys = new LinkedHashMap<>();
        for (Jwk<?> key : Jwks.setParser().build().parse(asked.get("jwks").asText())) {
            keys.put(key.getId(), key.toKey());
        }
        var parser = Jwts.parser().keyLocator(header -> keys.get(header.get("kid"))).clock(() -> now).build();
        var checked = json.createArrayNode();
        for (var jwt : asked.get("check")) {
            try {
                checked.add(json.valueToTree(parser.parseSignedClaims(jwt.asText()).getPayload()));
            } catch (JwtException | IllegalArgumentException error) {
                checked.addObject().put("error", error.getClass().getSimpleName());
            }
        }
        ObjectNode answer = json.createObjectNode();
        answer.set("checked", checked);
        if (!asked.get("make").isNull()) {
            var first = keys.entrySet().iterator().next();
            Map<String, Object> payload = json.convertValue(asked.get("make"), Map.class);
            answer.put("made", Jwts.builder().header().keyId(first.getKey()).and().claims(payload)
                .signWith((SecretKey) first.getValue()).compact());
        }
        System.out.println(json.writeValueAsString(answer));
    }
}
