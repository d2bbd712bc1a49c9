/** Which layer may import which (docs/architecture.md). A layer not named in `allowed` is forbidden. */
const layers = {
  'lib/core': [],
  policies: ['lib/core'],
  'lib/providers': ['lib/core'],
  'lib/gateway': ['lib/core', 'lib/providers'],
  'lib/console': ['lib/core', 'lib/providers'],
  'lib/review': ['lib/core'],
  'lib/aws': ['lib/core'],
  'lib/egress': ['lib/core'],
  'lib/local': ['lib/core'],
  'lib/local-cloud': ['lib/core', 'lib/env'],
  'lib/env': ['lib/core'],
  'lib/infra': ['lib/env', 'lib/core', 'policies'],
  'lib/cli': [
    'lib/core',
    'lib/gateway',
    'lib/console',
    'lib/review',
    'lib/local',
    'lib/local-cloud',
    'lib/providers',
    'lib/aws',
    'lib/egress',
    'lib/env',
    'policies',
  ],
  lambdas: [
    'lib/core',
    'lib/gateway',
    'lib/console',
    'lib/review',
    'lib/providers',
    'lib/aws',
    'lib/egress',
    'lib/env',
    'policies',
  ],
};
const all = Object.keys(layers);

function layer(name) {
  const forbidden = all.filter((other) => other !== name && !layers[name].includes(other));
  return {
    name: `layer ${name}`,
    severity: 'error',
    from: { path: `^${name}/` },
    to: { path: `^(${forbidden.join('|')})/` },
  };
}

module.exports = {
  forbidden: [
    ...all.map(layer),
    {
      name: 'core is pure',
      severity: 'error',
      from: { path: '^(lib/core|policies)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core knows no cloud',
      severity: 'error',
      from: { path: '^(lib/core|policies|lib/gateway|lib/review|lib/providers)/' },
      to: { path: '(^|node_modules/)(@aws-sdk|@middy|aws-cdk|constructs)' },
    },
    {
      name: 'run-time code knows no CDK',
      severity: 'error',
      from: { path: '^(lib/(?!infra)|lambdas|policies)' },
      to: { path: '(^|node_modules/)(aws-cdk-lib|constructs|cdk-nag)' },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'product imports no test',
      severity: 'error',
      from: { path: '^(lib|lambdas|policies|bin)/' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
    exclude: { path: '^(cdk\\.out|\\.kt|dist)' },
  },
};
