"""A QR code for each link of a list, as an SVG file of its own, a process for each core: with segno or qrcode.

usage: codes.py segno|qrcode LINKS FOLDER
"""
import csv
import multiprocessing
import os
import sys


def with_segno(link, path):
    import segno
    segno.make(link, error="m", micro=False, boost_error=False).save(path, scale=8)


def with_qrcode(link, path):
    import qrcode
    import qrcode.image.svg
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=10)
    code.add_data(link)
    code.make_image(image_factory=qrcode.image.svg.SvgPathImage).save(path)


if __name__ == "__main__":
    library, source, folder = sys.argv[1:]
    draw = {"segno": with_segno, "qrcode": with_qrcode}[library]
    os.makedirs(folder, exist_ok=True)
    with open(source, newline="", encoding="utf-8-sig") as file:
        jobs = [(row["url_link"], f"{folder}/{number}.svg") for number, row in enumerate(csv.DictReader(file))]
    with multiprocessing.Pool(len(os.sched_getaffinity(0))) as pool:
        pool.starmap(draw, jobs, chunksize=50)
        pool.close()
        pool.join()
