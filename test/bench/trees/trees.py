"""One run of scikit-learn on the data of index.ts.

usage: trees.py FILE ROWS COLUMNS WHAT; FILE holds features row by row, then targets, in float64. Prints seconds of the processor and mean squared error.
"""
import sys
import time

import numpy as np
from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.tree import DecisionTreeRegressor

path, rows, columns, what = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
values = np.fromfile(path)
x, y = values[: rows * columns].reshape(rows, columns), values[rows * columns :]
model = {
    "tree": lambda: DecisionTreeRegressor(random_state=0),
    "forest": lambda: RandomForestRegressor(50, max_features=-(-columns // 3), min_samples_leaf=5, random_state=0, n_jobs=1),
    "boosting": lambda: GradientBoostingRegressor(n_estimators=200, max_depth=5, random_state=0),
    "histogram boosting": lambda: HistGradientBoostingRegressor(max_iter=200, max_depth=5, early_stopping=False, random_state=0),
}[what]()
begin = time.process_time()
model.fit(x, y)
seconds = time.process_time() - begin
print(seconds, np.mean((model.predict(x) - y) ** 2))
