"""Best value so far of Optuna's TPE on three closed-form functions: `python test/laws/tpeCurves.py` writes
data/searches/tpe.json, which notebook 12 draws beside random and Sobol points. Needs `pip install optuna`."""
import json
import math
import platform
from pathlib import Path

import optuna

TRIALS, SEEDS = 50, range(20)
A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
P = [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
     [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]]
WEIGHTS = [1, 1.2, 3, 3.2]


def branin(x):
    a, b = x[0] * 15 - 5, x[1] * 15
    return ((b - 5.1 / (4 * math.pi ** 2) * a * a + 5 / math.pi * a - 6) ** 2
            + 10 * (1 - 1 / (8 * math.pi)) * math.cos(a) + 10 - 0.39788735772973816)


def hartmann(x):
    return 3.3223680114155151 - sum(w * math.exp(-sum(a * (u - p / 1e4) ** 2 for a, u, p in zip(row, x, at)))
                                    for w, row, at in zip(WEIGHTS, A, P))


def rosenbrock(x):
    y = [4 * u - 2 for u in x]
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(y, y[1:]))


FUNCTIONS = {"Branin": (branin, 2), "Hartmann": (hartmann, 6), "Rosenbrock": (rosenbrock, 4)}


def curve(function, dimensions, seed):
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(lambda t: function([t.suggest_float(f"x{k}", 0, 1) for k in range(dimensions)]), n_trials=TRIALS)
    best = math.inf
    return [best := min(best, t.value) for t in study.trials]


def main():
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    made = {"by": "python test/laws/tpeCurves.py", "optuna": optuna.__version__, "python": platform.python_version(),
            "sampler": "TPESampler with its defaults, seeds 0 to 19", "trials": TRIALS}
    found = [{"function": name, "probe": function([0.3] * d),
              "curves": [[float(f"{v:.5g}") for v in curve(function, d, seed)] for seed in SEEDS]}
             for name, (function, d) in FUNCTIONS.items()]
    lines = ",\n".join("    " + json.dumps(one) for one in found)
    path = Path(__file__).parents[2] / "data" / "searches" / "tpe.json"
    path.write_text(f'{{\n  "made": {json.dumps(made)},\n  "functions": [\n{lines}\n  ]\n}}\n')


main()
