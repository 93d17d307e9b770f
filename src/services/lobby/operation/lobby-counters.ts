import type { Registry } from 'prom-client'
import { LobbyMessageType } from '../../../protocol/lobby/message.ts'
import type { LobbyObserver } from '../server/lobby-observer.ts'
import { CloseCode } from '../server/refusal.ts'
import type { PromClientModule } from './prom-client.ts'

/**
 * Seconds. Most signals are handed on within 0.1 ms; the long end shows event loops that are blocked.
 */
const SIGNAL_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/** Close codes that get a value of their own, ours and RFC 6455's; clients may close with any of 1000 others, which must not become as many time series. */
const KNOWN_CLOSE_CODES: ReadonlySet<number> = new Set([
  ...Object.values(CloseCode),
  ...[1002, 1003, 1005, 1006, 1007, 1008, 1011],
])

/** Registers the counters; what the observer hears is counted. */
export function addLobbyCounters({ Counter, Histogram }: PromClientModule, registry: Registry): LobbyObserver {
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter<Label>({ name: `webrtc_lobby_${name}_total`, help, labelNames, registers: [registry] })
  const opened = counter('sockets_opened', 'WebSockets that were opened, by protocol.', 'dialect')
  const closed = counter('sockets_closed', 'WebSockets that closed, by protocol and close code.', 'dialect', 'code')
  const created = counter('lobbies_created', 'Lobbies that were created.')
  const joined = counter('joins', 'Members that joined, creators included, by protocol.', 'dialect')
  const left = counter('leaves', 'Members that left.')
  const resumed = counter('resumes', 'Members that took up their place with a new socket.', 'moved')
  const signals = counter('signals', 'Signals that were handed on, by message type.', 'type')
  const refusals = counter('refusals', 'Requests and sockets that were refused, by reason.', 'code')
  const drops = counter('drops', 'Signals that reached nobody, by reason.', 'reason')
  const outages = counter('broker_outages', 'Times that the broker could not be reached any more.')
  const duration = new Histogram({
    name: 'webrtc_lobby_signal_seconds',
    help: 'Time from the arrival of a signal until it was handed on.',
    buckets: SIGNAL_BUCKETS,
    registers: [registry],
  })
  return {
    socketOpened: (dialect) => opened.inc({ dialect }),
    socketClosed: (dialect, code) => closed.inc({ dialect, code: KNOWN_CLOSE_CODES.has(code) ? code : 'other' }),
    lobbyCreated: () => created.inc(),
    memberJoined: (dialect) => joined.inc({ dialect }),
    memberLeft: () => left.inc(),
    memberResumed: (moved) => resumed.inc({ moved: String(moved) }),
    signalRelayed: (type, milliseconds) => {
      signals.inc({ type: (LobbyMessageType[type] ?? 'other').toLowerCase() })
      duration.observe(milliseconds / 1000)
    },
    refused: (code) => refusals.inc({ code }),
    dropped: (reason) => drops.inc({ reason }),
    brokerAvailable: (isAvailable) => {
      if (!isAvailable) outages.inc()
    },
  }
}
