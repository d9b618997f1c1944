import type {CoverageItem} from './coverage';
import {escapeHtml} from '../../../lib/notebook/mime';
import type {Sheet} from './committed';
import {coverageSection} from './coverageSection';
import {evidence, find} from './evidence';
import {cardHtml, type Entry} from './gallery';
import {FULL, OWN, pageLink, runOf} from './links';
import type {MessageGrid} from './message';
import {messageFigure} from './messageFigure';

/** What the front page is made of. */
export interface Front {
  /** Notebooks as committed, with the outputs of their full runs. */
  readonly full: readonly Sheet[];
  /** Notebooks that the reader ran. */
  readonly own: readonly Sheet[];
  readonly titles: ReadonlyMap<string, string>;
  readonly entries: readonly Entry[];
  readonly coverage: readonly CoverageItem[];
  readonly grid: MessageGrid;
  /** Whether the pages of the library have been written. */
  readonly library: boolean;
}

/** The question in three sentences, for someone who has heard of none of it. */
const QUESTION = [
  'A patient has been treated and measured for a while, and several ways to go on are open: what would happen under '
    + 'each?',
  'Records answer this badly, because whoever is worse gets more treatment, and because what the doctor saw at the '
    + 'bedside may be in no record at all.',
  'The paper says when records suffice all the same: if the hidden state of the body can be read off from what was '
    + 'measured; and it builds a neural network whose state always can.',
];

/** Figures that a visitor should see first, by name; those that are there are shown. */
const FIRST = ['figure-1', 'figure-2', 'cancer-confounding', 'figure-3', 'three-plans', 'two-worlds'];

/** The front page, between its frame. */
export function frontPage(front: Front): string {
  const {full, entries, coverage} = front, at = (number: string) => full.find(({stem}) => stem.startsWith(number));
  const start = at('00'), figures = entries.filter(entry => (entry.full ?? entry.own)!.kind === 'figure');
  const first = FIRST.flatMap(name => figures.filter(({full: f}) => f?.name === name)).slice(0, 6);
  const link = (href: string | undefined, text: string) => (href ? `<a href="${escapeHtml(href)}">${text}</a>` : '');
  const ways = [
    link(start && pageLink(FULL, start.stem), 'Start reading'), link('#coverage', 'What of the paper is where'),
    link('gallery.html', `All ${figures.length} figures`),
    link(front.library ? 'api/index.html' : undefined, 'The library'),
  ];
  return `<div class="front">
<header class="title"><h1>Observable Neural ODEs, executed</h1>
<p class="cite"><i>Observable Neural ODEs for Identifiable Causal Forecasting in Continuous Time</i>, Wendland, Freitag
and Kschischo 2026, <a href="https://arxiv.org/abs/2604.26070">arXiv:2604.26070</a>: every step of it derived, run and
checked in TypeScript.</p></header>
${QUESTION.map(sentence => `<p class="question">${sentence}</p>`).join('\n')}
<p class="ways">${ways.filter(Boolean).join(' ')}</p>
${messageFigure(front.grid, {problem: linkTo(full, '01/653108ca'), formula: linkTo(full, '02/1e0ca518')})}
<h2 id="results">Three experiments, in their own numbers</h2>
${resultsTable(coverage, full)}
<h2 id="notebooks">The notebooks</h2>
<p>Each page stands here as it was published, from a run in the <span class="badge full">full profile</span>, and, once
you have run it, from <span class="badge own">your run</span>.</p>
${notebooksTable(front)}
<h2 id="figures">Figures</h2>
<ul class="pieces figures">
${first.map(cardHtml).join('\n')}
</ul>
<p><a href="gallery.html">All figures and tables, with their files</a></p>
<h2 id="coverage">What of the paper is where</h2>
<p>Numbers and lines with ✓ are read from the committed notebooks, whose cells computed them.</p>
${coverageSection(coverage, full)}
</div>`;
}

function linkTo(sheets: readonly Sheet[], place: CoverageItem['at'][number]): string {
  const found = find(sheets, place);
  return found ? pageLink(FULL, found.stem, found.cell) : '#notebooks';
}

/** Error of ObsNODE in the paper's three tables: what was printed and what the committed notebooks found. */
function resultsTable(coverage: readonly CoverageItem[], sheets: readonly Sheet[]): string {
  const columns = ['published', 'as released', 'as written', 'last value'];
  const rows = coverage.filter(({item}) => ['Table 1', 'Table 2', 'Table 3'].includes(item)).map(item => {
    const stated = evidence(sheets, item), place = find(sheets, item.at[0]);
    const cells = columns.map(name => stated.find(({label}) => label?.endsWith(name))?.value ?? '');
    const about = `${escapeHtml(item.about.split(':')[0])}, ${escapeHtml(item.item)}`;
    const head = place ? `<a href="${escapeHtml(pageLink(FULL, place.stem, place.cell))}">${about}</a>` : about;
    return `<tr><th scope="row">${head}</th>${cells.map((cell, k) =>
      `<td data-label="${columns[k]}">${escapeHtml(cell) || '–'}</td>`).join('')}</tr>`;
  });
  return `<table class="results"><thead><tr><th scope="col">error of ObsNODE six steps ahead</th>${columns.map(name =>
    `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>
<p class="note"><b>Published</b> is what the paper prints, <b>as released</b> the authors' program built again, <b>as
written</b> the paper's equations. <b>Last value</b> needs no model: it repeats the last measurement. Units: standard
deviations of the training outcomes. Where the paper used patients that are not public, ours are others.</p>`;
}

function notebooksTable({full, own, titles}: Front): string {
  const stems = [...new Set([...full, ...own].map(({stem}) => stem))].sort();
  const rows = stems.map(stem => {
    const title = titles.get(stem) ?? stem, ours = own.find(sheet => sheet.stem === stem);
    const published = full.some(sheet => sheet.stem === stem);
    const main = escapeHtml(pageLink(published ? FULL : OWN, stem));
    const run = ours && runOf(ours.notebook);
    const state = run && (run.failed ? '<span class="failed">stopped at an error</span>'
      : `<span class="profile">${escapeHtml(run.profile)}</span>`);
    const unknown = published ? '' : ' <span class="profile">not published</span>';
    return `<li><a href="${main}">${escapeHtml(title)}</a>${unknown}`
      + `${ours ? ` <a class="badge own" href="${escapeHtml(pageLink(OWN, stem))}">your run</a> ${state}` : ''}</li>`;
  });
  return `<ol class="notebooks">\n${rows.join('\n')}\n</ol>`;
}
