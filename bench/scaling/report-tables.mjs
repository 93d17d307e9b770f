/**
 * Puts the tables of the works that are about growth into docs/scaling.md, from a report of the benchmark.
 * `npm run bench -- --json report.json && node bench/scaling/report-tables.mjs report.json`
 */
import { readFileSync } from 'node:fs'
import { rowsOf } from '../harness/report.mjs'
import { markdownTable, writeTables } from './support/written-tables.mjs'

const WORKS = ['mesh', 'broadcast', 'relay', 'lossy-network']

const { date, machine, versions, works } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const { processors, processor, memory, system } = machine
const where = `${date.slice(0, 10)}, ${processors} x ${processor}, ${memory}, ${system}, Node ${versions.node}`
for (const name of WORKS.filter((work) => works[work] !== undefined)) {
  const work = await import(`../work/${name}.mjs`)
  const entry = works[name]
  await writeTables('scaling.md', name, [
    `${where}; ${entry.rounds} rounds, medians, [least..most].`,
    work.note,
    markdownTable(withRemarksIfAny(rowsOf(work, entry))),
  ])
}

function withRemarksIfAny(rows) {
  return rows.some(({ remarks }) => remarks !== '') ? rows : rows.map(({ remarks: _, ...row }) => row)
}
