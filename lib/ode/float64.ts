import type {VectorSpace} from './space';

/** The vector space of `Float64Array` states `[d]`. */
export const float64Space: VectorSpace<Float64Array> = Object.freeze({
  combine(y, coefficients, terms) {
    const out = y ? y.slice() : new Float64Array(terms[0].length);
    for (let j = 0; j < terms.length; j++) {
      const c = coefficients[j], term = terms[j];
      if (c !== 0) for (let i = 0; i < out.length; i++) out[i] += c * term[i];
    }
    return out;
  },
  contract(matrix, vector) {
    const m = vector.length, out = new Float64Array(matrix.length / m);
    for (let i = 0; i < out.length; i++) for (let j = 0; j < m; j++) out[i] += matrix[i * m + j] * vector[j];
    return out;
  },
  scaledNorm(y, a, b, {rtol, atol}) {
    let sum = 0;
    for (let i = 0; i < y.length; i++) sum += (y[i] / (atol + rtol * Math.max(Math.abs(a[i]), Math.abs(b[i])))) ** 2;
    return Math.sqrt(sum / y.length);
  },
  isFinite: y => y.every(Number.isFinite),
  prepend: (value, y) => Float64Array.of(value, ...y),
  copy: y => y.slice(),
  tidy: work => work(),
} satisfies VectorSpace<Float64Array>);
