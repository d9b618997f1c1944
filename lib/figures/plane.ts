import type {FigureText} from './figure';
import type {PanelOptions} from './panels';
import type {ReferenceRule} from './rules';

/** Options of every figure that draws series over two numeric axes. */
export interface PlaneOptions extends FigureText, PanelOptions {
  /** Axis titles with units. */
  readonly x: string;
  readonly y: string;
  /** Default `'linear'`; `'log'` wants positive values. */
  readonly xScale?: 'linear' | 'log';
  readonly yScale?: 'linear' | 'log';
  /** Lines at given values. */
  readonly rules?: readonly ReferenceRule[];
  /** Colours by name, over the house palette. */
  readonly colors?: Readonly<Record<string, string>>;
}
