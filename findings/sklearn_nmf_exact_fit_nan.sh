#!/bin/sh
# scikit-learn 1.9.1: the error of an exact NMF fit of sparse counts is NaN, with a RuntimeWarning.
#
# For sparse input the squared residual is computed as a difference of large sums. On an exact fit rounding leaves it a
# little below zero, and its root, reconstruction_err_, is NaN where 0 was meant. Dense input gives a tiny number.
#
# Output seen:
#   scikit-learn 1.9.1
#   sparse: nan (RuntimeWarning: invalid value encountered in sqrt)
#   dense: below 0.001
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1

venv/bin/python - << 'END'
import math
import sys
import warnings

import numpy as np
import sklearn
from scipy import sparse
from sklearn.decomposition import NMF


def error(counts):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fitted = NMF(1, init="nndsvda", max_iter=500, random_state=0).fit(counts)
    return fitted.reconstruction_err_, [f"{one.category.__name__}: {one.message}" for one in caught]


# Words of six comments: every comment says the same words, some of them twice as often.
print(f"scikit-learn {sklearn.__version__}")
found = None
for seed in range(20):
    draw = np.random.default_rng(seed)
    counts = np.outer(draw.integers(0, 3, 6), draw.integers(0, 3, 5)).astype(float)
    value, said = error(sparse.csr_matrix(counts))
    if math.isnan(value):
        found = counts
        print(f"sparse: {value} ({said[0]})")
        break
if found is None:
    sys.exit("changed: no fit of these ends with NaN")
dense, _ = error(found)
print("dense: below 0.001" if dense < 1e-3 else f"dense: {dense}")
if not dense < 1e-3:
    sys.exit("changed")
END
