import assert from 'node:assert/strict';
import {expm as mathjsExpm, matrix as mathjsMatrix} from 'mathjs';
import {Matrix} from 'ml-matrix';
import {expm, normal, rng} from '../../lib/math';

const random = (seed: number, d: number, sd: number): Matrix =>
  new Matrix(Array.from({length: d}, (_, i) => Array.from(normal(rng(seed * 100 + i), d, {sd}))));
const distance = (a: Matrix, b: Matrix): number =>
  Matrix.sub(a, b).norm('frobenius') / Math.max(1, b.norm('frobenius'));

describe('matrix exponential', () => {
  it('of a diagonal matrix is the exponential of its entries', () => {
    assert.ok(distance(expm(Matrix.diag([0, 1, -2, 5])), Matrix.diag([1, Math.E, Math.exp(-2), Math.exp(5)])) < 1e-14);
    assert.deepEqual(expm([[0, 0], [0, 0]]).to2DArray(), [[1, 0], [0, 1]]);
  });

  it('of a nilpotent matrix is its finite series, however large', () => {
    assert.ok(distance(
      expm([[0, 1e4, 0], [0, 0, 1e4], [0, 0, 0]]), new Matrix([[1, 1e4, 5e7], [0, 1, 1e4], [0, 0, 1]]),
    ) < 1e-15);
  });

  it('of a generator of rotations is the rotation, also after many turns', () => {
    for (const angle of [0.01, 1, 30, 1000]) {
      const rotation = new Matrix([[Math.cos(angle), -Math.sin(angle)], [Math.sin(angle), Math.cos(angle)]]);
      assert.ok(distance(expm([[0, -angle], [angle, 0]]), rotation) < 1e-15 * Math.max(10, 20 * angle));
    }
  });

  it('of a non-normal matrix with known exponential (Moler and Van Loan)', () => {
    const exact = new Matrix([[-0.735759, 0.551819], [-1.471518, 1.103638]]);
    assert.ok(distance(expm([[-49, 24], [-64, 31]]), exact) < 1e-6);
  });

  it('agrees with an independent implementation on random matrices from tiny to large', () => {
    for (const sd of [1e-8, 0.1, 1, 5]) {
      const a = random(1, 5, sd), other = mathjsExpm(mathjsMatrix(a.to2DArray())) as unknown as {toArray(): number[][]};
      assert.ok(distance(expm(a), new Matrix(other.toArray())) < 1e-12, `sd ${sd}`);
    }
  });

  it('satisfies exp(A) exp(-A) = 1 and exp(2 A) = exp(A)^2', () => {
    const a = random(2, 6, 0.8);
    assert.ok(distance(expm(a).mmul(expm(Matrix.mul(a, -1))), Matrix.eye(6)) < 1e-12);
    assert.ok(distance(expm(Matrix.mul(a, 2)), expm(a).mmul(expm(a))) < 1e-12);
  });

  it('has the determinant exp(trace)', () => {
    const a = random(3, 4, 0.5), [d, e] = [a.trace(), expm(a)];
    const minor = (m: number[][]): number => (m.length === 1 ? m[0][0] : m[0].reduce(
      (sum, x, j) => sum + (-1) ** j * x * minor(m.slice(1).map(row => row.filter((_, k) => k !== j))), 0,
    ));
    assert.ok(Math.abs(minor(e.to2DArray()) / Math.exp(d) - 1) < 1e-12);
  });

  it('leaves its argument alone', () => {
    const a = random(4, 3, 2), before = a.to2DArray();
    expm(a);
    assert.deepEqual(a.to2DArray(), before);
  });

  it('names a matrix that is not square or not finite', () => {
    assert.throws(() => expm([[1, 2]]), {
      name: 'ArgumentError', message: 'expm: argument `a` must be a square matrix; received [1, 2].',
    });
    assert.throws(() => expm([[NaN]]), {
      name: 'ArgumentError', message: 'expm: argument `a` must be finite; received [NaN].',
    });
  });
});
