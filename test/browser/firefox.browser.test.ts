import { runSuites } from './support/run-suites.ts'

runSuites('firefox', 'node', ['in one page', 'the page offers', 'the page answers'])
