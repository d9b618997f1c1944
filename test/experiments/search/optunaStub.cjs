#!/usr/bin/env node
'use strict';
// Stands in for a Python with Optuna, `optunaStub.cjs -c PROGRAM JOB`: writes to the journal what Optuna wrote when
// optuna.json was recorded, says which trials these are, and notes the job. It draws nothing itself.
const {appendFileSync} = require('node:fs');
const batches = require('./optuna.json');

const job = JSON.parse(process.argv[4]), batch = batches[job.known / job.count];
const created = batch.filter((line) => line.op_code === 4).length;
if (created !== job.count) throw new Error(`a batch of ${created} was recorded, ${job.count} were asked for`);
appendFileSync(job.journal, batch.map((line) => `${JSON.stringify(line)}\n`).join(''));
appendFileSync(`${job.journal}.jobs`, `${JSON.stringify(job)}\n`);
console.log(JSON.stringify(Array.from({length: created}, (_, k) => job.known + k)));
