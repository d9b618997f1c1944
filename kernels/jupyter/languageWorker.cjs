'use strict';
// Runs the language service in a thread of its own, so that the sockets of the kernel answer while it thinks.
require('tsx/cjs');
const {parentPort, workerData} = require('node:worker_threads');
const {CellLanguage} = require('../checker/languageService.ts');
const {isComplete} = require('./completeness.ts');

const language = new CellLanguage(workerData.root, workerData.directory);
const operations = {
  check: ({count, code}) => language.check(count, code),
  complete: ({code, offset}) => language.complete(code, offset),
  inspect: ({code, offset}) => language.inspect(code, offset),
  isComplete: ({code}) => isComplete(code),
};

parentPort.on('message', ({id, operation, request}) => {
  try {
    parentPort.postMessage({id, value: operations[operation](request)});
  } catch (error) {
    parentPort.postMessage({id, error: String(error && error.stack)});
  }
});
// The libraries are read before the first cell asks for them.
language.check(0, '');
