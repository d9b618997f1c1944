import {stretches, type Outcome, type Problem} from './problem';
import type {State} from './space';
import {rungeKuttaStep, type Segment} from './step';

/** Equal steps of at most `dt` on each stretch between knots and save times. */
export function fixedSteps<Y extends State>(problem: Problem<Y>, dt: number, saveTimes: readonly number[]): Outcome {
  const {term, space, t0, t1, maxSteps, checkFinite, recorder, counted, dense} = problem;
  let y = problem.y0, accepted = 0;
  const stopped = (status: Outcome['status'], t: number, h: number): Outcome =>
    ({status, where: {t, dt: h}, accepted, rejected: 0});
  for (const [start, end] of stretches(t0, t1, [...term.knots, ...saveTimes])) {
    const field = counted(term.on(start, end)), n = stepsOf(end - start, dt);
    let k0: Y | null = null;
    for (let i = 0; i < n; i++) {
      const from = at(start, end, i, n), to = at(start, end, i + 1, n);
      if (accepted === maxSteps) return stopped('max-steps', from, to - from);
      const segment: Segment<Y> = space.tidy(() => {
        const whole = rungeKuttaStep(problem, field, {t0: from, t1: to, y0: y}, {k0, full: dense});
        return dense ? whole : {...whole, ks: []};
      });
      if (checkFinite && !space.isFinite(segment.y1)) return stopped('non-finite', from, to - from);
      recorder.accept(segment);
      accepted++;
      [y, k0] = [segment.y1, segment.k1];
    }
  }
  return {status: 'ok', accepted, rejected: 0};
}

/** Rounding in a quotient such as 0.3 / 0.1 must not add a step. */
function stepsOf(length: number, dt: number): number {
  return Math.max(1, Math.ceil((Math.abs(length) / dt) * (1 - 1e-12)));
}

function at(start: number, end: number, i: number, n: number): number {
  return i === n ? end : start + ((end - start) * i) / n;
}
