#!/bin/sh
# papermill 2.7.0: a notebook that stops in its middle by sys.exit(0) is a success; the exit status is 0.
#
# The cells after it never run, and the executed notebook says of itself that one cell failed and one is pending. A
# scheduler that looks at the exit status takes half a report for a whole one. nbconvert --execute exits with 1.
#
# Output seen:
#   papermill 2.7.0
#   exit status 0
#   cells: completed, failed, pending
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
venv/bin/python write.py report.ipynb 'print("figures")' 'import sys; sys.exit(0)' 'print("more figures")'
status=0
venv/bin/python -m papermill report.ipynb executed.ipynb > log.txt 2>&1 || status=$?
venv/bin/python - "$status" << 'END'
import sys
from importlib.metadata import version

import nbformat

cells = [cell.metadata.papermill.status for cell in nbformat.read("executed.ipynb", 4).cells]
print(f"papermill {version('papermill')}")
print(f"exit status {sys.argv[1]}")
print(f"cells: {', '.join(cells)}")
if sys.argv[1] != "0" or cells != ["completed", "failed", "pending"]:
    sys.exit("changed")
END
