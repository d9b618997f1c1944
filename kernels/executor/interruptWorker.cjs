'use strict';
// Runs in a worker thread of the process that runs cells, so that code which never returns to the event loop can be
// stopped. One byte on the pipe asks for it; the end of the pipe means that the kernel is gone.
const inspector = require('node:inspector');
const {Socket} = require('node:net');
const {parentPort, workerData} = require('node:worker_threads');
const {childrenOf, interruptProcess, killProcess} = require('./processTree.cjs');

const answered = new Int32Array(workerData.answered);
const session = new inspector.Session();

/** Time in ms in which a process that is not caught in a loop answers. */
const PATIENCE = 100;

/** Most attempts to find the main thread in code of the user rather than of Node, whose bookkeeping must not be cut short. */
const ATTEMPTS = 300;

/** The kernel's own code is not cut short either: a message may be half written. */
const KERNEL = /[/\\]kernels[/\\](executor|jupyter|runner)[/\\]/;

/** Most frames of the stack that are told. */
const FRAMES = 10;

/** Time in ms that a child process has to end when it is interrupted. */
const CHILD_PATIENCE = 700;

/** Time in ms that the process has to end by itself when the kernel is gone. */
const FAREWELL = 2000;

/** Places in the shared memory, see children.ts. */
const [BLOCKED, STOPPED, OTHERS] = [2, 3, 4];

const post = (method, params) =>
  new Promise((resolve, reject) =>
    session.post(method, params, (error, result) => (error ? reject(new Error(error.message)) : resolve(result))));

const next = (event) => new Promise((resolve) => session.once(event, resolve));

async function interrupt() {
  const before = Atomics.load(answered, 0);
  parentPort.postMessage({asked: true});
  if (hasAnswered(before, PATIENCE) || endBlocking(before)) return;
  Atomics.store(answered, 1, 1); // the question, still unread, is settled by what follows
  parentPort.postMessage({asked: false, frames: await terminate()});
}

const hasAnswered = (before, patience) => Atomics.wait(answered, 0, before, patience) !== 'timed-out';

/** Ends the child process that the main thread waits for, if it does. @returns whether the main thread then answers */
function endBlocking(before) {
  for (const end of [interruptProcess, killProcess]) {
    if (Atomics.load(answered, BLOCKED) !== 1) return false;
    Atomics.store(answered, STOPPED, 1);
    const others = new Set(answered.subarray(OTHERS));
    childrenOf(process.pid).filter((pid) => !others.has(pid)).forEach(end);
    if (hasAnswered(before, CHILD_PATIENCE)) return true;
  }
  return false;
}

/** Pauses the main thread in its loop, clears Node's record of nested callbacks, and ends the execution there. */
async function terminate() {
  await post('Debugger.enable');
  try {
    let paused = next('Debugger.paused');
    await post('Debugger.pause');
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const [top, ...rest] = (await paused).params.callFrames;
      if (isNode(top)) {
        paused = next('Debugger.paused');
        // Out to the code of the user that called, else on to what is called next.
        const isCalled = !rest.every(isNode);
        await skipNode(!isCalled);
        await post(isCalled ? 'Debugger.stepOut' : 'Debugger.stepInto');
        continue;
      }
      // Node aborts when callbacks that were begun are not ended; the loop is ended with all of them.
      await post('Debugger.evaluateOnCallFrame', {
        callFrameId: top.callFrameId, expression: 'globalThis[Symbol.for("obsnode.clearCallbacks")]?.()',
      });
      await post('Debugger.resume', {terminateOnResume: true});
      return [top, ...rest].filter((frame) => !isNode(frame)).slice(0, FRAMES).map(inWords);
    }
    return [];
  } finally {
    await post('Debugger.disable');
  }
}

/** What is skipped must not be so from the start: a pause that falls into it would be lost. */
const skipNode = (skip) => post('Debugger.setBlackboxPatterns', {patterns: skip ? ['^node:', KERNEL.source] : []});

/** Call frames name their script by number only. */
const urls = new Map();
session.on('Debugger.scriptParsed', ({params: {scriptId, url}}) => urls.set(scriptId, url));

const urlOf = ({location}) => urls.get(location.scriptId) ?? '';

const isNode = (frame) => urlOf(frame).startsWith('node:') || KERNEL.test(urlOf(frame));

/** A frame as it stands in the stack of an error. */
const inWords = (frame) =>
  `    at ${frame.functionName || '<anonymous>'} (${urlOf(frame)}:${frame.location.lineNumber + 1}:${frame.location.columnNumber + 1})`;

session.connectToMainThread();
const pipe = new Socket({fd: workerData.fd, readable: true, writable: false});
let queue = Promise.resolve();
pipe.on('data', () => {
  queue = queue.then(interrupt);
});
pipe.on('close', () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), FAREWELL));
