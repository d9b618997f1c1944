/** The functions of jstat that are used; the package brings no types. */
declare module 'jstat' {
  export const jStat: {
    readonly studentt: {
      /** The value below which a Student variable with `dof` degrees of freedom lies with probability `p`. */
      inv(p: number, dof: number): number;
    };
    /** Spearman's rank correlation of two lists of one length. */
    spearmancoeff(x: number[], y: number[]): number;
  };
}
