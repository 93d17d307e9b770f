import { runSuites } from './support/run-suites.ts'

runSuites('chromium', 'node', ['in one page', 'the page offers', 'the page answers'])
