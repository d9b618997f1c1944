import {ink} from '../theme';
import {isPart, walk, type Part} from './parts';

/** Greys of names, from dark to as light as still stands out on white [CIE L*]. */
const DARK = 8, LIGHT = 76;

/** Ends of ramps that were viridis [CIE L*]: numbers printed in cells turn from white to black where they did. */
const RAMP = [14, 91] as const;

const HEX = /^#[0-9a-f]{6}$/i;

/**
 * Makes `spec`, in place, one for print in grey: the colours of names become as many greys, as far apart as they can
 * be; ramps go from dark to light; every other colour keeps its lightness. Dashes and marks tell lines apart.
 */
export function toGrey(spec: Part): void {
  const named = coloursOfNames(spec), shades = greys(named.length);
  const shade = (colour: string): string => {
    const k = named.indexOf(colour.toLowerCase());
    return k < 0 ? grey(lightness(colour)) : shades[k];
  };
  walk(spec, (part, key) => {
    if (key === 'scale' && typeof part.scheme === 'string') {
      delete part.scheme;
      Object.assign(part, {range: RAMP.map(grey), interpolate: 'lab'});
    } else for (const [name, value] of Object.entries(part)) part[name] = recoloured(value, shade);
  });
}

function recoloured(value: unknown, shade: (colour: string) => string): unknown {
  if (typeof value === 'string') return HEX.test(value) ? shade(value) : value;
  return Array.isArray(value) ? value.map(item => recoloured(item, shade)) : value;
}

/** Colours that scales give to names, in their order; ink is none of them. */
function coloursOfNames(spec: Part): string[] {
  const found = new Set<string>(), inks: readonly string[] = Object.values(ink);
  walk({...spec, config: undefined}, (part, key) => {
    if (key !== 'scale' || !Array.isArray(part.range) || !isPart(part)) return;
    for (const value of part.range) {
      if (typeof value === 'string' && HEX.test(value) && !inks.includes(value)) found.add(value.toLowerCase());
    }
  });
  return [...found];
}

/** Neighbours are far apart: one of the dark half, one of the light half, and so on. */
function greys(count: number): string[] {
  const steps = Array.from({length: count}, (_, k) => DARK + ((LIGHT - DARK) * k) / Math.max(1, count - 1));
  const half = Math.ceil(count / 2);
  return steps.map((_, k) => grey(steps[k % 2 === 0 ? k / 2 : half + (k - 1) / 2]));
}

/** CIE L* of a colour `#rrggbb`, 0 to 100. */
export function lightness(colour: string): number {
  const linear = [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16) / 255).map(part =>
    (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  const y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

/** The grey of that lightness. */
function grey(light: number): string {
  const y = light > 8 ? ((light + 16) / 116) ** 3 : light / 903.3;
  const part = y <= 0.0031308 ? 12.92 * y : 1.055 * y ** (1 / 2.4) - 0.055;
  return `#${Math.round(255 * part).toString(16).padStart(2, '0').repeat(3)}`;
}
