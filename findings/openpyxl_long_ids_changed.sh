#!/bin/sh
# openpyxl 3.1.5: a whole number of 17 digits is written as another number.
#
# Numbers are written with the format %.16g, integers too, so that the id 12345678901234567 stands in the file as
# 1.234567890123457e+16 and comes back as 12345678901234570. Nothing warns, and the changed id looks complete. (Excel itself
# holds 15 digits; other programs read the file as it is.) Ids must be written as text.
#
# Output seen:
#   openpyxl 3.1.5
#   written 12345678901234567, in the file 1.234567890123457e+16, read 12345678901234570
#   as text: read '12345678901234567'
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check openpyxl==3.1.5

venv/bin/python - << 'END'
import re
import sys
from zipfile import ZipFile

import openpyxl

print(f"openpyxl {openpyxl.__version__}")
number = 12345678901234567
book = openpyxl.Workbook()
book.active["A1"], book.active["A2"] = number, str(number)
book.save("ids.xlsx")
(cell,) = re.findall(r'r="A1"[^>]*><v>([^<]*)</v>', ZipFile("ids.xlsx").read("xl/worksheets/sheet1.xml").decode())
sheet = openpyxl.load_workbook("ids.xlsx").active
read = int(sheet["A1"].value)
print(f"written {number}, in the file {cell}, read {read}")
print(f"as text: read {sheet['A2'].value!r}")
if read != 12345678901234570 or sheet["A2"].value != str(number):
    sys.exit("changed")
END
