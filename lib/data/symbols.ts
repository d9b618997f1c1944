/** What a name of the code is called in the paper. */
export interface PaperSymbol {
  /** An export of `lib/index` or of the study, and what of it: `'Trajectories.outcomes'`, `'causal.identify'`. */
  readonly code: string;
  /** The paper's symbol: LaTeX without dollar signs. */
  readonly symbol: string;
  /** In words. */
  readonly meaning: string;
  /** Shape of an array; default: no array. */
  readonly shape?: string;
  /** Unit; default: none, or the unit of the channel. */
  readonly unit?: string;
  /** Where the paper defines it. */
  readonly paper: string;
}

/** The paper's symbols that stand for the same thing in every study; a study has a table of its own. */
export const paperSymbols: readonly PaperSymbol[] = [
  {code: 'Trajectories.outcomes', symbol: '\\boldsymbol Y_t, \\boldsymbol y_t', meaning: 'what is measured',
    shape: '[N, T, dy]', paper: 'section 2'},
  {code: 'Trajectories.treatments', symbol: '\\boldsymbol A_t, \\boldsymbol a_t',
    meaning: 'what is given; entry $k$ acts on $(t_k, t_{k+1}]$', shape: '[N, T, da]', paper: 'section 2'},
  {code: 'Trajectories.observed', symbol: '\\mathcal I_{tij}', meaning: '1 where measured, else 0',
    shape: '[N, T, dy]', paper: 'A.2'},
  {code: 'Protocol.decisions', symbol: 't_c', meaning: 'decision time, the last that is seen', unit: 'index or time',
    paper: 'section 2'},
  {code: 'Protocol.horizon', symbol: 's', meaning: 'how far ahead', unit: 'steps', paper: 'section 2'},
  {code: 'History', symbol: '\\boldsymbol o_{[0,t_c)}, \\boldsymbol y_{t_c}',
    meaning: 'outcomes up to $t_c$, treatments strictly before', paper: 'section 4.1'},
  {code: 'Plan.treatments', symbol: '\\boldsymbol a_{[t_c,t_c+s)}', meaning: 'the treatments to forecast under',
    shape: '[N, s, da]', paper: 'section 2'},
  {code: 'Forecast.mean', symbol: '\\mathbb E\\,\\boldsymbol Y_t(\\boldsymbol a_{[t_c,t_c+s)})',
    meaning: 'mean potential outcome, given the history', shape: '[N, s, dy]', paper: 'section 2, equation (4)'},
  {code: 'systems.ControlSystem.dynamics', symbol: '\\boldsymbol f', meaning: 'how the state moves',
    paper: 'equation (1a)'},
  {code: 'systems.ControlSystem.outputs', symbol: '\\boldsymbol h', meaning: 'what of the state is seen',
    paper: 'equation (1b)'},
  {code: 'causal.deriveConditionalFrontDoor', symbol: 'P(Y(a))', meaning: 'conditional front-door formula, derived',
    paper: 'equation (2), Theorem 3.2'},
  {code: 'causal.deriveAdjustmentFormula',
    symbol: 'P_{\\boldsymbol Y_{t+s}(\\boldsymbol a) | \\boldsymbol Y_t, \\boldsymbol O}',
    meaning: 'adjustment formula, derived', paper: 'equations (4), (6), (7)'},
  {code: 'observableField', symbol: '\\dot{\\boldsymbol Z}_t', meaning: 'the observable normal form as networks',
    shape: '[batch, m dy]', paper: 'equation (5)'},
  {code: 'ObsNodeOptions.blocks', symbol: 'm', meaning: 'blocks of the latent state, each of size $d_y$',
    paper: 'equation (5)'},
  {code: 'FieldParams', symbol: '\\boldsymbol\\phi^{(i)}_{\\theta_i}', meaning: 'the networks of the normal form',
    paper: 'equation (5)'},
  {code: 'Recognised.z', symbol: '\\boldsymbol Z_t, \\boldsymbol Z^{(i)}',
    meaning: 'latent state at $t_c$, in $m$ blocks',
    shape: '[batch, m dy]', paper: 'equation (5)'},
  {code: 'recognise', symbol: 'p(\\boldsymbol z_t | \\boldsymbol y_t, \\boldsymbol o_{[0,t)})',
    meaning: 'filtering density, by a point', paper: 'section 4.3'},
  {code: 'RecognitionParams.imputation', symbol: 'b_j', meaning: 'learned stand-in for a missing outcome',
    shape: '[dy]', paper: 'A.2'},
  {code: 'Network.loss', symbol: '\\mathcal L_{(t_c,t_f]}', meaning: 'loss of a batch', paper: 'section 4.3'},
];
