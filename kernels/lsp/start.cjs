'use strict';
// Entry point that the specification for JupyterLab names.
require('tsx/cjs');
require('./main.ts');
