import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The models walk thousands of steps: they only run against what the unit tests let live, as scripts/mutation.mjs asks for. */
const models =
  process.env.MUTATION_TESTS === 'units-and-models'
    ? [
        '<rootDir>/test/models/peer/*.test.ts',
        '<rootDir>/test/models/mesh/{decision-tables,two-peers}.test.ts',
        '<rootDir>/test/models/authentication/authentication.test.ts',
      ]
    : []

/** The fast tests of what is mutated; those that take seconds by themselves (fuzzing, properties) are left out. */
export default {
  rootDir: root,
  testEnvironment: fileURLToPath(new URL('environment.cjs', import.meta.url)),
  testRunner: '<rootDir>/test/mutation/bailing-jest-circus.cjs',
  testSequencer: '<rootDir>/test/mutation/sequencer.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } }],
  },
  moduleNameMapper: {
    '^#platform$': '<rootDir>/src/platform/node.ts',
    '^#websocket$': '<rootDir>/src/platform/websocket-node.ts',
  },
  testMatch: ['<rootDir>/test/{machines,protocol,services/multiplayer-peer}/**/*.test.ts', ...models],
  testPathIgnorePatterns: ['\\.(real|browser)\\.test\\.ts$', '/(fuzz|properties)\\.test\\.ts$'],
  // Nothing here waits for real time; a mutant that waits for ever is found after this.
  testTimeout: models.length > 0 ? 20_000 : 2_000,
}
