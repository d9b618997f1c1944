import {type CellEvent, Executor, EXPRESSION, type Failure} from '../executor';
import {withCapture} from '../executor/capture';
import {listenForInterrupts} from '../executor/interrupts';
import type {CompiledCell} from '../executor/cell';
import type {MimeBundle} from '../../lib/notebook/mime';
import {COMM_HUB} from '../../lib/notebook/widgets/hub';
import {CommHub} from './comms';
import type {EngineMessage, EngineRequest, ExpressionValue} from './messages';

// The process in which the cells of a Jupyter notebook run. It knows nothing of sockets: it is told what to run and says what happens.

const INTERRUPT_FD = 4;

let present = '';
let answer: ((value: string) => void) | null = null;
let allowInput = false;
let foreseen: CellEvent[] = [];

const executor = new Executor({directory: process.cwd(), root: process.env.OBSNODE_ROOT ?? process.cwd()});
const comms = new CommHub((message) => send({type: 'comm', id: present, message}));

function send(message: EngineMessage): void {
  process.send?.(message);
}

/** Loads modules ahead of the cell that imports them; what they print is kept for that cell. */
function foresee(specifiers: readonly string[]): void {
  foreseen = [];
  void withCapture((name, text) => void foreseen.push({type: 'stream', name, text}), async () => executor.modules.foresee(specifiers));
}

async function execute({id, cell, expressions, allowInput: mayAsk}: Extract<EngineRequest, {type: 'execute'}>): Promise<void> {
  present = id;
  allowInput = mayAsk;
  for (const event of foreseen.splice(0)) send({type: 'event', id, event});
  const outcome = await executor.execute(cell, (event) => send({type: 'event', id, event}), cell.fileName.replace(/\.ts$/, ''));
  const values: Record<string, ExpressionValue> = {};
  if (outcome.status === 'ok') {
    for (const [name, expression] of Object.entries(expressions)) values[name] = await evaluate(expression);
  }
  answer = null;
  send({type: 'done', id, outcome, names: executor.names(), expressions: values});
}

async function evaluate(expression: CompiledCell | Failure): Promise<ExpressionValue> {
  if ('ename' in expression) return {status: 'error', ...expression};
  const outcome = await executor.execute(expression, () => undefined, EXPRESSION);
  if (outcome.status === 'error') return {status: 'error', ...outcome.failure};
  const bundle: MimeBundle = outcome.result ?? {data: {'text/plain': 'undefined'}, metadata: {}};
  return {status: 'ok', data: bundle.data, metadata: bundle.metadata ?? {}};
}

function input(prompt = '', {password = false}: {readonly password?: boolean} = {}): Promise<string> {
  if (!allowInput) return Promise.reject(new Error('input: this front end cannot ask; use a parameter instead'));
  send({type: 'input', id: present, prompt: String(prompt), password});
  return new Promise((resolve) => {
    answer = resolve;
  });
}

/** Comm messages run the callbacks of widgets: their output belongs to the message. */
async function handleComm({id, message}: Extract<EngineRequest, {type: 'comm'}>): Promise<void> {
  present = id;
  await executor.attribute((event) => send({type: 'event', id, event}), () => comms.receive(message));
  send({type: 'handled', id});
}

let queue = Promise.resolve();
process.on('message', (request: EngineRequest) => {
  if (request.type === 'input') return answer?.(request.value);
  if (request.type === 'foresee') return foresee(request.specifiers);
  const work = request.type === 'comm' ? () => handleComm(request) : () => execute(request);
  queue = queue.then(work).catch((error: Error) => void process.stderr.write(`${error.stack}\n`));
});
process.on('disconnect', () => process.exit(0));
// Signals are for the kernel, which passes interrupts on by the pipe.
process.on('SIGINT', () => undefined);
Object.assign(globalThis, {input});
(globalThis as Record<symbol, unknown>)[COMM_HUB] = comms;
listenForInterrupts(INTERRUPT_FD, (frames) => executor.interrupt(frames));
