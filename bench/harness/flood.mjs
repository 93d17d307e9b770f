/** As many packets as go through from one process to the other. */
import { setTimeout as sleep } from 'node:timers/promises'
import { BACK_PRESSURE } from './back-pressure.mjs'
import { now } from './now.mjs'
import { jsThreadTime } from './thread-time.mjs'

/** Sends between two looks at the buffer, and the bytes of them at most: of large packets, each is followed by a look. */
const BATCH = 64
const BATCH_BYTES = 16 * 1024
/** Sends after which the event loop gets its turn if the channel never has to wait. */
const TURN = 16 * BATCH
/** Milliseconds without any more packets after which those still missing are lost; reliable ones are only late. */
const SILENCE = { reliable: 5_000, ordered: 300, unreliable: 300 }
/** Milliseconds between two looks at that. */
const LOOK = 20

const immediate = () => new Promise((resolve) => setImmediate(resolve))

/** Handlers of the receiving process. */
export const counting = ({ end }) => {
  let count = 0
  let expected = Infinity
  let arrived
  let began = 0
  return {
    count() {
      count = 0
      expected = Infinity
      began = jsThreadTime()
      end().onPacket = () => {
        if (++count === expected) arrived()
      }
    },
    /** Resolves when so many packets have arrived, or no more come. */
    async counted({ sent, mode }) {
      expected = sent
      const all = new Promise((resolve) => (arrived = resolve))
      if (count >= sent) arrived()
      const last = await Promise.race([all.then(now), silence(() => count, SILENCE[mode])])
      return { count, last, js: jsThreadTime() - began }
    },
  }
}

/** Resolves, with the moment of the last one, when no packet has come for a while. */
async function silence(count, milliseconds) {
  for (let before = -1, last = now(); ; await sleep(LOOK)) {
    if (count() !== before) {
      before = count()
      last = now()
    } else if (now() - last > milliseconds) return last
  }
}

/**
 * @param place - the first process; the second has the handlers above.
 * @returns `rate` packets per second that arrived, `bytes` of them, `js` microseconds of the two JavaScript threads per packet, `lost` share, and the `dropped` share: what the sending side
 * itself did not take.
 */
export async function flood({ adapter, call, pair }, { size, mode }, milliseconds) {
  const end = await pair()
  const bytes = new Uint8Array(size)
  const { high } = (adapter.backPressure ?? BACK_PRESSURE)[mode]
  const batch = Math.max(1, Math.min(adapter.batch ?? BATCH, Math.floor(BATCH_BYTES / size)))
  const turn = adapter.batch ?? TURN
  await call('count')
  const js = jsThreadTime()
  const start = now()
  let offered = 0
  let sent = 0
  let unwatched = 0
  while (now() - start < milliseconds) {
    let taken = 0
    for (let i = 0; i < batch; i++) if (end.send(bytes, mode)) taken++
    offered += batch
    sent += taken
    unwatched += batch
    if (end.buffered(mode) > high) {
      unwatched = 0
      await end.drained(mode)
    } else if (taken < batch || unwatched >= turn) {
      unwatched = 0
      await immediate()
    }
  }
  const sender = jsThreadTime() - js
  const seen = await call('counted', { sent, mode })
  if (seen.count === 0) throw new Error('no packet arrived')
  const rate = (1000 * seen.count) / (seen.last - start)
  return {
    rate,
    bytes: rate * size,
    js: (sender / sent + seen.js / seen.count) / 1000,
    lost: 1 - seen.count / sent,
    dropped: 1 - sent / offered,
  }
}
