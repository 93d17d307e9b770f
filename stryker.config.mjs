/** `npm run test:mutation`: docs/mutation-testing.md says what it is and what came of it. */
export default {
  testRunner: 'jest',
  jest: { projectType: 'custom', configFile: 'test/mutation/jest.config.mjs', enableFindRelatedTests: true },
  coverageAnalysis: 'perTest',
  mutate: ['src/machines/**/*.ts', 'src/services/multiplayer-peer/**/*.ts', 'src/protocol/**/*.ts'],
  // Types are erased before anything runs; they need no comment that switches them off.
  disableTypeChecks: false,
  ignorePatterns: ['dist', 'temp', 'bench', 'docs', 'examples', 'test/inspector-page', 'src/inspector-page'],
  incremental: true,
  incrementalFile: 'temp/mutation/incremental.json',
  concurrency: 2,
  // Jest loads modules anew for each mutant and does not give all of their memory back.
  maxTestRunnerReuse: 200,
  timeoutMS: 5_000,
  reporters: ['progress-append-only', 'json', 'html'],
  jsonReporter: { fileName: 'temp/mutation/report.json' },
  htmlReporter: { fileName: 'temp/mutation/report.html' },
  tempDirName: 'temp/mutation/sandbox',
}
