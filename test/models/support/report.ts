import type { PathCoverage } from '../../../src/testing/paths/path-coverage.ts'
import { assertEqual } from '../../../src/testing/transport-acceptance/assertions.ts'
import { TOTALS } from './totals.ts'

/** Prints how much of a model was passed, and fails unless that is all of a model as large as it has to be. Not by the console, around which Jest puts six lines. */
export function report(model: string, coverage: PathCoverage, paths: number): void {
  process.stdout.write(`${model}: ${coverage.toString()}, ${paths} paths\n`)
  coverage.assertComplete()
  assertEqual([coverage.states, coverage.transitions], TOTALS[model], `the states and transitions of ${model}`)
}
