# SPDX-License-Identifier: GPL-2.0-or-later
"""HdrHistogram's encodings of before: the Java library reads V0 and V1 but writes only V2, so they are made from their layout.

old_encodings.py texts          a base64 text a line: "NAME TEXT"
old_encodings.py log NAME…      an interval log of these, the names as tags

All hold 1, 1, 1, 1000, 1500 and 70,000 times 40000; 3 digits up to an hour. A count of 2 bytes cannot hold 70,000: there it is 700.
"""
import base64
import struct
import sys
import zlib

DIGITS, LOWEST, HIGHEST = 3, 1, 3600000000000
HALF_MAGNITUDE = 10
VALUES = [(1, 3), (1000, 1), (1500, 1)]


def index(value):
    shift = max((value | 2047).bit_length() - HALF_MAGNITUDE - 1, 0)
    return (shift << HALF_MAGNITUDE) + (value >> shift)


def counts(word):
    all_counts = VALUES + [(40000, 700 if word == 2 else 70000)]
    table = [0] * (index(40000) + 1)
    for value, count in all_counts:
        table[index(value)] += count
    return b"".join(struct.pack(">" + {2: "h", 4: "i", 8: "q"}[word], count) for count in table)


def plain(version, word):
    payload = counts(word)
    if version == 0:
        total = 705 if word == 2 else 70005
        head = struct.pack(">IIqqq", 0x1C849308 | word << 4, DIGITS, LOWEST, HIGHEST, total)
    else:
        head = struct.pack(">IiiIqqd", 0x1C849301 | word << 4, len(payload), 0, DIGITS, LOWEST, HIGHEST, 1.0)
    return head + payload


def compressed(version, word):
    packed = zlib.compress(plain(version, word), 9)
    return struct.pack(">II", (0x1C849309 if version == 0 else 0x1C849302) | word << 4, len(packed)) + packed


def texts():
    for version in 0, 1:
        for word in 2, 4, 8:
            yield f"v{version}.{word}.plain", plain(version, word)
            yield f"v{version}.{word}.compressed", compressed(version, word)


if __name__ == "__main__":
    if sys.argv[1] == "log":
        print("#[Histogram log format version 1.3]")
        print("#[StartTime: 1767225600.000 (seconds since epoch), Thu Jan 01 00:00:00 UTC 2026]")
        print('"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"')
    for name, data in texts():
        text = base64.b64encode(data).decode()
        if sys.argv[1] == "texts":
            print(name, text)
        elif name in sys.argv[2:]:
            print(f"Tag={name},0.000,1.000,0.040,{text}")
