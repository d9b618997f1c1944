'use strict';
// Ends processes with everything that they have started. Used by the process that runs cells and by the thread that
// listens for interrupts.
const {execFileSync} = require('node:child_process');
const {readdirSync, readFileSync} = require('node:fs');

/** @returns {[pid: number, parent: number][]} all processes */
function processes() {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap(statOf);
  } catch {
    return listed();
  }
}

function statOf(name) {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
    return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
  } catch {
    return []; // ended meanwhile
  }
}

/** Where there is no /proc. */
function listed() {
  try {
    const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], {
      encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text.trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  } catch {
    return [];
  }
}

/** @returns {number[]} the processes below `root`, without itself, those nearest first */
function descendants(root, all = processes()) {
  const found = all.filter(([, parent]) => parent === root).map(([pid]) => pid);
  return [...found, ...found.flatMap((pid) => descendants(pid, all))];
}

/** @returns {number[]} the processes that `root` has started itself */
function childrenOf(root) {
  return processes().filter(([, parent]) => parent === root).map(([pid]) => pid);
}

function signal(pid, name) {
  if (!pid) return;
  for (const each of [pid, ...descendants(pid)]) {
    try {
      process.kill(each, name);
    } catch {
      // ended meanwhile
    }
  }
}

module.exports = {
  descendants,
  childrenOf,
  interruptProcess: (pid) => signal(pid, 'SIGINT'),
  terminateProcess: (pid) => signal(pid, 'SIGTERM'),
  killProcess: (pid) => signal(pid, 'SIGKILL'),
};
