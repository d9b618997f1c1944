/** What systems in continuous and in discrete time have in common: formulas as text, and what their names mean. */
export interface DynamicalSystem {
  readonly name: string;
  readonly states: readonly string[];
  readonly inputs: readonly string[];
  /** Measured functions of the state. */
  readonly outputs: readonly string[];
  /** Values of the constants in the formulas; readings in numbers may replace them, also unit by unit. Default none. */
  readonly constants?: Readonly<Record<string, number>>;
  /** Disturbances in the formulas: 0 unless a reading in numbers is given them after the inputs. Default none. */
  readonly noise?: readonly string[];
  /** Box of states where the system is looked at, one interval a state. */
  readonly region: readonly (readonly [low: number, high: number])[];
  /** Box of inputs; default [-1, 1] each. */
  readonly inputRange?: readonly (readonly [low: number, high: number])[];
  /**
   * Units by name, `'1'` for a number without one: of `time` (of a map, the length of a step), every state, input,
   * constant and disturbance; of an output that is not a state, by its formula.
   */
  readonly units?: Readonly<Record<string, string>>;
  /** Where the equations come from, with DOI. */
  readonly reference?: string;
}

/** A control system written as formulas: x' = f(x, a), y = h(x). @paper equation (1) */
export interface ControlSystem extends DynamicalSystem {
  /** Right-hand sides f, one a state. */
  readonly dynamics: readonly string[];
}

/** A system in discrete time written as formulas: x(k + 1) = f(x(k), a(k)), y = h(x). */
export interface MapSystem extends DynamicalSystem {
  /** The states one step later, one a state. */
  readonly next: readonly string[];
}

/** The formulas of f, and what the definition calls them. @internal */
export function formulasOf(system: DynamicalSystem): {name: 'dynamics' | 'next'; texts: readonly string[]} {
  const {dynamics, next} = system as Partial<ControlSystem & MapSystem>;
  return dynamics ? {name: 'dynamics', texts: dynamics} : {name: 'next', texts: next ?? []};
}
