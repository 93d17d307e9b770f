/**
 * The benchmark: every work with every contestant, in interleaved rounds.
 * `npm run bench [-- --quick] [--only work,work] [--contestants a,b] [--rounds N] [--json FILE] [--charts] [--docs] [--from FILE]`
 *
 * --quick        one round, short measurements: whether everything runs, not how fast it is
 * --only         these works (the names of the files in bench/work)
 * --contestants  these contestants; a name stands for its variants too
 * --json FILE    writes the report with every round there
 * --charts       draws docs/images/bench-*.svg
 * --docs         writes the tables into README.md, docs/benchmark.md and docs/scaling.md
 * --from FILE    measures nothing: tables, goals, charts and docs of a report
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { goalsOf } from './goals.mjs'
import { beginReport, endReport, rowsOf } from './harness/report.mjs'
import { runWork } from './harness/rounds.mjs'
import { table } from './harness/table.mjs'

const ROUNDS = 5
const MILLISECONDS = { quick: 200, whole: 400 }
/** In this order; what is not named here comes after. */
const ORDER = ['set-up', 'messages', 'throughput', 'ping', 'overload', 'broadcast', 'mesh', 'relay', 'lossy-network']

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    contestants: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'string' },
    charts: { type: 'boolean', default: false },
    docs: { type: 'boolean', default: false },
    from: { type: 'string' },
  },
})

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const report = values.from === undefined ? await measured() : JSON.parse(readFileSync(values.from, 'utf8'))
const modules = await works(Object.keys(report.works))
if (values.from !== undefined) for (const [name, work] of Object.entries(modules)) print(name, work, report)
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(report, null, 1))
const goals = goalsOf(report, modules)
if (goals.length > 0) console.log('\nGoals\n')
table(goals)
if (values.charts) {
  const { drawCharts } = await import('./harness/charts.mjs')
  for (const file of drawCharts(report, modules)) console.log(`drawn: ${file}`)
}
if (values.docs) {
  const { writeDocs } = await import('./harness/docs.mjs')
  await writeDocs(report, modules)
}
const isWhole = Object.values(report.works).every(({ cells }) =>
  cells.every(({ seen: { ours } }) => ours === undefined || ours.cannot !== undefined || ours.rounds.length > 0),
)
// Ends whatever a work has left running; a failure of ours is one of the run.
process.exit(isWhole ? 0 : 1)

async function measured() {
  install()
  const settings = { quick: values.quick, milliseconds: values.quick ? MILLISECONDS.quick : MILLISECONDS.whole }
  const report = beginReport(settings, `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim())
  const began = performance.now()
  for (const [name, work] of Object.entries(await works(namesOfWorks()))) {
    const contestants = work.contestants.filter(isWanted)
    if (contestants.length === 0) continue
    const rounds = Number(values.rounds ?? (values.quick ? 1 : (work.rounds ?? ROUNDS)))
    const start = performance.now()
    const cells = await runWork(work, { contestants, rounds, settings, log: progress })
    report.works[name] = { rounds, seconds: Math.round((performance.now() - start) / 1000), cells }
    print(name, work, report)
  }
  endReport(report, (performance.now() - began) / 1000)
  return report
}

/** The rivals, if they are not there yet or others than the lock file says. */
function install() {
  const changed = (path) => statSync(here(path), { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (changed('node_modules/.package-lock.json') >= changed('package-lock.json')) return
  try {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--prefix', here('.')], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  } catch (error) {
    console.error(`The rival libraries could not be installed; their rows will say so. ${error.message}`)
  }
}

function namesOfWorks() {
  const all = readdirSync(here('work'))
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => file.slice(0, -'.mjs'.length))
  const wanted = values.only?.split(',') ?? [
    ...ORDER.filter((name) => all.includes(name)),
    ...all.filter((name) => !ORDER.includes(name)),
  ]
  for (const name of wanted) {
    if (!all.includes(name)) throw new Error(`There is no work ${name}; there are ${all.join(', ')}.`)
  }
  return wanted
}

async function works(names) {
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await import(`./work/${name}.mjs`)])))
}

function isWanted(contestant) {
  const wanted = values.contestants?.split(',')
  return wanted === undefined || wanted.includes(contestant) || wanted.includes(contestant.split(':')[0])
}

function print(name, work, { works }) {
  const { rounds, seconds } = works[name]
  console.log(`\n${work.title} (${name}; rounds: ${rounds}; ${seconds} s)\n${work.note}\n`)
  table(rowsOf(work, works[name]))
  for (const more of work.tables?.(works[name]) ?? []) {
    console.log()
    table(more)
  }
}

/** One line that is written over: nobody waits five minutes before a dead screen. */
function progress(text) {
  if (!process.stderr.isTTY) return
  process.stderr.write(`\r\u001b[K${text}`)
}
