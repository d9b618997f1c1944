/** How a table writes the fraction of a number. */
export type DecimalMark = '.' | ',';

/** A number, or why a text is none and what to do. */
export type CellNumber = {readonly value: number} | {readonly remedy: string};

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;

/** What stands in tables where a number should, and what to do about it. The first that fits is said. */
const REMEDIES: readonly (readonly [RegExp, (text: string) => string])[] = [
  [/^[<>≤≥~]/, () => 'A limit of detection is no measurement: write the limit itself, or leave the cell empty.'],
  [/^[-+]?inf(inity)?$/i, () => 'A number is finite: leave the cell empty where there is none.'],
  [
    /^(n\/?a|nan|null|none|nil|missing|unknown|unk|[.?-]+)$/i,
    text => `Leave cells empty where nothing was measured, or give missing: [${JSON.stringify(text)}].`,
  ],
  [/^\d{4}-\d\d-\d\d|^\d{1,2}[./]\d{1,2}[./]\d{2,4}/, () => 'It looks like a date.'],
  [/^\d{1,2}:\d\d/, () => 'It looks like a time of day: write a number.'],
  [/^(y|n|m|f|yes|no|true|false|on|off|male|female|pos|neg|positive|negative)$/i, () => 'Write 1 or 0.'],
  [/^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/, () =>
    "Write it without separators of thousands; if the comma is a decimal comma, give decimal: ','."],
  [/^[-+]?\d+,\d+$/, () => "If all numbers of the table are written with a decimal comma, give decimal: ','."],
  [/^[-+]?[\d.,]+\s*[^\d\s.,]/, () => "Write the number alone: its unit is said by the channel's unit."],
];

/**
 * A cell as a number.
 * @param text without spaces around it, not empty
 */
export function cellNumber(text: string, decimal: DecimalMark): CellNumber {
  if (decimal === ',' && /^[-+]?\d*\.\d+$/.test(text)) {
    return {remedy: "It has a decimal point, and decimal: ',' promises commas: write all numbers of the table alike."};
  }
  const plain = decimal === ',' && (text.match(/,/g) ?? []).length === 1 ? text.replace(',', '.') : text;
  const value = Number(plain);
  if (NUMBER.test(plain) && Number.isFinite(value)) return {value};
  if (NUMBER.test(plain)) return {remedy: 'It is larger than any number that can be computed with.'};
  const [, remedy] = REMEDIES.find(([pattern]) => pattern.test(text)) ?? [];
  return {remedy: remedy?.(text) ?? 'Write a number, or leave the cell empty where nothing was measured.'};
}
