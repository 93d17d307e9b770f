import { inProcesses } from '../harness/in-processes.mjs'
import { CONNECT_LIMIT } from '../harness/pair.mjs'
import { PAIRS } from '../harness/pairs.mjs'
import { median, quantile } from '../harness/stats.mjs'

/** Milliseconds above which a connect has stalled: DTLS sends again after a second. */
const STALL = 500

const timesOf = (rounds) => rounds.flatMap(({ times }) => times)
const lateShare = (times) => times.filter((time) => time > STALL).length / times.length

export const title = 'Set-up of a pair, two processes, one connect at a time'
export const note = `From the making of the first end to the opening of every channel at both; signals go by a pipe. Of all rounds together; the spread is of the rounds' own. A connect that is not open after ${CONNECT_LIMIT / 1000} s is lost.`
export const contestants = ['raw:held', 'raw:active', 'raw:default', ...PAIRS.filter((name) => name !== 'raw')]
export const baseline = 'raw:held'
export const processes = 2
export const limit = 60
export const cells = ({ quick }) => [{ name: 'pair', connects: quick ? 3 : 10 }]
export const columns = [
  { key: 'median', title: 'median ms', digits: 1, ratio: true, pool: (rounds) => median(timesOf(rounds)) },
  { key: 'p95', title: 'p95 ms', digits: 1, pool: (rounds) => quantile(timesOf(rounds), 0.95) },
  { key: 'late', title: `> ${STALL} ms, %`, scale: 100, digits: 1, pool: (rounds) => lateShare(timesOf(rounds)) },
  { key: 'lost', title: 'lost', pool: (rounds) => rounds.reduce((sum, { lost }) => sum + lost, 0) },
]
export const charts = [
  {
    file: 'set-up',
    title: 'Set-up of a pair, ms: median and 95 %',
    cells: ['pair'],
    columns: ['median', 'p95'],
    log: true,
  },
]

export const open = inProcesses(import.meta.url)

export async function measure({ connects }, { connect, warmUp }) {
  const times = []
  let lost = 0
  for (let i = 0; i < (warmUp ? 1 : connects); i++) {
    const connection = await connect()
    times.push(connection.milliseconds)
    if (connection.lost) lost++
    await connection.close()
  }
  return { times, lost, median: median(times), p95: quantile(times, 0.95), late: lateShare(times) }
}
