'use strict';
// Loaded before a program of trainings: to the file that TRAINING_TRACE names, every process appends a line when it
// reads a specification and when it has written a checkpoint, with its processor seconds until then.
const fs = require('node:fs');

const {appendFileSync, readFileSync, renameSync} = fs;

function note(training, epochs) {
  const {user, system} = process.cpuUsage();
  const line = {pid: process.pid, training, epochs, used: (user + system) / 1e6, at: Date.now() / 1000};
  appendFileSync(process.env.TRAINING_TRACE, `${JSON.stringify(line)}\n`);
}

fs.readFileSync = (path, ...rest) => {
  const [, hash] = /specs\W(\w{24})\.json$/.exec(path) ?? [];
  // The program that starts trainings reads their specifications, too.
  if (hash && process.send) note(hash, 0);
  return readFileSync(path, ...rest);
};

fs.renameSync = (from, to) => {
  renameSync(from, to);
  const [, training] = /(\w+-[0-9a-f]{16})\.safetensors$/.exec(to) ?? [];
  if (training) note(training, curveOf(readFileSync(to)).length);
};

/** What a checkpoint says of the epochs before it. */
function curveOf(bytes) {
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE())));
  return JSON.parse(header.__metadata__.curve);
}
