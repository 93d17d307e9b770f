import { setTimeout as sleep } from 'node:timers/promises'
import { inProcesses } from '../harness/in-processes.mjs'
import { jsThreadTime } from '../harness/thread-time.mjs'
import { formStar } from './support/star.mjs'

const RECEIVERS = 31
const SIZE = 64
/** Milliseconds that a measurement lasts at least: at 60 per second few broadcasts come together. */
const LEAST = { quick: 200, whole: 1_000 }
/** Milliseconds between two looks whether more has arrived. */
const LOOK = 50
/** Looks without any more packets after which those still missing are lost. */
const SILENCE = 10

export const title = `Broadcast of ${SIZE} B to ${RECEIVERS}, from one process to another`
export const note =
  'Time of the sending JavaScript thread per broadcast, all of it and within the call alone. At 60 per second processors sleep in between, and wake up slowly.'
export const contestants = ['raw', 'ours']
export const baseline = 'raw'
export const limit = 40
export const cells = () => [
  { name: '60/s, unreliable', rate: 60, mode: 'unreliable' },
  { name: '1,000/s, unreliable', rate: 1_000, mode: 'unreliable' },
  { name: '1,000/s, reliable', rate: 1_000, mode: 'reliable' },
]
export const columns = [
  { key: 'js', title: 'JS us', ratio: true },
  { key: 'call', title: 'call us', ratio: true },
  { key: 'lost', title: 'lost %', scale: 100, digits: 1 },
]

export const open = inProcesses(import.meta.url)

let star

export async function measure({ rate, mode }, place) {
  star ??= formStar(place, RECEIVERS)
  const { server, call } = await star
  const milliseconds = place.warmUp
    ? LEAST.quick
    : Math.max(place.settings.milliseconds, place.settings.quick ? LEAST.quick : LEAST.whole)
  const bytes = new Uint8Array(SIZE)
  await call('count')
  const js = jsThreadTime()
  const start = performance.now()
  let broadcasts = 0
  let inCall = 0
  for (let elapsed = 0; elapsed < milliseconds; elapsed = performance.now() - start) {
    for (const due = (rate * elapsed) / 1000; broadcasts < due; broadcasts++) {
      const before = performance.now()
      server.broadcast(bytes, mode)
      inCall += performance.now() - before
    }
    await sleep(1)
  }
  const used = jsThreadTime() - js
  const received = await settled(call, broadcasts * RECEIVERS)
  return {
    js: used / 1000 / broadcasts,
    call: (1000 * inCall) / broadcasts,
    lost: 1 - received / (broadcasts * RECEIVERS),
  }
}

/** Waits until all have arrived, or no more come. */
async function settled(call, sent) {
  for (let before = -1, quiet = 0; ;) {
    const received = await call('counted')
    if (received === sent || quiet === SILENCE) return received
    quiet = received === before ? quiet + 1 : 0
    before = received
    await sleep(LOOK)
  }
}
