"""Writes data/fixtures/bSplines.json, spline values of SciPy to compare with ours: python3 test/math/bSplines.py"""
import json
import pathlib

import numpy
import scipy
from scipy.interpolate import BSpline

random = numpy.random.default_rng(1)
cases = []
for degree in range(6):
    for count in (degree + 1, degree + 4):
        inner = numpy.linspace(-1.5, 4.0, count - degree + 1)
        clamped = numpy.concatenate([[inner[0]] * degree, inner, [inner[-1]] * degree])
        uneven = numpy.sort(random.uniform(-2, 5, count + degree + 1))
        repeated = numpy.sort(numpy.round(random.uniform(0, 6, count + degree + 1)))
        for knots in (clamped, uneven, repeated):
            low, high = knots[degree], knots[count]
            # A knot as often as the degree plus one cuts the curve, where left and right differ; and where the upper
            # end is repeated inside, SciPy evaluates an empty interval.
            most = max(numpy.unique(knots[1:-1], return_counts=True)[1], default=0)
            if knots[count - 1] >= high or low >= high or most > max(degree, 1):
                continue
            coefficients = random.normal(size=count)
            x = numpy.concatenate([[low, high], random.uniform(low, high, 20), knots[degree:count + 1]])
            y = BSpline(knots, coefficients, degree, extrapolate=False)(x)
            case = {'degree': degree, 'knots': knots, 'coefficients': coefficients, 'x': x, 'y': y}
            cases.append({key: value.tolist() if hasattr(value, 'tolist') else value for key, value in case.items()})

path = pathlib.Path(__file__).parents[2] / 'data' / 'fixtures' / 'bSplines.json'
path.write_text(json.dumps({'scipy': scipy.__version__, 'cases': cases}) + '\n')
print(len(cases), 'cases')
