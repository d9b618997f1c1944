/** Radiation of the sun outside the atmosphere at mean distance [W/m²]. */
const SOLAR_CONSTANT = 1366.1;

/**
 * Radiation on level ground without an atmosphere, 0 at night.
 * @param day days since the first of January, 0:00, local solar time
 * @param latitude degrees north
 * @returns W/m²
 * @reference Spencer 1971, Fourier series representation of the position of the sun. Search 2(5), 172
 */
export function potentialRadiation(day: number, latitude: number): number {
  const year = 2 * Math.PI * Math.floor(day) / 365, [c, s] = [Math.cos(year), Math.sin(year)];
  const [c2, s2] = [Math.cos(2 * year), Math.sin(2 * year)];
  const declination = 0.006918 - 0.399912 * c + 0.070257 * s - 0.006758 * c2 + 0.000907 * s2
    - 0.002697 * Math.cos(3 * year) + 0.00148 * Math.sin(3 * year);
  const distance = 1.00011 + 0.034221 * c + 0.00128 * s + 0.000719 * c2 + 0.000077 * s2;
  const hourAngle = 2 * Math.PI * (day - Math.floor(day) - 0.5), phi = latitude * Math.PI / 180;
  const height = Math.sin(phi) * Math.sin(declination) + Math.cos(phi) * Math.cos(declination) * Math.cos(hourAngle);
  return SOLAR_CONSTANT * distance * Math.max(0, height);
}
