import type { Clock } from '../../../src/clock.ts'
import type { AuthenticationActorRef } from '../../../src/machines/authentication-types.ts'
import type { AuthenticationChannel } from '../../../src/services/multiplayer-api/authentication-channel.ts'
import { MultiplayerAPI } from '../../../src/services/multiplayer-api/multiplayer-api.ts'
import type { MultiplayerAPIOptions } from '../../../src/services/multiplayer-api/options.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { AuthenticationModelWay } from '../../../src/testing/models/authentication-model-types.ts'

const POISON = 0xff

export interface AuthenticatingPeerOptions {
  readonly clock: Clock
  readonly id: number
  readonly way: AuthenticationModelWay
  readonly timeout: number
}

/** One of two peers of a mesh, with an API whose authentication does what it is told, and notes everything that it is told. */
export class AuthenticatingPeer implements Disposable {
  readonly mesh: WebRTCMultiplayerPeer
  readonly api: MultiplayerAPI
  readonly heard: string[] = []
  /** Runs of `authenticate` that wait for the other side. */
  waiting = 0
  readonly #id: number
  readonly #way: AuthenticationModelWay
  readonly #actors = new Set<AuthenticationActorRef>()
  #decide: ((accepts: boolean) => void) | null = null
  #channel: AuthenticationChannel | null = null

  constructor({ clock, id, way, timeout }: AuthenticatingPeerOptions) {
    this.#id = id
    this.#way = way
    this.mesh = new WebRTCMultiplayerPeer({ clock })
    this.mesh.createMesh(id)
    const options: MultiplayerAPIOptions = {
      clock,
      authTimeout: timeout,
      ...(way === 'callback' && { authCallback: (_, data) => this.#take(data) }),
      ...(way === 'authenticate' && { authenticate: (_, channel) => this.#authenticate(channel) }),
    }
    this.api = new MultiplayerAPI(this.mesh, options)
    this.api.authentications$.subscribe((actor) => this.#actors.add(actor))
    const note = (what: string) => () => this.heard.push(what)
    this.api.peerAuthenticating$.subscribe(note('authenticating'))
    this.api.authenticationFailures$.subscribe(({ reason, heard }) =>
      this.heard.push(`failure ${reason} ${heard ? 'heard' : 'unheard'}`),
    )
    this.api.peerAuthenticationFailed$.subscribe(note('authenticationFailed'))
    this.api.connectedToServer$.subscribe(note('connectedToServer'))
    this.api.peerConnected$.subscribe(note('connected'))
    this.api.peerDisconnected$.subscribe(note('disconnected'))
    this.api.peerPacket$.subscribe(note('packet'))
  }

  get isAborted(): boolean {
    return this.#channel?.signal.aborted === true
  }

  get hasChannel(): boolean {
    return this.#channel !== null
  }

  /** States of the authentications that run. */
  actorStates(): string[] {
    const snapshots = [...this.#actors].map((actor) => actor.getSnapshot())
    return snapshots.filter(({ status }) => status === 'active').map(({ value }) => value)
  }

  send(data: Uint8Array): void {
    if (this.#way === 'authenticate') this.#channel?.send(data)
    else this.api.sendAuth(this.#other, data)
  }

  complete(): void {
    if (this.#way === 'authenticate') this.#decide?.(true)
    else this.api.completeAuth(this.#other)
  }

  refuse(): void {
    this.#decide?.(false)
  }

  callSendAuth(): void {
    this.api.sendAuth(this.#other, Uint8Array.of(1))
  }

  callCompleteAuth(): void {
    this.api.completeAuth(this.#other)
  }

  disconnect(): boolean {
    return this.api.disconnectPeer(this.#other)
  }

  sendRaw(bytes: readonly number[]): void {
    this.mesh.send(Uint8Array.from(bytes), { to: this.#other })
  }

  [Symbol.dispose](): void {
    this.api[Symbol.dispose]()
    this.mesh[Symbol.dispose]()
  }

  get #other(): number {
    return this.#id === 1 ? 2 : 1
  }

  #take(data: Uint8Array): void {
    this.heard.push('data')
    if (data[0] === POISON) throw new Error('planted')
  }

  /** Accepts or refuses when it is told to, or when it reads poison. */
  #authenticate(channel: AuthenticationChannel): Promise<boolean> {
    this.#channel = channel
    return new Promise<boolean>((resolve, reject) => {
      this.#decide = resolve
      channel.signal.addEventListener('abort', () => {
        reject(channel.signal.reason as Error)
      })
      void this.#read(channel, reject)
    })
  }

  async #read(channel: AuthenticationChannel, fail: (error: unknown) => void): Promise<void> {
    this.waiting++
    try {
      for await (const data of channel.messages) {
        try {
          this.#take(data)
        } catch (error) {
          fail(error)
        }
      }
    } catch {
      // The authentication has failed, which its signal has told.
    } finally {
      this.waiting--
    }
  }
}
