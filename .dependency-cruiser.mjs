/** The import matrix of ARCHITECTURE.md, one rule for each folder, and no cycles. */

const coreOrder = [
  'base',
  'params',
  'types',
  'codec',
  'crypto',
  'batch',
  'stream',
  'emotion',
  'consent',
  'liveness',
  'wellness',
  'committee',
  'checkpoint',
  'ledger',
  'bft',
  'chain',
]

const purePackages =
  '^node_modules/(@noble|poseidon-lite|protons-runtime|uint8arraylist|uint8arrays)/'
const test = '\\.(test|fixture)\\.ts$'

/** Files of `name` may import only what one of `allowed` matches. */
function only(name, from, allowed, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from, pathNot: test },
    to: { pathNot: allowed },
  }
}

const coreLayers = coreOrder.slice(0, -1).map((layer, index) => ({
  name: `core-order-${layer}`,
  comment:
    'Core is layered base → … → chain. Move what is shared down, or pass it in as an argument.',
  severity: 'error',
  from: { path: `^src/core/${layer}(/|\\.ts$)`, pathNot: test },
  to: {
    path: `^src/core/(${coreOrder.slice(index + 1).join('|')})(/|\\.ts$)`,
  },
}))

export default {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that import each other are one file, or need a third below them.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'The file or package does not exist: fix the path or add the dependency.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^virtual:|\\?' },
    },
    only(
      'core-is-pure',
      '^src/core/',
      ['^src/core/', purePackages],
      'Core imports itself and audited pure packages. Everything else arrives as input.',
    ),
    ...coreLayers,
    only('ports-are-interfaces', '^src/ports/', ['^src/(core|ports)/'], 'Ports know only core.'),
    only(
      'node-runs-core',
      '^src/node/',
      ['^src/(core|ports|node)/'],
      'The node reaches the world through a port: add one, and an adapter for it.',
    ),
    {
      name: 'adapter-stands-alone',
      comment: 'An adapter knows core, ports, itself, a worker with its protocol and its queue.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/', pathNot: test },
      to: {
        path: '^(src|workers|relay|test|e2e|bench|scripts)/',
        pathNot: [
          '^src/(core|ports)/',
          '^src/adapters/$1/',
          '^src/node/api\\.ts$',
          '^workers/[^/]+/(protocol|lane|worker)\\.ts$',
        ],
      },
    },
    {
      name: 'app-speaks-to-node',
      comment: 'View models use core, ports and node; main.ts hands adapters to them.',
      severity: 'error',
      from: { path: '^src/app/', pathNot: test },
      to: {
        path: '^(src|workers|relay|test|e2e|bench|scripts)/',
        pathNot: ['^src/(core|ports|node|app)/', '^workers/[^/]+/protocol\\.ts$'],
      },
    },
    {
      name: 'ui-shows-app',
      comment: 'Components see view models (app) and plain types (core), nothing further in.',
      severity: 'error',
      from: { path: '^src/ui/', pathNot: test },
      to: {
        path: '^(src|workers|relay|test|e2e|bench|scripts)/',
        pathNot: '^src/(core|app|ui)/',
      },
    },
    {
      name: 'main-composes-src',
      comment: 'Only main.ts and the parts that it loads later put the page together.',
      severity: 'error',
      from: { path: '^src/(main|tabNode)\\.ts$' },
      to: {
        path: '^(workers|relay|test|e2e|bench|scripts)/',
        pathNot: '^workers/[^/]+/(protocol|lane|worker)\\.ts$',
      },
    },
    {
      name: 'worker-stands-alone',
      comment:
        'A worker imports core, ports, node, adapters that need no window, and its own folder.',
      severity: 'error',
      from: { path: '^workers/([^/]+)/', pathNot: test },
      to: {
        path: '^(src|workers|relay|test|e2e|bench|scripts)/',
        pathNot: [
          '^src/(core|ports|node)/',
          '^src/adapters/(storage|keys|crypto|sensors)/',
          '^src/adapters/network/port',
          '^src/adapters/workers/(prover|sharingWork|signatureVerifier)\\.ts$',
          '^workers/($1|lib)/',
          '^workers/[^/]+/protocol\\.ts$',
        ],
      },
    },
    {
      name: 'relay-runs-in-node',
      comment:
        'The relay shares core, node, the network adapter and the Node adapters with the page.',
      severity: 'error',
      from: { path: '^relay/', pathNot: test },
      to: {
        path: '^(src|workers|test|e2e|bench|scripts)/',
        pathNot: ['^src/(core|ports|node)/', '^src/adapters/(network|node|crypto|sensors)/'],
      },
    },
    {
      name: 'tests-are-leaves',
      comment: 'Product code never imports tests.',
      severity: 'error',
      from: { path: '^(src|workers|relay|scripts)/', pathNot: test },
      to: { path: `^(test|e2e|bench|formal)/|${test}`, pathNot: '^test/sim/' },
    },
    only(
      'sim-runs-the-core',
      '^sim/',
      ['^src/core/', '^sim/', purePackages],
      'The simulator is the production core and itself: no clock, no files, the same in a browser.',
    ),
    only(
      'oracle-shares-nothing',
      '^sim/oracle/',
      ['^sim/oracle/'],
      'The oracle judges the core: it reads the wire and counts by itself.',
    ),
    {
      name: 'product-without-sim',
      comment: 'The simulator is for scripts, benchmarks and tests.',
      severity: 'error',
      from: { path: '^(src|workers|relay)/', pathNot: test },
      to: { path: '^sim/' },
    },
    {
      name: 'src-is-not-node',
      comment: 'The page runs in a browser. Node built-ins belong to relay/ and src/adapters/node.',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: ['^src/adapters/node/', test] },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|public|coverage|\\.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.js', '.svelte', '.json', '.mjs', '.d.ts'],
    },
  },
}
