"""Gradient boosting: whether more can be foretold than single facts tell, and which facts it rests on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

SETTINGS: dict[str, Any] = {
    "max_iter": 60, "learning_rate": 0.05, "max_leaf_nodes": 6, "min_samples_leaf": 100, "l2_regularization": 1.0,
    "early_stopping": False, "random_state": 0,
}  # fmt: skip
REPEATS = 5


def boosted(rows: pd.DataFrame, left: Any, later: pd.DataFrame, left_later: Any) -> tuple[Any, pd.DataFrame]:
    """The risks that trees give to later rows, and how much the ranking loses without each fact.

    The importance of a fact is by how much the area under the curve falls when its values are dealt out anew among
    the later rows; ``low`` and ``high`` are the smallest and largest fall of five deals. Source: Breiman 2001, Machine
    Learning 45:5-32.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier  # heavy, and only this needs it
    from sklearn.inspection import permutation_importance
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        model = HistGradientBoostingClassifier(**SETTINGS).fit(rows, left)
        risk = model.predict_proba(later)[:, 1]
        dealt = permutation_importance(
            model, later, left_later, scoring="roc_auc", n_repeats=REPEATS, random_state=0
        ).importances
    falls = np.asarray(dealt, float)
    ends = {"low": falls.min(axis=1), "high": falls.max(axis=1)}
    importance = {"fact": list(rows.columns), "value": falls.mean(axis=1), **ends}
    return risk, pd.DataFrame(importance).sort_values(["value", "fact"], ascending=[False, True], ignore_index=True)
