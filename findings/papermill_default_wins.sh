#!/bin/sh
# papermill 2.7.0: without a cell that is tagged "parameters" the parameter that is given has no effect; exit status 0.
#
# The given parameters are put before the first cell, which then assigns the default again. A report for September shows
# October. All that tells is a line in the log.
#
# Output seen:
#   papermill 2.7.0
#   exit status 0, given period 2026-09, shown 2026-10
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check papermill==2.7.0 ipykernel==7.4.0 nbclient==0.11.0

cat > write.py << 'END'
import sys

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

file, *cells = sys.argv[1:]
book = new_notebook(cells=[new_code_cell(cell) for cell in cells])
book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
nbformat.write(book, file)
END
venv/bin/python write.py report.ipynb 'period = "2026-10"' 'print(period)'
status=0
venv/bin/python -m papermill report.ipynb executed.ipynb -p period 2026-09 > log.txt 2>&1 || status=$?
venv/bin/python - "$status" << 'END'
import sys
from importlib.metadata import version

import nbformat

shown = nbformat.read("executed.ipynb", 4).cells[-1].outputs[0].text.strip()
print(f"papermill {version('papermill')}")
print(f"exit status {sys.argv[1]}, given period 2026-09, shown {shown}")
if (sys.argv[1], shown) != ("0", "2026-10"):
    sys.exit("changed")
END
