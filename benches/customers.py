#!/usr/bin/env python3
"""A customer list to measure with: the same bytes for the same ROWS and SEED.

usage: customers.py ROWS OUT [SEED]

About 115 bytes a row, UTF-8, LF. Of the rows, 5 % have a quoted cell with commas or doubled quotes, and 0.1 % one
with a line break: enough that a reader that splits at commas and line ends gets caught. A shorter list is the
beginning of a longer one, so a slow program can be measured on fewer rows of the same customers.
"""
import random
import sys

HEADER = "customer_id,name,email,phone,product_id,campaign_id,segment,country,notes\n"

FIRST = """Anna Lukas Jonas Marie Felix Zoë Søren Łukasz Kasia François Chloé Renée Inês João Björn Åsa Niamh Siobhán Jiří
Tereza Đorđe Ayşe Mehmet Giulia Matteo Carlos Sofía Nguyễn Ольга Иван Μαρία 美咲 健太 伟 Priya Rahul Fatima Ahmed Emma
Oliver Grace Harriet Thomas Ruth Samuel Noah Ella Miriam""".split()

LAST = """Müller Schröder Weiß Krüger Jørgensen Kowalczyk Wiśniewska Dvořák Novotná Lefèvre Moreau Conceição Nilsson
Ångström O'Brien Kavanagh Smith Taylor Whitmore Ashworth Rossi Bianchi Öztürk Yılmaz Papadopoulos Иванова Петров 田中
佐藤 王 Sharma Haddad García Hernández Silva Costa Jackson Rivera Bennett Marlowe""".split()

MAIL = ["example.com", "example.org", "example.net", "mail.example.com", "shop.example.org", "inbox.example.net"]

# Country and the start of numbers that are set aside there for fiction; two digits are added.
PHONE = [("DE", "+49 30 23125 4"), ("DE", "+49 89 99998 1"), ("GB", "+44 20 7946 00"), ("GB", "+44 113 496 00"),
         ("US", "+1 202 555 01"), ("FR", "+33 1 99 00 10 "), ("IE", "+353 20 913 00"), ("SE", "+46 8 465 004 "),
         ("AU", "+61 2 5550 00")]

CAMPAIGN = ["spring26", "loyalty-07", "winback-q1", "newsletter-114", "birthday"]
SEGMENT = ["gold", "silver", "bronze", "platinum", "new", "lapsed", "vip"]
NOTE = ["", "", "", "prefers mail", "asked about returns", "no marketing calls", "loyalty card issued",
        "repeat buyer; ships to office", "app user since 2021", "birthday in May"]
QUOTED = ['"likes red, blue and green"', '"said ""call me back"" on Friday"', '"size ""L"", colour black"',
          '"Flat 3, 12 High Street, Leeds"', '"VIP, handle with care"']
BROKEN = ['"called twice\nno answer, try again"', '"parcel to:\n12 ""The Mews""\nYork"', '"line one\nline two"']


def lines(rows, seed):
    rnd = random.Random(seed).random  # the one method whose numbers Python promises to keep between versions

    def one_of(choices):
        return choices[int(rnd() * len(choices))]

    customer = 10_000_000
    for _ in range(rows):
        customer += 1 + int(rnd() * 12)  # with gaps, as real ids have
        first, last, note = one_of(FIRST), one_of(LAST), one_of(NOTE)
        name = f"{first} {last}"
        odd = rnd()
        if odd < 0.001:
            note = one_of(BROKEN)
        elif odd < 0.026:
            note = one_of(QUOTED)
        elif odd < 0.046:
            name = f'"{last}, {first}"'
        elif odd < 0.051:
            name = f'"{first} ""{last[:3]}"" {last}"'
        country, phone = one_of(PHONE)
        yield (f"{customer},{name},kunde{customer}@{one_of(MAIL)},{phone}{int(rnd() * 100):02d},"
               f"SKU-{int(rnd() * 100_000):05d},{one_of(CAMPAIGN)},{one_of(SEGMENT)},{country},{note}\n")


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    rows, path = int(sys.argv[1]), sys.argv[2]
    seed = int(sys.argv[3]) if len(sys.argv) == 4 else 20260301
    with open(path, "w", encoding="utf-8", newline="", buffering=1 << 20) as out:
        out.write(HEADER)
        out.writelines(lines(rows, seed))


if __name__ == "__main__":
    main()
