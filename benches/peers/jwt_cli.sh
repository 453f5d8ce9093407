#!/usr/bin/env bash
# jwt-cli in a shell loop: a process for each row, one after the other.
#
# usage: jwt_cli.sh IN OUT      (JWT_CLI: the program, else `jwt` on the PATH)
set -euo pipefail
export LC_ALL=C.UTF-8

jwt=${JWT_CLI:-jwt}
url=https://mystore.com/promotions/
expires_at=$(($(date +%s) + 24 * 3600))

# Splits the record in $1 into the array `cells`: `IFS=, read` would cut a quoted name in two.
split() {
  local rest="$1," # each cell is followed by a comma
  local plain='^([^",]*),' quoted='^"(([^"]|"")*)",'
  cells=()
  while [[ -n $rest ]]; do
    [[ $rest =~ $quoted || $rest =~ $plain ]] || return 1
    cells+=("${BASH_REMATCH[1]//'""'/'"'}")
    rest=${rest:${#BASH_REMATCH[0]}}
  done
}

# A line, and the lines after it as long as a quote is open.
next_record() {
  local line quotes
  IFS= read -r record || [[ -n $record ]] || return 1
  while quotes=${record//[!\"]/} && ((${#quotes} % 2)) && IFS= read -r line; do
    record+=$'\n'$line
  done
}

column() {
  local i
  for i in "${!names[@]}"; do
    [[ ${names[i]} != "$1" ]] || { echo "$i"; return; }
  done
  echo "jwt_cli.sh: no column $1" >&2
  return 1
}

json_text() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

exec <"$1" >"$2"
next_record
split "$record"
names=("${cells[@]}")
customer=$(column customer_id) campaign=$(column campaign_id) product=$(column product_id)
printf '%s,token,url_link\n' "$record"

while next_record; do
  split "$record"
  claims="{\"customer_id\":$(json_text "${cells[customer]}"),\"campaign_id\":$(json_text "${cells[campaign]}"),\"product_id\":$(json_text "${cells[product]}")}"
  token=$("$jwt" encode --secret "@$LINK_KEY_FILE" --exp="$expires_at" "$claims" </dev/null)
  printf '%s,%s,%s\n' "$record" "$token" "$url$token"
done
