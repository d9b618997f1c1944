import type {runs} from '../experiments';
import {cancerSweeps, trainableCancer, type CancerSweep} from '../studies/cancer';

/** Studies whose trainings can be asked for by specification. */
export const trainableStudies: readonly runs.TrainableStudy[] = Object.freeze([trainableCancer]);

/** Sweeps of all studies, by name. */
export const sweeps: Readonly<Record<string, CancerSweep>> = Object.freeze({...cancerSweeps});
