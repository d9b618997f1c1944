import {describeThrown} from '../../lib/notebook/describe';
import {Executor} from '../executor';
import {messageWriter} from '../executor/channel';
import {endChildren} from '../executor/children';
import {Input} from '../executor/input';
import {listenForInterrupts} from '../executor/interrupts';
import type {ChildMessage, ExecuteRequest} from './messages';

// The process of one notebook: executes the cells it is sent, in order, and reports over the channel to its parent.

const INTERRUPT_FD = 4;
const MESSAGE_FD = 5;

// The user's mocks of timers are no business of ours.
const immediately = setImmediate;

let present = 0;

const send: (message: ChildMessage) => void = messageWriter(MESSAGE_FD);
const executor = new Executor({
  directory: process.cwd(),
  root: process.env.OBSNODE_ROOT ?? process.cwd(),
  reload: false,
  onLateError: (failure) => send({type: 'late-error', cell: present, outcome: {status: 'error', failure}}),
});

const input = new Input(executor, () => Promise.reject(
  new Error('input: nobody can be asked while a notebook is run from the command line; use a parameter instead'),
));

async function execute({cell, source}: ExecuteRequest): Promise<void> {
  present = cell;
  const outcome = await executor.execute(source, (event) => send({type: 'event', cell, event}));
  // One more turn of the loop: a rejection that nothing awaits belongs to this cell.
  await new Promise((resolve) => immediately(resolve));
  input.close();
  send({type: 'done', cell, outcome});
}

/** A request is answered whatever happens; this should not. */
function giveUp({cell}: ExecuteRequest, error: unknown): void {
  const evalue = describeThrown(error);
  send({type: 'done', cell, outcome: {status: 'error', failure: {ename: 'Error', evalue, traceback: [evalue]}}});
}

let queue = Promise.resolve();
process.on('message', (request: ExecuteRequest) => {
  queue = queue.then(() => execute(request)).catch((error) => giveUp(request, error));
});
process.on('disconnect', () => process.exit(0));
process.on('exit', endChildren);
listenForInterrupts(INTERRUPT_FD, (frames) => executor.interrupt(frames));
send({type: 'ready'});
