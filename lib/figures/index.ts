/**
 * Figures and tables as functions of data.
 * @module
 */
export {comparisonRows} from './comparisonRows';
export {barsFigure, type Bar, type BarsOptions} from './bars';
export {dagFigure, type DagNode, type DagOptions} from './dag';
export type {DagEdge} from './dagRoutes';
export {figure, type Figure, type FigureBody, type FigureRow, type FigureText} from './figure';
export {flowFigure, type FlowOptions, type FlowStep} from './flow';
export {forecastPanels, type Answer, type ForecastPanelsOptions} from './forecastPanels';
export {heatmapFigure, type HeatmapOptions, type HeatmapPanel} from './heatmap';
export {histogramFigure, type HistogramOptions, type Sample} from './histogram';
export {parallelFigure, type ParallelLine, type ParallelOptions} from './parallel';
export {linesFigure, type LineSeries, type LinesOptions} from './lines';
export type {PlaneOptions} from './plane';
export {mimeSymbol, type MimeBundle, type RichDisplay} from './mime';
export {type FigureSpec} from './render';
export {type PanelOptions} from './panels';
export {type ReferenceRule} from './rules';
export {type Provenance} from './save';
export {scatterFigure, type ScatterOptions, type ScatterSeries} from './scatter';
export {resultTable, type Measured, type ResultRow, type ResultTable, type ResultTableOptions} from './table';
export {
  trajectoriesFigure, type DoseBar, type ForecastLine, type PatientPanel, type TrajectoriesOptions,
} from './trajectories';
export {dashes, houseTheme, palette, shapes} from './theme';
export {subscripted} from './text';
