/**
 * Constants of N patients, one array a symbol, each `[N]`. Rates are per cycle, the simulator's unit of time.
 * @paper A.3.1, Table 4
 */
export interface CancerParameters {
  /** 1, 2 or 3 in the released variant, 0 in the printed one, which has no types. */
  readonly patientType: Int32Array;
  /** V(0) [cm³] */
  readonly initialVolume: Float64Array;
  /** W(0) [kg], also the weight's saturation level G. */
  readonly initialWeight: Float64Array;
  /** rho, growth of the tumour [1/cycle]. */
  readonly rho: Float64Array;
  /** K, carrying capacity [cm³]. */
  readonly capacity: Float64Array;
  /** alpha_r, linear kill by radiation [1/Gy]. */
  readonly alphaR: Float64Array;
  /** beta_r, quadratic kill by radiation [1/Gy²]. */
  readonly betaR: Float64Array;
  /** beta_c, kill by chemotherapy [m³/mg]. */
  readonly betaC: Float64Array;
  /** k_g, growth of the weight. */
  readonly weightGrowth: Float64Array;
  /** beta_wc, weight loss by chemotherapy. */
  readonly weightChemo: Float64Array;
  /** alpha_wr, weight loss by radiation. */
  readonly weightRadio: Float64Array;
  /** lambda, weight loss by the tumour. */
  readonly weightTumour: Float64Array;
  /** alpha_c^dose [1/cm], used by the printed variant's policy only; else 0. */
  readonly slopeChemo: Float64Array;
  /** alpha_r^dose [1/cm], used by the printed variant's policy only; else 0. */
  readonly slopeRadio: Float64Array;
}
