/** One quantity that is measured at the bedside or in the laboratory. */
export interface Quantity {
  readonly unit: string;
  /** Values that can be, `[low, high]`, ends included; others are slips of typing or of devices and are left out. */
  readonly limits: readonly [number, number];
  /** Items of MIMIC-IV that hold it: of `labevents` and of `chartevents`. */
  readonly items: {readonly labs?: readonly number[]; readonly charts?: readonly number[]};
  /** What makes the unit of an item the unit given here, by item, where it is another. */
  readonly factor?: Readonly<Record<number, number>>;
}

// The least number above 0 that is not subnormal: ONNX Runtime leaves threads behind that take smaller ones as 0, and
// the database may work in them.
const ABOVE_0 = 2 ** -1022;

/**
 * What is read of each patient, by its name in the views. Items and limits are those of the MIMIC code repository's
 * concepts; the few that the demo of MIMIC-IV cannot give (specimens of blood gases, texts) are worked around where
 * they are read.
 * @reference Johnson et al. 2018, The MIMIC Code Repository. doi:10.1093/jamia/ocx084
 */
export const quantities = Object.freeze({
  platelets: {unit: '10^9/l', limits: [ABOVE_0, 10_000], items: {labs: [51265]}},
  bilirubin: {unit: 'mg/dl', limits: [ABOVE_0, 150], items: {labs: [50885]}},
  creatinine: {unit: 'mg/dl', limits: [ABOVE_0, 150], items: {labs: [50912]}},
  bun: {unit: 'mg/dl', limits: [ABOVE_0, 300], items: {labs: [51006]}},
  alt: {unit: 'IU/l', limits: [ABOVE_0, 100_000], items: {labs: [50861]}},
  anion_gap: {unit: 'mmol/l', limits: [-100, 10_000], items: {labs: [50868]}},
  bicarbonate: {unit: 'mmol/l', limits: [ABOVE_0, 10_000], items: {labs: [50882]}},
  rdw: {unit: '%', limits: [ABOVE_0, 100], items: {labs: [51277]}},
  pao2: {unit: 'mmHg', limits: [ABOVE_0, 800], items: {labs: [50821], charts: [220224]}},
  fio2: {unit: '%', limits: [20, 100], items: {labs: [50816], charts: [223835]}},
  map: {unit: 'mmHg', limits: [ABOVE_0, 299.999], items: {charts: [220052, 220181, 225312]}},
  sbp: {unit: 'mmHg', limits: [ABOVE_0, 399.999], items: {charts: [220179, 220050, 225309]}},
  dbp: {unit: 'mmHg', limits: [ABOVE_0, 299.999], items: {charts: [220180, 220051, 225310]}},
  heart_rate: {unit: '1/min', limits: [ABOVE_0, 299.999], items: {charts: [220045]}},
  gcs_eye: {unit: '1', limits: [1, 4], items: {charts: [220739]}},
  gcs_verbal: {unit: '1', limits: [0, 5], items: {charts: [223900]}},
  gcs_motor: {unit: '1', limits: [1, 6], items: {charts: [223901]}},
  height: {unit: 'cm', limits: [120, 230], items: {charts: [226730, 226707]}, factor: {226707: 2.54}},
  weight: {unit: 'kg', limits: [20, 400], items: {charts: [226512, 224639]}},
}) satisfies Readonly<Record<string, Quantity>>;

/** Name of a quantity. */
export type QuantityName = keyof typeof quantities;
