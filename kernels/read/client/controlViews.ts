import type {ModelState} from '../protocol';
import {make} from '../../html/client/dom';

/** What a control says to its cell. */
export interface ControlSink {
  readonly change: (model: string, state: ModelState) => void;
  readonly click: (model: string) => void;
}

interface View {
  readonly node: HTMLElement;
  /** Shows a state that came from elsewhere. */
  readonly show: (state: ModelState) => void;
}

type Make = (model: string, state: ModelState, sink: ControlSink) => View;

/**
 * The controls that the library makes (`lib/notebook/widgets`), by the name of their view. Jupyter's own package for
 * all kinds there are is 1.5 MB in one file, and brings a style of its own.
 */
const KINDS: Readonly<Record<string, Make>> = {
  IntSliderView: slider, FloatSliderView: slider, DropdownView: dropdown, CheckboxView: checkbox,
  ToggleButtonView: toggle, TextView: textBox, ButtonView: pushButton,
};

/** The controls of a page on the screen, which may show one several times. */
export class ControlViews {
  private readonly states = new Map<string, ModelState>();
  private readonly shown = new Map<string, View[]>();

  constructor(private readonly sink: ControlSink) {}

  /** Takes a state, or a part of one. */
  take(model: string, state: ModelState): void {
    const whole = {...this.states.get(model), ...state};
    this.states.set(model, whole);
    const views = (this.shown.get(model) ?? []).filter(({node}) => node.isConnected);
    this.shown.set(model, views);
    for (const view of views) view.show(whole);
  }

  /** Puts the controls of a box where the markup of an output has a place for it. */
  fill(place: HTMLElement): void {
    const children = (this.states.get(place.dataset.model ?? '')?.children ?? []) as readonly unknown[];
    const models = children.map((child) => String(child).replace(/^IPY_MODEL_/, ''));
    place.replaceChildren(...models.flatMap((model) => this.view(model)?.node ?? []));
  }

  private view(model: string): View | undefined {
    const state = this.states.get(model);
    const make = KINDS[String(state?._view_name)];
    if (!state || !make) return undefined;
    const view = make(model, state, {...this.sink, change: (id, part) => {
      this.states.set(id, {...this.states.get(id), ...part});
      this.sink.change(id, part);
    }});
    this.shown.set(model, [...(this.shown.get(model) ?? []), view]);
    return view;
  }
}

function labelled({description}: ModelState, ...parts: HTMLElement[]): HTMLElement {
  const name = make('span', {class: 'control-name'}, String(description ?? ''));
  return make('label', {class: 'control'}, name, ...parts);
}

function slider(model: string, state: ModelState, sink: ControlSink): View {
  const [min, max, step] = [state.min, state.max, state.step].map(String);
  const input = make('input', {type: 'range', min, max, step}), readout = make('output', {class: 'readout'});
  const text = (value: number): string => String(state.readout_format === 'd' ? value : Number(value.toPrecision(3)));
  const show = ({value}: ModelState): void => {
    if (Number(input.value) !== value) input.value = String(value);
    readout.value = text(Number(value));
  };
  input.addEventListener('input', () => {
    readout.value = text(input.valueAsNumber);
    sink.change(model, {value: input.valueAsNumber});
  });
  show(state);
  return {node: labelled(state, input, readout), show};
}

function dropdown(model: string, state: ModelState, sink: ControlSink): View {
  const names = (state._options_labels ?? []) as readonly unknown[];
  const input = make('select', {}, ...names.map((name) => make('option', {}, String(name))));
  const show = ({index}: ModelState): void => void (input.selectedIndex = Number(index));
  input.addEventListener('change', () => sink.change(model, {index: input.selectedIndex}));
  show(state);
  return {node: labelled(state, input), show};
}

function checkbox(model: string, state: ModelState, sink: ControlSink): View {
  const input = make('input', {type: 'checkbox'});
  const show = ({value}: ModelState): void => void (input.checked = Boolean(value));
  input.addEventListener('change', () => sink.change(model, {value: input.checked}));
  show(state);
  return {node: labelled(state, input), show};
}

function toggle(model: string, state: ModelState, sink: ControlSink): View {
  const node = make('button', {type: 'button', class: 'control'}, String(state.description ?? ''));
  const show = ({value}: ModelState): void => node.setAttribute('aria-pressed', String(Boolean(value)));
  node.addEventListener('click', () => {
    const value = node.getAttribute('aria-pressed') !== 'true';
    show({value});
    sink.change(model, {value});
  });
  show(state);
  return {node, show};
}

function textBox(model: string, state: ModelState, sink: ControlSink): View {
  const input = make('input', {type: 'text'});
  const show = ({value}: ModelState): void => {
    if (document.activeElement !== input) input.value = String(value ?? '');
  };
  input.addEventListener('change', () => sink.change(model, {value: input.value}));
  show(state);
  return {node: labelled(state, input), show};
}

function pushButton(model: string, state: ModelState, sink: ControlSink): View {
  const node = make('button', {type: 'button', class: 'control'}, String(state.description ?? ''));
  node.addEventListener('click', () => sink.click(model));
  return {node, show: () => undefined};
}
