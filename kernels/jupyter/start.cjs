'use strict';
// Entry point that the kernelspec names.
require('tsx/cjs');
require('./main.ts');
