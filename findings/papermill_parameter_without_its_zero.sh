#!/bin/sh
# papermill 2.7.0: -p phone 0912345678 gives the notebook the number 912345678.
#
# The notebook's own default is text, and -p guesses a type from the value, so that ids and phones lose their first zero
# without a word. -r (raw) keeps the text.
#
# Output seen:
#   papermill 2.7.0
#   -p phone 0912345678: 912345678
#   -r phone 0912345678: '0912345678'
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
book.cells[0].metadata["tags"] = ["parameters"]
nbformat.write(book, file)
END
venv/bin/python write.py report.ipynb 'phone = ""' 'print(repr(phone))'
for option in -p -r; do
  venv/bin/python -m papermill report.ipynb "executed$option.ipynb" "$option" phone 0912345678 > log.txt 2>&1
done
venv/bin/python - << 'END'
import sys
from importlib.metadata import version

import nbformat

print(f"papermill {version('papermill')}")
shown = {}
for option in ("-p", "-r"):
    shown[option] = nbformat.read(f"executed{option}.ipynb", 4).cells[-1].outputs[0].text.strip()
    print(f"{option} phone 0912345678: {shown[option]}")
if shown != {"-p": "912345678", "-r": "'0912345678'"}:
    sys.exit("changed")
END
