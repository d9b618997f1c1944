/** The one function of jstat that is used; the package brings no types. */
declare module 'jstat' {
  export const jStat: {
    readonly studentt: {
      /** The value below which a Student variable with `dof` degrees of freedom lies with probability `p`. */
      inv(p: number, dof: number): number;
    };
  };
}
