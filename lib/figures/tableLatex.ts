import {grouped, type TableCell, type TableLayout} from './tableLayout';

/** How a table stands on its page. */
export interface LatexOptions {
  /** For `\ref`. */
  readonly label?: string;
  /** Size of its letters [pt], with columns closer together; default that of the text around it. */
  readonly font?: number;
}

/** A `table` environment for booktabs, as wide as its numbers make it. */
export function tableToLatex(layout: TableLayout, options: LatexOptions = {}): string {
  return tableFloats([[layout]], options);
}

/**
 * The parts of one table, in `table` environments of one number: parts of one environment stand one below the other.
 * Texts may have several lines.
 */
export function tableFloats(floats: readonly (readonly TableLayout[])[], {label, font}: LatexOptions): string {
  const {title, notes} = floats[0][0];
  return floats.flatMap((parts, k) => [
    '\\begin{table}', ...(k > 0 ? ['  \\addtocounter{table}{-1}'] : []), '  \\centering',
    `  \\caption${k > 0 ? '[]' : ''}{${escapeLatex(title)}${k > 0 ? ' (continued)' : ''}}`,
    ...(label && k === 0 ? [`  \\label{${label}}`] : []),
    ...(font === undefined ? [] : [
      `  \\fontsize{${font}}{${Number((1.2 * font).toFixed(2))}}\\selectfont`, '  \\setlength{\\tabcolsep}{3pt}',
    ]),
    ...parts.flatMap((part, i) => [...(i > 0 ? ['', '  \\medskip'] : []), ...tabular(part, font !== undefined)]),
    ...(k < floats.length - 1 ? [] : notes.flatMap(note => ['', `  \\smallskip{\\footnotesize ${escapeLatex(note)}}`])),
    '\\end{table}', '',
  ]).join('\n');
}

/** @param flush whether it has no room at its sides */
function tabular({head, labels, lines}: TableLayout, flush: boolean): string[] {
  const side = (k: number) => (k < labels ? 'l' : 'r'), edge = flush ? '@{}' : '';
  const row = (cells: readonly string[]) => `  ${cells.join(' & ')} \\\\`;
  const heading = (group: string) => group.split('\n').map(text =>
    `  \\multicolumn{${head.length}}{${edge}l}{\\emph{${escapeLatex(text)}}} \\\\`).join('\n');
  return [
    `  \\begin{tabular}{${edge}${'l'.repeat(labels)}${'r'.repeat(head.length - labels)}${edge}}`, '  \\toprule',
    row(head.map((text, k) => stacked(text, side(k), 'b'))), '  \\midrule',
    ...grouped(lines, heading, cells => row(cells.map((cell, k) => latexCell(cell, side(k))))),
    '  \\bottomrule', '  \\end{tabular}',
  ];
}

function latexCell({text, best}: TableCell, side: string): string {
  return best ? `\\textbf{${escapeLatex(text)}}` : stacked(text, side, 't');
}

/** Lines of one cell, the last or the first level with its neighbours; needs no package. */
function stacked(text: string, side: string, level: 'b' | 't'): string {
  const lines = text.split('\n').map(escapeLatex);
  return lines.length < 2 ? lines[0] : `\\begin{tabular}[${level}]{@{}${side}@{}}${lines.join('\\\\')}\\end{tabular}`;
}

const latex: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}', '{': '\\{', '}': '\\}', '$': '\\$', '&': '\\&', '%': '\\%', '#': '\\#', '_': '\\_',
  '~': '\\textasciitilde{}', '^': '\\textasciicircum{}',
  '±': '$\\pm$', '≤': '$\\le$', '≥': '$\\ge$', '−': '$-$', '–': '--', '·': '$\\cdot$', '³': '$^3$', '²': '$^2$',
  '<': '$<$', '×': '$\\times$', '→': '$\\to$',
  'α': '$\\alpha$', 'β': '$\\beta$', 'γ': '$\\gamma$', 'δ': '$\\delta$', 'ε': '$\\varepsilon$', 'θ': '$\\theta$',
  'λ': '$\\lambda$', 'μ': '$\\mu$', 'ρ': '$\\rho$', 'σ': '$\\sigma$', 'τ': '$\\tau$', 'φ': '$\\varphi$',
  'ω': '$\\omega$',
};

/**
 * `text` with what LaTeX reserves written out, and letters that it lacks as mathematics. At the start of a line a
 * bracket or a star would be taken for a part of the line break before.
 */
function escapeLatex(text: string): string {
  return Array.from(text, char => latex[char] ?? char).join('').replace(/^[[*]/, '{$&}');
}
