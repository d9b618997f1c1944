import {deepStrictEqual, match, rejects, strictEqual, throws} from 'node:assert';
import {button, checkbox, dropdown, interact, slider, textBox, toggle} from '../../lib/notebook';
import {COMM_HUB, type Comm, type CommTarget} from '../../lib/notebook/widgets/hub';
import {DISPLAY_SINK, type DisplayOptions} from '../../lib/notebook/sink';
import type {MimeBundle} from '../../lib/notebook/mime';

type Data = Record<string, unknown>;

describe('widgets', () => {
  let shown: (MimeBundle & DisplayOptions)[];
  let opened: {comm: Comm; state: Data; metadata: unknown}[];
  let sent: {id: string; data: Data}[];
  let targets: Map<string, CommTarget>;
  const holder = globalThis as Record<symbol, unknown>;

  const makeComm = (id: string): Comm =>
    ({id, send: (data) => void sent.push({id, data}), close: () => undefined, onMessage: () => undefined});
  const hub = () => ({
    open: (target: string, data: Data, metadata: unknown): Comm => {
      strictEqual(target, 'jupyter.widget');
      const comm = makeComm(`c${opened.length}`);
      opened.push({comm, state: data.state as Data, metadata});
      return comm;
    },
    registerTarget: (name: string, target: CommTarget) => void targets.set(name, target),
  });

  beforeEach(() => {
    [shown, opened, sent, targets] = [[], [], [], new Map()];
    holder[DISPLAY_SINK] = {
      display: (bundle: MimeBundle, options: DisplayOptions = {}) => void shown.push({...bundle, ...options}),
      wait: () => undefined,
    };
    holder[COMM_HUB] = hub();
  });
  afterEach(() => {
    delete holder[DISPLAY_SINK];
    delete holder[COMM_HUB];
  });

  const model = (name: string) => opened.find(({state}) => state._model_name === `${name}Model`)!;
  const change = (name: string, state: Data): unknown =>
    model(name).comm.onMessage({method: 'update', state, buffer_paths: []}, []);
  const text = (at: number): unknown => shown.at(at)!.data['text/plain'];
  const all = () => ({
    gamma: slider(0, 10, {value: 4}), dose: slider(0, 1, {step: 0.05}), kind: dropdown(['a', 'b']), on: toggle(),
    ticked: checkbox(true), name: textBox('x'), again: button(),
  });

  it('opens each control in the front end, in a box, with protocol 2.1.0 and its label', async () => {
    await interact(all(), (values) => JSON.stringify(values));
    deepStrictEqual([...new Set(opened.map(({metadata}) => JSON.stringify(metadata)))], ['{"version":"2.1.0"}']);
    const controls = ['IntSlider', 'FloatSlider', 'Dropdown', 'ToggleButton', 'Checkbox', 'Text', 'Button'].map(model);
    deepStrictEqual(controls.map(({state}) => state.description), [
      'gamma', 'dose', 'kind', 'on', 'ticked', 'name', 'again',
    ]);
    deepStrictEqual(model('VBox').state.children, controls.map(({comm}) => `IPY_MODEL_${comm.id}`));
    deepStrictEqual(shown[0].data['application/vnd.jupyter.widget-view+json'], {
      version_major: 2, version_minor: 0, model_id: model('VBox').comm.id,
    });
    strictEqual(text(-1), `'{"gamma":4,"dose":0,"kind":"a","on":false,"ticked":true,"name":"x","again":0}'`);
  });

  it('draws again, in the same place, with every value that the reader changes', async () => {
    await interact(all(), ({gamma, dose, kind, on, ticked, name, again}) =>
      [gamma, dose, kind, on, ticked, name, again].join(' '));
    const place = shown.at(-1)!.id;
    await change('IntSlider', {value: 7});
    await change('FloatSlider', {value: 0.25});
    await change('Dropdown', {index: 1});
    await change('ToggleButton', {value: true});
    await change('Checkbox', {value: false});
    await change('Text', {value: 'y'});
    await model('Button').comm.onMessage({method: 'custom', content: {event: 'click'}}, []);
    strictEqual(text(-1), "'7 0.25 b true false y 1'");
    deepStrictEqual(shown.slice(2).map(({id, update}) => [id, update]), Array(7).fill([place, true]));
  });

  it('does not draw for values out of range, of the wrong kind, or unchanged', async () => {
    await interact(all(), ({gamma, kind}) => `${gamma} ${kind}`);
    for (const value of [11, 4, 4.5, '7', null, NaN]) await change('IntSlider', {value});
    for (const index of [5, -1, 0, null]) await change('Dropdown', {index});
    await model('IntSlider').comm.onMessage({method: 'update'}, []);
    await model('IntSlider').comm.onMessage({method: 'no such'}, []);
    strictEqual(shown.length, 2);
  });

  it('shows an error of a later drawing in its place, and recovers', async () => {
    await interact({n: slider(0, 3)}, ({n}) => {
      if (n === 2) throw new RangeError('two is too much');
      return n;
    });
    await change('IntSlider', {value: 2});
    strictEqual(text(-1), 'RangeError: two is too much');
    await change('IntSlider', {value: 1});
    strictEqual(text(-1), '1');
  });

  it('fails with the first drawing', async () => {
    await rejects(interact({n: slider(0, 3)}, () => Promise.reject(new Error('cannot draw'))), /cannot draw/);
  });

  it('tells a page that is loaded anew the state of all widgets, as last changed', async () => {
    await interact({n: slider(0, 3)}, ({n}) => n);
    await change('IntSlider', {value: 2});
    const control = makeComm('control');
    targets.get('jupyter.widget.control')!(control, {});
    await control.onMessage({method: 'request_states'}, []);
    const {method, states} = sent.at(-1)!.data as {
      method: string; states: Record<string, {model_name: string; state: Data}>
    };
    const own = states[model('IntSlider').comm.id];
    deepStrictEqual([method, own.model_name, own.state.value, Object.keys(states).length], [
      'update_states', 'IntSliderModel', 2, opened.length,
    ]);
    await model('IntSlider').comm.onMessage({method: 'request_state'}, []);
    strictEqual((sent.at(-1)!.data.state as Data).value, 2);
  });

  it('shows values and the first drawing where there are no controls', async () => {
    delete holder[COMM_HUB];
    await interact({gamma: slider(0, 10, {value: 4}), kind: dropdown(['a', 'b'])}, ({gamma, kind}) =>
      `${kind}${gamma}`);
    deepStrictEqual([text(0), text(1), shown.length], [
      'gamma = 4 at first (0 to 10), kind = "a" at first (a, b)', "'a4'", 2,
    ]);
  });

  it('refuses controls that make no sense, saying what is expected', async () => {
    throws(() => slider(2, 2), /above min/);
    throws(() => slider(0, 1, {value: 3}), /from 0 to 1/);
    throws(() => slider(0, 1, {step: 0}), /above 0/);
    throws(() => dropdown([]), /one or more/);
    throws(() => dropdown(['a', 'a']), /different/);
    throws(() => dropdown(['a'], {value: 'b' as 'a'}), /one of a/);
    await rejects(interact({}, () => 1), (error: Error) => {
      match(error.message, /at least one control/);
      return true;
    });
  });
});
