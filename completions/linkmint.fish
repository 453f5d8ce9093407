# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_linkmint_global_optspecs
    string join \n h/help V/version
end

function __fish_linkmint_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_linkmint_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_linkmint_using_subcommand
    set -l cmd (__fish_linkmint_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c linkmint -n "__fish_linkmint_needs_command" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_needs_command" -s V -l version -d 'Print version'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "generate" -d 'Give every row of a customer list a signed link of its own'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "sign" -d 'Mint one token or link'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "verify" -d 'Check tokens or links'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "reissue" -d 'Make a new token for whoever has one that ran out'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "revoke" -d 'Revoke tokens, so that `verify --ledger` refuses them'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "unrevoke" -d 'Undo a revocation'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "revoked" -d 'List what is revoked'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "ledger" -d 'Copy a ledger'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "inspect" -d 'Show what a token says, without checking it'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "key" -d 'Manage the keyring'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "stats" -d 'Tell how often links were checked, by campaign, day, hour or status'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "serve" -d 'Check, make and count links over HTTP'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "api-key" -d 'Manage the API keys that `serve` lets in'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "completions" -d 'Print shell completions'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "man" -d 'Print a manual page, or write all of them into a folder'
complete -c linkmint -n "__fish_linkmint_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l base-url -d 'The address; the token becomes its last path segment' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l param -d 'The token becomes this query parameter instead' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l url -d 'The whole link with {token} in it, and {column} for cells' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l base-url-column -d 'The column with base URLs of rows\' own, whose filled cells rule over the flags [default: base_url, where it exists and no flag gives an address]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l claims -d 'The columns that become claims, as NAME or NAME=COLUMN [default: customer_id, and campaign_id and product_id where they exist]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l set -d 'One more claim, the same for all rows (repeatable)' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l optional -d 'Leave this claim out where its cell is empty, instead of rejecting the row' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l expires-in -d 'Valid for so long from --issued-at on: 90m, 24h, 7d, 2w, 1d12h, "2 days"' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l expires-at -d 'Valid until this instant or local time, or to the end of this day: 2026-11-30, "2026-11-30 18:00"' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l not-before -d 'Not valid before this instant or local time, or the start of this day' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l timezone -d 'The zone that dates and local times are meant in: Europe/Berlin, +01:00 or local' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l date-format -d 'How dates are written, where not as 2026-11-30: %d.%m.%Y or %m/%d/%Y, perhaps with %H:%M' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l issued-at -d 'The time of issue in RFC 3339, to repeat a run [default: now]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l duration-column -d 'The column with durations of rows\' own, which rule over the flags; `none` for none [default: duration, where it exists]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l duration-unit -d 'Read bare numbers in that column as so many of s, m, h, d or w' -r -f -a "s\t''
m\t''
h\t''
d\t''
w\t''"
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l expiry-column -d 'A column with expiries of rows\' own, as instants, dates or local times' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l text -d 'The alphabet; base32 survives being typed, spoken and upper-cased, and in capitals makes the smallest QR codes [default: base64url]' -r -f -a "base64url\t'Short: for SMS and mail'
base32\t'Survives being typed, spoken, lower- or upper-cased'
base32-upper\t'The same in capitals: for QR codes, which take less room for them'"
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l format -d 'The format; a JWT is long, and any JOSE library checks it with the key of `key export --jwt`, with --public with that of `key export --public`' -r -f -a "linkmint\t'Short, made for links'
jwt\t'A JSON Web Token with HS256, with --public with EdDSA'"
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l key-id -d 'The key to sign with [default: the active key]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l first-id -d 'The id of the first token, twelve hex digits, to repeat a run [default: random]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l token-column -d 'The column for the token' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l url-column -d 'The column for the link' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l expires-column -d 'The column for the expiry; its cells are empty where a token never expires' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l expires-format -d 'How that column is written, for the mail: %d.%m.%Y %H:%M, in --timezone; without a time of day it is the last day on which the link is valid [default: RFC 3339 in UTC]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l qr -d 'Draw each row\'s link as a QR code into this folder, which must be new or empty, and name the file in the column qr_file' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l qr-format -d 'The format of the codes' -r -f -a "svg\t'For print: it is drawn at any size'
png\t'For screens and old programs: pixels'"
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l qr-name -d 'How the files are called, with {column} for cells; what a name can\'t hold becomes _, and the second of a name gets a number [default: {customer_id}, where there is such a column, else the number of the row]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l sheet-text -d 'What stands on a label of --sheet labels.html, the page of labels to print: {column} for cells, \\n between lines [default: {customer_id}, where there is such a column]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l sheet-columns -d 'How many labels stand side by side [default: 3]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l qr-size -d 'How many pixels wide and high a picture is [default: 8 for each module]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l qr-level -d 'How much of a code may be lost before it can\'t be read: 7 %, 15 %, 25 % or 30 %' -r -f -a "L\t'7 %: the smallest codes'
M\t'15 %'
Q\t'25 %'
H\t'30 %: for codes that get dirty'"
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -s d -l delimiter -d 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l encoding -d 'The encoding, by its name, such as windows-1252, or `auto` for the likeliest; the output is in the same [default: UTF-8, or what the byte order mark says]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l sheet -d 'The sheet of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) [default: the first]; for `generate`, a name that ends in .html is a page of labels to print' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l header-row -d 'The row that names the columns, as a spreadsheet numbers it, where a title or blank lines stand above it; they stay as they are' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -s o -l output -d 'Write to this file, whole or not at all: CSV, or a workbook if it is named .xlsx; `-` or nothing is standard output' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l rejects -d 'Write bad rows to this file, their number and error before them, and go on with the good ones' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -s j -l threads -d 'How many threads work [default: one for each core]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l progress -d 'How far it is, on standard error: a bar, a line of JSON a second, or nothing [default: a bar on a terminal]' -r -f -a "bar\t'For people: how much is done, how fast, and how long it takes yet'
json\t'For programs'
none\t'Nothing'"
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l preview -d 'Show the first N rows and one link in full, write nothing' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l summary-file -d 'Write the summary as one JSON object to this file, also after a failure, but not after a signal' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l ledger -d 'Record this run in the ledger when its links are complete: when, which campaigns, how many, until when, and how to repeat it; no row and no token [default: the LINKMINT_LEDGER variable, else nothing is recorded]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l keyring -d 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l no-link -d 'Tokens only, no links'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l no-claims -d 'Bare unique tokens without claims'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l never-expires -d 'Valid without end'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l seal -d 'Hide the claims: only holders of the key can read them'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l public -d 'Sign with a public-key signature: whoever has the keys of `key export --public` checks the token and can make none; 64 characters longer'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l keep -d 'Leave rows that have a token or link as they are, and mint for the others; what is kept must be authentic, in its time, not revoked (with --ledger) and for the claims of its row'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l replace -d 'Overwrite filled cells where the list has such a column already'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l no-header -d 'The list has no header; its columns are named 1, 2, …'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l header -d 'The first line names the columns, even if it looks like a customer or a token'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l allow-empty -d 'A list without rows is no failure'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -s f -l force -d 'Replace files that exist'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l sync -d 'Have the files reach the disk before they take their places'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -s q -l quiet -d 'Say nothing on standard error but errors and where a new key was put'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l strict -d 'Reject what is only warned of otherwise: repeated claims, spoiled ids, readable mail addresses and telephone numbers, links over 2,000 characters, plain http, other hosts in rows\' own addresses'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -l dedupe -d 'Give rows with equal claims the token of the first of them; the link is each row\'s own'
complete -c linkmint -n "__fish_linkmint_using_subcommand generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l base-url -d 'The address; the token becomes its last path segment' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l param -d 'The token becomes this query parameter instead' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l url -d 'The whole link with {token} in it, and {column} for cells' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l expires-in -d 'Valid for so long from --issued-at on: 90m, 24h, 7d, 2w, 1d12h, "2 days"' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l expires-at -d 'Valid until this instant or local time, or to the end of this day: 2026-11-30, "2026-11-30 18:00"' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l not-before -d 'Not valid before this instant or local time, or the start of this day' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l timezone -d 'The zone that dates and local times are meant in: Europe/Berlin, +01:00 or local' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l date-format -d 'How dates are written, where not as 2026-11-30: %d.%m.%Y or %m/%d/%Y, perhaps with %H:%M' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l issued-at -d 'The time of issue in RFC 3339, to repeat a run [default: now]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l text -d 'The alphabet; base32 survives being typed, spoken and upper-cased, and in capitals makes the smallest QR codes [default: base64url]' -r -f -a "base64url\t'Short: for SMS and mail'
base32\t'Survives being typed, spoken, lower- or upper-cased'
base32-upper\t'The same in capitals: for QR codes, which take less room for them'"
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l format -d 'The format; a JWT is long, and any JOSE library checks it with the key of `key export --jwt`, with --public with that of `key export --public`' -r -f -a "linkmint\t'Short, made for links'
jwt\t'A JSON Web Token with HS256, with --public with EdDSA'"
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l key-id -d 'The key to sign with [default: the active key]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l first-id -d 'The id of the first token, twelve hex digits, to repeat a run [default: random]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l qr -d 'Draw the link as a QR code into this file (.svg or .png), or with `-` in letters below the link' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l qr-size -d 'How many pixels wide and high a picture is [default: 8 for each module]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l qr-level -d 'How much of a code may be lost before it can\'t be read: 7 %, 15 %, 25 % or 30 %' -r -f -a "L\t'7 %: the smallest codes'
M\t'15 %'
Q\t'25 %'
H\t'30 %: for codes that get dirty'"
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l keyring -d 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l no-claims -d 'A bare unique token without claims'
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l no-link -d 'Tokens only, no links'
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l never-expires -d 'Valid without end'
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l seal -d 'Hide the claims: only holders of the key can read them'
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l public -d 'Sign with a public-key signature: whoever has the keys of `key export --public` checks the token and can make none; 64 characters longer'
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -s f -l force -d 'Replace the file if it exists'
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -l json -d 'Print token, link and expiry as one JSON object'
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -s q -l quiet -d 'Say nothing on standard error but errors and where a new key was put'
complete -c linkmint -n "__fish_linkmint_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l file -d 'Check every row of this list, or of `-`' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l expect -d 'A claim must have this value (repeatable)' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l now -d 'Check as if it were this instant, in RFC 3339' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l leeway -d 'How far clocks may be apart, as 60s or 5m' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l print -d 'Print one line a text: `status`, `expires_at`, or a claim by its name (empty unless valid)' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l scan -d 'Check every link with a token in these mails (.eml, .mbox), HTML and text files' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l column -d 'The column with the tokens or links [default: token and url_link, or the one there is]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l show -d 'Append these claims as verified_A, verified_B' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l match -d 'A claim must equal the cell of another column (repeatable)' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l ledger -d 'Count each check of an authentic token in this file, and refuse tokens that it says are revoked [default: the LINKMINT_LEDGER variable, else nothing is counted]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -s d -l delimiter -d 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l encoding -d 'The encoding, by its name, such as windows-1252, or `auto` for the likeliest; the output is in the same [default: UTF-8, or what the byte order mark says]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l sheet -d 'The sheet of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) [default: the first]; for `generate`, a name that ends in .html is a page of labels to print' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l header-row -d 'The row that names the columns, as a spreadsheet numbers it, where a title or blank lines stand above it; they stay as they are' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -s o -l output -d 'Write to this file, whole or not at all: CSV, or a workbook if it is named .xlsx; `-` or nothing is standard output' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l rejects -d 'Write bad rows to this file, their number and error before them, and go on with the good ones' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -s j -l threads -d 'How many threads work [default: one for each core]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l progress -d 'How far it is, on standard error: a bar, a line of JSON a second, or nothing [default: a bar on a terminal]' -r -f -a "bar\t'For people: how much is done, how fast, and how long it takes yet'
json\t'For programs'
none\t'Nothing'"
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l keyring -d 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l exact -d 'Exactly one token, as it is: no cleaning, no repair, anything else is malformed; for scripts'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l json -d 'One JSON object a line'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l no-repair -d 'Don\'t look for the genuine token one slip away from a damaged one'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l show-mended -d 'Print the genuine token one slip away from a damaged one'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l strict -d 'What is warned of is not good enough: status 1'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l only-invalid -d 'Write only the rows whose token is not valid'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l no-match -d 'Don\'t hold claims against the columns of their names'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l replace -d 'Overwrite filled cells where the list has verified_… columns already'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l ledger-read-only -d 'Tell how often a token was checked and whether it is revoked, and count nothing'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l ledger-sync -d 'Have each count reach the disk before its answer is given, so that a power cut loses none'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l ledger-claims -d 'Keep the claims of sealed tokens in the ledger as well, readable by whoever reads the file'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l no-header -d 'The list has no header; its columns are named 1, 2, …'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l header -d 'The first line names the columns, even if it looks like a customer or a token'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l allow-empty -d 'A list without rows is no failure'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -s f -l force -d 'Replace files that exist'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -l sync -d 'Have the files reach the disk before they take their places'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -s q -l quiet -d 'Say nothing on standard error but errors and where a new key was put'
complete -c linkmint -n "__fish_linkmint_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l file -d 'Renew the expired links of this list, or of `-`; the other rows stay as they are' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l expect -d 'Make it only if a claim has this value (repeatable)' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l allow-host -d 'Take over the pasted address, or that of a row\'s own link, if it leads to this host (repeatable); else the link comes from the flags below, or there is none' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l base-url -d 'The address; the token becomes its last path segment' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l param -d 'The token becomes this query parameter instead' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l url -d 'The whole link with {token} in it, and {column} for cells' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l expires-in -d 'Valid for so long from --issued-at on: 90m, 24h, 7d, 2w, 1d12h, "2 days"' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l expires-at -d 'Valid until this instant or local time, or to the end of this day: 2026-11-30, "2026-11-30 18:00"' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l not-before -d 'Not valid before this instant or local time, or the start of this day' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l timezone -d 'The zone that dates and local times are meant in: Europe/Berlin, +01:00 or local' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l date-format -d 'How dates are written, where not as 2026-11-30: %d.%m.%Y or %m/%d/%Y, perhaps with %H:%M' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l issued-at -d 'The time of issue in RFC 3339, to repeat a run [default: now]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l ledger -d 'Refuse tokens that this ledger says are revoked, and note in it which token replaces which [default: the LINKMINT_LEDGER variable]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l column -d 'The column with the tokens or links [default: token and url_link, or the one there is]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l match -d 'A claim must equal the cell of another column (repeatable)' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l expires-format -d 'How the column expires_at is written: %d.%m.%Y %H:%M, in --timezone [default: RFC 3339 in UTC]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l first-id -d 'The id of the first row\'s token, twelve hex digits, to repeat a run [default: random]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l summary-file -d 'Write the summary as one JSON object to this file, also after a failure' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -s d -l delimiter -d 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l encoding -d 'The encoding, by its name, such as windows-1252, or `auto` for the likeliest; the output is in the same [default: UTF-8, or what the byte order mark says]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l sheet -d 'The sheet of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) [default: the first]; for `generate`, a name that ends in .html is a page of labels to print' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l header-row -d 'The row that names the columns, as a spreadsheet numbers it, where a title or blank lines stand above it; they stay as they are' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -s o -l output -d 'Write to this file, whole or not at all: CSV, or a workbook if it is named .xlsx; `-` or nothing is standard output' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l rejects -d 'Write bad rows to this file, their number and error before them, and go on with the good ones' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -s j -l threads -d 'How many threads work [default: one for each core]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l progress -d 'How far it is, on standard error: a bar, a line of JSON a second, or nothing [default: a bar on a terminal]' -r -f -a "bar\t'For people: how much is done, how fast, and how long it takes yet'
json\t'For programs'
none\t'Nothing'"
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l keyring -d 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l no-link -d 'Tokens only, no links'
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l never-expires -d 'Valid without end'
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l ignore-revocations -d 'Ask no ledger: a token that was revoked gets a successor too'
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l revoke-old -d 'Revoke the old token'
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l json -d 'Print token, link and expiry, and what is known of the old token, as one JSON object; with --file the summary'
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l only-new -d 'Write only the rows that get a new link'
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l no-match -d 'Don\'t hold claims against the columns of their names'
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l no-header -d 'The list has no header; its columns are named 1, 2, …'
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l header -d 'The first line names the columns, even if it looks like a customer or a token'
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l allow-empty -d 'A list without rows is no failure'
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -s f -l force -d 'Replace files that exist'
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -l sync -d 'Have the files reach the disk before they take their places'
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -s q -l quiet -d 'Say nothing on standard error but errors and where a new key was put'
complete -c linkmint -n "__fish_linkmint_using_subcommand reissue" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -l claim -d 'All tokens with this claim, also those that nobody has seen yet (repeatable)' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -l file -d 'The tokens of all rows of this list, or of `-`' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -l column -d 'The column with the tokens or links [default: token and url_link, or the one there is]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -s d -l delimiter -d 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -l encoding -d 'The encoding, by its name, such as windows-1252, or `auto` for the likeliest; the output is in the same [default: UTF-8, or what the byte order mark says]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -l sheet -d 'The sheet of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) [default: the first]; for `generate`, a name that ends in .html is a page of labels to print' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -l header-row -d 'The row that names the columns, as a spreadsheet numbers it, where a title or blank lines stand above it; they stay as they are' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -l ledger -d 'The ledger, a file or postgres://USER@HOST/DATABASE [default: the LINKMINT_LEDGER variable]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -l keyring -d 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -l progress -d 'How far it is, on standard error: a bar, a line of JSON a second, or nothing [default: a bar on a terminal]' -r -f -a "bar\t'For people: how much is done, how fast, and how long it takes yet'
json\t'For programs'
none\t'Nothing'"
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -l reason -d 'Why, for whoever checks them: at most 512 bytes' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -l now -d 'Revoke them as if it were this instant, in RFC 3339' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -l no-header -d 'The list has no header; its columns are named 1, 2, …'
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -l header -d 'The first line names the columns, even if it looks like a customer or a token'
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -l allow-empty -d 'A list without rows is no failure'
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -s q -l quiet -d 'Say nothing but errors'
complete -c linkmint -n "__fish_linkmint_using_subcommand revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -l claim -d 'All tokens with this claim, also those that nobody has seen yet (repeatable)' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -l file -d 'The tokens of all rows of this list, or of `-`' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -l column -d 'The column with the tokens or links [default: token and url_link, or the one there is]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -s d -l delimiter -d 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -l encoding -d 'The encoding, by its name, such as windows-1252, or `auto` for the likeliest; the output is in the same [default: UTF-8, or what the byte order mark says]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -l sheet -d 'The sheet of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) [default: the first]; for `generate`, a name that ends in .html is a page of labels to print' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -l header-row -d 'The row that names the columns, as a spreadsheet numbers it, where a title or blank lines stand above it; they stay as they are' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -l ledger -d 'The ledger, a file or postgres://USER@HOST/DATABASE [default: the LINKMINT_LEDGER variable]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -l keyring -d 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -l progress -d 'How far it is, on standard error: a bar, a line of JSON a second, or nothing [default: a bar on a terminal]' -r -f -a "bar\t'For people: how much is done, how fast, and how long it takes yet'
json\t'For programs'
none\t'Nothing'"
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -l no-header -d 'The list has no header; its columns are named 1, 2, …'
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -l header -d 'The first line names the columns, even if it looks like a customer or a token'
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -l allow-empty -d 'A list without rows is no failure'
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -s q -l quiet -d 'Say nothing but errors'
complete -c linkmint -n "__fish_linkmint_using_subcommand unrevoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c linkmint -n "__fish_linkmint_using_subcommand revoked" -l ledger -d 'The ledger, a file or postgres://USER@HOST/DATABASE [default: the LINKMINT_LEDGER variable]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand revoked" -l json -d 'One JSON object a line'
complete -c linkmint -n "__fish_linkmint_using_subcommand revoked" -s q -l quiet -d 'Say nothing but errors'
complete -c linkmint -n "__fish_linkmint_using_subcommand revoked" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand ledger; and not __fish_seen_subcommand_from backup help" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand ledger; and not __fish_seen_subcommand_from backup help" -f -a "backup" -d 'Copy the ledger to a new file, also while others use it'
complete -c linkmint -n "__fish_linkmint_using_subcommand ledger; and not __fish_seen_subcommand_from backup help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c linkmint -n "__fish_linkmint_using_subcommand ledger; and __fish_seen_subcommand_from backup" -l ledger -d 'The ledger, a file or postgres://USER@HOST/DATABASE [default: the LINKMINT_LEDGER variable]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand ledger; and __fish_seen_subcommand_from backup" -s q -l quiet -d 'Say nothing but errors'
complete -c linkmint -n "__fish_linkmint_using_subcommand ledger; and __fish_seen_subcommand_from backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c linkmint -n "__fish_linkmint_using_subcommand ledger; and __fish_seen_subcommand_from help" -f -a "backup" -d 'Copy the ledger to a new file, also while others use it'
complete -c linkmint -n "__fish_linkmint_using_subcommand ledger; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c linkmint -n "__fish_linkmint_using_subcommand inspect" -l json -d 'One JSON object a token'
complete -c linkmint -n "__fish_linkmint_using_subcommand inspect" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and not __fish_seen_subcommand_from new list retire remove export import help" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and not __fish_seen_subcommand_from new list retire remove export import help" -f -a "new" -d 'Make a key, print its id and sign with it from now on'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and not __fish_seen_subcommand_from new list retire remove export import help" -f -a "list" -d 'List the keys: id, when it was made, active, standby or retired'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and not __fish_seen_subcommand_from new list retire remove export import help" -f -a "retire" -d 'Stop signing with a key; its links stay valid'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and not __fish_seen_subcommand_from new list retire remove export import help" -f -a "remove" -d 'Remove a key: all its links end'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and not __fish_seen_subcommand_from new list retire remove export import help" -f -a "export" -d 'Print the secrets as a keyring, for a backup or another machine, or what others are given to check with'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and not __fish_seen_subcommand_from new list retire remove export import help" -f -a "import" -d 'Take the keys of another keyring over, on standby'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and not __fish_seen_subcommand_from new list retire remove export import help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from new" -l keyring -d 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Say nothing but errors and the line about the new key'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from list" -l keyring -d 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from list" -l json -d 'One JSON object a line'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but errors'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from retire" -l keyring -d 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from retire" -s q -l quiet -d 'Say nothing but errors'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from retire" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from remove" -l keyring -d 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Don\'t ask'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say nothing but errors'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from export" -s o -l output -d 'Write to this file, for its owner alone unless the keys are public' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from export" -l keyring -d 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from export" -l jwt -d 'The JWT keys as a JWK Set, for a backend\'s JOSE library: they make no other form of token'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from export" -l public -d 'The public keys as a JWK Set, for whoever is to check public tokens and make none: no secret is in it'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from export" -s f -l force -d 'Replace the file if it exists'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say nothing but errors'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from import" -l keyring -d 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Say nothing but errors'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "new" -d 'Make a key, print its id and sign with it from now on'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the keys: id, when it was made, active, standby or retired'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "retire" -d 'Stop signing with a key; its links stay valid'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a key: all its links end'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "export" -d 'Print the secrets as a keyring, for a backup or another machine, or what others are given to check with'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "import" -d 'Take the keys of another keyring over, on standby'
complete -c linkmint -n "__fish_linkmint_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -l ledger -d 'The ledger, a file or postgres://USER@HOST/DATABASE [default: the LINKMINT_LEDGER variable]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -l by -d 'Count by a claim, or by `day`, `hour` or `status`' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -l top -d 'Name so many of the tokens that were checked most' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -l since -d 'Only checks from this instant, or from the start of this day' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -l until -d 'Only checks before this instant, or to the end of this day' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -l timezone -d 'The zone that days, hours and times are meant in: Europe/Berlin, +01:00 or local' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -l now -d 'Tell it as of this instant, in RFC 3339 [default: now]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -s d -l delimiter -d 'The character between two cells of --csv, or `tab` [default: a comma]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -l html -d 'Write a report with charts to this file: one page that needs no network' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -s o -l output -d 'Write to this file, whole or not at all: with --csv a workbook if it is named .xlsx; `-` or nothing is standard output' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -l progress -d 'How far it is, on standard error: a bar, a line of JSON a second, or nothing [default: a bar on a terminal]' -r -f -a "bar\t'For people: how much is done, how fast, and how long it takes yet'
json\t'For programs'
none\t'Nothing'"
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -l json -d 'All in one JSON object'
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -l csv -d 'The counts as CSV, for a spreadsheet'
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -s f -l force -d 'Replace a file that exists'
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -l prune -d 'Drop what belongs to tokens that have expired: their checks and their revocations'
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -s y -l yes -d 'Don\'t ask'
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -s q -l quiet -d 'Say nothing on standard error but errors'
complete -c linkmint -n "__fish_linkmint_using_subcommand stats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l listen -d 'Where to listen: ADDRESS:PORT, unix:/run/linkmint.sock, or systemd for the socket that it hands over' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l api-keys -d 'Who may ask for what [default: linkmint/api-keys.json in the configuration folder, where there is one; else a key that is made for this start]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l public-url -d 'The address that the service has from outside, behind a proxy' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l base-url -d 'The address of the links, where a request names none; the token becomes its last path segment' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l allow-host -d 'Make a link anew in the address that it came in, where it leads to this host: shop.example; else --base-url gives the address' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l max-list -d 'The longest list that is taken, and the most of an answer that waits for its client' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l metrics-listen -d 'Where Prometheus reads numbers: an address of its own' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l leeway -d 'Let clocks differ by so much: 60s' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l trusted-proxy -d 'Believe what this proxy says of its visitors, and let it ask /v1/auth without an API key: its address, or unix' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l auth-uri-header -d 'The one header in which the proxy tells /v1/auth the address that its visitor asked for: X-Original-URI, X-Forwarded-Uri. The proxy has to set it for every request' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l auth-claims -d 'Claims that /v1/auth tells the proxy: customer_id as the header X-Linkmint-Customer-Id, percent-encoded' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l param -d 'The query parameter of the visitor\'s address that has the token [default: the last segment of its path]' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l redirect-to -d 'Lead valid links, /r/TOKEN, on to this page, and count them' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l redirect-file -d 'Lead them on to the page of their campaign_id: a JSON object, {"spring26": "https://mystore.com/spring"}' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l tracker-name -d 'The claim that /key/validatetoken tells as trackerName' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l tracker-label -d 'The claim that it tells as trackerLabel' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l compat -d 'Answer 200 to a token that is not valid, with a message, as ubiqod does: who looks at the status alone takes it for a good one' -r -f -a "ubiqod\t''"
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l ledger -d 'Count each check of an authentic token in this file, and refuse tokens that it says are revoked [default: the LINKMINT_LEDGER variable, else nothing is counted]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l keyring -d 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l confirm -d 'Show a button first, so that scanners of mails count nothing'
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l ledger-read-only -d 'Tell how often a token was checked and whether it is revoked, and count nothing'
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l ledger-sync -d 'Have each count reach the disk before its answer is given, so that a power cut loses none'
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -l ledger-claims -d 'Keep the claims of sealed tokens in the ledger as well, readable by whoever reads the file'
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -s q -l quiet -d 'Say nothing on standard error but errors, the requests and where a new key was put'
complete -c linkmint -n "__fish_linkmint_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and not __fish_seen_subcommand_from new list remove help" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and not __fish_seen_subcommand_from new list remove help" -f -a "new" -d 'Make an API key and print it: it is shown this once'
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and not __fish_seen_subcommand_from new list remove help" -f -a "list" -d 'List the API keys, never their secrets'
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and not __fish_seen_subcommand_from new list remove help" -f -a "remove" -d 'Remove an API key: who has it is let in no more'
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and not __fish_seen_subcommand_from new list remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from new" -l scope -d 'What it may be used for: check, mint, revoke, stats' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from new" -l expires-in -d 'Valid for so long: 90d' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from new" -l expect -d 'Bind it to a claim: it mints and sees no others' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from new" -l origin -d 'Let this web page use it in a browser; for the scope check alone' -r
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from new" -l file -d 'The file of the API keys [default: linkmint/api-keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from list" -l file -d 'The file of the API keys [default: linkmint/api-keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from list" -l json -d 'One JSON object a line'
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from remove" -l file -d 'The file of the API keys [default: linkmint/api-keys.json in the configuration folder]' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from help" -f -a "new" -d 'Make an API key and print it: it is shown this once'
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the API keys, never their secrets'
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove an API key: who has it is let in no more'
complete -c linkmint -n "__fish_linkmint_using_subcommand api-key; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c linkmint -n "__fish_linkmint_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c linkmint -n "__fish_linkmint_using_subcommand man" -l out-dir -d 'Write the pages of all commands into this folder' -r -F
complete -c linkmint -n "__fish_linkmint_using_subcommand man" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "generate" -d 'Give every row of a customer list a signed link of its own'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "sign" -d 'Mint one token or link'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "verify" -d 'Check tokens or links'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "reissue" -d 'Make a new token for whoever has one that ran out'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "revoke" -d 'Revoke tokens, so that `verify --ledger` refuses them'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "unrevoke" -d 'Undo a revocation'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "revoked" -d 'List what is revoked'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "ledger" -d 'Copy a ledger'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "inspect" -d 'Show what a token says, without checking it'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "key" -d 'Manage the keyring'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "stats" -d 'Tell how often links were checked, by campaign, day, hour or status'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "serve" -d 'Check, make and count links over HTTP'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "api-key" -d 'Manage the API keys that `serve` lets in'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "completions" -d 'Print shell completions'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "man" -d 'Print a manual page, or write all of them into a folder'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "exit-status" -d 'What the exit status says'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "environment" -d 'The variables that are read'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and not __fish_seen_subcommand_from generate sign verify reissue revoke unrevoke revoked ledger inspect key stats serve api-key completions man help exit-status environment files" -f -a "files" -d 'The files that are read and written unnamed'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and __fish_seen_subcommand_from ledger" -f -a "backup" -d 'Copy the ledger to a new file, also while others use it'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "new" -d 'Make a key, print its id and sign with it from now on'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "list" -d 'List the keys: id, when it was made, active, standby or retired'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "retire" -d 'Stop signing with a key; its links stay valid'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "remove" -d 'Remove a key: all its links end'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "export" -d 'Print the secrets as a keyring, for a backup or another machine, or what others are given to check with'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "import" -d 'Take the keys of another keyring over, on standby'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and __fish_seen_subcommand_from api-key" -f -a "new" -d 'Make an API key and print it: it is shown this once'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and __fish_seen_subcommand_from api-key" -f -a "list" -d 'List the API keys, never their secrets'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and __fish_seen_subcommand_from api-key" -f -a "remove" -d 'Remove an API key: who has it is let in no more'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and __fish_seen_subcommand_from exit-status" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and __fish_seen_subcommand_from environment" -s h -l help -d 'Print help'
complete -c linkmint -n "__fish_linkmint_using_subcommand help; and __fish_seen_subcommand_from files" -s h -l help -d 'Print help'
