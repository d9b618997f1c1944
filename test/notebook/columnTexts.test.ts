import {deepStrictEqual} from 'node:assert/strict';
import {columnTexts} from '../../lib/notebook/columnTexts';

describe('The numbers of a table\'s column', () => {
  const cases: readonly (readonly [string, readonly unknown[], readonly string[]])[] = [
    ['share their decimals, three digits of the smallest', [0.014697, 0.010746, 0.2], ['0.0147', '0.0107', '0.2000']],
    ['have at most five digits where the smallest keeps two', [31.296, 0.032101], ['31.296', '0.032']],
    ['carry no decimals that are zero for all', [0, 0.5, 1, 1.5], ['0', '0.5', '1.0', '1.5']],
    ['stay whole where all are', [1, 20, -300], ['1', '20', '-300']],
    [
      'have digits of their own, small ones as powers, where they lie far apart', [0, 1e-12, 0.000054598, 4.0040002],
      ['0', '1e-12', '5.46e-5', '4.004'],
    ],
    ['show what rounding left as a power of ten', [0.3822, -5.5511e-17, 0], ['0.382', '-6e-17', '0']],
    ['are powers where all are tiny', [3.3307e-16, 4.4409e-16], ['3.33e-16', '4.44e-16']],
    ['stand beside words, gaps and what is no number', [1.5, 'none', null, '–', NaN], ['1.5', 'none', '', '–', 'NaN']],
  ];
  for (const [claim, values, texts] of cases) it(claim, () => deepStrictEqual(columnTexts(values), texts));
});
