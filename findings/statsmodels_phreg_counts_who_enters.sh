#!/bin/sh
# statsmodels 0.15: PHReg counts a customer who enters at the very time of an event among those at risk at it.
#
# By the usual convention (entry, exit] who comes under observation at day 2 is at risk after day 2, so that a row may be
# split at any day without a change of the fit. Here rows that are split at the days of events, which is how covariates that
# change with time are written, give another coefficient: both halves of a customer count at the day of the split.
#
# Output seen:
#   statsmodels 0.15.0
#   whole rows: 0.7241
#   the same rows split on the days of events: 0.7816
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check statsmodels==0.15.0 scipy==1.17.1 numpy==2.4.6 pandas==3.1.1

venv/bin/python - << 'END'
import sys

import numpy as np
import statsmodels
from statsmodels.duration.hazard_regression import PHReg

print(f"statsmodels {statsmodels.__version__}")
# Day of leaving or of the end of observation, whether left, and whether without an owner.
rows = [(1, 1, 1), (2, 1, 0), (3, 1, 1), (4, 1, 1), (5, 1, 0), (6, 0, 1), (7, 1, 0), (8, 0, 0), (8, 1, 1), (9, 0, 0)]


def coefficient(entries, exits, left, unowned):
    exits, left, entries = (np.array(values, float) for values in (exits, left, entries))
    model = PHReg(exits, np.array(unowned, float)[:, None], status=left, entry=entries, ties="breslow")
    return float(model.fit(disp=0).params[0])


whole = coefficient([0.0] * len(rows), *(list(column) for column in zip(*rows)))
split = []
for day, left, unowned in rows:
    split += [(start, start + 1, int(left and start + 1 == day), unowned) for start in range(day)]
parts = coefficient(*(list(column) for column in zip(*split)))
print(f"whole rows: {whole:.4f}")
print(f"the same rows split on the days of events: {parts:.4f}")
if abs(whole - parts) < 0.01:
    sys.exit("changed")
END
