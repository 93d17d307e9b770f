import { Observable, Subject } from 'rxjs'
import { createActor } from 'xstate'
import { invalid } from '../../checks.ts'
import { authenticationLogic } from '../../machines/authentication-machine.ts'
import type {
  AuthenticationActorRef,
  AuthenticationFailureReason,
  AuthenticationPort,
  AuthenticationState,
} from '../../machines/authentication-types.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { Packet } from '../multiplayer-peer/packet.ts'
import {
  type AuthCallback,
  type Authenticate,
  type AuthenticationChannel,
  AuthenticationInbox,
  authenticationError,
} from './authentication-channel.ts'
import { DEFAULT_AUTH_TIMEOUT, type Settings } from './options.ts'
import type { ViolationKind } from './violations.ts'

/** An authentication that has failed. */
export interface AuthenticationFailure {
  readonly peer: number
  readonly reason: AuthenticationFailureReason
  /** Whether the other side has sent anything for it. If not, it may have no authentication set up: both sides need one. */
  readonly heard: boolean
  /** With the error of `authenticate` as its cause, if that threw. */
  readonly error: MultiplayerError
}

/** What the authentications need of the API. */
export interface AuthenticationHost {
  /** Sends a system packet AUTH to a peer that is authenticating. */
  sendAuth(peer: number, data: Uint8Array): void
  /** Both sides have accepted. */
  authenticated(peer: number): void
  /** It has failed, and is forgotten already. */
  authenticationFailed(failure: AuthenticationFailure): void
  /** A packet of a peer was dropped. */
  violation(peer: number, kind: ViolationKind): void
}

interface Pending {
  readonly actor: AuthenticationActorRef
  /** Where messages wait for `authenticate`; without one they go to the callback. */
  readonly inbox: AuthenticationInbox | undefined
  /** Whether the other side has sent anything for it. */
  heard: boolean
  /** What `authenticate` threw. */
  cause: unknown
  /** Packets of the game that wait for the admission, and their bytes. */
  readonly early: Packet[]
  earlyBytes: number
}

const NOTHING = new Uint8Array(0)

/** Bytes that a waiting packet costs besides its own. */
const OVERHEAD = 64

/** The peers that are connected and authenticate; each has an actor of its own. */
export class Authentications {
  authenticate: Authenticate | undefined
  authCallback: AuthCallback | undefined
  /** Milliseconds; 0: no limit. */
  timeout = DEFAULT_AUTH_TIMEOUT
  /** The actors that there are, then each that begins, before it does. */
  readonly actors$: Observable<AuthenticationActorRef>

  readonly #host: AuthenticationHost
  readonly #settings: Settings
  readonly #pending = new Map<number, Pending>()
  readonly #actors = new Subject<AuthenticationActorRef>()

