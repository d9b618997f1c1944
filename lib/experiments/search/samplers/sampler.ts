import type {Space} from '../space';

/** Chooses a point for a trial by its number alone: it does not learn, and needs nobody's lock. */
export interface PointSampler {
  readonly name: string;
  /** In the unit cube, one coordinate a parameter. */
  point(number: number, dimensions: number): ArrayLike<number>;
}

/** A program of its own that reads the journal, starts trials in it and says which. */
export interface OutsideSampler {
  readonly name: string;
  /** Starts `count` trials of the study; answers their numbers. */
  start(study: {journal: string; name: string; space: Space; direction: 'minimize' | 'maximize'}, count: number):
    Promise<readonly number[]>;
}

/** What chooses the points of a study's trials. */
export type Sampler = PointSampler | OutsideSampler;
