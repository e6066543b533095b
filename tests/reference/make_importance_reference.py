"""Prints what scikit-learn's permutation importance is on the rows of WavyRows, which
src/learning/permutation_importance_test.cc states.

Needs scikit-learn and NumPy.
"""
import numpy as np
import sklearn
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.inspection import permutation_importance


class Formula(RegressorMixin, BaseEstimator):
    def fit(self, x, y):
        self.is_fitted_ = True
        return self

    def predict(self, x):
        return x[:, 0] * x[:, 1] + x[:, 1] ** 2


i = np.arange(200)
a, b = np.sin(0.7 * i), np.fmod(37.0 * i, 101) / 101
x = np.column_stack([a, b, np.cos(0.3 * i)])
y = a * b + b * b + 0.5 * np.cos(i)
importance = permutation_importance(Formula().fit(x, y), x, y, scoring="neg_mean_squared_error", n_repeats=2000, random_state=0)
print("scikit-learn", sklearn.__version__, [float(round(value, 6)) for value in importance.importances_mean])