  constructor(host: AuthenticationHost, settings: Settings) {
    this.#host = host
    this.#settings = settings
    this.actors$ = new Observable((subscriber) => {
      for (const { actor } of this.#pending.values()) subscriber.next(actor)
      return this.#actors.subscribe(subscriber)
    })
  }

  /** Whether peers that connect authenticate first. */
  get isOn(): boolean {
    return this.authenticate !== undefined || this.authCallback !== undefined
  }

  get peers(): number[] {
    return [...this.#pending.keys()]
  }

  has(peer: number): boolean {
    return this.#pending.has(peer)
  }

  /**
   * Takes a peer that has connected in. It hears nothing yet: the application is told first.
   *
   * @returns what starts `authenticate`; null if there are too many.
   */
  add(peer: number): (() => void) | null {
    const { limits } = this.#settings
    if (this.#pending.size >= limits.authenticating) return null
    const { authenticate } = this
    const inbox =
      authenticate &&
      new AuthenticationInbox(peer, limits.authenticationBytes, (data) => {
        if (this.#pending.get(peer) !== pending) throw notAuthenticating(peer)
        this.send(peer, data)
      })
    const port: AuthenticationPort = {
      entered: (state, reason) => {
        this.#entered(peer, pending, state, reason)
      },
    }
    const pending: Pending = {
      actor: this.#createActor(peer, port),
      inbox,
      heard: false,
      cause: undefined,
      early: [],
      earlyBytes: 0,
    }
    this.#pending.set(peer, pending)
    this.#actors.next(pending.actor)
    pending.actor.start()
    return () => {
      if (authenticate && inbox && this.#pending.get(peer) === pending) void this.#run(authenticate, inbox, pending)
    }
  }

  /**
   * Data of the other side, or nothing if it has accepted.
   *
   * @returns packets that have waited for this, if it has admitted the peer.
   */
  receive(peer: number, data: Uint8Array): readonly Packet[] {
    const pending = this.#pending.get(peer)
    if (pending === undefined) return []
    pending.heard = true
    if (data.byteLength === 0) {
      const { early } = pending
      pending.inbox?.finish()
      pending.actor.send({ type: 'remote.done' })
      return pending.actor.getSnapshot().value === 'completed' ? early : []
    }
    if (pending.inbox === undefined) {
      this.#callBack(peer, data)
    } else if (!pending.inbox.push(data)) {
      pending.actor.send({ type: 'fail', reason: 'overflow' })
    }
    return []
  }

  /**
   * Keeps a packet of the game until its peer is admitted, bounded. If this side is done, the other may have admitted it already: its word for that was lost on its channel and is
   * repeated, while other channels go on.
   *
   * @returns false if the packet is not to be expected, or has no room.
   */
  hold(packet: Packet): boolean {
    const pending = this.#pending.get(packet.peer)
    const size = packet.data.byteLength + OVERHEAD
    if (pending?.actor.getSnapshot().value !== 'awaitingRemote') return false
    if (pending.earlyBytes + size > this.#settings.limits.authenticationBytes) return false
    pending.earlyBytes += size
    pending.early.push(packet)
    return true
  }

  /** Godot's `send_auth`. */
  send(peer: number, data: Uint8Array): void {
    if (!(data instanceof Uint8Array) || data.byteLength === 0) {
      throw invalid('Authentication data is a Uint8Array of one byte or more.', data)
    }
    if (this.#stateOf(peer) !== 'exchanging') throw completed(peer)
    this.#host.sendAuth(peer, data)
  }

  /** Godot's `complete_auth`. */
  complete(peer: number): void {
    const state = this.#stateOf(peer)
    if (state !== 'exchanging' && state !== 'awaitingLocal') throw completed(peer)
    this.#host.sendAuth(peer, NOTHING)
    this.#pending.get(peer)?.actor.send({ type: 'local.done' })
  }

  /** Ends one that is under way. @returns false if there is none. */
  fail(peer: number, reason: AuthenticationFailureReason): boolean {
    const pending = this.#pending.get(peer)
    pending?.actor.send({ type: 'fail', reason })
    return pending !== undefined
  }

  /** Forgets one without a word to the application. @returns false if there was none. */
  drop(peer: number): boolean {
    const pending = this.#pending.get(peer)
    if (pending === undefined) return false
    this.#pending.delete(peer)
    pending.actor.stop()
    pending.inbox?.fail(authenticationError(peer, 'connection-lost'))
    return true
  }

  clear(): void {
    for (const peer of this.peers) this.drop(peer)
  }

  #createActor(peer: number, port: AuthenticationPort): AuthenticationActorRef {
    const { clock, inspect } = this.#settings
    return createActor(authenticationLogic, {
      id: `authentication:${peer}`,
      input: { peer, timeout: this.timeout, port },
      clock,
      ...(inspect && { inspect }),
    })
  }

  async #run(authenticate: Authenticate, inbox: AuthenticationInbox, pending: Pending): Promise<void> {
    const { peer } = inbox
    try {
      const answer = await authenticate(peer, inbox satisfies AuthenticationChannel)
      if (this.#pending.get(peer) !== pending) return
      if (answer === false) pending.actor.send({ type: 'fail', reason: 'refused' })
      // It may have called completeAuth itself.
      else if (pending.actor.getSnapshot().value !== 'awaitingRemote') this.complete(peer)
    } catch (error) {
      if (this.#pending.get(peer) !== pending) return
      pending.cause = error
      pending.actor.send({ type: 'fail', reason: 'refused' })
    }
  }

  #callBack(peer: number, data: Uint8Array): void {
    try {
      this.authCallback?.(peer, data)
    } catch (error) {
      this.#settings.logger.error(`authCallback threw for peer ${peer}`, error)
    }
  }

  /** @throws MultiplayerError `ERR_INVALID_PARAMETER` for a peer that is not authenticating. */
  #stateOf(peer: number): AuthenticationState {
    const pending = this.#pending.get(peer)
    if (pending === undefined) throw notAuthenticating(peer)
    return pending.actor.getSnapshot().value
  }

  #entered(peer: number, pending: Pending, state: AuthenticationState, reason?: AuthenticationFailureReason): void {
    if (this.#pending.get(peer) !== pending) return
    if (state === 'completed') {
      this.#pending.delete(peer)
      this.#host.authenticated(peer)
    } else if (state === 'failed') {
      this.#end(peer, pending, reason ?? 'refused')
    }
  }

  #end(peer: number, { inbox, heard, cause, early }: Pending, reason: AuthenticationFailureReason): void {
    for (const _ of early) this.#host.violation(peer, 'unauthenticated')
    this.#pending.delete(peer)
    const error = authenticationError(peer, reason, cause)
    inbox?.fail(error)
    this.#host.authenticationFailed({ peer, reason, heard, error })
  }
}

function notAuthenticating(peer: number): MultiplayerError {
  return invalid(`Peer ${peer} is not authenticating; wait until peerAuthenticating$ names it.`, peer)
}

function completed(peer: number): MultiplayerError {
  return new MultiplayerError('ERR_FILE_CANT_WRITE', `The authentication with peer ${peer} is complete on one side.`, {
    value: peer,
  })
}
