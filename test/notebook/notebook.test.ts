import {deepStrictEqual, doesNotMatch, match, ok, strictEqual, throws} from 'node:assert';
import {
  display, latex, markdown, outputFolder, parameters, progress, projectRoot, show, table, updatable,
} from '../../lib/notebook';
import {collectProvenance, provenance} from '../../lib/notebook/provenance';
import {duration} from '../../lib/notebook/progress';
import {DISPLAY_SINK, type DisplayOptions} from '../../lib/notebook/sink';
import type {MimeBundle} from '../../lib/notebook/mime';

interface Shown extends DisplayOptions {
  readonly data: Readonly<Record<string, unknown>>;
}

describe('notebook', () => {
  let shown: Shown[];
  let waiting: Promise<unknown>[];
  const holder = globalThis as Record<symbol, unknown>;

  beforeEach(() => {
    shown = [];
    waiting = [];
    holder[DISPLAY_SINK] = {
      display: ({data}: MimeBundle, options: DisplayOptions = {}) => void shown.push({data, ...options}),
      wait: (work: Promise<unknown>) => void waiting.push(work),
    };
    delete process.env.OBSNODE_PROFILE;
    delete process.env.OBSNODE_SET;
  });

  afterEach(() => {
    delete holder[DISPLAY_SINK];
    delete process.env.OBSNODE_PROFILE;
    delete process.env.OBSNODE_SET;
  });

  const profiles = {
    quick: {epochs: 20, name: 'a', wide: false, horizons: [1, 2], limit: null as number | null},
    full: {epochs: 200, name: 'b', wide: true, horizons: [1, 2, 3], limit: null as number | null},
  };

  describe('parameters', () => {
    it('takes the quick profile unless the environment names another', () => {
      deepStrictEqual(parameters(profiles), profiles.quick);
      process.env.OBSNODE_PROFILE = 'full';
      deepStrictEqual(parameters(profiles), profiles.full);
    });

    it('overrides values, each read as the type it has', () => {
      process.env.OBSNODE_SET = JSON.stringify({
        epochs: '1e3', name: '7', wide: 'true', horizons: '[4, 5]', limit: '2.5',
      });
      deepStrictEqual(parameters(profiles), {epochs: 1000, name: '7', wide: true, horizons: [4, 5], limit: 2.5});
    });

    it('names the known keys, the profiles and the type when one is wrong', () => {
      const refused = (set: object): string => {
        process.env.OBSNODE_SET = JSON.stringify(set);
        try {
          parameters(profiles);
        } catch (error) {
          return (error as Error).message;
        }
        return '';
      };
      match(
        refused({epoch: '1'}), /one of the known parameters \(epochs, name, wide, horizons, limit\); received "epoch"/,
      );
      match(refused({epochs: ''}), /`epochs` must be a number; received ""/);
      match(refused({wide: 'yes'}), /`wide` must be true or false; received "yes"/);
      match(refused({horizons: '1,x'}), /`horizons` must be a number; received "x"/);
      process.env.OBSNODE_SET = '[1]';
      throws(() => parameters(profiles), /OBSNODE_SET` must be a JSON object/);
      delete process.env.OBSNODE_SET;
      process.env.OBSNODE_PROFILE = 'fast';
      throws(() => parameters(profiles), /`profile` must be one of quick, full; received "fast"/);
    });

    it('refuses what lies outside a range, the stated one or that of the values of the profiles, and says '
        + 'what would do', () => {
      const ranged = {
        quick: {epochs: 20, gamma: 4, shift: -1, dose: 0.5, engine: 'cpu', seeds: [1, 2], draws: [1, 2]},
        full: {epochs: 60, gamma: 4, shift: 1, dose: 1, engine: 'cpu', seeds: [1], draws: [1, 2, 3]},
      };
      const ranges = {
        draws: {items: 2}, epochs: {min: 1, max: 1000}, gamma: {whole: false}, engine: {oneOf: ['cpu', 'native']},
      };
      const told = (set: object): string => {
        process.env.OBSNODE_SET = JSON.stringify(set);
        try {
          return Object.keys(set).map((key) => String(parameters(ranged, ranges)[key as 'epochs'])).join();
        } catch (error) {
          return (error as Error).message.replace(/^parameters: argument /, '');
        }
      };
      for (const value of ['Infinity', '-1', '0', '1.5', '1001']) {
        strictEqual(told({epochs: value}), `\`epochs\` must be a whole number from 1 to 1000; received ${value}.`);
      }
      strictEqual(told({gamma: '2.5'}), '2.5');
      strictEqual(told({gamma: '-1'}), '`gamma` must be a finite number of at least 0; received -1.');
      strictEqual(told({shift: '-7'}), '-7');
      strictEqual(told({shift: '0.5'}), '`shift` must be a whole number; received 0.5.');
      strictEqual(told({dose: '1e999'}), '`dose` must be a finite number of at least 0; received Infinity.');
      strictEqual(told({engine: 'gpu'}), '`engine` must be one of cpu, native; received "gpu".');
      strictEqual(told({seeds: '1,-2'}), '`seeds` must be a whole number of at least 0; received -2.');
      strictEqual(told({seeds: ''}), '`seeds` must be a list such as 1,2; received "".');
      strictEqual(told({seeds: [3, 4]}), '3,4');
      strictEqual(
        told({draws: '7'}), '`draws` must be at least 2 values, each a whole number of at least 0; received [7].',
      );
      strictEqual(told({draws: '7,8'}), '7,8');
    });

    it('gives values that cannot be changed', () => {
      throws(() => Object.assign(parameters(profiles), {epochs: 1}), TypeError);
    });
  });

  describe('display', () => {
    it('shows tensors, frames, bundles and plain values', async () => {
      const tensor = {
        dataSync: () => [1], shape: [1], dtype: 'float32', isDisposed: false, toString: () => 'Tensor\n    [1]',
      };
      const frame = {columns: ['x', 'y'], values: [[1, 'a'], [2.123456789, '<b>']], index: [0, 1]};
      await display(tensor);
      await display(frame);
      await display({data: {'text/html': '<i>x</i>'}});
      await display({data: [1, 2]});
      await display(undefined);
      deepStrictEqual(shown.map(({data}) => Object.keys(data)), [
        ['text/plain'], ['text/html', 'text/plain'], ['text/html'], ['text/plain'],
      ]);
      match(String(shown[0].data['text/plain']), /^Tensor float32 \[1\]\n {4}\[1\]$/);
      match(String(shown[1].data['text/html']), /2\.12<.*&lt;b&gt;/s);
    });

    it('keeps the place of a figure that is still being drawn', async () => {
      const figure = {[Symbol.for('obsnode.mime')]: async () => ({data: {'image/png': 'AAAA'}, metadata: {}})};
      const done = display(figure);
      await display('after');
      await done;
      strictEqual(waiting.length, 1);
      const [place, after, drawn] = shown;
      deepStrictEqual([after.data['text/plain'], drawn.update, drawn.id === place.id, drawn.data], [
        "'after'", true, true, {'image/png': 'AAAA'},
      ]);
    });

    it('updates a display in place', async () => {
      const place = updatable('one');
      await place.update('two');
      deepStrictEqual([shown[0].id === shown[1].id, shown[0].update, shown[1].update], [true, undefined, true]);
    });

    it('prints text in plain Node', async () => {
      delete holder[DISPLAY_SINK];
      const lines: unknown[] = [];
      const log = console.log;
      console.log = (text: unknown) => void lines.push(text);
      try {
        await display([1, 2]);
        latex('x^2');
        markdown('# Title');
        await display({data: {'image/png': 'AAAA'}, metadata: {}});
      } finally {
        console.log = log;
      }
      deepStrictEqual(lines, ['[ 1, 2 ]', 'x^2', '# Title', '[image/png]']);
    });
  });

  it('table sets heads, a caption and the columns asked for, and names a column that is missing', () => {
    table([{model: 'ridge', rmse: 0.021}, {model: 'ObsNODE', rmse: 0.0195}], {
      title: 'Errors', columns: ['rmse', 'model'],
    });
    strictEqual(
      shown[0].data['text/plain'], 'Errors\n\n  rmse  model\n------  -------\n0.0210  ridge\n0.0195  ObsNODE',
    );
    throws(() => table([]), /`rows` must be at least one row/);
    throws(() => table([{a: 1}], {columns: ['b']}), /`columns` must be keys of the rows; received "b"/);
  });

  describe('show', () => {
    it('shows the real lines of a file, a symbol with its comment, or a member', () => {
      show('lib/notebook/root.ts', {symbol: 'outputFolder'});
      match(
        String(shown[0].data['text/markdown']),
        /^`lib\/notebook\/root\.ts`, lines \d+-\d+\n\n```ts\n\/\*\*.*export function outputFolder.*\}\n```$/s,
      );
      show('lib/errors.ts', {symbol: 'ArgumentError.constructor'});
      match(String(shown[1].data['text/markdown']), /```ts\nconstructor\(readonly problem/);
    });

    it('refuses files outside the project, unknown symbols and lines that are not there', () => {
      throws(() => show('../etc/passwd'), /`path` must be a file of the project/);
      throws(() => show('lib/nothing.ts'), /`path` must be a file of the project/);
      throws(
        () => show('lib/notebook/root.ts', {symbol: 'nope'}),
        /a declaration of lib\/notebook\/root\.ts \(projectRoot, outputFolder/,
      );
      throws(() => show('lib/notebook/root.ts', {lines: [5, 4000]}), /within 1 to \d+; received \[5, 4000\]/);
    });
  });

  it('progress leaves a line without times, and refuses an empty loop', () => {
    const steps = progress(2, 'epochs');
    steps.tick('loss 0.5');
    steps.tick('loss 0.25');
    const last = shown[shown.length - 1];
    deepStrictEqual([last.data['text/plain'], last.update], ['epochs: 2/2, loss 0.25', true]);
    ok(shown.every(({id}) => id === last.id));
    throws(() => progress(0), /`total` must be a positive whole number/);
    deepStrictEqual([8_400, 200_000, 7_500_000].map(duration), ['8 s', '3 min 20 s', '2 h 5 min']);
  });

  it('provenance names code, versions, profile, parameters and seeds, and no path', () => {
    parameters({quick: {seeds: [1, 2]}, full: {seeds: [1]}});
    const stamp = collectProvenance();
    match(stamp.code, /^[0-9a-f]{12}( \+ changes)?$|^unknown$/);
    deepStrictEqual([stamp.profile, stamp.seeds, stamp.packages['@tensorflow/tfjs']], ['quick', [1, 2], '4.22.0']);
    provenance();
    doesNotMatch(JSON.stringify(shown[0].data), new RegExp(projectRoot()));
  });

  it('results go below OBSNODE_OUT', () => {
    const before = process.env.OBSNODE_OUT;
    process.env.OBSNODE_OUT = '/tmp/elsewhere';
    strictEqual(outputFolder('figures'), '/tmp/elsewhere/figures');
    if (before === undefined) delete process.env.OBSNODE_OUT;
    else process.env.OBSNODE_OUT = before;
  });
});
