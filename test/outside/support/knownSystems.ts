import type {ObservabilityVerdict} from '../../../lib/observability';
import type {ControlSystem} from '../../../lib/systems';

/** A system of the literature with its known verdicts. */
export interface KnownSystem {
  readonly system: ControlSystem;
  readonly verdict: ObservabilityVerdict;
  /** Rank at almost every state. */
  readonly rank: number;
  readonly source: string;
}

const unit = (n: number, low = 0.5, high = 2): [number, number][] => Array.from({length: n}, () => [low, high]);
/** A system whose states, named in one string, range over [0.5, 2] unless said otherwise. */
const make = (
  name: string, states: string, more: Pick<ControlSystem, 'dynamics' | 'outputs'> & Partial<ControlSystem>,
): ControlSystem => {
  const names = states.split(' ');
  return {name, states: names, inputs: [], region: unit(names.length), ...more};
};
const still = (n: number): string[] => Array.from({length: n}, () => '0');

const dense = (n: number): string[] => Array.from({length: n}, (_, i) =>
  Array.from({length: n}, (_unused, j) => `${((5 * i * i + 3 * j + i * j * j) % 13) - 6} * x${j + 1}`).join(' + '));
const xs = (n: number): string => Array.from({length: n}, (_, i) => `x${i + 1}`).join(' ');
const lorenz = ['10 * (y - x)', 'x * (28 - z) - y', 'x * y - 8 / 3 * z'];
const lorenzRegion: [number, number][] = [[-15, 15], [-20, 20], [5, 40]];
const roessler = ['-y - z', 'x + 0.2 * y', '0.2 + z * (x - 5.7)'];
const window = (k: number): ControlSystem => make('a dose just inside the range hides x2', 'x1 x2', {
  dynamics: [`x2 * (1 - 2 / (1 + exp(-${k} * (a - 0.99))))`, '-x2'], outputs: ['x1'], inputs: ['a'],
});

