import type { WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'
import type { Traffic } from './traffic.ts'

/** One process of an application, on one host of a simulation. */
export interface SimulatedProcess {
  /** The machine that it runs on. */
  readonly host: string
  /** Its own. */
  readonly name: string
  /** Every connection that it has made. */
  readonly connections: readonly WebRTCPeerConnection[]
  readonly traffic: Traffic
  /** By which the others know it now; 0: by none. */
  readonly id: number
  /** Resolves when it has left. */
  readonly ended: Promise<void>
  /** It dies without a word. */
  die(): void
  /** It leaves in good order. */
  leave(): void
  /** Whether it is there, and knows these and nobody else. */
  knows(others: readonly SimulatedProcess[]): boolean
}
