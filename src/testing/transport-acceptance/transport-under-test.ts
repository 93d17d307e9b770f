import type { PeerConnectionConfiguration, WebRTCPeerConnection } from '../../transport/peer-connection.ts'
import type { CandidateRewriter } from '../connect-pair.ts'

/** The functions of a test runner that the suite needs; Jest, Vitest, node:test and Mocha all have them. */
export interface TestApi {
  describe(name: string, body: () => void): unknown
  test(name: string, body: () => Promise<void>): unknown
}

/** What the author of a transport gives to the acceptance suite. */
export interface TransportUnderTest {
  /** Makes a connection that can reach every other one that this function makes. */
  create(configuration?: PeerConnectionConfiguration): WebRTCPeerConnection
  /** Makes the other end of each pair, where the two differ: another implementation, another place. Default: as `create`. */
  createOther?(configuration?: PeerConnectionConfiguration): WebRTCPeerConnection
  /** Calls of `create`d connections take milliseconds, as over a network: then no buffer fills, and the tests of buffering are left out. */
  callsAreSlow?: boolean
  /**
   * How many messages may wait at a receiver when its channel closes. Default 2000. For node-datachannel in a process that is slow to take them it is below 1000: the rest
   * is thrown away there.
   */
  backlog?: number
  /** Resolves when the condition holds; rejects with `what` after some seconds (of virtual or real time). */
  waitFor(condition: () => boolean, what: string): Promise<void>
  /** Lets this many milliseconds pass, virtual or real. */
  wait(milliseconds: number): Promise<void>
  /** Makes a link that can lose packets, for one pair of connections. Without it the tests of loss are left out. */
  makeLossyLink?: () => LossyLink
}

/** A link between two connections under the control of a test. */
export interface LossyLink {
  create(configuration?: PeerConnectionConfiguration): WebRTCPeerConnection
  /** Leads the packets through the link, where that takes a change of the candidates. */
  rewrite?: CandidateRewriter
  /** Probability, in both directions. It is 0 at first. */
  setLoss(loss: number): void
  /** Packets that the link has lost. */
  readonly lost: number
  close(): void
}
