import { checkWhole } from '../../../checks.ts'

/** How much a lobby server bears before it refuses. All times in milliseconds, all sizes in bytes. */
export interface LobbyLimits {
  /** WebSockets at once, without those that only live to be told why they are refused. Default 4096, as Godot's demo. */
  sockets: number
  /** Sockets at once that have not joined a lobby. Default 512. */
  pendingSockets: number
  /** Lobbies of all servers of the broker together. Default 1024, as Godot's demo. */
  lobbies: number
  /** Members of one lobby, the host included; a creator may ask for fewer. Default 256. */
  members: number
  /** One message; a larger one closes its socket with 1009. Default 64 KiB: a session description has 1 to 3. */
  messageSize: number
  /** Messages per second and socket, in the long run. Default 200: a member of a mesh of 30 that has to dial everyone anew sends some 400. */
  messageRate: number
  /** Messages that a socket may send at once, when it was quiet before. Default 2000. */
  messageBurst: number
  /** Bytes per second and socket, in the long run. Default 512 KiB. */
  byteRate: number
  /** Bytes that a socket may send at once, when it was quiet before. Default 4 MiB. */
  byteBurst: number
  /** Messages of one socket that may wait while an earlier one is carried out. Default 256. */
  waitingMessages: number
  /** Bytes that may wait to be sent to one socket; beyond it the socket is closed, for it does not read. Default 1 MiB. */
  sendBuffer: number
  /** Sockets at once from one address. Default 256: schools and companies share one. */
  socketsPerAddress: number
  /** New sockets per minute from one address; also what `authorize` is asked about at most. Default 600. */
  newSocketsPerMinute: number
  /** Until a new socket must have joined a lobby. Default 1000, as Godot's demo. */
  joinTimeout: number
  /** The same for a client that speaks the extended protocol, which may look at the list of lobbies first. Default 10000. */
  extendedJoinTimeout: number
  /** From sealing a lobby until its sockets are closed. Default 10000, as Godot's demo. */
  sealTime: number
  /** Between two signs of life; a client that gives none for three of them is lost. Default 10000. */
  heartbeat: number
  /** How long the place of an extended member is kept that lost its socket; 0: not at all. Default 15000. */
  graceTime: number
  /** Signals kept for one such member; beyond it the oldest go. Default 256. */
  keptSignals: number
  /** Bytes of those signals. Default 512 KiB. */
  keptSignalBytes: number
}

export const DEFAULT_LOBBY_LIMITS: Readonly<LobbyLimits> = {
  sockets: 4096,
  pendingSockets: 512,
  lobbies: 1024,
  members: 256,
  messageSize: 64 * 1024,
  messageRate: 200,
  messageBurst: 2000,
  byteRate: 512 * 1024,
  byteBurst: 4 * 1024 * 1024,
  waitingMessages: 256,
  sendBuffer: 1024 * 1024,
  socketsPerAddress: 256,
  newSocketsPerMinute: 600,
  joinTimeout: 1000,
  extendedJoinTimeout: 10_000,
  sealTime: 10_000,
  heartbeat: 10_000,
  graceTime: 15_000,
  keptSignals: 256,
  keptSignalBytes: 512 * 1024,
}

/** What may be 0: everything else would let nobody in, or fire at once. */
const MAY_BE_ZERO: ReadonlySet<keyof LobbyLimits> = new Set(['graceTime', 'keptSignals', 'keptSignalBytes', 'sealTime'])

/** What the platform's timers take, also three times over (heartbeat). */
const LARGEST = 715_827_882

/** The limits with their defaults. @throws MultiplayerError `ERR_INVALID_PARAMETER` for one that is no whole number, or out of range. */
export function resolveLobbyLimits(limits: Partial<LobbyLimits> = {}): Readonly<LobbyLimits> {
  const resolved = { ...DEFAULT_LOBBY_LIMITS }
  for (const name of Object.keys(DEFAULT_LOBBY_LIMITS) as (keyof LobbyLimits)[]) {
    const { [name]: value = DEFAULT_LOBBY_LIMITS[name] } = limits
    checkWhole(`limits.${name}`, value, MAY_BE_ZERO.has(name) ? 0 : 1, LARGEST)
    resolved[name] = value
  }
  return resolved
}
