#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the tables of a report page against the run.json that it was made from.

values.py PAGE.html RUN.json   prints how many values agree; exit 0; 1 with each that does not, or when none was compared
"""
import html.parser
import json
import sys

QUANTILES = ["0.5", "0.9", "0.99", "0.999", "0.9999"]
COLUMNS = ["count"] + QUANTILES + ["max", "mean"]
BEYOND_MIN = 10


class Tables(html.parser.HTMLParser):
    """Caption -> row's name -> cells: a number where there is an exact value, else the text."""

    def __init__(self):
        super().__init__()
        self.tables, self.caption, self.row, self.into, self.text, self.value = {}, None, None, None, "", None

    def handle_starttag(self, tag, attributes):
        if tag == "caption":
            self.into, self.text = "caption", ""
        elif tag == "tr":
            self.row = []
        elif tag in ("td", "th"):
            self.into, self.text, self.value = tag, "", None
        elif tag == "data" and self.into == "td" and self.value is None:
            self.value = float(dict(attributes)["value"])

    def handle_data(self, data):
        self.text += data

    def handle_endtag(self, tag):
        if tag == "caption":
            self.caption, self.into = self.text, None
            self.tables[self.caption] = {}
        elif tag in ("td", "th") and self.row is not None:
            self.row.append(self.text.strip() if self.value is None else self.value)
        elif tag == "tr" and self.row and self.caption:
            self.tables[self.caption][str(self.row[0])] = self.row[1:]


def expected(series, column):
    """The cell's value, or "-" where too few values lie beyond it."""
    if column in ("count", "max", "mean"):
        return series[column] if series["count"] else "-"
    if (1 - float(column)) * series["count"] < BEYOND_MIN - 1e-6:
        return "-"
    return series["quantiles"][column]


def same(shown, wanted):
    return shown == wanted or (
        not isinstance(shown, str) and not isinstance(wanted, str) and abs(shown - wanted) <= 1e-9 * abs(wanted))


def compare(tables, run):
    compared, wrong = 0, []
    for series in run["series"]:
        phase, name = series["tag"].split("/", 1)
        listener = name[3:] if name.startswith("cb.") else None
        if listener and "/" in listener or series["count"] and series["max"] == 0:
            continue
        caption = f"Listeners in phase {phase}" if listener else f"Series of phase {phase}"
        row = tables.get(caption, {}).get(listener or name)
        if row is None:
            wrong.append(f"{caption}: no row '{listener or name}'")
            continue
        for column, shown in zip(COLUMNS, row[1:] if listener else row, strict=True):
            compared += 1
            if not same(shown, expected(series, column)):
                wrong.append(f"{caption}: {name} {column}: shown {shown}, run.json {expected(series, column)}")
    return compared, wrong


def main():
    tables = Tables()
    with open(sys.argv[1], encoding="utf-8") as page:
        tables.feed(page.read())
    with open(sys.argv[2], encoding="utf-8") as run:
        compared, wrong = compare(tables.tables, json.load(run))
    print("\n".join(wrong + [f"{compared} values compared, {len(wrong)} differ"]))
    return 1 if wrong or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
