import {AsyncLocalStorage} from 'node:async_hooks';
import {type CellEvent, Executor, EXPRESSION, type Failure} from '../executor';
import {withCapture} from '../executor/capture';
import {messageWriter} from '../executor/channel';
import {endChildren} from '../executor/children';
import {Input} from '../executor/input';
import {listenForInterrupts} from '../executor/interrupts';
import type {CompiledCell} from '../executor/cell';
import {describeThrown} from '../../lib/notebook/describe';
import type {MimeBundle} from '../../lib/notebook/mime';
import {COMM_HUB} from '../../lib/notebook/widgets/hub';
import {importsAhead} from './ahead';
import {CommHub} from './comms';
import type {EngineMessage, EngineRequest, ExpressionValue} from './messages';
import {answerVariables} from './variables';

// The process in which the cells of a Jupyter notebook run. It knows nothing of sockets: it is told what to run and
// says what happens.

const INTERRUPT_FD = 4;
const MESSAGE_FD = 5;

/** The request that code belongs to: cells of several shells run beside each other. */
const requests = new AsyncLocalStorage<string>();
/** Whether the front end of a running cell can ask its reader, by request. */
const mayAsk = new Map<string, boolean>();
let latest = '';
/** The same of the latest cell, for callbacks that outlive theirs. */
let couldAsk = false;
/** What modules printed that were loaded ahead of the cell that imports them, kept for that cell. */
const foreseen = new Map<string, CellEvent[]>();

/** A question that the reader has not answered. */
interface Question extends Pick<Extract<EngineMessage, {type: 'input'}>, 'id' | 'prompt' | 'password'> {
  readonly answer: (value: string) => void;
}

let questions: readonly Question[] = [];
const present = (): string => requests.getStore() ?? latest;
const send: (message: EngineMessage) => void = messageWriter(MESSAGE_FD);
const directory = process.cwd(), root = process.env.OBSNODE_ROOT ?? directory;
const executor = new Executor({directory, root});
const input = new Input(executor, ask);
const comms = new CommHub((message) => send({type: 'comm', id: present(), message}));

function foresee(specifiers: readonly string[]): void {
  for (const specifier of specifiers) {
    const events = foreseen.get(specifier) ?? [];
    foreseen.set(specifier, events);
    void withCapture((name, text) => void events.push({type: 'stream', name, text}), async () =>
      executor.modules.foresee(specifier));
  }
}

function showForeseen(id: string, {imports}: CompiledCell): void {
  for (const {specifier} of imports) {
    foreseen.get(specifier)?.forEach((event) => send({type: 'event', id, event}));
    foreseen.delete(specifier);
  }
}

async function execute(
  {id, cell, expressions, allowInput}: Extract<EngineRequest, {type: 'execute'}>,
): Promise<void> {
  mayAsk.set(id, allowInput);
  couldAsk = allowInput;
  showForeseen(id, cell);
  const outcome =
    await executor.execute(cell, (event) => send({type: 'event', id, event}), cell.fileName.replace(/\.ts$/, ''));
  const values: Record<string, ExpressionValue> = {};
  if (outcome.status === 'ok') {
    for (const [name, expression] of Object.entries(expressions)) values[name] = await evaluate(expression);
  }
  mayAsk.delete(id);
  forgetQuestions(id);
  if (mayAsk.size === 0) input.close();
  send({type: 'done', id, outcome, names: executor.names(), expressions: values});
}

async function evaluate(expression: CompiledCell | Failure): Promise<ExpressionValue> {
  if ('ename' in expression) return {status: 'error', ...expression};
  const outcome = await executor.execute(expression, () => undefined, EXPRESSION);
  if (outcome.status === 'error') return {status: 'error', ...outcome.failure};
  const bundle: MimeBundle = outcome.result ?? {data: {'text/plain': 'undefined'}, metadata: {}};
  return {status: 'ok', data: bundle.data, metadata: bundle.metadata ?? {}};
}

/** Questions are put one after the other. */
function ask(prompt: string, password: boolean): Promise<string> {
  if (!(mayAsk.get(present()) ?? couldAsk)) {
    return Promise.reject(new Error('input: this front end cannot ask; use a parameter instead'));
  }
  return new Promise((answer) => {
    questions = [...questions, {id: present(), prompt, password, answer}];
    if (questions.length === 1) putQuestion();
  });
}

function putQuestion(): void {
  if (questions.length === 0) return;
  const {id, prompt, password} = questions[0];
  send({type: 'input', id, prompt, password});
}

function takeAnswer(value: string): void {
  const [first] = questions;
  questions = questions.slice(1);
  first?.answer(value);
  putQuestion();
}

/** Questions of a cell that has ended are not put. */
function forgetQuestions(id: string): void {
  const [first] = questions;
  questions = questions.filter(question => question.id !== id);
  if (first && questions[0] !== first) putQuestion();
}

/** Comm messages run the callbacks of widgets: their output belongs to the message. */
async function handleComm({id, message}: Extract<EngineRequest, {type: 'comm'}>): Promise<void> {
  await executor.attribute((event) => send({type: 'event', id, event}), () => comms.receive(message));
  send({type: 'handled', id});
}

/** A request is answered whatever happens; this should not. */
function giveUp({id, type}: Extract<EngineRequest, {id: string}>, error: unknown): void {
  const evalue = describeThrown(error);
  if (type === 'comm') return send({type: 'handled', id});
  const failure = {ename: 'Error', evalue, traceback: [evalue]};
  send({type: 'done', id, outcome: {status: 'error', failure}, names: executor.names(), expressions: {}});
}

/** What each shell is to do next, once it has done what it does. */
const queues = new Map<string, Promise<void>>();
process.on('message', (request: EngineRequest) => {
  if (request.type === 'input') return takeAnswer(request.value);
  if (request.type === 'exit') process.exit(0);
  if (request.type === 'foresee') return foresee(request.specifiers);
  if (request.type === 'variables') {
    return send({type: 'variables', id: request.id, answer: answerVariables(executor.namespace, request.question)});
  }
  const work = (): Promise<void> => {
    latest = request.id;
    return requests.run(request.id, () => (request.type === 'comm' ? handleComm(request) : execute(request)));
  };
  const done = (queues.get(request.subshell) ?? Promise.resolve()).then(work).catch((error) => giveUp(request, error));
  queues.set(request.subshell, done);
});
process.on('disconnect', () => process.exit(0));
process.on('exit', endChildren);
// Signals are for the kernel, which passes interrupts on by the pipe.
process.on('SIGINT', () => undefined);
(globalThis as Record<symbol, unknown>)[COMM_HUB] = comms;
foresee(importsAhead(root, directory));
listenForInterrupts(INTERRUPT_FD, (frames) => executor.interrupt(frames));
