"""Renders a mail for each link as a mail tool would: python3 mails.py FOLDER LIST...

The lists have the same customers in other forms of token; row n takes its link from list n. The n-th mail has the
shape n % 4 in the transfer encoding n // 4 % 4, so that 16 mails have all of them.
"""

import csv
import sys
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

ENCODINGS = ["7bit", "8bit", "quoted-printable", "base64"]
SHAPES = ["plain", "html", "alternative", "nested"]
PICTURE = bytes.fromhex("89504e470d0a1a0a") + bytes(range(256))


def texts(link, encoding):
    accents = "" if encoding == "7bit" else " für Jürgen Müller-Lüdenscheidt, Łódź = 100 %"
    plain = f"Hello{accents},\n\nyour own link is\n\n{link}\n\nIt is good for a day. See you = soon.\n"
    attributes = link.replace("&", "&amp;")
    html = (
        f"<html><head><style>a {{ color: red }}</style></head>\n<body><p>Hello{accents},</p>\n"
        f'<!-- the button -->\n<table><tr><td bgcolor="#ffffff"><a href="{attributes}" style="color: #123456">'
        f"Your <b>own</b> offer</a></td></tr></table>\n<p>Or copy {attributes}.</p>\n"
        '<img src="cid:logo@example.com" alt="Logo"></body></html>\n'
    )
    return plain, html


def content(shape, link, encoding):
    plain, html = texts(link, encoding)
    mail = EmailMessage(policy=SMTP)
    if shape == "html":
        mail.set_content(html, subtype="html", cte=encoding)
        return mail
    mail.set_content(plain, cte=encoding)
    if shape != "plain":
        mail.add_alternative(html, subtype="html", cte=encoding)
    if shape == "nested":
        mail.get_payload()[1].add_related(PICTURE, "image", "png", cid="<logo@example.com>")
        mail.add_attachment(b"customer_id\r\n1\r\n", maintype="text", subtype="csv", filename="list.csv")
        forwarded = content("alternative", link, encoding)
        forwarded["Subject"] = "The mail before"
        mail.add_attachment(forwarded)
    return mail


def main(folder, *lists):
    readers = [csv.DictReader(Path(name).open(encoding="utf-8")) for name in lists]
    for number, rows in enumerate(zip(*readers)):
        shape, encoding = SHAPES[number % 4], ENCODINGS[number // 4 % 4]
        link = rows[number % len(rows)]["url_link"]
        mail = content(shape, link, encoding)
        mail["From"] = "Shop <shop@example.com>"
        mail["To"] = f"customer{number}@example.com"
        mail["Subject"] = "Dein Gutschein für den Frühling, nur für kurze Zeit und nur für dich"
        Path(folder, f"{number:04}-{shape}-{encoding}.eml").write_bytes(bytes(mail))


main(*sys.argv[1:])
