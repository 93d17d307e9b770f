/** The report of a run: what was measured on what, as JSON, and its tables. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { figureOf, ratiosOf, valuesOf } from './figures.mjs'
import { median, withSpread } from './stats.mjs'

const root = new URL('../../', import.meta.url)
const readJson = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'))

export function beginReport(settings, command) {
  const { version, dependencies } = readJson('package.json')
  return {
    date: new Date().toISOString(),
    command,
    commit: commit(),
    settings,
    machine: {
      processors: cpus().length,
      processor: cpus()[0]?.model.trim(),
      memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
      system: `${process.platform} ${process.arch}`,
      load: [loadavg()[0]],
    },
    versions: {
      node: process.version,
      'webrtc-multiplayer': version,
      'node-datachannel': readJson('node_modules/node-datachannel/package.json').version,
      rxjs: dependencies.rxjs,
      xstate: dependencies.xstate,
      ...readJson('bench/package.json').dependencies,
    },
    works: {},
  }
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim()
  } catch {
    return undefined
  }
}

/** The load of the machine once more: what was measured while others worked says less. */
export function endReport(report, seconds) {
  report.seconds = Math.round(seconds)
  report.machine.load.push(loadavg()[0])
}

/** A row for each cell and contestant: median [min..max] of the rounds, the ratio to the baseline, and why there is nothing. */
export function rowsOf(work, { cells }) {
  return cells.flatMap(({ name, seen }) =>
    Object.entries(seen).map(([contestant, entry]) => {
      const baseline = seen[work.baseline]?.rounds ?? []
      const row = { cell: name, contestant }
      for (const column of work.columns) {
        row[column.title] = shown(column, entry.rounds)
        if (column.ratio && work.baseline !== undefined) {
          const ratio = contestant === work.baseline ? undefined : median(ratiosOf(column, entry.rounds, baseline))
          row[`/ ${work.baseline}${work.columns.filter(({ ratio }) => ratio).length > 1 ? ` (${column.title})` : ''}`] =
            ratio === undefined ? '' : ratio.toPrecision(3)
        }
      }
      row.remarks = remarks(entry)
      return row
    }),
  )
}

function shown(column, rounds) {
  const figure = figureOf(column, rounds)
  if (figure === undefined) return '-'
  const values = valuesOf(column, rounds)
  return values.length > 1 ? withSpread(figure, values, column.digits) : figure.toFixed(column.digits ?? 0)
}

function remarks({ cannot, failures, rounds }) {
  if (cannot !== undefined) return `cannot: ${cannot}`
  if (failures.length === 0) return ''
  return `${rounds.length === 0 ? 'failed' : `${failures.length} failed`}: ${failures.at(-1)}`
}
