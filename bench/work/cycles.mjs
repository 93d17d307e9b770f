import { setTimeout as sleep } from 'node:timers/promises'
import { inProcesses } from '../harness/in-processes.mjs'
import { localPair } from '../harness/local-pair.mjs'
import { processUse } from '../harness/process-use.mjs'

/** Cycles before the first look: the library's threads, its buffers, the compiler's code and V8's young heap come once. */
const BEFORE = 100
/** Milliseconds that native threads have to give back what they hold. */
const PATIENCE = 2_000

export const title = 'Open and close again and again, both ends in one process'
export const note = `What the process holds after the cycles more than after the first ${BEFORE}: memory, file descriptors, threads. A cycle: connect, one packet each way, close.`
export const contestants = ['raw', 'ours', 'simple-peer', 'ws']
export const baseline = 'raw'
export const cells = ({ quick }) => [quick ? { name: '5 cycles', cycles: 5 } : { name: '500 cycles', cycles: 500 }]
export const rounds = 1
export const limit = 120
export const warmUp = false
export const fresh = true
export const columns = [
  { key: 'rss', title: 'RSS MB', digits: 1 },
  { key: 'descriptors', title: 'descriptors' },
  { key: 'threads', title: 'threads' },
  { key: 'lost', title: 'lost' },
  { key: 'milliseconds', title: 'ms/cycle', digits: 1, ratio: true },
]

export const open = inProcesses(import.meta.url)

export async function measure({ cycles }, place) {
  const mode = place.adapter.modes[0]
  let lost = 0
  const cycle = async () => {
    const pair = await localPair(place)
    if (pair.lost) lost++
    else await Promise.all([passes(pair.offer, pair.answer, mode), passes(pair.answer, pair.offer, mode)])
    await pair.close()
  }
  for (let i = 0; i < Math.min(BEFORE, cycles); i++) await cycle()
  const before = processUse()
  const start = performance.now()
  for (let i = 0; i < cycles; i++) await cycle()
  const milliseconds = (performance.now() - start) / cycles
  const after = await backTo(before)
  return {
    milliseconds,
    lost,
    rss: after.rss - before.rss,
    descriptors: after.descriptors - before.descriptors,
    threads: after.threads - before.threads,
  }
}

const passes = (from, to, mode) =>
  new Promise((resolve) => {
    to.onPacket = resolve
    from.send(Uint8Array.of(1), mode)
  })

async function backTo(base) {
  const until = performance.now() + PATIENCE
  for (;;) {
    const use = processUse()
    const isBack = !(use.descriptors > base.descriptors || use.threads > base.threads)
    if (isBack || performance.now() > until) return use
    await sleep(20)
  }
}
