// Command verify answers lines of {"token":…,"keys":…,"now":…,"leeway":…} with one result a line.
package main

import (
	"encoding/json"
	"io"
	"os"

	"linkmint"
)

func main() {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var row struct {
			Token       string
			Keys        linkmint.Keyring
			Now, Leeway int64
		}
		if err := in.Decode(&row); err == io.EOF {
			return
		} else if err != nil {
			panic(err)
		}
		status, token, err := linkmint.Verify(row.Token, row.Keys, row.Now, row.Leeway)
		answer := map[string]any{"status": status}
		if err != nil {
			answer = map[string]any{"error": err.Error()}
		} else if token != nil {
			answer["claims"], answer["id"], answer["issued_at"] = token.Claims, token.ID, token.IssuedAt
			answer["expires_at"], answer["not_before"] = orNull(token.ExpiresAt), orNull(token.NotBefore)
		}
		if err := out.Encode(answer); err != nil {
			panic(err)
		}
	}
}

func orNull(seconds int64) any {
	if seconds == 0 {
		return nil
	}
	return seconds
}
