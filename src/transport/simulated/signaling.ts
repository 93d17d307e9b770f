import { Subject } from 'rxjs'
import type { Clock } from '../../clock.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { IceCandidate, SessionDescription, SessionDescriptionType } from '../peer-connection.ts'
import { GatheringState, SignalingState } from '../states.ts'
import type { Random } from './random.ts'
import { RemoteCandidates } from './remote-candidates.ts'
import { formatSdp, makeSession, parseSdp, type RemoteSession, type Session } from './session-text.ts'
import { NO_FINAL_STATE, SignalledState } from './signalled-state.ts'

const TYPES: readonly string[] = ['offer', 'answer'] satisfies SessionDescriptionType[]

/** What a connection's signaling is made of. */
export interface SignalingParts {
  readonly clock: Clock
  readonly random: Random
  /** This connection's own. */
  readonly candidates: readonly IceCandidate[]
  /** A description was applied or a candidate came: the connection may be possible now. */
  readonly onProgress: () => void
}

/** Offer, answer and candidates of one connection: what it tells the other side and what it was told. */
export class Signaling {
  readonly signaling: SignalledState<SignalingState>
  readonly gathering: SignalledState<GatheringState>
  readonly descriptions = new Subject<SessionDescription>()
  readonly candidates = new Subject<IceCandidate>()
  readonly remoteCandidates = new RemoteCandidates()

  readonly #parts: SignalingParts
  #session: Session | null = null
  #remote: RemoteSession | null = null
  #created: SessionDescription | null = null
  #isApplied = false
  #held: IceCandidate[] = []

  constructor(parts: SignalingParts) {
    this.#parts = parts
    this.signaling = new SignalledState<SignalingState>(parts.clock, SignalingState.STABLE, SignalingState.CLOSED)
    this.gathering = new SignalledState<GatheringState>(parts.clock, GatheringState.NEW, NO_FINAL_STATE)
  }

  /** What this side has said of itself, once its description was applied. */
  get local(): Session | null {
    return this.#isApplied ? this.#session : null
  }

  /** What the other side has said of itself. */
  get remote(): RemoteSession | null {
    return this.#remote
  }

  get isOfferer(): boolean {
    return this.#created?.type === 'offer'
  }

  /** Makes the description and emits it on a later turn. */
  describe(type: SessionDescriptionType, maxMessageSize: number): void {
    this.#session = makeSession(this.#parts.random, maxMessageSize)
    const created = { type, sdp: formatSdp(type, this.#session) }
    this.#created = created
    this.#later(() => {
      this.descriptions.next(created)
    })
  }

  setLocal(type: SessionDescriptionType, sdp: string): void {
    this.#requireOpen()
    if (type !== this.#created?.type || sdp !== this.#created.sdp) {
      throw new MultiplayerError(
        'ERR_INVALID_PARAMETER',
        'Pass on what sessionDescriptionCreated$ gave last, unchanged.',
        {
          value: { type, sdp },
        },
      )
    }
    if (this.#isApplied) return
    this.#isApplied = true
    this.signaling.set(type === 'offer' ? SignalingState.HAVE_LOCAL_OFFER : SignalingState.STABLE)
    this.gathering.set(GatheringState.GATHERING)
    this.#gather(this.#parts.candidates)
    this.#parts.onProgress()
  }

  setRemote(type: SessionDescriptionType, sdp: string): void {
    this.#requireOpen()
    if (!TYPES.includes(type)) {
      throw new MultiplayerError('ERR_INVALID_PARAMETER', `The type of a description is 'offer' or 'answer'.`, {
        value: type,
      })
    }
    const isExpected =
      type === 'offer'
        ? this.#created === null && this.#remote === null
        : this.signaling.state === SignalingState.HAVE_LOCAL_OFFER
    if (!isExpected) {
      throw new MultiplayerError(
        'ERR_UNCONFIGURED',
        `An ${type} is not expected now (signaling state ${SignalingState[this.signaling.state]}); let exactly one side make the offer.`,
      )
    }
    this.#remote = parseSdp(type, sdp)
    this.signaling.set(type === 'offer' ? SignalingState.HAVE_REMOTE_OFFER : SignalingState.STABLE)
    this.#release()
    this.#parts.onProgress()
  }

  addCandidate(name: string): void {
    this.remoteCandidates.add(name)
    this.#parts.onProgress()
  }

  close(): void {
    this.signaling.set(SignalingState.CLOSED)
    this.gathering.end()
    this.#parts.clock.setTimeout(() => {
      this.descriptions.complete()
      this.candidates.complete()
    }, 0)
  }

  /** One candidate on each turn, as they trickle in from a real gathering. */
  #gather([candidate, ...others]: readonly IceCandidate[]): void {
    this.#later(() => {
      if (candidate === undefined) {
        this.gathering.setNow(GatheringState.COMPLETE)
        return
      }
      // The offering side's candidates wait for the answer, as the contract says.
      if (this.isOfferer && this.#remote === null) this.#held.push(candidate)
      else this.candidates.next(candidate)
      this.#gather(others)
    })
  }

  #release(): void {
    this.#later(() => {
      for (const candidate of this.#held.splice(0)) this.candidates.next(candidate)
    })
  }

  #requireOpen(): void {
    if (this.signaling.state === SignalingState.CLOSED) {
      throw new MultiplayerError('ERR_UNCONFIGURED', 'The connection is closed; make a new one.')
    }
  }

  #later(work: () => void): void {
    this.#parts.clock.setTimeout(() => {
      if (this.signaling.state !== SignalingState.CLOSED) work()
    }, 0)
  }
}
