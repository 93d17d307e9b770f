/**
 * How the cost of a mesh in one process grows with the number of its peers: exponents of set-up time, processor time, memory and idle load, fitted over all rounds, this package beside
 * node-datachannel used plainly. The measurement is that of bench/work/mesh.mjs.
 * `npm run bench:growth [-- --sizes 4,8,16,24,32,48] [--rounds 5] [--contestants raw,raw:active,ours] [--idle 5] [--quick] [--json FILE] [--write]`
 *
 * --idle   seconds for which each mesh is watched while it does nothing
 * --write  into docs/scaling.md
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { runWork } from '../harness/rounds.mjs'
import { median, spread } from '../harness/stats.mjs'
import { table } from '../harness/table.mjs'
import * as mesh from '../work/mesh.mjs'
import { exponentText, powerFit } from './support/fit.mjs'
import { circumstances, markdownTable, writeTables } from '../harness/written-tables.mjs'

const { values } = parseArgs({
  options: {
    sizes: { type: 'string' },
    rounds: { type: 'string' },
    contestants: { type: 'string', default: 'raw,ours' },
    idle: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    write: { type: 'boolean' },
  },
})
const sizes = (values.sizes ?? (values.quick ? '4,8,16' : '4,8,16,24,32,48')).split(',').map(Number)
const rounds = Number(values.rounds ?? (values.quick ? 1 : 5))
const idle = 1000 * Number(values.idle ?? (values.quick ? 1 : 5))
const contestants = values.contestants.split(',')
/** Seconds that the largest mesh may take, on a machine that is busy. */
const LIMIT = 180

const work = { ...mesh, limit: LIMIT, cells: () => sizes.map((size) => ({ name: `${size}`, size, idle })) }
const cells = await runWork(work, {
  contestants,
  rounds,
  settings: { quick: values.quick },
  log: (text) => console.error(`peers: ${text}`),
})

const connections = (size) => (size * (size - 1)) / 2
/** All of a mesh, by what `measure` returns of it; in the units of the table. */
const QUANTITIES = {
  'set-up ms': ({ wall }) => wall,
  'set-up CPU ms': ({ cpu }, size) => cpu * connections(size),
  'memory MB': ({ memory }, size) => memory * connections(size),
  'idle CPU % of a core': (result) => result.idle,
}
/** Peers from which on a quantity is fitted: smaller meshes find room in the memory that those before left free. */
const FITTED_FROM = { 'memory MB': 16 }
const DIGITS = { 'idle CPU % of a core': 2 }

const points = (contestant, of) =>
  cells.flatMap(({ name, seen }) => seen[contestant].rounds.map((result) => [Number(name), of(result, Number(name))]))
const rows = cells.flatMap(({ name, seen }) =>
  contestants.map((contestant) => {
    const { rounds: results, failures } = seen[contestant]
    const row = { peers: name, connections: connections(Number(name)), contestant }
    for (const [what, of] of Object.entries(QUANTITIES)) {
      const numbers = results.map((result) => of(result, Number(name)))
      row[what] = numbers.length === 0 ? `failed: ${failures.at(-1)}` : spread(numbers, DIGITS[what] ?? 0)
    }
    if (results.length > 0) {
      const middle = (key) => median(results.map((result) => result[key]))
      Object.assign(row, { threads: middle('threads'), 'descriptors per connection': middle('descriptors').toFixed(1) })
    }
    return row
  }),
)
const fits = Object.entries(QUANTITIES).flatMap(([what, of]) =>
  contestants.map((contestant) => {
    const all = points(contestant, of).filter(([size]) => size >= (FITTED_FROM[what] ?? 0))
    return {
      what,
      contestant,
      peers: powerFit(all),
      connections: powerFit(all.map(([size, y]) => [connections(size), y])),
    }
  }),
)
const fitRows = fits.map(({ what, contestant, peers, connections }) => ({
  what,
  contestant,
  'grows with peers^': exponentText(peers),
  'with connections^': exponentText(connections),
}))

table(rows)
console.log()
table(fitRows)
if (values.json !== undefined) {
  const report = { circumstances: circumstances(), settings: { sizes, rounds, idle }, cells, fits }
  writeFileSync(values.json, JSON.stringify(report, null, 2))
}
if (values.write) {
  await writeTables('docs/scaling.md', 'growth', [
    `${circumstances()}; ${rounds} rounds, medians, [least..most].`,
    markdownTable(rows),
    'Exponents, each with the standard error of its fit:',
    markdownTable(fitRows),
  ])
}
