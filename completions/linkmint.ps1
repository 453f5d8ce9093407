
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'linkmint' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'linkmint'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'linkmint' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Give every row of a customer list a signed link of its own')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Mint one token or link')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check tokens or links')
            [CompletionResult]::new('reissue', 'reissue', [CompletionResultType]::ParameterValue, 'Make a new token for whoever has one that ran out')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke tokens, so that `verify --ledger` refuses them')
            [CompletionResult]::new('unrevoke', 'unrevoke', [CompletionResultType]::ParameterValue, 'Undo a revocation')
            [CompletionResult]::new('revoked', 'revoked', [CompletionResultType]::ParameterValue, 'List what is revoked')
            [CompletionResult]::new('ledger', 'ledger', [CompletionResultType]::ParameterValue, 'Copy a ledger')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show what a token says, without checking it')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Manage the keyring')
            [CompletionResult]::new('stats', 'stats', [CompletionResultType]::ParameterValue, 'Tell how often links were checked, by campaign, day, hour or status')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Check, make and count links over HTTP')
            [CompletionResult]::new('api-key', 'api-key', [CompletionResultType]::ParameterValue, 'Manage the API keys that `serve` lets in')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print shell completions')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a manual page, or write all of them into a folder')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'linkmint;generate' {
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The address; the token becomes its last path segment')
            [CompletionResult]::new('--param', '--param', [CompletionResultType]::ParameterName, 'The token becomes this query parameter instead')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'The whole link with {token} in it, and {column} for cells')
            [CompletionResult]::new('--base-url-column', '--base-url-column', [CompletionResultType]::ParameterName, 'The column with base URLs of rows'' own, whose filled cells rule over the flags [default: base_url, where it exists and no flag gives an address]')
            [CompletionResult]::new('--claims', '--claims', [CompletionResultType]::ParameterName, 'The columns that become claims, as NAME or NAME=COLUMN [default: customer_id, and campaign_id and product_id where they exist]')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'One more claim, the same for all rows (repeatable)')
            [CompletionResult]::new('--optional', '--optional', [CompletionResultType]::ParameterName, 'Leave this claim out where its cell is empty, instead of rejecting the row')
            [CompletionResult]::new('--expires-in', '--expires-in', [CompletionResultType]::ParameterName, 'Valid for so long from --issued-at on: 90m, 24h, 7d, 2w, 1d12h, "2 days"')
            [CompletionResult]::new('--expires-at', '--expires-at', [CompletionResultType]::ParameterName, 'Valid until this instant or local time, or to the end of this day: 2026-11-30, "2026-11-30 18:00"')
            [CompletionResult]::new('--not-before', '--not-before', [CompletionResultType]::ParameterName, 'Not valid before this instant or local time, or the start of this day')
            [CompletionResult]::new('--timezone', '--timezone', [CompletionResultType]::ParameterName, 'The zone that dates and local times are meant in: Europe/Berlin, +01:00 or local')
            [CompletionResult]::new('--date-format', '--date-format', [CompletionResultType]::ParameterName, 'How dates are written, where not as 2026-11-30: %d.%m.%Y or %m/%d/%Y, perhaps with %H:%M')
            [CompletionResult]::new('--issued-at', '--issued-at', [CompletionResultType]::ParameterName, 'The time of issue in RFC 3339, to repeat a run [default: now]')
            [CompletionResult]::new('--duration-column', '--duration-column', [CompletionResultType]::ParameterName, 'The column with durations of rows'' own, which rule over the flags; `none` for none [default: duration, where it exists]')
            [CompletionResult]::new('--duration-unit', '--duration-unit', [CompletionResultType]::ParameterName, 'Read bare numbers in that column as so many of s, m, h, d or w')
            [CompletionResult]::new('--expiry-column', '--expiry-column', [CompletionResultType]::ParameterName, 'A column with expiries of rows'' own, as instants, dates or local times')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'The alphabet; base32 survives being typed, spoken and upper-cased, and in capitals makes the smallest QR codes [default: base64url]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The format; a JWT is long, and any JOSE library checks it with the key of `key export --jwt`, with --public with that of `key export --public`')
            [CompletionResult]::new('--key-id', '--key-id', [CompletionResultType]::ParameterName, 'The key to sign with [default: the active key]')
            [CompletionResult]::new('--first-id', '--first-id', [CompletionResultType]::ParameterName, 'The id of the first token, twelve hex digits, to repeat a run [default: random]')
            [CompletionResult]::new('--token-column', '--token-column', [CompletionResultType]::ParameterName, 'The column for the token')
            [CompletionResult]::new('--url-column', '--url-column', [CompletionResultType]::ParameterName, 'The column for the link')
            [CompletionResult]::new('--expires-column', '--expires-column', [CompletionResultType]::ParameterName, 'The column for the expiry; its cells are empty where a token never expires')
            [CompletionResult]::new('--expires-format', '--expires-format', [CompletionResultType]::ParameterName, 'How that column is written, for the mail: %d.%m.%Y %H:%M, in --timezone; without a time of day it is the last day on which the link is valid [default: RFC 3339 in UTC]')
            [CompletionResult]::new('--qr', '--qr', [CompletionResultType]::ParameterName, 'Draw each row''s link as a QR code into this folder, which must be new or empty, and name the file in the column qr_file')
            [CompletionResult]::new('--qr-format', '--qr-format', [CompletionResultType]::ParameterName, 'The format of the codes')
            [CompletionResult]::new('--qr-name', '--qr-name', [CompletionResultType]::ParameterName, 'How the files are called, with {column} for cells; what a name can''t hold becomes _, and the second of a name gets a number [default: {customer_id}, where there is such a column, else the number of the row]')
            [CompletionResult]::new('--sheet-text', '--sheet-text', [CompletionResultType]::ParameterName, 'What stands on a label of --sheet labels.html, the page of labels to print: {column} for cells, \n between lines [default: {customer_id}, where there is such a column]')
            [CompletionResult]::new('--sheet-columns', '--sheet-columns', [CompletionResultType]::ParameterName, 'How many labels stand side by side [default: 3]')
            [CompletionResult]::new('--qr-size', '--qr-size', [CompletionResultType]::ParameterName, 'How many pixels wide and high a picture is [default: 8 for each module]')
            [CompletionResult]::new('--qr-level', '--qr-level', [CompletionResultType]::ParameterName, 'How much of a code may be lost before it can''t be read: 7 %, 15 %, 25 % or 30 %')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]')
            [CompletionResult]::new('--delimiter', '--delimiter', [CompletionResultType]::ParameterName, 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'The encoding, by its name, such as windows-1252, or `auto` for the likeliest; the output is in the same [default: UTF-8, or what the byte order mark says]')
            [CompletionResult]::new('--sheet', '--sheet', [CompletionResultType]::ParameterName, 'The sheet of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) [default: the first]; for `generate`, a name that ends in .html is a page of labels to print')
            [CompletionResult]::new('--header-row', '--header-row', [CompletionResultType]::ParameterName, 'The row that names the columns, as a spreadsheet numbers it, where a title or blank lines stand above it; they stay as they are')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file, whole or not at all: CSV, or a workbook if it is named .xlsx; `-` or nothing is standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to this file, whole or not at all: CSV, or a workbook if it is named .xlsx; `-` or nothing is standard output')
            [CompletionResult]::new('--rejects', '--rejects', [CompletionResultType]::ParameterName, 'Write bad rows to this file, their number and error before them, and go on with the good ones')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'How many threads work [default: one for each core]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one for each core]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How far it is, on standard error: a bar, a line of JSON a second, or nothing [default: a bar on a terminal]')
            [CompletionResult]::new('--preview', '--preview', [CompletionResultType]::ParameterName, 'Show the first N rows and one link in full, write nothing')
            [CompletionResult]::new('--summary-file', '--summary-file', [CompletionResultType]::ParameterName, 'Write the summary as one JSON object to this file, also after a failure, but not after a signal')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Record this run in the ledger when its links are complete: when, which campaigns, how many, until when, and how to repeat it; no row and no token [default: the LINKMINT_LEDGER variable, else nothing is recorded]')
            [CompletionResult]::new('--keyring', '--keyring', [CompletionResultType]::ParameterName, 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]')
            [CompletionResult]::new('--no-link', '--no-link', [CompletionResultType]::ParameterName, 'Tokens only, no links')
            [CompletionResult]::new('--no-claims', '--no-claims', [CompletionResultType]::ParameterName, 'Bare unique tokens without claims')
            [CompletionResult]::new('--never-expires', '--never-expires', [CompletionResultType]::ParameterName, 'Valid without end')
            [CompletionResult]::new('--seal', '--seal', [CompletionResultType]::ParameterName, 'Hide the claims: only holders of the key can read them')
            [CompletionResult]::new('--public', '--public', [CompletionResultType]::ParameterName, 'Sign with a public-key signature: whoever has the keys of `key export --public` checks the token and can make none; 64 characters longer')
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'Leave rows that have a token or link as they are, and mint for the others; what is kept must be authentic, in its time, not revoked (with --ledger) and for the claims of its row')
            [CompletionResult]::new('--replace', '--replace', [CompletionResultType]::ParameterName, 'Overwrite filled cells where the list has such a column already')
            [CompletionResult]::new('--no-header', '--no-header', [CompletionResultType]::ParameterName, 'The list has no header; its columns are named 1, 2, …')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'The first line names the columns, even if it looks like a customer or a token')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'A list without rows is no failure')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Replace files that exist')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace files that exist')
            [CompletionResult]::new('--sync', '--sync', [CompletionResultType]::ParameterName, 'Have the files reach the disk before they take their places')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors and where a new key was put')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors and where a new key was put')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Reject what is only warned of otherwise: repeated claims, spoiled ids, readable mail addresses and telephone numbers, links over 2,000 characters, plain http, other hosts in rows'' own addresses')
            [CompletionResult]::new('--dedupe', '--dedupe', [CompletionResultType]::ParameterName, 'Give rows with equal claims the token of the first of them; the link is each row''s own')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'linkmint;sign' {
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The address; the token becomes its last path segment')
            [CompletionResult]::new('--param', '--param', [CompletionResultType]::ParameterName, 'The token becomes this query parameter instead')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'The whole link with {token} in it, and {column} for cells')
            [CompletionResult]::new('--expires-in', '--expires-in', [CompletionResultType]::ParameterName, 'Valid for so long from --issued-at on: 90m, 24h, 7d, 2w, 1d12h, "2 days"')
            [CompletionResult]::new('--expires-at', '--expires-at', [CompletionResultType]::ParameterName, 'Valid until this instant or local time, or to the end of this day: 2026-11-30, "2026-11-30 18:00"')
            [CompletionResult]::new('--not-before', '--not-before', [CompletionResultType]::ParameterName, 'Not valid before this instant or local time, or the start of this day')
            [CompletionResult]::new('--timezone', '--timezone', [CompletionResultType]::ParameterName, 'The zone that dates and local times are meant in: Europe/Berlin, +01:00 or local')
            [CompletionResult]::new('--date-format', '--date-format', [CompletionResultType]::ParameterName, 'How dates are written, where not as 2026-11-30: %d.%m.%Y or %m/%d/%Y, perhaps with %H:%M')
            [CompletionResult]::new('--issued-at', '--issued-at', [CompletionResultType]::ParameterName, 'The time of issue in RFC 3339, to repeat a run [default: now]')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'The alphabet; base32 survives being typed, spoken and upper-cased, and in capitals makes the smallest QR codes [default: base64url]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The format; a JWT is long, and any JOSE library checks it with the key of `key export --jwt`, with --public with that of `key export --public`')
            [CompletionResult]::new('--key-id', '--key-id', [CompletionResultType]::ParameterName, 'The key to sign with [default: the active key]')
            [CompletionResult]::new('--first-id', '--first-id', [CompletionResultType]::ParameterName, 'The id of the first token, twelve hex digits, to repeat a run [default: random]')
            [CompletionResult]::new('--qr', '--qr', [CompletionResultType]::ParameterName, 'Draw the link as a QR code into this file (.svg or .png), or with `-` in letters below the link')
            [CompletionResult]::new('--qr-size', '--qr-size', [CompletionResultType]::ParameterName, 'How many pixels wide and high a picture is [default: 8 for each module]')
            [CompletionResult]::new('--qr-level', '--qr-level', [CompletionResultType]::ParameterName, 'How much of a code may be lost before it can''t be read: 7 %, 15 %, 25 % or 30 %')
            [CompletionResult]::new('--keyring', '--keyring', [CompletionResultType]::ParameterName, 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]')
            [CompletionResult]::new('--no-claims', '--no-claims', [CompletionResultType]::ParameterName, 'A bare unique token without claims')
            [CompletionResult]::new('--no-link', '--no-link', [CompletionResultType]::ParameterName, 'Tokens only, no links')
            [CompletionResult]::new('--never-expires', '--never-expires', [CompletionResultType]::ParameterName, 'Valid without end')
            [CompletionResult]::new('--seal', '--seal', [CompletionResultType]::ParameterName, 'Hide the claims: only holders of the key can read them')
            [CompletionResult]::new('--public', '--public', [CompletionResultType]::ParameterName, 'Sign with a public-key signature: whoever has the keys of `key export --public` checks the token and can make none; 64 characters longer')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Replace the file if it exists')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the file if it exists')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print token, link and expiry as one JSON object')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors and where a new key was put')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors and where a new key was put')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'linkmint;verify' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Check every row of this list, or of `-`')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'A claim must have this value (repeatable)')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Check as if it were this instant, in RFC 3339')
            [CompletionResult]::new('--leeway', '--leeway', [CompletionResultType]::ParameterName, 'How far clocks may be apart, as 60s or 5m')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print one line a text: `status`, `expires_at`, or a claim by its name (empty unless valid)')
            [CompletionResult]::new('--scan', '--scan', [CompletionResultType]::ParameterName, 'Check every link with a token in these mails (.eml, .mbox), HTML and text files')
            [CompletionResult]::new('--column', '--column', [CompletionResultType]::ParameterName, 'The column with the tokens or links [default: token and url_link, or the one there is]')
            [CompletionResult]::new('--show', '--show', [CompletionResultType]::ParameterName, 'Append these claims as verified_A, verified_B')
            [CompletionResult]::new('--match', '--match', [CompletionResultType]::ParameterName, 'A claim must equal the cell of another column (repeatable)')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Count each check of an authentic token in this file, and refuse tokens that it says are revoked [default: the LINKMINT_LEDGER variable, else nothing is counted]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]')
            [CompletionResult]::new('--delimiter', '--delimiter', [CompletionResultType]::ParameterName, 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'The encoding, by its name, such as windows-1252, or `auto` for the likeliest; the output is in the same [default: UTF-8, or what the byte order mark says]')
            [CompletionResult]::new('--sheet', '--sheet', [CompletionResultType]::ParameterName, 'The sheet of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) [default: the first]; for `generate`, a name that ends in .html is a page of labels to print')
            [CompletionResult]::new('--header-row', '--header-row', [CompletionResultType]::ParameterName, 'The row that names the columns, as a spreadsheet numbers it, where a title or blank lines stand above it; they stay as they are')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file, whole or not at all: CSV, or a workbook if it is named .xlsx; `-` or nothing is standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to this file, whole or not at all: CSV, or a workbook if it is named .xlsx; `-` or nothing is standard output')
            [CompletionResult]::new('--rejects', '--rejects', [CompletionResultType]::ParameterName, 'Write bad rows to this file, their number and error before them, and go on with the good ones')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'How many threads work [default: one for each core]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one for each core]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How far it is, on standard error: a bar, a line of JSON a second, or nothing [default: a bar on a terminal]')
            [CompletionResult]::new('--keyring', '--keyring', [CompletionResultType]::ParameterName, 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]')
            [CompletionResult]::new('--exact', '--exact', [CompletionResultType]::ParameterName, 'Exactly one token, as it is: no cleaning, no repair, anything else is malformed; for scripts')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'One JSON object a line')
            [CompletionResult]::new('--no-repair', '--no-repair', [CompletionResultType]::ParameterName, 'Don''t look for the genuine token one slip away from a damaged one')
            [CompletionResult]::new('--show-mended', '--show-mended', [CompletionResultType]::ParameterName, 'Print the genuine token one slip away from a damaged one')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'What is warned of is not good enough: status 1')
            [CompletionResult]::new('--only-invalid', '--only-invalid', [CompletionResultType]::ParameterName, 'Write only the rows whose token is not valid')
            [CompletionResult]::new('--no-match', '--no-match', [CompletionResultType]::ParameterName, 'Don''t hold claims against the columns of their names')
            [CompletionResult]::new('--replace', '--replace', [CompletionResultType]::ParameterName, 'Overwrite filled cells where the list has verified_… columns already')
            [CompletionResult]::new('--ledger-read-only', '--ledger-read-only', [CompletionResultType]::ParameterName, 'Tell how often a token was checked and whether it is revoked, and count nothing')
            [CompletionResult]::new('--ledger-sync', '--ledger-sync', [CompletionResultType]::ParameterName, 'Have each count reach the disk before its answer is given, so that a power cut loses none')
            [CompletionResult]::new('--ledger-claims', '--ledger-claims', [CompletionResultType]::ParameterName, 'Keep the claims of sealed tokens in the ledger as well, readable by whoever reads the file')
            [CompletionResult]::new('--no-header', '--no-header', [CompletionResultType]::ParameterName, 'The list has no header; its columns are named 1, 2, …')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'The first line names the columns, even if it looks like a customer or a token')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'A list without rows is no failure')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Replace files that exist')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace files that exist')
            [CompletionResult]::new('--sync', '--sync', [CompletionResultType]::ParameterName, 'Have the files reach the disk before they take their places')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors and where a new key was put')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors and where a new key was put')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'linkmint;reissue' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Renew the expired links of this list, or of `-`; the other rows stay as they are')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Make it only if a claim has this value (repeatable)')
            [CompletionResult]::new('--allow-host', '--allow-host', [CompletionResultType]::ParameterName, 'Take over the pasted address, or that of a row''s own link, if it leads to this host (repeatable); else the link comes from the flags below, or there is none')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The address; the token becomes its last path segment')
            [CompletionResult]::new('--param', '--param', [CompletionResultType]::ParameterName, 'The token becomes this query parameter instead')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'The whole link with {token} in it, and {column} for cells')
            [CompletionResult]::new('--expires-in', '--expires-in', [CompletionResultType]::ParameterName, 'Valid for so long from --issued-at on: 90m, 24h, 7d, 2w, 1d12h, "2 days"')
            [CompletionResult]::new('--expires-at', '--expires-at', [CompletionResultType]::ParameterName, 'Valid until this instant or local time, or to the end of this day: 2026-11-30, "2026-11-30 18:00"')
            [CompletionResult]::new('--not-before', '--not-before', [CompletionResultType]::ParameterName, 'Not valid before this instant or local time, or the start of this day')
            [CompletionResult]::new('--timezone', '--timezone', [CompletionResultType]::ParameterName, 'The zone that dates and local times are meant in: Europe/Berlin, +01:00 or local')
            [CompletionResult]::new('--date-format', '--date-format', [CompletionResultType]::ParameterName, 'How dates are written, where not as 2026-11-30: %d.%m.%Y or %m/%d/%Y, perhaps with %H:%M')
            [CompletionResult]::new('--issued-at', '--issued-at', [CompletionResultType]::ParameterName, 'The time of issue in RFC 3339, to repeat a run [default: now]')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Refuse tokens that this ledger says are revoked, and note in it which token replaces which [default: the LINKMINT_LEDGER variable]')
            [CompletionResult]::new('--column', '--column', [CompletionResultType]::ParameterName, 'The column with the tokens or links [default: token and url_link, or the one there is]')
            [CompletionResult]::new('--match', '--match', [CompletionResultType]::ParameterName, 'A claim must equal the cell of another column (repeatable)')
            [CompletionResult]::new('--expires-format', '--expires-format', [CompletionResultType]::ParameterName, 'How the column expires_at is written: %d.%m.%Y %H:%M, in --timezone [default: RFC 3339 in UTC]')
            [CompletionResult]::new('--first-id', '--first-id', [CompletionResultType]::ParameterName, 'The id of the first row''s token, twelve hex digits, to repeat a run [default: random]')
            [CompletionResult]::new('--summary-file', '--summary-file', [CompletionResultType]::ParameterName, 'Write the summary as one JSON object to this file, also after a failure')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]')
            [CompletionResult]::new('--delimiter', '--delimiter', [CompletionResultType]::ParameterName, 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'The encoding, by its name, such as windows-1252, or `auto` for the likeliest; the output is in the same [default: UTF-8, or what the byte order mark says]')
            [CompletionResult]::new('--sheet', '--sheet', [CompletionResultType]::ParameterName, 'The sheet of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) [default: the first]; for `generate`, a name that ends in .html is a page of labels to print')
            [CompletionResult]::new('--header-row', '--header-row', [CompletionResultType]::ParameterName, 'The row that names the columns, as a spreadsheet numbers it, where a title or blank lines stand above it; they stay as they are')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file, whole or not at all: CSV, or a workbook if it is named .xlsx; `-` or nothing is standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to this file, whole or not at all: CSV, or a workbook if it is named .xlsx; `-` or nothing is standard output')
            [CompletionResult]::new('--rejects', '--rejects', [CompletionResultType]::ParameterName, 'Write bad rows to this file, their number and error before them, and go on with the good ones')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'How many threads work [default: one for each core]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many threads work [default: one for each core]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How far it is, on standard error: a bar, a line of JSON a second, or nothing [default: a bar on a terminal]')
            [CompletionResult]::new('--keyring', '--keyring', [CompletionResultType]::ParameterName, 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]')
            [CompletionResult]::new('--no-link', '--no-link', [CompletionResultType]::ParameterName, 'Tokens only, no links')
            [CompletionResult]::new('--never-expires', '--never-expires', [CompletionResultType]::ParameterName, 'Valid without end')
            [CompletionResult]::new('--ignore-revocations', '--ignore-revocations', [CompletionResultType]::ParameterName, 'Ask no ledger: a token that was revoked gets a successor too')
            [CompletionResult]::new('--revoke-old', '--revoke-old', [CompletionResultType]::ParameterName, 'Revoke the old token')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print token, link and expiry, and what is known of the old token, as one JSON object; with --file the summary')
            [CompletionResult]::new('--only-new', '--only-new', [CompletionResultType]::ParameterName, 'Write only the rows that get a new link')
            [CompletionResult]::new('--no-match', '--no-match', [CompletionResultType]::ParameterName, 'Don''t hold claims against the columns of their names')
            [CompletionResult]::new('--no-header', '--no-header', [CompletionResultType]::ParameterName, 'The list has no header; its columns are named 1, 2, …')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'The first line names the columns, even if it looks like a customer or a token')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'A list without rows is no failure')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Replace files that exist')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace files that exist')
            [CompletionResult]::new('--sync', '--sync', [CompletionResultType]::ParameterName, 'Have the files reach the disk before they take their places')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors and where a new key was put')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors and where a new key was put')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'linkmint;revoke' {
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'All tokens with this claim, also those that nobody has seen yet (repeatable)')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The tokens of all rows of this list, or of `-`')
            [CompletionResult]::new('--column', '--column', [CompletionResultType]::ParameterName, 'The column with the tokens or links [default: token and url_link, or the one there is]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]')
            [CompletionResult]::new('--delimiter', '--delimiter', [CompletionResultType]::ParameterName, 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'The encoding, by its name, such as windows-1252, or `auto` for the likeliest; the output is in the same [default: UTF-8, or what the byte order mark says]')
            [CompletionResult]::new('--sheet', '--sheet', [CompletionResultType]::ParameterName, 'The sheet of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) [default: the first]; for `generate`, a name that ends in .html is a page of labels to print')
            [CompletionResult]::new('--header-row', '--header-row', [CompletionResultType]::ParameterName, 'The row that names the columns, as a spreadsheet numbers it, where a title or blank lines stand above it; they stay as they are')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'The ledger, a file or postgres://USER@HOST/DATABASE [default: the LINKMINT_LEDGER variable]')
            [CompletionResult]::new('--keyring', '--keyring', [CompletionResultType]::ParameterName, 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How far it is, on standard error: a bar, a line of JSON a second, or nothing [default: a bar on a terminal]')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why, for whoever checks them: at most 512 bytes')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Revoke them as if it were this instant, in RFC 3339')
            [CompletionResult]::new('--no-header', '--no-header', [CompletionResultType]::ParameterName, 'The list has no header; its columns are named 1, 2, …')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'The first line names the columns, even if it looks like a customer or a token')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'A list without rows is no failure')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'linkmint;unrevoke' {
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'All tokens with this claim, also those that nobody has seen yet (repeatable)')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The tokens of all rows of this list, or of `-`')
            [CompletionResult]::new('--column', '--column', [CompletionResultType]::ParameterName, 'The column with the tokens or links [default: token and url_link, or the one there is]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]')
            [CompletionResult]::new('--delimiter', '--delimiter', [CompletionResultType]::ParameterName, 'The character between two cells, or `tab` [default: found from the header; of a workbook, a comma in the output]')
            [CompletionResult]::new('--encoding', '--encoding', [CompletionResultType]::ParameterName, 'The encoding, by its name, such as windows-1252, or `auto` for the likeliest; the output is in the same [default: UTF-8, or what the byte order mark says]')
            [CompletionResult]::new('--sheet', '--sheet', [CompletionResultType]::ParameterName, 'The sheet of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) [default: the first]; for `generate`, a name that ends in .html is a page of labels to print')
            [CompletionResult]::new('--header-row', '--header-row', [CompletionResultType]::ParameterName, 'The row that names the columns, as a spreadsheet numbers it, where a title or blank lines stand above it; they stay as they are')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'The ledger, a file or postgres://USER@HOST/DATABASE [default: the LINKMINT_LEDGER variable]')
            [CompletionResult]::new('--keyring', '--keyring', [CompletionResultType]::ParameterName, 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How far it is, on standard error: a bar, a line of JSON a second, or nothing [default: a bar on a terminal]')
            [CompletionResult]::new('--no-header', '--no-header', [CompletionResultType]::ParameterName, 'The list has no header; its columns are named 1, 2, …')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'The first line names the columns, even if it looks like a customer or a token')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'A list without rows is no failure')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'linkmint;revoked' {
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'The ledger, a file or postgres://USER@HOST/DATABASE [default: the LINKMINT_LEDGER variable]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'One JSON object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'linkmint;ledger' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Copy the ledger to a new file, also while others use it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'linkmint;ledger;backup' {
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'The ledger, a file or postgres://USER@HOST/DATABASE [default: the LINKMINT_LEDGER variable]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'linkmint;ledger;help' {
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Copy the ledger to a new file, also while others use it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'linkmint;ledger;help;backup' {
            break
        }
        'linkmint;ledger;help;help' {
            break
        }
        'linkmint;inspect' {
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'One JSON object a token')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'linkmint;key' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a key, print its id and sign with it from now on')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the keys: id, when it was made, active, standby or retired')
            [CompletionResult]::new('retire', 'retire', [CompletionResultType]::ParameterValue, 'Stop signing with a key; its links stay valid')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a key: all its links end')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print the secrets as a keyring, for a backup or another machine, or what others are given to check with')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Take the keys of another keyring over, on standby')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'linkmint;key;new' {
            [CompletionResult]::new('--keyring', '--keyring', [CompletionResultType]::ParameterName, 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors and the line about the new key')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors and the line about the new key')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'linkmint;key;list' {
            [CompletionResult]::new('--keyring', '--keyring', [CompletionResultType]::ParameterName, 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'One JSON object a line')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'linkmint;key;retire' {
            [CompletionResult]::new('--keyring', '--keyring', [CompletionResultType]::ParameterName, 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'linkmint;key;remove' {
            [CompletionResult]::new('--keyring', '--keyring', [CompletionResultType]::ParameterName, 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Don''t ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Don''t ask')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'linkmint;key;export' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file, for its owner alone unless the keys are public')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to this file, for its owner alone unless the keys are public')
            [CompletionResult]::new('--keyring', '--keyring', [CompletionResultType]::ParameterName, 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]')
            [CompletionResult]::new('--jwt', '--jwt', [CompletionResultType]::ParameterName, 'The JWT keys as a JWK Set, for a backend''s JOSE library: they make no other form of token')
            [CompletionResult]::new('--public', '--public', [CompletionResultType]::ParameterName, 'The public keys as a JWK Set, for whoever is to check public tokens and make none: no secret is in it')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Replace the file if it exists')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the file if it exists')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'linkmint;key;import' {
            [CompletionResult]::new('--keyring', '--keyring', [CompletionResultType]::ParameterName, 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'linkmint;key;help' {
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a key, print its id and sign with it from now on')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the keys: id, when it was made, active, standby or retired')
            [CompletionResult]::new('retire', 'retire', [CompletionResultType]::ParameterValue, 'Stop signing with a key; its links stay valid')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a key: all its links end')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print the secrets as a keyring, for a backup or another machine, or what others are given to check with')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Take the keys of another keyring over, on standby')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'linkmint;key;help;new' {
            break
        }
        'linkmint;key;help;list' {
            break
        }
        'linkmint;key;help;retire' {
            break
        }
        'linkmint;key;help;remove' {
            break
        }
        'linkmint;key;help;export' {
            break
        }
        'linkmint;key;help;import' {
            break
        }
        'linkmint;key;help;help' {
            break
        }
        'linkmint;stats' {
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'The ledger, a file or postgres://USER@HOST/DATABASE [default: the LINKMINT_LEDGER variable]')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Count by a claim, or by `day`, `hour` or `status`')
            [CompletionResult]::new('--top', '--top', [CompletionResultType]::ParameterName, 'Name so many of the tokens that were checked most')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only checks from this instant, or from the start of this day')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only checks before this instant, or to the end of this day')
            [CompletionResult]::new('--timezone', '--timezone', [CompletionResultType]::ParameterName, 'The zone that days, hours and times are meant in: Europe/Berlin, +01:00 or local')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Tell it as of this instant, in RFC 3339 [default: now]')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The character between two cells of --csv, or `tab` [default: a comma]')
            [CompletionResult]::new('--delimiter', '--delimiter', [CompletionResultType]::ParameterName, 'The character between two cells of --csv, or `tab` [default: a comma]')
            [CompletionResult]::new('--html', '--html', [CompletionResultType]::ParameterName, 'Write a report with charts to this file: one page that needs no network')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file, whole or not at all: with --csv a workbook if it is named .xlsx; `-` or nothing is standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to this file, whole or not at all: with --csv a workbook if it is named .xlsx; `-` or nothing is standard output')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How far it is, on standard error: a bar, a line of JSON a second, or nothing [default: a bar on a terminal]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'All in one JSON object')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'The counts as CSV, for a spreadsheet')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Replace a file that exists')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace a file that exists')
            [CompletionResult]::new('--prune', '--prune', [CompletionResultType]::ParameterName, 'Drop what belongs to tokens that have expired: their checks and their revocations')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Don''t ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Don''t ask')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'linkmint;serve' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Where to listen: ADDRESS:PORT, unix:/run/linkmint.sock, or systemd for the socket that it hands over')
            [CompletionResult]::new('--api-keys', '--api-keys', [CompletionResultType]::ParameterName, 'Who may ask for what [default: linkmint/api-keys.json in the configuration folder, where there is one; else a key that is made for this start]')
            [CompletionResult]::new('--public-url', '--public-url', [CompletionResultType]::ParameterName, 'The address that the service has from outside, behind a proxy')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The address of the links, where a request names none; the token becomes its last path segment')
            [CompletionResult]::new('--allow-host', '--allow-host', [CompletionResultType]::ParameterName, 'Make a link anew in the address that it came in, where it leads to this host: shop.example; else --base-url gives the address')
            [CompletionResult]::new('--max-list', '--max-list', [CompletionResultType]::ParameterName, 'The longest list that is taken, and the most of an answer that waits for its client')
            [CompletionResult]::new('--metrics-listen', '--metrics-listen', [CompletionResultType]::ParameterName, 'Where Prometheus reads numbers: an address of its own')
            [CompletionResult]::new('--leeway', '--leeway', [CompletionResultType]::ParameterName, 'Let clocks differ by so much: 60s')
            [CompletionResult]::new('--trusted-proxy', '--trusted-proxy', [CompletionResultType]::ParameterName, 'Believe what this proxy says of its visitors, and let it ask /v1/auth without an API key: its address, or unix')
            [CompletionResult]::new('--auth-uri-header', '--auth-uri-header', [CompletionResultType]::ParameterName, 'The one header in which the proxy tells /v1/auth the address that its visitor asked for: X-Original-URI, X-Forwarded-Uri. The proxy has to set it for every request')
            [CompletionResult]::new('--auth-claims', '--auth-claims', [CompletionResultType]::ParameterName, 'Claims that /v1/auth tells the proxy: customer_id as the header X-Linkmint-Customer-Id, percent-encoded')
            [CompletionResult]::new('--param', '--param', [CompletionResultType]::ParameterName, 'The query parameter of the visitor''s address that has the token [default: the last segment of its path]')
            [CompletionResult]::new('--redirect-to', '--redirect-to', [CompletionResultType]::ParameterName, 'Lead valid links, /r/TOKEN, on to this page, and count them')
            [CompletionResult]::new('--redirect-file', '--redirect-file', [CompletionResultType]::ParameterName, 'Lead them on to the page of their campaign_id: a JSON object, {"spring26": "https://mystore.com/spring"}')
            [CompletionResult]::new('--tracker-name', '--tracker-name', [CompletionResultType]::ParameterName, 'The claim that /key/validatetoken tells as trackerName')
            [CompletionResult]::new('--tracker-label', '--tracker-label', [CompletionResultType]::ParameterName, 'The claim that it tells as trackerLabel')
            [CompletionResult]::new('--compat', '--compat', [CompletionResultType]::ParameterName, 'Answer 200 to a token that is not valid, with a message, as ubiqod does: who looks at the status alone takes it for a good one')
            [CompletionResult]::new('--ledger', '--ledger', [CompletionResultType]::ParameterName, 'Count each check of an authentic token in this file, and refuse tokens that it says are revoked [default: the LINKMINT_LEDGER variable, else nothing is counted]')
            [CompletionResult]::new('--keyring', '--keyring', [CompletionResultType]::ParameterName, 'The keyring [default: the LINKMINT_KEYRING variable, else a secret in LINKMINT_KEY, else linkmint/keys.json in the configuration folder]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Show a button first, so that scanners of mails count nothing')
            [CompletionResult]::new('--ledger-read-only', '--ledger-read-only', [CompletionResultType]::ParameterName, 'Tell how often a token was checked and whether it is revoked, and count nothing')
            [CompletionResult]::new('--ledger-sync', '--ledger-sync', [CompletionResultType]::ParameterName, 'Have each count reach the disk before its answer is given, so that a power cut loses none')
            [CompletionResult]::new('--ledger-claims', '--ledger-claims', [CompletionResultType]::ParameterName, 'Keep the claims of sealed tokens in the ledger as well, readable by whoever reads the file')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors, the requests and where a new key was put')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors, the requests and where a new key was put')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'linkmint;api-key' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make an API key and print it: it is shown this once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the API keys, never their secrets')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove an API key: who has it is let in no more')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'linkmint;api-key;new' {
            [CompletionResult]::new('--scope', '--scope', [CompletionResultType]::ParameterName, 'What it may be used for: check, mint, revoke, stats')
            [CompletionResult]::new('--expires-in', '--expires-in', [CompletionResultType]::ParameterName, 'Valid for so long: 90d')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Bind it to a claim: it mints and sees no others')
            [CompletionResult]::new('--origin', '--origin', [CompletionResultType]::ParameterName, 'Let this web page use it in a browser; for the scope check alone')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The file of the API keys [default: linkmint/api-keys.json in the configuration folder]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'linkmint;api-key;list' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The file of the API keys [default: linkmint/api-keys.json in the configuration folder]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'One JSON object a line')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'linkmint;api-key;remove' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The file of the API keys [default: linkmint/api-keys.json in the configuration folder]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'linkmint;api-key;help' {
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make an API key and print it: it is shown this once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the API keys, never their secrets')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove an API key: who has it is let in no more')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'linkmint;api-key;help;new' {
            break
        }
        'linkmint;api-key;help;list' {
            break
        }
        'linkmint;api-key;help;remove' {
            break
        }
        'linkmint;api-key;help;help' {
            break
        }
        'linkmint;completions' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'linkmint;man' {
            [CompletionResult]::new('--out-dir', '--out-dir', [CompletionResultType]::ParameterName, 'Write the pages of all commands into this folder')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'linkmint;help' {
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Give every row of a customer list a signed link of its own')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Mint one token or link')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check tokens or links')
            [CompletionResult]::new('reissue', 'reissue', [CompletionResultType]::ParameterValue, 'Make a new token for whoever has one that ran out')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke tokens, so that `verify --ledger` refuses them')
            [CompletionResult]::new('unrevoke', 'unrevoke', [CompletionResultType]::ParameterValue, 'Undo a revocation')
            [CompletionResult]::new('revoked', 'revoked', [CompletionResultType]::ParameterValue, 'List what is revoked')
            [CompletionResult]::new('ledger', 'ledger', [CompletionResultType]::ParameterValue, 'Copy a ledger')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show what a token says, without checking it')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Manage the keyring')
            [CompletionResult]::new('stats', 'stats', [CompletionResultType]::ParameterValue, 'Tell how often links were checked, by campaign, day, hour or status')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Check, make and count links over HTTP')
            [CompletionResult]::new('api-key', 'api-key', [CompletionResultType]::ParameterValue, 'Manage the API keys that `serve` lets in')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print shell completions')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a manual page, or write all of them into a folder')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            [CompletionResult]::new('exit-status', 'exit-status', [CompletionResultType]::ParameterValue, 'What the exit status says')
            [CompletionResult]::new('environment', 'environment', [CompletionResultType]::ParameterValue, 'The variables that are read')
            [CompletionResult]::new('files', 'files', [CompletionResultType]::ParameterValue, 'The files that are read and written unnamed')
            break
        }
        'linkmint;help;generate' {
            break
        }
        'linkmint;help;sign' {
            break
        }
        'linkmint;help;verify' {
            break
        }
        'linkmint;help;reissue' {
            break
        }
        'linkmint;help;revoke' {
            break
        }
        'linkmint;help;unrevoke' {
            break
        }
        'linkmint;help;revoked' {
            break
        }
        'linkmint;help;ledger' {
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Copy the ledger to a new file, also while others use it')
            break
        }
        'linkmint;help;ledger;backup' {
            break
        }
        'linkmint;help;inspect' {
            break
        }
        'linkmint;help;key' {
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a key, print its id and sign with it from now on')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the keys: id, when it was made, active, standby or retired')
            [CompletionResult]::new('retire', 'retire', [CompletionResultType]::ParameterValue, 'Stop signing with a key; its links stay valid')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a key: all its links end')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print the secrets as a keyring, for a backup or another machine, or what others are given to check with')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Take the keys of another keyring over, on standby')
            break
        }
        'linkmint;help;key;new' {
            break
        }
        'linkmint;help;key;list' {
            break
        }
        'linkmint;help;key;retire' {
            break
        }
        'linkmint;help;key;remove' {
            break
        }
        'linkmint;help;key;export' {
            break
        }
        'linkmint;help;key;import' {
            break
        }
        'linkmint;help;stats' {
            break
        }
        'linkmint;help;serve' {
            break
        }
        'linkmint;help;api-key' {
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make an API key and print it: it is shown this once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the API keys, never their secrets')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove an API key: who has it is let in no more')
            break
        }
        'linkmint;help;api-key;new' {
            break
        }
        'linkmint;help;api-key;list' {
            break
        }
        'linkmint;help;api-key;remove' {
            break
        }
        'linkmint;help;completions' {
            break
        }
        'linkmint;help;man' {
            break
        }
        'linkmint;help;help' {
            break
        }
        'linkmint;help;exit-status' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'linkmint;help;environment' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'linkmint;help;files' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