/** Verdicts are those of the sources, or follow in a line from the Kalman criterion or a symmetry, named here. */
export const knownSystems: readonly KnownSystem[] = [
  {
    system: make('double integrator, position', 'x1 x2', {dynamics: ['x2', 'a'], outputs: ['x1'], inputs: ['a']}),
    verdict: 'uniform', rank: 2, source: 'Kalman',
  },
  {
    system: make('double integrator, speed', 'x1 x2', {dynamics: ['x2', 'a'], outputs: ['x2'], inputs: ['a']}),
    verdict: 'unobservable', rank: 1, source: 'Kalman',
  },
  {
    system: make('two outputs of full Kalman rank', 'x1 x2 x3', {
      dynamics: ['x2', '-x1 + x3', '-x3 + a'], outputs: ['x1', 'x3'], inputs: ['a'],
    }),
    verdict: 'uniform', rank: 3, source: 'Kalman',
  },
  {
    system: make('a duplicated output', 'x1 x2', {dynamics: ['x2', '-x1 + a'], outputs: ['x1', 'x1'], inputs: ['a']}),
    verdict: 'uniform', rank: 2, source: 'Kalman',
  },
  {
    system: make('outputs that are multiples', 'x1 x2 x3', {dynamics: ['x2', 'x3', '-x1'], outputs: ['x1', '2 * x1']}),
    verdict: 'uniform', rank: 3, source: 'Kalman',
  },
  {
    system: make('sum of two equal tanks', 'x1 x2', {dynamics: ['-x1', '-x2'], outputs: ['x1 + x2']}),
    verdict: 'unobservable', rank: 1, source: 'Kalman',
  },
  {
    system: make('dense linear, n = 6', xs(6), {dynamics: dense(6), outputs: ['x1']}),
    verdict: 'uniform', rank: 6, source: 'Kalman',
  },
  {
    system: make('dense linear, n = 7', xs(7), {dynamics: dense(7), outputs: ['x1']}),
    verdict: 'uniform', rank: 7, source: 'Kalman',
  },
  {
    system: make('dense linear, n = 10', xs(10), {dynamics: dense(10), outputs: ['x1']}),
    verdict: 'uniform', rank: 10, source: 'Kalman',
  },
  {
    system: make('a coupling of 1e-15', 'x y', {dynamics: ['1e-15 * y', '-x'], outputs: ['x']}),
    verdict: 'uniform', rank: 2, source: 'Kalman',
  },
  {
    system: make('a coupling of 1e-30', 'x y', {dynamics: ['1e-30 * y', '-x'], outputs: ['x']}),
    verdict: 'uniform', rank: 2, source: 'Kalman',
  },
  {
    system: make('Planck and Boltzmann', 'x y', {
      dynamics: ['h * y', '-k * x'], outputs: ['x'], constants: {h: 6.62607015e-34, k: 1.380649e-23},
    }),
    verdict: 'uniform', rank: 2, source: 'Kalman',
  },
  {
    system: make('an input that never closes the window', 'x1 x2', {
      dynamics: ['(1 + u^2) * x2', '-x2'], outputs: ['x1'], inputs: ['u'], region: [[-2, 2], [-2, 2]],
    }),
    verdict: 'uniform', rank: 2, source: 'triangular',
  },
  {
    system: make('an input that closes the window', 'x1 x2', {
      dynamics: ['u * x2', '-x2'], outputs: ['x1'], inputs: ['u'],
    }),
    verdict: 'depends on the input', rank: 2, source: 'Gauthier & Kupka 2001',
  },
  {
    system: make('an irrational dose closes the window', 'x1 x2', {
      dynamics: ['(u^2 - 2) * x2', '-x2'], outputs: ['x1'], inputs: ['u'], inputRange: [[0, 2]],
    }),
    verdict: 'depends on the input', rank: 2, source: 'u = sqrt(2)',
  },
  {system: window(1000), verdict: 'depends on the input', rank: 2, source: 'a = 0.99'},
  {system: window(3000), verdict: 'depends on the input', rank: 2, source: 'a = 0.99'},
  {
    system: make('pendulum, angle', 'q p', {
      dynamics: ['p', '-9.81 * sin(q) - 0.1 * p + u'], outputs: ['q'], inputs: ['u'], region: [[-3, 3], [-3, 3]],
    }),
    verdict: 'uniform', rank: 2, source: 'Khalil 2002',
  },
  {
    system: make('van der Pol, position', 'x y', {
      dynamics: ['y', '(1 - x^2) * y - x + u'], outputs: ['x'], inputs: ['u'], region: [[-3, 3], [-3, 3]],
    }),
    verdict: 'uniform', rank: 2, source: 'Khalil 2002',
  },
  {
    system: make('Duffing, position', 'x y', {
      dynamics: ['y', 'x - x^3 - 0.2 * y + u'], outputs: ['x'], inputs: ['u'], region: [[-2, 2], [-2, 2]],
    }),
    verdict: 'uniform', rank: 2, source: 'Khalil 2002',
  },
  {
    system: make('Lorenz, x', 'x y z', {dynamics: lorenz, outputs: ['x'], region: lorenzRegion}),
    verdict: 'generic', rank: 3, source: 'Letellier & Aguirre 2002: singular on x = 0',
  },
  {
    system: make('Lorenz, z', 'x y z', {dynamics: lorenz, outputs: ['z'], region: lorenzRegion}),
    verdict: 'generic', rank: 3, source: 'symmetry (-x, -y, z)',
  },
  {
    system: make('Roessler, y', 'x y z', {dynamics: roessler, outputs: ['y'], region: [[-8, 8], [-8, 8], [0.1, 15]]}),
    verdict: 'uniform', rank: 3, source: 'Letellier & Aguirre 2002: a global diffeomorphism',
  },
  {
    system: make('Roessler, z', 'x y z', {dynamics: roessler, outputs: ['z'], region: [[-8, 8], [-8, 8], [0.1, 15]]}),
    verdict: 'uniform', rank: 3, source: 'singular on z = 0 only, outside the region',
  },
  {
    system: make('Lotka-Volterra, prey', 'p q', {dynamics: ['p * (1 - q)', 'q * (p - 1)'], outputs: ['p']}),
    verdict: 'uniform', rank: 2, source: 'triangular on p > 0',
  },
  {
    system: make('SIR, infected', 's i r', {
      dynamics: ['-0.3 * s * i', '0.3 * s * i - 0.1 * i', '0.1 * i'], outputs: ['i'], region: unit(3, 0.1, 1),
    }),
    verdict: 'unobservable', rank: 2, source: 'r feeds nothing',
  },
  {
    system: make('SIR without r, infected', 's i', {
      dynamics: ['-0.3 * s * i', '0.3 * s * i - 0.1 * i'], outputs: ['i'], region: unit(2, 0.1, 1),
    }),
    verdict: 'uniform', rank: 2, source: 'triangular on i > 0',
  },
  {
    system: make('SIR, unknown rates, scaled infected', 's i b g k', {
      dynamics: ['-b * s * i', 'b * s * i - g * i', ...still(3)], outputs: ['k * i'],
    }),
    verdict: 'unobservable', rank: 4, source: 'Villaverde et al. 2016: scaling of s, i and k',
  },
  {
    system: make('SEIR, unknown rates', 's e i b g m', {
      dynamics: ['-b * s * i', 'b * s * i - g * e', 'g * e - m * i', ...still(3)], outputs: ['i'],
    }),
    verdict: 'generic', rank: 6, source: 'all rates identifiable when i is seen unscaled',
  },
  {
    system: make('SEIR, unknown rates, infected and exposed', 's e i b g m', {
      dynamics: ['-b * s * i', 'b * s * i - g * e', 'g * e - m * i', ...still(3)], outputs: ['i', 'e'],
    }),
    verdict: 'generic', rank: 6, source: 'identifiable with e seen',
  },
  {
    system: make('HIV, unknown rates', 'T I V lam rho N del bet c', {
      dynamics: ['lam - rho * T - bet * T * V', 'bet * T * V - del * I', 'N * del * I - c * V', ...still(6)],
      outputs: ['V'],
    }),
    verdict: 'unobservable', rank: 8, source: 'one scaling of T, I, lam and N',
  },
  {
    system: make('HIV, unknown rates, T and V seen', 'T I V lam rho N del bet c', {
      dynamics: ['lam - rho * T - bet * T * V', 'bet * T * V - del * I', 'N * del * I - c * V', ...still(6)],
      outputs: ['V', 'T + I'],
    }),
    verdict: 'generic', rank: 9, source: 'Xia & Moog 2003',
  },
  {
    system: make('Goodwin, unknown rates', 'x1 x2 x3 b1 b2 b3 a1 a2 a3', {
      dynamics: ['a1 / (1 + x3^4) - b1 * x1', 'a2 * x1 - b2 * x2', 'a3 * x2 - b3 * x3', ...still(6)], outputs: ['x3'],
    }),
    verdict: 'unobservable', rank: 7, source: 'scalings of x1 and of x2',
  },
  {
    system: make('Goodwin, unknown rates and power', 'x1 x2 x3 b1 b2 b3 s', {
      dynamics: ['1 / (1 + x3^s) - b1 * x1', 'x1 - b2 * x2', 'x2 - b3 * x3', ...still(4)], outputs: ['x3'],
    }),
    verdict: 'generic', rank: 7, source: 'Goodwin 1965; no scaling left',
  },
  {
    system: make('two compartments, unknown k10, k12, k21, V', 'q1 q2 k10 k12 k21 V', {
      dynamics: ['-(k10 + k12) * q1 + k21 * q2 + u', 'k12 * q1 - k21 * q2', ...still(4)], outputs: ['q1 / V'],
      inputs: ['u'], inputRange: [[0, 2]],
    }),
    verdict: 'depends on the input', rank: 6, source: 'Bellman & Astrom 1970; without a dose q and V scale',
  },
  {
    system: make('six states, four parameters', 'x1 x2 x3 x4 x5 x6 p1 p2 p3 p4', {dynamics: [
      'x2 + p1 * x1', 'x3 - p2 * x1 * x2', 'x4 + p3 * x2', 'x5 - x1^2', 'x6 + p4 * x3', '-x1 * x6', ...still(4),
    ], outputs: ['x1']}),
    verdict: 'generic', rank: 10, source: 'full rank by an independent computation',
  },
  {
    system: make('unicycle, position', 'x y t', {
      dynamics: ['v * cos(t)', 'v * sin(t)', 'w'], outputs: ['x', 'y'], inputs: ['v', 'w'],
      region: [[-1, 1], [-1, 1], [-1, 1]],
    }),
    verdict: 'depends on the input', rank: 3, source: 'Hermann & Krener 1977: at rest the heading is hidden',
  },
  {
    system: make('bearing-like: distance from the origin', 'x y', {
      dynamics: ['v', 'w'], outputs: ['x^2 + y^2'], inputs: ['v', 'w'], region: [[0.5, 2], [0.5, 2]],
    }),
    verdict: 'depends on the input', rank: 2, source: 'rotation while at rest',
  },
  {
    system: make('Michaelis-Menten, unknown rates', 's v k', {
      dynamics: ['-v * s / (k + s)', '0', '0'], outputs: ['s'],
    }),
    verdict: 'generic', rank: 3, source: 'identifiable from one curve',
  },
  {
    system: make('bilinear motor', 'i w', {dynamics: ['-i - w * u', 'i * u - w'], outputs: ['i'], inputs: ['u']}),
    verdict: 'depends on the input', rank: 2, source: 'u = 0 hides w',
  },
];
