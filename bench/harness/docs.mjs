/** Puts a report into the README and into the docs. */
import { goalsOf } from '../goals.mjs'
import { rowsOf } from './report.mjs'
import { markdownTable, writeTables } from './written-tables.mjs'

/** Works that are about growth stand in docs/scaling.md too. */
const GROWING = ['mesh', 'broadcast', 'relay', 'lossy-network']

/** @param modules - the report's works. */
export async function writeDocs(report, modules) {
  const where = circumstancesOf(report)
  await writeTables('README.md', 'speed', [`${where}.`, markdownTable(goalsOf(report, modules))])
  const sections = Object.entries(modules).flatMap(([name, work]) => [
    `## ${work.title}`,
    `${work.note} \`npm run bench -- --only ${name}\`, ${report.works[name].rounds} rounds.`,
    tableOf(work, report.works[name]),
    ...(work.tables?.(report.works[name]) ?? []).map(markdownTable),
  ])
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`)
  const run = [`${where}, in ${minutes(report.seconds)}.`, `Versions: ${versions.join(', ')}.`]
  await writeTables('docs/benchmark.md', 'works', [...run, ...sections])
  for (const name of GROWING.filter((work) => modules[work] !== undefined)) {
    const { rounds } = report.works[name]
    const parts = [`${where}; ${rounds} rounds, medians, [least..most].`, modules[name].note]
    await writeTables('docs/scaling.md', name, [...parts, tableOf(modules[name], report.works[name])])
  }
}

function circumstancesOf({ date, machine, versions }) {
  const { processors, processor, memory, system, load } = machine
  const busy = load.map((one) => one.toFixed(1)).join(' before, ')
  return `${date.slice(0, 10)}, ${processors} x ${processor}, ${memory}, ${system}, Node ${versions.node}, load ${busy} after`
}

const minutes = (seconds) => `${Math.floor(seconds / 60)} min ${seconds % 60} s`

function tableOf(work, entry) {
  const rows = rowsOf(work, entry)
  return markdownTable(rows.some(({ remarks }) => remarks !== '') ? rows : rows.map(({ remarks: _, ...row }) => row))
}
