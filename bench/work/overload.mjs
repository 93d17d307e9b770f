import { setTimeout as sleep } from 'node:timers/promises'
import { counting, flood } from '../harness/flood.mjs'
import { inProcesses } from '../harness/in-processes.mjs'
import { now } from '../harness/now.mjs'
import { quantile } from '../harness/stats.mjs'

/** How much more is sent than goes through. */
const EXCESS = 2
/** Milliseconds in which capacity is measured, and for which the overload lasts: queues that grow show it only after a while. */
const PROBE = 400
const LENGTH = { quick: 500, whole: 2_000 }
/** Milliseconds without any packet after which what is missing is lost. */
const SILENCE = 500

export const title = `Unreliable packets at ${EXCESS} times the capacity, between two processes`
export const note = `Each at ${EXCESS} times what itself has just brought through with back-pressure, for ${LENGTH.whole / 1000} s, every millisecond what is due and without looking at what waits. Latency is of what arrives, on one clock. Dropped: not taken by the sending side.`
/** Without werift, which takes half a minute to bring out what two seconds have left in its queue. */
export const contestants = ['raw', 'ours', 'geckos']
export const baseline = 'raw'
export const processes = 2
export const cells = () => [
  { name: '64 B', size: 64, mode: 'unreliable' },
  { name: '1 KB', size: 1024, mode: 'unreliable' },
]
export const limit = 40
export const warmUp = false
export const columns = [
  { key: 'offered', title: 'offered/s' },
  { key: 'delivered', title: 'delivered/s', ratio: true },
  { key: 'dropped', title: 'dropped %', scale: 100, digits: 1 },
  { key: 'lost', title: 'lost %', scale: 100, digits: 1 },
  { key: 'p50', title: 'p50 ms', digits: 1 },
  { key: 'p99', title: 'p99 ms', digits: 1, ratio: true },
]
export const charts = [
  {
    file: 'overload',
    title: `Latency of unreliable packets at ${EXCESS} times the capacity, ms: median and 99 %`,
    cells: ['64 B'],
    columns: ['p50', 'p99'],
    log: true,
  },
]

export const open = inProcesses(import.meta.url)

export const serve = (place) => {
  let latencies = []
  let last = 0
  return {
    ...counting(place),
    latency: () => {
      latencies = []
      place.end().onPacket = (bytes) => {
        last = now()
        latencies.push(last - new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0))
      }
    },
    latencies: async (sent) => {
      while (latencies.length < sent && now() - last < SILENCE) await sleep(20)
      return {
        count: latencies.length,
        last,
        p50: quantile(latencies, 0.5),
        p99: quantile(latencies, 0.99),
      }
    },
  }
}

export async function measure(cell, place) {
  const { size, mode } = cell
  // A connection of its own each time: what an overload has taught one must not be known in the next.
  const { end, lost, close } = await place.connect()
  if (lost) throw new Error('it did not connect')
  const { rate: capacity } = await flood({ ...place, pair: () => end }, cell, PROBE)
  await place.call('latency')
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  const length = place.settings.quick ? LENGTH.quick : LENGTH.whole
  const start = now()
  let offered = 0
  let sent = 0
  for (let elapsed = 0; elapsed < length; elapsed = now() - start) {
    for (const due = (EXCESS * capacity * elapsed) / 1000; offered < due; offered++) {
      view.setFloat64(0, now())
      if (end.send(bytes, mode)) sent++
    }
    await sleep(1)
  }
  const seconds = (now() - start) / 1000
  const seen = await place.call('latencies', sent)
  await close()
  if (seen.count === 0) throw new Error('no packet arrived')
  return {
    capacity,
    offered: offered / seconds,
    delivered: (1000 * seen.count) / (seen.last - start),
    dropped: 1 - sent / offered,
    lost: 1 - seen.count / sent,
    p50: seen.p50,
    p99: seen.p99,
  }
}
