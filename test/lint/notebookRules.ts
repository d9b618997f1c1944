/** As much of a notebook's JSON as the rules read. */
export interface NotebookFile {
  readonly nbformat: number;
  readonly nbformat_minor: number;
  readonly metadata: {readonly kernelspec?: {readonly name?: string}};
  readonly cells: readonly {
    readonly cell_type: string;
    readonly id?: string;
    readonly metadata: {readonly tags?: readonly string[]};
    readonly source: string | readonly string[];
  }[];
}

/** Most lines of a cell, and most characters of a line; an import from a door may be longer, it holds names alone. */
const longest = 25, widest = 120;

/** What is wrong with a notebook, one sentence each; empty when nothing is. */
export function notebookProblems(name: string, notebook: NotebookFile): string[] {
  const cells = notebook.cells.map((cell, i) =>
    ({...cell, place: `cell ${i + 1}`, text: typeof cell.source === 'string' ? cell.source : cell.source.join('')}));
  const code = cells.filter(cell => cell.cell_type === 'code');
  return [
    ...(/^\d\d[a-z]?-[a-z0-9-]+\.ipynb$/.test(name) ? [] : ['the name is not NN-slug.ipynb or NNb-slug.ipynb']),
    ...(notebook.nbformat === 4 && notebook.nbformat_minor >= 5
      ? []
      : [`format ${notebook.nbformat}.${notebook.nbformat_minor} is older than 4.5`]),
    ...(notebook.metadata.kernelspec?.name === 'obsnode'
      ? []
      : [`the kernel is ${notebook.metadata.kernelspec?.name}, not obsnode`]),
    ...repeated(cells.map(cell => cell.id)),
    ...parameterProblems(code),
    ...code.flatMap(({place, text}) =>
      [...lengthProblem(place, text), ...widthProblems(place, text), ...importProblems(place, text)]),
    ...(cells[0]?.cell_type === 'markdown' && /^# \d\d[a-z]? · /.test(cells[0].text)
      ? []
      : ['the first cell is not a heading of the form "# NN · title"']),
  ];
}

function repeated(ids: readonly (string | undefined)[]): string[] {
  const bad = ids.flatMap((id, i) =>
    (!id ? [`cell ${i + 1} has no id`] : ids.indexOf(id) < i ? [`cell ${i + 1} repeats the id ${id}`] : []));
  return bad;
}

function parameterProblems(
  code: readonly {readonly metadata: {readonly tags?: readonly string[]}; readonly text: string}[],
): string[] {
  const tagged = code.filter(cell => cell.metadata.tags?.includes('parameters'));
  if (tagged.length !== 1) return [`${tagged.length} code cells are tagged "parameters" instead of one`];
  return /\bparameters\(/.test(tagged[0].text) ? [] : ['the parameters cell does not call parameters()'];
}

function lengthProblem(place: string, text: string): string[] {
  const lines = text.trimEnd().split('\n').length;
  return lines > longest ? [`${place} has ${lines} lines; more than ${longest} belong in lib/`] : [];
}

function widthProblems(place: string, text: string): string[] {
  const own = text.replace(/^import [^;]*? from '\.\.\/lib\/[\w/]+';$/gm, '');
  const wide = own.split('\n').filter(line => line.length > widest);
  return wide.map(line =>
    `${place} has a line of ${line.length} characters, more than ${widest}: ${line.trim().slice(0, 40)}...`);
}

function importProblems(place: string, text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const sources = [
    ...code.matchAll(/^\s*(?:import|export)\b[^;'"`]*?['"]([^'"]+)['"]/gm),
    ...code.matchAll(/\b(?:import|require)\(\s*['"`]([^'"`]+)/g),
  ].map(match => match[1]);
  return sources.filter(source => !/^(\.\.\/lib\/(index|studies\/[a-zA-Z0-9]+)$|node:)/.test(source))
    .map(source => `${place} imports ${source}; notebooks import ../lib/index and ../lib/studies/NAME only`);
}
