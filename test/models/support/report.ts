import type { PathCoverage } from '../../../src/testing/paths/path-coverage.ts'

/** Prints how much of a model was passed. Not by the console, around which Jest puts six lines. */
export function report(model: string, coverage: PathCoverage, paths: number): void {
  process.stdout.write(`${model}: ${coverage.toString()}, ${paths} paths\n`)
}
