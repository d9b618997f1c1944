/** Volume [cm³] of a sphere of this diameter [cm]. */
export const sphereVolume = (diameter: number): number => (4 / 3) * Math.PI * (diameter / 2) ** 3;

/** Diameter [cm] of a sphere of this volume [cm³]. */
export const sphereDiameter = (volume: number): number => 2 * Math.cbrt(volume / ((4 / 3) * Math.PI));

/** Largest diameter D_max [cm]: a tumour of this size ends the series in the released simulator. @paper A.3.1 */
export const LARGEST_DIAMETER = 13;
