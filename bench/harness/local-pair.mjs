/** Both ends of a connection in one process, signals in memory. */
import { CONNECT_LIMIT } from './pair.mjs'

/** @returns both ends, `lost` if they are not open within CONNECT_LIMIT, and `close()`. */
export async function localPair({ adapter, variant }) {
  const made = {}
  const early = { offer: [], answer: [] }
  const to = (role) => (value) =>
    setImmediate(() => (made[role] === undefined ? early[role].push(value) : made[role].signal(value)))
  const make = async (role, other, id) => {
    made[role] = await adapter.createEnd({ role, id, peerId: 3 - id, variant, sendSignal: to(other) })
    for (const value of early[role].splice(0)) made[role].signal(value)
    return made[role]
  }
  const ends = [await make('answer', 'offer', 2), await make('offer', 'answer', 1)]
  await made.offer.start()
  let timer
  const late = new Promise((resolve) => (timer = setTimeout(resolve, CONNECT_LIMIT, 'late')))
  const result = await Promise.race([Promise.all(ends.map(({ opened }) => opened)), late])
  clearTimeout(timer)
  return { ...made, lost: result === 'late', close: () => Promise.all(ends.map((end) => end.close())) }
}
