const swc = [
  '@swc/jest',
  {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
    module: { type: 'commonjs', ignoreDynamic: true },
  },
];

/** ESM-only packages that tests load through CommonJS. */
const esmOnly = [
  'tokenx',
  '@middy',
  'eventsource-parser',
  '@noble',
  'canonicalize',
  'cockatiel',
  'ulid',
  'commander',
  '@seriousme',
];

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.kt'],
  transform: { '^.+\\.[mc]?[tj]s$': swc },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  extensionsToTreatAsEsm: [],
  maxWorkers: 2,
  // A worker that has run many suites collects garbage for longer than the judgements it times.
  workerIdleMemoryLimit: '1GB',
  testTimeout: 30_000,
};
