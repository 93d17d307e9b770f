import { runSuites } from './support/run-suites.ts'

runSuites('chromium', 'firefox', ['the page offers', 'the page answers'])
