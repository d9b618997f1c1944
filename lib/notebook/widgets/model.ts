import type {Comm, WidgetHub} from './hub';

/** State of a widget as the front end keeps it. */
export type WidgetState = Readonly<Record<string, unknown>>;

/** A widget that lives in the front end, seen from the cell. */
export interface WidgetModel {
  readonly id: string;
  /** How other widgets refer to it. */
  readonly reference: string;
  /** Changes a part of the state. */
  set(state: WidgetState): void;
  /** Called with each part of the state that the reader changes. */
  onUpdate: (state: WidgetState) => unknown;
  /** Called with messages that are no state, such as the click of a button. */
  onCustom: (content: WidgetState) => unknown;
}

/** Version of the widget messaging protocol. */
const PROTOCOL = '2.1.0';

const VERSION = '2.0.0';

interface Live {
  readonly state: WidgetState;
}

/** Widgets by kernel: a page that is loaded anew asks for all of them at once. */
const live = new WeakMap<WidgetHub, Map<string, Live>>();

/**
 * Opens a widget.
 *
 * @param name model without its ending, e.g. `'IntSlider'`
 * @param state what differs from the defaults of the front end
 * @param module package of the model; default `controls`
 */
export function openWidget(
  hub: WidgetHub, name: string, state: WidgetState, module: 'base' | 'controls' = 'controls',
): WidgetModel {
  let whole: WidgetState = {...identity(name, module), ...state};
  const comm = hub.open('jupyter.widget', {state: whole, buffer_paths: []}, {version: PROTOCOL});
  const remember = (next: WidgetState): void => void register(hub).set(comm.id, {state: (whole = {...whole, ...next})});
  const model: WidgetModel = {
    id: comm.id,
    reference: `IPY_MODEL_${comm.id}`,
    set: (next) => {
      remember(next);
      comm.send({method: 'update', state: next, buffer_paths: []});
    },
    onUpdate: () => undefined,
    onCustom: () => undefined,
  };
  remember({});
  comm.onMessage = (data) => {
    if (data.method === 'request_state') return comm.send({method: 'update', state: whole, buffer_paths: []});
    if (data.method === 'custom') return model.onCustom(asState(data.content));
    if (data.method !== 'update') return undefined;
    remember(asState(data.state));
    return model.onUpdate(asState(data.state));
  };
  return model;
}

function identity(name: string, module: 'base' | 'controls'): WidgetState {
  const isStyle = name.endsWith('Style');
  return {
    _model_module: `@jupyter-widgets/${module}`,
    _model_module_version: VERSION,
    _model_name: `${name}Model`,
    _view_module: `@jupyter-widgets/${isStyle ? 'base' : module}`,
    _view_module_version: VERSION,
    _view_name: isStyle ? 'StyleView' : `${name}View`,
  };
}

function asState(value: unknown): WidgetState {
  return typeof value === 'object' && value !== null ? (value as WidgetState) : {};
}

function register(hub: WidgetHub): Map<string, Live> {
  const found = live.get(hub);
  if (found) return found;
  const created = new Map<string, Live>();
  live.set(hub, created);
  hub.registerTarget('jupyter.widget.control', (comm) => answerForAll(comm, created));
  return created;
}

function answerForAll(comm: Comm, models: ReadonlyMap<string, Live>): void {
  comm.onMessage = ({method}) => {
    if (method !== 'request_states') return;
    const states = [...models].map(([id, {state}]) => {
      const {_model_name: model_name, _model_module: model_module, _model_module_version: model_module_version} = state;
      return [id, {model_name, model_module, model_module_version, state}];
    });
    comm.send({method: 'update_states', states: Object.fromEntries(states), buffer_paths: []});
  };
}
