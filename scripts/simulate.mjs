// `npm run simulate -- --seeds 1000`: runs the simulation of the whole system (test/simulation) from many seeds, and checks each history. For a failure it prints the seed, the shortest
// schedule found that still fails, the last events before, and the command that repeats it.
//   --seeds N      how many; default 200
//   --first N      the first of them; default 1
//   --seed N       one seed alone
//   --schedule F   one schedule alone, from a file as it was written for a failure
//   --peers N      hosts in each world; default 3 to 8, by the seed
//   --processes N  default: as many as there are processors, at most 4
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** Seeds that a process runs before it takes others. */
const BATCH = 20
/** Failures that are made shorter and told. */
const MOST_TOLD = 3
/** Runs to make one shorter. */
const TRIES = 200

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' },
    schedule: { type: 'string' },
    peers: { type: 'string' },
    processes: { type: 'string', default: String(Math.min(4, availableParallelism())) },
    // For the processes that this one starts.
    runner: { type: 'string' },
  },
})

/** A whole number of an option; undefined if it was not given. */
function wholeNumber(name, least) {
  if (values[name] === undefined) return undefined
  const value = Number(values[name])
  if (Number.isInteger(value) && value >= least) return value
  console.error(`--${name} is a whole number from ${least} on, not '${values[name]}'.`)
  process.exit(2)
}

const peers = wholeNumber('peers', 2)

/** Bundles the simulation, which is TypeScript, inside the package, so that node_modules is found. */
async function bundle(directory) {
  const outfile = path.join(directory, 'runner.mjs')
  await build({
    entryPoints: [path.join(ROOT, 'test/simulation/support/runner.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    alias: {
      '#platform': path.join(ROOT, 'src/platform/node.ts'),
      '#websocket': path.join(ROOT, 'src/platform/websocket-node.ts'),
    },
    logLevel: 'warning',
  })
  return outfile
}

/** In a process that was started for it: runs the batches that come. */
async function serve(file) {
  const { runSeeds } = await import(pathToFileURL(file).href)
  process.on('message', async ({ first, count }) => {
    process.send(await runSeeds(first, count, peers))
  })
  process.send('ready')
}

/** Runs all seeds on several processes. @returns what came of them. */
async function runAll(file, first, count, { newTally }) {
  const total = newTally()
  let next = first
  let failure = null
  const worker = () =>
    new Promise((resolve) => {
      const args = [fileURLToPath(import.meta.url), '--runner', file, ...(peers ? ['--peers', String(peers)] : [])]
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      const give = () => {
        const batch = Math.min(BATCH, first + count - next)
        if (batch <= 0) {
          child.disconnect()
          return
        }
        child.send({ first: next, count: batch })
        next += batch
      }
      child.on('message', (tally) => {
        if (tally !== 'ready') add(total, tally)
        give()
      })
      child.on('exit', (code) => {
        if (code !== 0) failure = new Error(`A process of the simulation ended with code ${code}.`)
        resolve()
      })
    })
  const processes = Math.min(wholeNumber('processes', 1), Math.ceil(count / BATCH))
  await Promise.all(Array.from({ length: processes }, worker))
  if (failure !== null) throw failure
  return total
}

function add(total, { seeds, faults, events, slowestAgreement, failed }) {
  total.seeds += seeds
  total.events += events
  // Never, which JSON has no number for.
  total.slowestAgreement = Math.max(total.slowestAgreement, slowestAgreement ?? Infinity)
  for (const [kind, count] of Object.entries(faults)) total.faults[kind] = (total.faults[kind] ?? 0) + count
  total.failed.push(...failed)
}

/** Prints a failure: how it broke, and the shortest way to it. */
async function tell(schedule, { shrink, simulate, reportOf }) {
  console.log(`\nFAILED: seed ${schedule.seed}; repeat it with`)
  console.log(`  npm run simulate -- --seed ${schedule.seed}${peers ? ` --peers ${peers}` : ''}`)
  const shortest = await shrink(schedule, TRIES)
  const file = path.join(tmpdir(), `simulation-${schedule.seed}.json`)
  writeFileSync(file, JSON.stringify(shortest, null, 2))
  console.log(`The shortest schedule found has ${shortest.faults.length} faults on ${shortest.hosts.length} hosts:`)
  for (const fault of shortest.faults) console.log(`  ${JSON.stringify(fault)}`)
  console.log(`Repeat it with\n  npm run simulate -- --schedule ${file}`)
  console.log(reportOf(await simulate(shortest), 2))
}

/** Runs one schedule twice. */
async function runOne(schedule, { simulate, reportOf }) {
  console.log(JSON.stringify(schedule, null, 2))
  const [result, again] = [await simulate(schedule), await simulate(schedule)]
  console.log(reportOf(result, 5))
  console.log(`everyone agreed ${result.agreedAfter} ms after the last fault`)
  if (again.hash !== result.hash) console.log('FAILED: run again, it went another way')
  return result.violations.length === 0 && again.hash === result.hash
}

async function main(directory) {
  const file = await bundle(directory)
  const runner = await import(pathToFileURL(file).href)
  const seed = wholeNumber('seed', 0)
  if (values.schedule !== undefined) return runOne(JSON.parse(readFileSync(values.schedule, 'utf8')), runner)
  if (seed !== undefined) return runOne(runner.scheduleOf(seed, peers), runner)
  const started = performance.now()
  const tally = await runAll(file, wholeNumber('first', 0), wholeNumber('seeds', 1), runner)
  const minutes = (performance.now() - started) / 60_000
  const faults = Object.entries(tally.faults).sort(([a], [b]) => a.localeCompare(b))
  const injected = faults.reduce((sum, [, count]) => sum + count, 0)
  console.log(`${tally.seeds} seeds, ${Math.round(tally.seeds / minutes)} per minute`)
  console.log(`${injected} faults injected: ${faults.map(([kind, count]) => `${count} ${kind}`).join(', ')}`)
  console.log(
    `${tally.events} events checked; everyone agreed ${tally.slowestAgreement} ms after the last fault at most`,
  )
  console.log(`${tally.failed.length} seeds failed`)
  const failed = tally.failed.sort((a, b) => a.seed - b.seed)
  for (const schedule of failed.slice(0, MOST_TOLD)) await tell(schedule, runner)
  if (failed.length > MOST_TOLD) {
    const others = failed.slice(MOST_TOLD).map((schedule) => schedule.seed)
    console.log(`\nAlso failed: seeds ${others.join(', ')}`)
  }
  return failed.length === 0
}

if (values.runner !== undefined) {
  await serve(values.runner)
} else {
  const directory = mkdtempSync(path.join(ROOT, 'node_modules', '.simulation-'))
  try {
    if (!(await main(directory))) process.exitCode = 1
  } finally {
    rmSync(directory, { recursive: true })
  }
}
