import { createActor, type InspectionEvent } from 'xstate'
import type { Clock } from '../../../clock.ts'
import { negotiationLogic, STEP_OF_STATE } from '../../../machines/negotiation-machine.ts'
import type { NegotiationPort, ReceivedOffer } from '../../../machines/negotiation-port.ts'
import type {
  NegotiationActorRef,
  NegotiationCause,
  NegotiationFailure,
  NegotiationProgress,
  NegotiationRole,
  NegotiationState,
  NegotiationTimes,
  SignalingAvailability,
} from '../../../machines/negotiation-types.ts'
import { decodeCandidate, encodeCandidate } from '../../../protocol/lobby/candidate.ts'
import { LobbyMessageType } from '../../../protocol/lobby/message.ts'
import type {
  IceCandidate,
  IceServer,
  SessionDescription,
  WebRTCPeerConnection,
} from '../../../transport/peer-connection.ts'
import type { PeerRemoval } from '../../multiplayer-peer/mesh-signals.ts'
import type { WebRTCMultiplayerPeer } from '../../multiplayer-peer/multiplayer-peer.ts'
import type { Logger } from '../../multiplayer-peer/options.ts'
import type { LobbyClientCounters } from './client-counters.ts'
import { DialAttempt } from './dial-attempt.ts'
import type { DialCandidate } from './dial-candidate.ts'
import type { DialProgress } from './dial-progress.ts'
import { EarlyCandidates } from './early-candidates.ts'
import { hasStun, hasTurn } from './ice-servers.ts'
import { OfferGate } from './offer-gate.ts'
import { attemptOf, ufragOf, withAttempt, withoutUfrag } from './signal-text.ts'
import { decideVerdict, type Verdict } from './verdict.ts'
import { WindowGate } from './window-gate.ts'

/** What all dials of a lobby share. */
export interface DialEnvironment {
  readonly mesh: WebRTCMultiplayerPeer
  readonly clock: Clock
  readonly logger: Logger
  readonly counters: LobbyClientCounters
  readonly times: NegotiationTimes
  readonly maxAttempts: number
  /** Must not throw. */
  readonly inspect: ((event: InspectionEvent) => void) | undefined
  backOff(failures: number): number
  /** The ICE servers for one more connection; never rejects. */
  iceServers(): readonly IceServer[] | Promise<readonly IceServer[]>
  connect(iceServers: readonly IceServer[]): WebRTCPeerConnection
  /** Numbers attempts: strictly increasing, also over the lives of a process. */
  nextNumber(): number
  send(type: LobbyMessageType, to: number, data: string): void
  /** Asks a member for a fresh offer, where the server knows how to carry that. */
  askForOffer(to: number, lastOffer: number): void
  progressed(progress: DialProgress): void
  gaveUp(verdict: Verdict): void
}

/** Reasons for which a peer is gone because the application wants it so. */
const DISMISSALS: ReadonlySet<PeerRemoval['reason']> = new Set(['removed', 'disconnected', 'forced'])
/** In these nothing is under way that a member's leaving would cut short. */
const SETTLED: ReadonlySet<NegotiationState> = new Set(['gaveUp', 'dismissed', 'left'])
const NO_CANDIDATES: readonly DialCandidate[] = []

/**
 * The dialling of one member of the lobby: what the negotiation machine decides is done here, one connection after the other, and what comes from the member is filtered
 * here, before the machine or the connection hears of it.
 */
export class MemberDial implements NegotiationPort {
  readonly peer: number
  readonly role: NegotiationRole

  readonly #environment: DialEnvironment
  readonly #actor: NegotiationActorRef & { start(): unknown; stop(): unknown }
  readonly #gate: OfferGate
  readonly #retries: WindowGate
  readonly #early = new EarlyCandidates()
  #attempt: DialAttempt | null = null
  /** The number on the wire of the last attempt. */
  #number: number | null = null
  /** Tells an attempt that still waits for its ICE servers that another one has begun. */
  #serial = 0
  #servers: readonly IceServer[] = []
  #signaling: SignalingAvailability
  /** That a peer leaves which had been connected is no news of its connecting. */
  #wasConnected = false
  #progress: NegotiationProgress = { state: 'waitingForSignaling', failures: 0, failure: null, delay: 0 }
  /** Of the last attempt, for a verdict. */
  #failure: Error | null = null
  #last: DialAttempt | null = null

