import type {PropofolMethod} from './method';
import {fold} from '../../../math';

/** The mean of what several methods predict, on the scale of logarithms; they learn one by one. */
export function combinedMethod(name: string, methods: readonly PropofolMethod[]): PropofolMethod {
  return Object.freeze<PropofolMethod>({
    name,
    fit(training, rng) {
      const fitted = methods.map((method, k) => method.fit(training, fold(rng, k)));
      return {
        predict: subject => {
          const told = fitted.map(({predict}) => predict(subject));
          return told[0].map((_, k) => told.reduce((sum, values) => sum + values[k], 0) / told.length);
        },
        note: fitted.flatMap(({note}) => note ?? []).join('; '),
      };
    },
  });
}
