#!/bin/sh
# pandas 3.1.1 with pyarrow 26.0.1: a column made of instances of a class of text becomes plain text without a word.
#
# A subclass of str that hides what it holds (a password, a phone number) prints itself in full once it has been in a
# Series or a DataFrame, since pandas 3 stores text as the dtype str, in Arrow where pyarrow is installed. With
# dtype=object, the default of pandas 2, or without pyarrow the instances stay as they are.
#
# Output seen:
#   pandas 3.1.1, pyarrow 26.0.1
#   a list: [***]
#   a Series: dtype str, 'open sesame' of class str
#   a Series of dtype object: *** of class Hidden
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check pandas==3.1.1 pyarrow==26.0.1

venv/bin/python - << 'END'
import sys

import pandas as pd
import pyarrow


class Hidden(str):
    """Text that does not show what it is."""

    def __repr__(self):
        return "***"

    __str__ = __repr__


secret = Hidden("open sesame")
print(f"pandas {pd.__version__}, pyarrow {pyarrow.__version__}")
print(f"a list: {[secret]}")
column, objects = pd.Series([secret]), pd.Series([secret], dtype=object)
print(f"a Series: dtype {column.dtype}, {column[0]!r} of class {type(column[0]).__name__}")
print(f"a Series of dtype object: {objects[0]!r} of class {type(objects[0]).__name__}")
if type(column[0]) is not str or type(objects[0]) is not Hidden:
    sys.exit("changed")
END
