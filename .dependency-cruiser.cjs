/** Folders of lib/ in order: each may import only from those before it (and from lib/errors.ts and lib/files.ts, which stand above all). */
const layers = [
  'math', 'ode', 'graph', 'nn', 'systems', 'data', 'causal', 'observability', 'models', 'training', 'evaluation',
  'estimation', 'decisions', 'experiments', 'studies', 'figures', 'notebook', 'programs',
];

const layerOrder = layers.slice(0, -1).map((layer, k) => ({
  name: `layer-${layer}`,
  severity: 'error',
  comment: `lib/${layer} may import only from `
    + `${['lib/errors.ts', ...layers.slice(0, k).map(above => `lib/${above}`)].join(', ')}.`,
  from: {path: `^lib/${layer}/`},
  to: {path: `^lib/(${layers.slice(k + 1).join('|')})/`},
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerOrder,
    {
      name: 'unknown-layer', severity: 'error', comment: 'A new folder of lib/ needs a place in the order above.',
      from: {path: `^lib/(?!(${layers.join('|')})/)[^/]+/`}, to: {},
    },
    {
      name: 'errors-stand-alone', severity: 'error', comment: 'lib/errors.ts is above every layer.',
      from: {path: '^lib/errors\\.ts$'}, to: {path: '^(lib|kernels|test|notebooks)/'},
    },
    {
      name: 'index-is-a-door', severity: 'error',
      comment: "lib/index.ts re-exports the layers' own index files and lib/errors.ts, nothing else; studies have "
        + "doors of their own.",
      from: {path: '^lib/index\\.ts$'}, to: {pathNot: '^lib/(errors|(?!studies)[a-z]+/index)\\.ts$'},
    },
    {
      name: 'studies-stand-apart', severity: 'error',
      comment: 'A study is a room: what two studies share belongs in a layer below them.',
      from: {path: '^lib/studies/([^/]+)/'}, to: {path: '^lib/studies/', pathNot: '^lib/studies/$1/'},
    },
    {
      name: 'door-is-for-outside', severity: 'error', comment: 'Inside lib/, import the file itself.',
      from: {path: '^lib/'}, to: {path: '^lib/index\\.ts$'},
    },
    {
      name: 'lib-stands-alone', severity: 'error', comment: 'lib/ knows nothing of kernels, tests or notebooks.',
      from: {path: '^lib/'}, to: {path: '^(kernels|test|notebooks)/'},
    },
    {
      name: 'kernels-see-notebook-only', severity: 'error',
      comment: 'The kernel serves any program: from lib/ it needs lib/notebook (and lib/errors.ts, '
        + 'lib/files.ts) alone.',
      from: {path: '^kernels/'}, to: {path: '^lib/', pathNot: '^lib/(notebook/|(errors|files)\\.ts$)'},
    },
    {
      name: 'tests-are-leaves', severity: 'error', comment: 'Nothing but tests imports tests.',
      from: {path: '^(lib|kernels)/'}, to: {path: '^test/'},
    },
    {
      name: 'no-cycles', severity: 'error',
      comment: 'A cycle of imports, of types alone too, has no order in which it could be read.', from: {},
      to: {circular: true},
    },
    {
      name: 'no-unresolvable', severity: 'error', comment: 'The import leads nowhere.', from: {path: '^(lib|kernels)/'},
      to: {couldNotResolve: true},
    },
    {
      name: 'no-dev-packages', severity: 'error', comment: 'What lib/ and kernels/ need must be in `dependencies`.',
      from: {path: '^(lib|kernels)/', pathNot: '\\.test\\.ts$'},
      to: {dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only', 'npm']},
    },
  ],
  options: {
    doNotFollow: {path: 'node_modules'},
    exclude: {path: '^(out|coverage|data/cache)/'},
    tsPreCompilationDeps: true,
    tsConfig: {fileName: 'tsconfig.json'},
    enhancedResolveOptions: {
      exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
    },
  },
};
