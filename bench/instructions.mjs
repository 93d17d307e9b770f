/**
 * Instructions of the parts that are pure computing, where time on a shared machine says little: Variants to bytes and back, and the way of a packet through WebRTCMultiplayerPeer, above a
 * transport that does nothing. Each is run N and 2 N times by itself under callgrind; the difference is what N of them cost, without Node's own start.
 * `node bench/instructions.mjs [--only word] [--times 20000] [--json]`; needs valgrind (Debian, Ubuntu: apt-get install valgrind).
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { NAMES } from './instructions/cases.mjs'
import { table } from './harness/table.mjs'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    times: { type: 'string', default: '20000' },
    json: { type: 'boolean' },
  },
})
const times = Number(values.times)
const runner = fileURLToPath(new URL('instructions/run.mjs', import.meta.url))
const execute = promisify(execFile)

/** Instructions of a whole process that does one of the cases so many times. */
async function instructions(name, times) {
  const { stderr } = await execute('valgrind', [
    '--tool=callgrind',
    '--callgrind-out-file=/dev/null',
    process.execPath,
    // One thread, and hashes that are the same each time: what is counted hardly varies then.
    '--single-threaded',
    '--hash-seed=1',
    '--random-seed=1',
    runner,
    name,
    String(times),
  ])
  const [, collected] = /Collected\s*:\s*(\d+)/.exec(stderr) ?? []
  if (collected === undefined) throw new Error(`callgrind has told nothing of ${name}: ${stderr.slice(-500)}`)
  return Number(collected)
}

try {
  await execute('valgrind', ['--version'])
} catch {
  console.error('This needs valgrind, which counts the instructions. On Debian and Ubuntu: apt-get install valgrind')
  process.exit(1)
}

const rows = []
for (const name of NAMES.filter((name) => name.includes(values.only))) {
  const [once, twice] = [await instructions(name, times), await instructions(name, 2 * times)]
  rows.push({ what: name, 'instructions each': Math.round((twice - once) / times) })
  if (!values.json) console.error(`${name}: ${rows.at(-1)['instructions each']}`)
}
if (values.json) console.log(JSON.stringify({ times, node: process.version, rows }))
else table(rows)
