#!/bin/sh
# scipy 1.17.1: hyp2f1(a, b, c, z) is NaN, or wrong by a factor of thousands, where b is far above c and z is negative.
#
# Values are finite and small; mpmath agrees with Euler's transformation to all digits. NaN at least shows itself; the
# second value is silently off by five powers of ten. Models of repeat purchases (Pareto/NBD, BG/NBD) call this function
# with b growing with the number of purchases.
#
# Output seen:
#   scipy 1.17.1, mpmath 1.3.0
#   hyp2f1(1.2, 200.5, 3.2, -5): scipy nan, mpmath 0.00061033
#   hyp2f1(20.3, 50.5, 3.2, -5): scipy 2.4371e-27, mpmath 6.5304e-32
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check scipy==1.17.1 numpy==2.4.6 mpmath==1.3.0

venv/bin/python - << 'END'
import math
import sys

import mpmath
import scipy
from scipy.special import hyp2f1

print(f"scipy {scipy.__version__}, mpmath {mpmath.__version__}")
mpmath.mp.dps = 50
results = []
for a, b, c, z in ((1.2, 200.5, 3.2, -5), (20.3, 50.5, 3.2, -5)):
    true = mpmath.hyp2f1(a, b, c, z)
    other = (1 - mpmath.mpf(z)) ** (c - mpmath.mpf(a) - b) * mpmath.hyp2f1(c - mpmath.mpf(a), c - mpmath.mpf(b), c, z)
    assert abs(true / other - 1) < 1e-8, (true, other)
    results.append((hyp2f1(a, b, c, z), float(true)))
    print(f"hyp2f1({a}, {b}, {c}, {z}): scipy {results[-1][0]:.5g}, mpmath {results[-1][1]:.5g}")
(nan, _), (wrong, true) = results
if not math.isnan(nan) or not wrong > 1000 * true:
    sys.exit("changed")
END
