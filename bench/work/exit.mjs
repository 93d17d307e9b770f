import { fileURLToPath } from 'node:url'
import { startOther } from '../harness/processes.mjs'

const PROCESS = fileURLToPath(new URL('../harness/exiting-process.mjs', import.meta.url))
/** Milliseconds until a process that should end is ended. */
const PATIENCE = 5_000
/** Connections before the end. */
const CONNECTS = 5

export const title = 'The end of a process that has connected'
export const note = `Both ends in one process, ${CONNECTS} connections one after the other. Closed: all are closed and the process has nothing more to do. Open: the last one is open, and the process calls process.exit(). From then until it has ended; whoever has not after ${PATIENCE / 1000} s is killed and did not end.`
export const contestants = ['raw', 'ours', 'polyfill', 'simple-peer', 'werift', 'ws']
export const baseline = 'raw'
export const cells = () => [
  { name: 'closed', stays: false },
  { name: 'open', stays: true },
]
export const warmUp = false
export const columns = [
  { key: 'milliseconds', title: 'ms', digits: 0 },
  {
    key: 'clean',
    title: 'ended with code 0, %',
    scale: 100,
    pool: (rounds) => shareOf(rounds, ({ code }) => code === 0),
  },
  { key: 'hung', title: 'did not end, %', scale: 100, pool: (rounds) => shareOf(rounds, ({ hung }) => hung === 1) },
]

const shareOf = (rounds, is) => rounds.filter(is).length / rounds.length

export function open(contestant, settings) {
  let running
  return Promise.resolve({
    cannot: () => undefined,
    kill: () => running?.kill(),
    async measure({ stays }) {
      running = startOther(PROCESS, [contestant])
      await running.call('connect', { connects: settings.quick ? 1 : CONNECTS, stays })
      let hung = 0
      const watchdog = setTimeout(() => {
        hung = 1
        running.kill()
      }, PATIENCE)
      const start = performance.now()
      running.call('end').catch(() => undefined)
      const { code, at } = await running.exited
      clearTimeout(watchdog)
      return { milliseconds: hung === 1 ? undefined : at - start, code: code ?? -1, clean: code === 0 ? 1 : 0, hung }
    },
  })
}
