import { readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import stryker from '../stryker.config.mjs'
import { EXPLAINED } from '../test/mutation/explained.mjs'

const DOCUMENT = 'docs/mutation-testing.md'
const START = '<!-- written by `npm run test:mutation` -->'
/** The least share of mutants that have to be found, in percent. */
const LEAST = 85

const FOUND = ['Killed', 'Timeout']
const MISSED = ['Survived', 'NoCoverage']

/** What a mutant stands in place of, as it is in the source. */
function original(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1)
  lines[0] = lines[0].slice(start.column - 1)
  return lines.join('\n')
}

const oneLine = (text) => text.replaceAll(/\s+/g, ' ').trim()

function inTable(text) {
  const short = text.length > 90 ? `${text.slice(0, 87)}...` : text
  return `\`\` ${short.replaceAll('|', '\\|')} \`\``
}

function survivorsOf([file, { source, mutants }]) {
  return mutants
    .filter(({ status }) => MISSED.includes(status))
    .map(({ location, replacement }) => {
      const mutant = {
        file,
        line: location.start.line,
        before: oneLine(original(source, location)),
        after: oneLine(replacement),
      }
      const explanation = EXPLAINED.find(({ of }) => of(mutant))
      return { ...mutant, why: explanation?.why }
    })
    .sort((a, b) => a.line - b.line)
}

function figures(name, mutants) {
  const of = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length
  const score = (100 * of(...FOUND)) / of(...FOUND, ...MISSED)
  const row = [
    name,
    of(...FOUND, ...MISSED),
    of('Killed'),
    of('Timeout'),
    of('Survived'),
    of('NoCoverage'),
    `${score.toFixed(1)} %`,
  ]
  return { score, row: `| ${row.join(' | ')} |` }
}

/** Writes the figures of the last run, and each mutant that survived it, below the document's introduction. @returns whether enough were found, and all others are explained. */
export async function writeMutationReport() {
  const { files } = JSON.parse(readFileSync(stryker.jsonReporter.fileName, 'utf8'))
  const results = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))
  const rooms = new Map()
  for (const [file, { mutants }] of results) {
    const room = file.slice(0, file.lastIndexOf('/'))
    rooms.set(room, [...(rooms.get(room) ?? []), ...mutants])
  }
  const total = figures('all', [...rooms.values()].flat())
  const survivors = results.flatMap(survivorsOf)
  const open = survivors.filter(({ why }) => why === undefined)

  const groups = new Map()
  for (const survivor of survivors) {
    const why = survivor.why ?? 'Not explained'
    groups.set(why, [...(groups.get(why) ?? []), survivor])
  }
  const text = [
    START,
    '',
    '## Figures',
    '',
    '| folder | mutants | found by a test | found by the time limit | survived | never run | score |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...[...rooms].map(([room, mutants]) => figures(`\`${room}\``, mutants).row),
    total.row,
    '',
    '## What survived, and why',
    ...[...groups].flatMap(([why, group]) => [
      '',
      `**${group.length} · ${why}**`,
      '',
      '| where | original | mutant |',
      '| --- | --- | --- |',
      ...group.map(
        ({ file, line, before, after }) =>
          `| ${file.replace('src/', '')}:${line} | ${inTable(before)} | ${inTable(after)} |`,
      ),
    ]),
    '',
  ]
  const document = readFileSync(DOCUMENT, 'utf8')
  const whole = document.slice(0, document.indexOf(START)) + text.join('\n')
  writeFileSync(DOCUMENT, await format(whole, { ...(await resolveConfig(DOCUMENT)), parser: 'markdown' }))
  console.log(
    `score ${total.score.toFixed(1)} % (at least ${LEAST}), ${survivors.length} survived, ${open.length} of them not explained: ${DOCUMENT}`,
  )
  return total.score >= LEAST && open.length === 0
}
