import type { InspectionEvent, Observer } from 'xstate'
import type { Clock } from '../../clock.ts'
import type { MeshActorRef, ServerLostPolicy } from '../../machines/mesh-types.ts'

/** Where a mesh reports what an application need not handle. `console` has this shape, pino too. */
export interface Logger {
  warn(message: string, details?: unknown): void
  error(message: string, details?: unknown): void
}

/** How much a mesh holds before it drops, throws or closes; see docs/limits.md. All in bytes. */
export interface MeshLimits {
  /**
   * Per peer, packets waiting behind its shut gate or unread. Beyond it an unreliable packet is dropped (oldest first), and a reliable one closes
   * the peer with reason `receive-overflow`, never leaving a silent gap. Default 16 MiB.
   */
  receiveBuffer: number
  /** Per peer and channel, what may wait to be sent reliably before `send` throws `ERR_OUT_OF_MEMORY`. Default 16 MiB, where Chromium's own queue ends. */
  reliableSendBuffer: number
  /** Per peer and channel, what may wait to be sent unreliably before the newest is dropped; bounds latency under overload. Default 64 KiB. */
  unreliableSendBuffer: number
  /** `drain()` resolves when no channel has more than this waiting. Default 256 KiB. */
  drainedSendBuffer: number
}

/** Options of {@link WebRTCMultiplayerPeer}. */
export interface MultiplayerPeerOptions {
  /** Milliseconds until a peer that was added must be open, else it is dropped. Default 15000. */
  connectTimeout?: number
  /**
   * Milliseconds that a peer's connection may be DISCONNECTED, which may heal, before the peer is reported gone. Default 5000; 0 is the engine's behaviour.
   */
  disconnectedTimeout?: number
  /** Milliseconds that a peer's other channels have to deliver what they hold once the other side closed one. Default 1000. */
  drainTimeout?: number
  /** Milliseconds for a graceful close to bring out what was sent. Default 2000. */
  closeTimeout?: number
  /** With server compatibility, the status after the server was lost. Default `stay` (CONNECTED). */
  onServerLost?: ServerLostPolicy
  limits?: Partial<MeshLimits>
  logger?: Logger
  /** XState's inspection events of the mesh and its peers. What it throws goes to the logger. */
  inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void)
  /** Timers of the machines; a simulated clock in tests. */
  clock?: Clock
  /**
   * A running mesh actor to use, where an application's own machine has invoked `meshLogic`. Without it one is started. Its times, clock and inspection
   * are those that the application gave it: `connectTimeout`, `disconnectedTimeout`, `drainTimeout` and `inspect` here do not apply then.
   */
  actor?: MeshActorRef
}

export const DEFAULT_LIMITS: MeshLimits = {
  receiveBuffer: 16 * 1024 * 1024,
  reliableSendBuffer: 16 * 1024 * 1024,
  unreliableSendBuffer: 64 * 1024,
  drainedSendBuffer: 256 * 1024,
}

export const SILENT_LOGGER: Logger = {
  warn: () => undefined,
  error: () => undefined,
}
