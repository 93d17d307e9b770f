import { inProcesses } from '../harness/in-processes.mjs'
import { now } from '../harness/now.mjs'
import { PAIRS } from '../harness/pairs.mjs'
import { quantile } from '../harness/stats.mjs'

export const title = 'Ping of 64 B between two processes'
export const note = 'There and back, one at a time; reliable, or what the library has.'
export const contestants = PAIRS
export const baseline = 'raw'
export const processes = 2
export const cells = () => [{ name: '64 B', size: 64 }]
export const columns = [
  { key: 'p50', title: 'p50 us', ratio: true },
  { key: 'p99', title: 'p99 us', ratio: true },
]

export const open = inProcesses(import.meta.url)

export const serve = ({ end }) => ({
  echo: () => {
    const { send } = end()
    end().onPacket = (bytes, mode) => send(bytes, mode)
  },
})

/** Milliseconds after which a ping of a lossy channel counts as lost. */
const LOST = 500

export async function measure({ size }, { adapter, pair, call, settings, warmUp }) {
  const end = await pair()
  const mode = adapter.modes.includes('reliable') ? 'reliable' : adapter.modes[0]
  await call('echo')
  const bytes = new Uint8Array(size)
  const times = []
  const until = now() + (warmUp ? 200 : settings.milliseconds)
  await new Promise((resolve) => {
    let start
    let timer
    const next = () => {
      clearTimeout(timer)
      if (now() > until) {
        resolve()
        return
      }
      start = now()
      // A timer for every ping would be measured too.
      if (mode !== 'reliable') timer = setTimeout(next, LOST)
      end.send(bytes, mode)
    }
    end.onPacket = () => {
      times.push(now() - start)
      next()
    }
    next()
  })
  end.onPacket = () => undefined
  if (times.length === 0) throw new Error('no answer came')
  return { p50: 1000 * quantile(times, 0.5), p99: 1000 * quantile(times, 0.99), count: times.length }
}
