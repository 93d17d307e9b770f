import { parseJson } from '../../../../../src/protocol/lobby/json-protocol.ts'
import { LobbyMessageType } from '../../../../../src/protocol/lobby/message.ts'
import type { Random } from '../../../../../src/transport/simulated/random.ts'
import type { Disturbance } from './memory-sockets.ts'

const SIGNALS: ReadonlySet<number> = new Set([
  LobbyMessageType.OFFER,
  LobbyMessageType.ANSWER,
  LobbyMessageType.CANDIDATE,
  LobbyMessageType.RETRY,
])

/** Signals come early, late, twice and in any order; everything else, the membership above all, stays in order. */
export function disturbSignals(random: Random, latency: number, longest = 2_000): Disturbance {
  const delay = (): number => (random.chance(0.3) ? random.next() * longest : random.next() * 2 * latency)
  return (text) => {
    const message = parseJson(text)
    if (message === null || !SIGNALS.has(message.type)) return [latency]
    return random.chance(0.15) ? [delay(), delay()] : [delay()]
  }
}
