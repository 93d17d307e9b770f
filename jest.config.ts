/** @jest-config-loader esbuild-register */
import type { Config } from 'jest'

const shared: Config = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } }],
  },
  moduleNameMapper: {
    '^#platform$': '<rootDir>/src/platform/node.ts',
    '^#websocket$': '<rootDir>/src/platform/websocket-node.ts',
    '^#inspector-server$': '<rootDir>/src/platform/inspector-node.ts',
  },
}

/**
 * `browser`: in headless Chromium and Firefox; named `*.browser.test.ts`.
 * `fast`: pure code and machines, on the simulated network and virtual time; seconds.
 * `real`: real connections, child processes and the built package; named `*.real.test.ts`.
 */
const config: Config = {
  projects: [
    {
      ...shared,
      displayName: 'fast',
      testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/examples/*/test/**/*.test.ts'],
      moduleNameMapper: {
        ...shared.moduleNameMapper,
        // Examples import the package as its users do.
        '^webrtc-multiplayer$': '<rootDir>/src/index.ts',
        '^webrtc-multiplayer/lobby$': '<rootDir>/src/lobby.ts',
        '^webrtc-multiplayer/testing$': '<rootDir>/src/testing/index.ts',
      },
      testPathIgnorePatterns: ['\\.(real|browser)\\.test\\.ts$'],
    },
    {
      ...shared,
      displayName: 'real',
      testMatch: ['<rootDir>/test/**/*.real.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/real-setup.ts'],
    },
    {
      ...shared,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/**/*.browser.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/support/real-setup.ts'],
    },
  ],
  // A connect takes milliseconds, but one in fifty may meet DTLS's retransmission timer of one second.
  testTimeout: 30_000,
}

export default config