  constructor(peer: number, role: NegotiationRole, signaling: SignalingAvailability, environment: DialEnvironment) {
    this.peer = peer
    this.role = role
    this.#environment = environment
    this.#signaling = signaling
    this.#gate = new OfferGate(environment.clock)
    this.#retries = new WindowGate(environment.clock)
    const { clock, times, maxAttempts, inspect } = environment
    this.#actor = createActor(negotiationLogic, {
      id: `negotiation:${peer}`,
      clock,
      input: {
        role,
        port: this,
        times,
        maxAttempts,
        backOff: (failures) => environment.backOff(failures),
        signaling,
      },
      ...(inspect && { inspect }),
    })
  }

  get actor(): NegotiationActorRef {
    return this.#actor
  }

  start(): void {
    this.#actor.start()
  }

  get state(): NegotiationState {
    return this.#progress.state
  }

  get progress(): DialProgress {
    const { state, failures, failure, delay } = this.#progress
    const attempt = this.#attempt ?? this.#last
    return {
      peer: this.peer,
      role: this.role,
      state,
      failures,
      failure,
      retryIn: state === 'backingOff' ? delay : 0,
      localCandidates: [...(attempt?.localCandidates ?? NO_CANDIDATES)],
      remoteCandidates: [...(attempt?.remoteCandidates ?? NO_CANDIDATES)],
      pair: this.#attempt?.pair ?? null,
    }
  }

  // --- what the lobby tells -------------------------------------------------------------------------------------------------------------

  /** A signal of this member came. */
  receive(type: LobbyMessageType, data: string): void {
    if (type === LobbyMessageType.OFFER) this.#receiveOffer(data)
    else if (type === LobbyMessageType.ANSWER) this.#receiveAnswer(data)
    else if (type === LobbyMessageType.RETRY) this.#receiveRetry(data)
    else this.#receiveCandidate(data)
  }

  signaling(is: SignalingAvailability): void {
    this.#signaling = is
    this.#actor.send({ type: 'signaling', is })
  }

  /** Dials again after it was given up or dismissed. */
  dial(): void {
    this.#actor.send({ type: 'dial' })
  }

  /** The member is gone: its connection ends. */
  left(): void {
    this.#actor.send({ type: 'member.left' })
  }

  /** The mesh has lost a peer of this id. */
  removed({ reason }: PeerRemoval): void {
    const attempt = this.#attempt
    if (attempt === null || attempt.isInMesh) return
    this.#failure = attempt.connection.failure
    if (DISMISSALS.has(reason)) this.#actor.send({ type: 'dismissed', attempt: this.#serial })
    else this.#fail(reason === 'connect-timeout' ? 'timeout' : 'failed')
  }

  /** This side leaves: nothing is told any more. */
  stop(): void {
    this.#actor.stop()
  }

  // --- what the machine asks for --------------------------------------------------------------------------------------------------------

  begin(serial: number): void {
    this.#number = this.#environment.nextNumber()
    this.#connect(serial, (attempt) => {
      attempt.connection.createOffer()
    })
  }

  accept(serial: number, { sdp, number }: ReceivedOffer): void {
    this.#number = number
    this.#connect(serial, (attempt) => {
      attempt.remoteDescription = sdp
      try {
        attempt.connection.setRemoteDescription('offer', sdp)
      } catch (error) {
        this.#refuse(error)
        return
      }
      this.#flushCandidates(attempt, sdp)
    })
  }

  abandon(): void {
    this.#serial = 0
    const attempt = this.#attempt
    if (attempt === null) return
    this.#attempt = null
    this.#last = attempt
    this.#early.ended()
    attempt.end()
  }

  ask(): void {
    this.#environment.askForOffer(this.peer, this.#gate.last)
  }

  entered(progress: NegotiationProgress): void {
    const before = this.#progress.state
    this.#progress = progress
    if (progress.state === 'gaveUp') this.#giveUp(progress.failure ?? { step: 'signaling', cause: 'signaling-ended' })
    else if (progress.state === 'connected') this.#wasConnected = true
    else if (progress.state === 'left' && !this.#wasConnected && !SETTLED.has(before)) {
      this.#giveUp({ step: STEP_OF_STATE[before], cause: 'left' })
    }
    this.#environment.progressed(this.progress)
  }

  release(): void {
    this.abandon()
    this.#early.clear()
  }

  // --- inside ---------------------------------------------------------------------------------------------------------------------------

  #connect(serial: number, proceed: (attempt: DialAttempt) => void): void {
    this.abandon()
    this.#serial = serial
    this.#failure = null
    this.#last = null
    const servers = this.#environment.iceServers()
    if (!(servers instanceof Promise)) {
      this.#connectWith(servers, serial, proceed)
      return
    }
    void servers.then((fresh) => {
      if (this.#serial === serial) this.#connectWith(fresh, serial, proceed)
    })
  }

  #connectWith(servers: readonly IceServer[], serial: number, proceed: (attempt: DialAttempt) => void): void {
    this.#servers = servers
    try {
      const { mesh } = this.#environment
      const connection = this.#environment.connect(servers)
      const tell = (type: 'path.found' | 'secured' | 'opened'): void => {
        this.#actor.send({ type, attempt: serial })
      }
      const attempt = new DialAttempt(mesh, this.peer, connection, {
        described: (description) => {
          this.#sendDescription(description)
        },
        found: (candidate) => {
          this.#environment.send(LobbyMessageType.CANDIDATE, this.peer, encodeCandidate(candidate))
        },
        pathFound: () => {
          tell('path.found')
        },
        secured: () => {
          tell('secured')
        },
        opened: () => {
          tell('opened')
        },
        failed: (error) => {
          this.#failWith(error)
        },
      })
      this.#attempt = attempt
      proceed(attempt)
    } catch (error) {
      this.#failWith(error)
    }
  }

  #sendDescription({ type, sdp }: SessionDescription): void {
    const numbered = this.#number === null ? sdp : withAttempt(sdp, this.#number)
    const messageType = type === 'offer' ? LobbyMessageType.OFFER : LobbyMessageType.ANSWER
    this.#environment.send(messageType, this.peer, numbered)
  }

  #receiveOffer(sdp: string): void {
    const { counters } = this.#environment
    // The roles are fixed by the ids: an offer of the side that is to answer would be glare.
    const decision = this.role === 'offering' ? { dropped: 'refused' as const } : this.#gate.decide(sdp)
    if ('offer' in decision) {
      const { offer } = decision
      this.#actor.send({ type: 'offer', offer, replaces: offer.number !== null })
    } else if (decision.dropped === 'stale') counters.staleDescriptions++
    else counters.refusedDescriptions++
  }

  #receiveAnswer(sdp: string): void {
    const attempt = this.#attempt
    const number = attemptOf(sdp)
    const isExpected =
      this.role === 'offering' && attempt?.remoteDescription === null && (number === null || number === this.#number)
    if (!isExpected) {
      this.#environment.counters.staleDescriptions++
      return
    }
    attempt.remoteDescription = sdp
    try {
      attempt.connection.setRemoteDescription('answer', sdp)
    } catch (error) {
      this.#refuse(error)
      return
    }
    this.#actor.send({ type: 'answered', attempt: this.#serial })
    this.#flushCandidates(attempt, sdp)
  }

  #receiveRetry(data: string): void {
    if (this.role !== 'offering' || !/^\d{1,15}$/.test(data)) {
      this.#environment.counters.malformedMessages++
    } else if (!this.#retries.admits()) {
      this.#environment.counters.refusedDescriptions++
    } else this.#actor.send({ type: 'retry', isPresent: Number(data) === this.#number })
  }

  #receiveCandidate(data: string): void {
    const candidate = decodeCandidate(data)
    const { counters } = this.#environment
    if (candidate === null) {
      counters.refusedCandidates++
      return
    }
    const attempt = this.#attempt
    const route = this.#early.route(candidate, attempt !== null)
    if (route === 'add' && attempt !== null) this.#addCandidate(attempt, candidate)
    else if (route === 'stale' || route === 'add') counters.staleCandidates++
    else if (route === 'no room') counters.refusedCandidates++
  }

  #flushCandidates(attempt: DialAttempt, sdp: string): void {
    for (const candidate of this.#early.described(ufragOf(sdp))) this.#addCandidate(attempt, candidate)
  }

  #addCandidate(attempt: DialAttempt, candidate: IceCandidate): void {
    try {
      attempt.addCandidate({ ...candidate, name: withoutUfrag(candidate.name) })
    } catch {
      // The connection counts and refuses; there may be better ones among those that follow.
      this.#environment.counters.refusedCandidates++
    }
  }

  #refuse(error: unknown): void {
    this.#environment.counters.refusedDescriptions++
    this.#note(error)
    this.#fail('refused')
  }

  #failWith(error: unknown): void {
    this.#environment.logger.warn(`connecting to peer ${this.peer} failed`, error)
    this.#note(error)
    this.#fail('unmade')
  }

  #note(error: unknown): void {
    this.#failure = error instanceof Error ? error : new Error(String(error))
  }

  #fail(cause: NegotiationCause): void {
    this.#actor.send({ type: 'failed', attempt: this.#serial, cause })
  }

  #giveUp(failure: NegotiationFailure): void {
    const attempt = this.#attempt ?? this.#last
    const localCandidates = [...(attempt?.localCandidates ?? NO_CANDIDATES)]
    const remoteCandidates = [...(attempt?.remoteCandidates ?? NO_CANDIDATES)]
    const { reason, message } = decideVerdict({
      failure,
      localCandidates,
      remoteCandidates,
      stunGiven: hasStun(this.#servers),
      turnGiven: hasTurn(this.#servers),
      signaling: this.#signaling,
    })
    const error = this.#failure ?? attempt?.connection.failure ?? null
    const pair = attempt?.pair ?? null
    this.#environment.gaveUp({
      peer: this.peer,
      reason,
      step: failure.step,
      attempts: this.#progress.failures,
      message: `Peer ${this.peer} was not connected: ${message}.`,
      localCandidates,
      remoteCandidates,
      ...(pair !== null && { selectedPair: pair }),
      ...(error !== null && { failure: error }),
    })
  }
}
