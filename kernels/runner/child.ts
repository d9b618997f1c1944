import {Executor} from '../executor';
import {listenForInterrupts} from '../executor/interrupts';
import type {ChildMessage, ExecuteRequest} from './messages';

// The process of one notebook: executes the cells it is sent, in order, and reports over the channel to its parent.

const INTERRUPT_FD = 4;

let present = 0;

const executor = new Executor({
  directory: process.cwd(),
  root: process.env.OBSNODE_ROOT ?? process.cwd(),
  reload: false,
  onLateError: (failure) => send({type: 'late-error', cell: present, outcome: {status: 'error', failure}}),
});

function send(message: ChildMessage): void {
  process.send?.(message);
}

async function execute({cell, source}: ExecuteRequest): Promise<void> {
  present = cell;
  const outcome = await executor.execute(source, (event) => send({type: 'event', cell, event}));
  // One more turn of the loop: a rejection that nothing awaits belongs to this cell.
  await new Promise((resolve) => setImmediate(resolve));
  send({type: 'done', cell, outcome});
}

let queue = Promise.resolve();
process.on('message', (request: ExecuteRequest) => {
  queue = queue.then(() => execute(request));
});
process.on('disconnect', () => process.exit(0));
listenForInterrupts(INTERRUPT_FD, (frames) => executor.interrupt(frames));
send({type: 'ready'});
