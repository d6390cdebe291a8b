#!/bin/sh
# pandas 3.1.1: read_excel() turns text cells of digits into numbers; phones lose their zero.
#
# The cell is text in the workbook (type s), as whoever typed '0912345678 meant it. read_excel() guesses types of all
# columns like read_csv(), whatever the workbook says, with every engine. dtype=object, or str, keeps the text.
#
# Output seen:
#   pandas 3.1.1, openpyxl 3.1.5
#   the cell: type s, '0912345678'
#   read_excel: 912345678 (int64)
#   read_excel with dtype=object: '0912345678'
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check pandas==3.1.1 openpyxl==3.1.5

venv/bin/python - << 'END'
import sys

import openpyxl
import pandas as pd

print(f"pandas {pd.__version__}, openpyxl {openpyxl.__version__}")
book = openpyxl.Workbook()
book.active.append(["phone"])
book.active.append(["0912345678"])
book.save("phones.xlsx")
cell = openpyxl.load_workbook("phones.xlsx").active["A2"]
print(f"the cell: type {cell.data_type}, {cell.value!r}")
read, as_is = pd.read_excel("phones.xlsx").phone, pd.read_excel("phones.xlsx", dtype=object).phone
print(f"read_excel: {read[0]} ({read.dtype})")
print(f"read_excel with dtype=object: {as_is[0]!r}")
if cell.data_type != "s" or read[0] != 912345678 or as_is[0] != "0912345678":
    sys.exit("changed")
END
