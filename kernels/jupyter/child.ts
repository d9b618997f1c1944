import {Executor} from '../executor';
import type {MimeBundle} from '../../lib/notebook/mime';
import {COMM_HUB} from '../../lib/notebook/widgets/hub';
import {CommHub} from './comms';
import {listenForInterrupts} from './interrupts';
import type {EngineMessage, EngineRequest, ExpressionValue} from './messages';

// The process in which the cells of a Jupyter notebook run. It knows nothing of sockets: it is told what to run and says what happens.

const INTERRUPT_FD = 4;

let present = '';
let answer: ((value: string) => void) | null = null;
let allowInput = false;

const executor = new Executor({directory: process.cwd(), root: process.env.OBSNODE_ROOT ?? process.cwd()});
const comms = new CommHub((message) => send({type: 'comm', id: present, message}));

function send(message: EngineMessage): void {
  process.send?.(message);
}

async function execute(request: Extract<EngineRequest, {type: 'execute'}>): Promise<void> {
  present = request.id;
  allowInput = request.allowInput;
  const outcome = await executor.execute(request.code, (event) => send({type: 'event', id: request.id, event}), `cell-${request.count}`);
  const expressions: Record<string, ExpressionValue> = {};
  if (outcome.status === 'ok') {
    for (const [name, expression] of Object.entries(request.expressions)) expressions[name] = await evaluate(expression);
  }
  answer = null;
  send({type: 'done', id: request.id, outcome, expressions});
}

async function evaluate(expression: string): Promise<ExpressionValue> {
  const outcome = await executor.execute(`(${expression}\n)`, () => undefined, 'expression');
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
  const work = request.type === 'comm' ? () => handleComm(request) : () => execute(request);
  queue = queue.then(work).catch((error: Error) => void process.stderr.write(`${error.stack}\n`));
});
process.on('disconnect', () => process.exit(0));
// Signals are for the kernel, which passes interrupts on by the pipe.
process.on('SIGINT', () => undefined);
Object.assign(globalThis, {input});
(globalThis as Record<symbol, unknown>)[COMM_HUB] = comms;
listenForInterrupts(INTERRUPT_FD, (where) => executor.interrupt(where));
send({type: 'ready'});
