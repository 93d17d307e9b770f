// `npm run test:mutation`: changes the code in thousands of small ways and sees whether a test notices each. Unit tests run first, then the models against what those let live; Stryker's incremental file
// joins the two. docs/mutation-testing.md gets the figures and what survived; temp/mutation/report.html shows each mutant in its place. Arguments go to Stryker.
//   --report   writes the document again, from the last run
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import stryker from '../stryker.config.mjs'
import { writeMutationReport } from './mutation-report.mjs'

/** Without these Jest would test CommonJS. */
const NODE_OPTIONS = '--experimental-vm-modules --disable-warning=ExperimentalWarning'

function run(tests, args) {
  const env = { ...process.env, NODE_OPTIONS, MUTATION_TESTS: tests }
  const { status } = spawnSync('npx', ['--no-install', 'stryker', 'run', ...args], { stdio: 'inherit', env })
  if (status !== 0) process.exit(status ?? 1)
}

const args = process.argv.slice(2)
if (!args.includes('--report')) {
  rmSync(stryker.incrementalFile, { force: true })
  run('units', args)
  run('units-and-models', args)
}
process.exitCode = (await writeMutationReport()) ? 0 : 1
