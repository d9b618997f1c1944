/** What the engine in C can be told to do; each name is a constant there, with its place in this list as value. */
const names = [
  // Instructions.
  'Elementwise', 'Product', 'DeferrableProduct', 'Await', 'Pack', 'Copy', 'Fill', 'Reduce', 'Gather', 'GatherBlocks',
  'ScatterAdd', 'Softmax', 'RunningSum', 'Extreme', 'Exchange',
  // Steps of an element-by-element instruction, on floats unless they say otherwise.
  'Abs', 'Neg', 'Exp', 'Log', 'Sqrt', 'Reciprocal', 'Floor', 'Ceil', 'Round', 'Sin', 'Cos', 'Tan', 'Asin', 'Acos',
  'Atan', 'Sinh', 'Cosh', 'Asinh', 'Acosh', 'Atanh', 'Tanh', 'Sigmoid', 'Erf', 'Sign', 'Relu', 'LeakyRelu', 'Elu',
  'Softplus', 'Clip', 'Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min', 'FloorMod', 'FloorDiv', 'IsNaN', 'IsInf',
  'Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual', 'AbsInt', 'NegInt', 'SignInt', 'AddInt', 'SubInt',
  'MulInt', 'SquaredDifferenceInt', 'PowInt', 'FloorDivInt', 'FloorModInt', 'ClipInt', 'MaxInt', 'MinInt', 'EqualInt',
  'LessInt', 'LessOrEqualInt', 'GreaterInt', 'GreaterOrEqualInt', 'And', 'Or', 'Xor', 'Not', 'IntOfFloat', 'FloatOfInt',
  'BoolOfFloat', 'BoolOfInt', 'Where',
  // Kinds of reduction.
  'ReduceSum', 'ReduceProd', 'ReduceMax', 'ReduceMin', 'ReduceSumInt', 'ReduceProdInt', 'ReduceMaxInt', 'ReduceMinInt',
] as const;

export type Opcode = (typeof names)[number];

const numbers = new Map<string, number>(names.map((name, i) => [name, i]));

/** Whether the engine knows a name. */
export const isOpcode = (name: string): name is Opcode => numbers.has(name);

/** The number by which the engine knows a name. */
export const opcode = (name: Opcode): number => numbers.get(name)!;

/** The same names for C. */
export const opcodeHeader = `enum { ${names.join(', ')} };\n`;
