import {expect} from '../../errors';
import {describeThrown} from '../describe';
import {display, updatable, type UpdatableDisplay} from '../display';
import {textBundle} from '../mime';
import {currentHub, type WidgetHub} from './hub';
import {openWidget, type WidgetModel} from './model';
import type {Widget} from './widget';

/** Named controls. */
export type Widgets = Readonly<Record<string, Widget<unknown>>>;

/** Their values. */
export type WidgetValues<W extends Widgets> = {readonly [K in keyof W]: W[K] extends Widget<infer T> ? T : never};

const VIEW = 'application/vnd.jupyter.widget-view+json';

/**
 * Shows controls and, below them, what `draw` makes of their values, drawn again whenever the reader changes one. Where
 * there are no controls (the runner, tslab, plain Node, a printed page) it shows the values they begin with and the
 * first drawing.
 *
 * @param widgets controls by name; the names are their labels
 * @param draw gives what is to be shown: a figure, a tensor, a text, anything that `display` takes; `undefined` shows
 * nothing
 * @returns when the first drawing is there
 * @throws ArgumentError without a control; what `draw` throws the first time; later errors are shown in place of the
 * drawing
 */
export async function interact<W extends Widgets>(
  widgets: W, draw: (values: WidgetValues<W>) => unknown,
): Promise<void> {
  const names = Object.keys(widgets);
  expect(names.length > 0, {fn: 'interact', argument: 'widgets', expected: 'at least one control', received: widgets});
  const values: Record<string, unknown> = Object.fromEntries(names.map((name) => [name, widgets[name].value]));
  const drawing = async (): Promise<unknown> =>
    (await draw(Object.freeze({...values}) as WidgetValues<W>)) ?? textBundle('');
  const hub = currentHub();
  const models = hub && open(hub, widgets);
  await display(controls(hub, models, widgets));
  const place = updatable(await drawing());
  for (const name of models ? names : []) {
    listen(models![name], widgets[name], values, {name, changed: () => redraw(place, drawing)});
  }
}

/** Shows the controls, or says in one line what they would begin with. */
function controls(
  hub: WidgetHub | undefined, models: Readonly<Record<string, WidgetModel>> | undefined, widgets: Widgets,
): unknown {
  const text = Object.entries(widgets)
    .map(([name, {value, range}]) => `${name} = ${JSON.stringify(value)} at first (${range})`)
    .join(', ');
  if (!hub || !models) return textBundle(text);
  const children = Object.values(models).map(({reference}) => reference);
  const box = openWidget(hub, 'VBox', {children, layout: openWidget(hub, 'Layout', {}, 'base').reference});
  return {data: {[VIEW]: {version_major: 2, version_minor: 0, model_id: box.id}, 'text/plain': text}, metadata: {}};
}

function open(hub: WidgetHub, widgets: Widgets): Record<string, WidgetModel> {
  const layout = openWidget(hub, 'Layout', {}, 'base').reference;
  return Object.fromEntries(
    Object.entries(widgets).map(([name, {model, style, state}]) => {
      const described = model === 'Button' ? {} : {description_width: 'initial'};
      const dressed = openWidget(hub, style, style === 'ButtonStyle' ? {} : described).reference;
      return [name, openWidget(hub, model, {...state, description: name, layout, style: dressed})];
    }),
  );
}

/**
 * The front end waits for the end of one change before it sends the next, so that a slider in motion does not queue
 * drawings.
 */
function listen(
  model: WidgetModel, widget: Widget<unknown>, values: Record<string, unknown>,
  {name, changed}: {readonly name: string; readonly changed: () => Promise<void>},
): void {
  const take = (next: unknown): Promise<void> | undefined => {
    if (Object.is(next, values[name])) return undefined;
    values[name] = next;
    return changed();
  };
  model.onUpdate = (state) => take(widget.read(state, values[name]));
  model.onCustom = ({event}) => (event === 'click' && widget.click ? take(widget.click(values[name])) : undefined);
}

async function redraw(place: UpdatableDisplay, drawing: () => Promise<unknown>): Promise<void> {
  try {
    await place.update(await drawing());
  } catch (error) {
    await place.update(textBundle(describeThrown(error)));
  }
}
