import type { Observable } from 'rxjs'
import { realClock } from '../../../clock.ts'
import { TARGET_PEER_SERVER } from '../../../machines/mesh-types.ts'
import type { NegotiationActorRef } from '../../../machines/negotiation-types.ts'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import type { LobbyMode } from '../../../protocol/lobby/extension.ts'
import { LobbyMessageType } from '../../../protocol/lobby/message.ts'
import { safeObserver } from '../../multiplayer-peer/inspect.ts'
import { WebRTCMultiplayerPeer } from '../../multiplayer-peer/multiplayer-peer.ts'
import { epochOf, fullJitter, halfJitter, sleep } from './back-off.ts'
import { type LobbyClientCounters, noCounts } from './client-counters.ts'
import type { DialProgress } from './dial-progress.ts'
import { Dials } from './dials.ts'
import { IceServerSource } from './ice-servers.ts'
import { checkMetadata, type ResolvedJoinOptions } from './join-options.ts'
import { needsExtension, sendJoin } from './join-request.ts'
import type { JoinedLobby, LobbyState } from './joined-lobby.ts'
import type { LobbyConnection } from './lobby-connection.ts'
import { closeError, lobbyErrorCode, mayPass, plainServerError, retryAfterOf } from './lobby-errors.ts'
import { LobbyFacts } from './lobby-facts.ts'
import { type LobbyInboxListener, LobbyInbox } from './lobby-inbox.ts'
import { openConnection } from './open-connection.ts'
import { Outbox } from './outbox.ts'
import { PendingReplies } from './pending-replies.ts'
import type { Verdict } from './verdict.ts'

/** In these, what the server says is of no interest any more. */
const ENDING: readonly LobbyState[] = ['leaving', 'left']

/** Milliseconds over which the clients of a server that drains come back: all of them at once, to those that are left. Well within the time that places are kept. */
const DRAIN_SPREAD = 4_000

/** A member's place in a lobby: its socket, which may be lost and made anew, and everything that hangs on it. */
export class LobbySession implements JoinedLobby, LobbyInboxListener {
  readonly peer: WebRTCMultiplayerPeer
  readonly state$: Observable<LobbyState>
  readonly members$: Observable<readonly number[]>
  readonly host$: Observable<number>
  readonly metadata$: Observable<string>
  readonly dials$: Observable<DialProgress>
  readonly verdicts$: Observable<Verdict>
  /** The actors that negotiate with the other members, for those who inspect the lobby. */
  readonly negotiations$: Observable<NegotiationActorRef>

  readonly #options: ResolvedJoinOptions
  readonly #facts = new LobbyFacts()
  readonly #counters = noCounts()
  readonly #outbox = new Outbox(this.#counters)
  readonly #replies: PendingReplies
  readonly #iceServers: IceServerSource
  readonly #dials: Dials
  readonly #inbox: LobbyInbox
  /** Ends whatever is waited for. */
  readonly #life = new AbortController()
  readonly #abort = (): void => {
    this.#aborted()
  }
  #connection: LobbyConnection | null = null
  #token: string | null = null
  /** What the server said before it closed the socket. */
  #refusal: MultiplayerError | null = null
  #error: MultiplayerError | null = null
  #leaving: Promise<void> | null = null
  #lastNumber = 0

  constructor(options: ResolvedJoinOptions) {
    this.#options = options
    const { clock, random, logger, backOff, times, connection, PeerConnection } = options
    const epoch = epochOf(clock, clock === realClock)
    this.peer = new WebRTCMultiplayerPeer(options.peer)
    this.#replies = new PendingReplies(clock, options.timeout)
    this.#iceServers = new IceServerSource({
      own: options.iceServers,
      clock,
      epoch,
      random,
      logger,
      askServer: () => {
        if (this.#connection?.isExtended !== true) return false
        this.#connection.send(LobbyMessageType.ICE_SERVERS)
        return true
      },
    })
    this.#dials = new Dials({
      mesh: this.peer,
      clock,
      logger,
      counters: this.#counters,
      times,
      maxAttempts: options.attempts,
      inspect: options.inspect && safeObserver(options.inspect, logger),
      backOff: (failures) => halfJitter(backOff, failures, random),
      iceServers: () => this.#iceServers.fresh(),
      connect: (iceServers) => new PeerConnection({ ...connection, iceServers }),
      nextNumber: () => (this.#lastNumber = Math.max(this.#lastNumber + 1, Math.floor(epoch()))),
      send: (type, to, data) => {
        this.#outbox.send(type, to, data)
      },
      askForOffer: (to, lastOffer) => {
        if (this.#connection?.isExtended === true) this.#outbox.send(LobbyMessageType.RETRY, to, String(lastOffer))
      },
    })
    this.#inbox = new LobbyInbox({
      facts: this.#facts,
      dials: this.#dials,
      replies: this.#replies,
      counters: this.#counters,
      logger,
      listener: this,
    })
    this.state$ = this.#facts.state$
    this.members$ = this.#facts.members$
    this.host$ = this.#facts.host$
    this.metadata$ = this.#facts.metadata$
    this.dials$ = this.#dials.progress$
    this.verdicts$ = this.#dials.verdicts$
    this.negotiations$ = this.#dials.negotiations$
    this.peer.peerRemoved$.subscribe((removal) => {
      this.#dials.removed(removal.peer, removal)
    })
    options.signal?.addEventListener('abort', this.#abort, { once: true })
  }

  get id(): number {
    return this.#facts.id
  }

  get lobby(): string {
    return this.#facts.lobby
  }

  get mode(): LobbyMode {
    return this.#facts.mode
  }

  get host(): number {
    return this.#facts.host
  }

  get isHost(): boolean {
    return this.id === this.host
  }

  get metadata(): string {
    return this.#facts.metadata
  }

  get state(): LobbyState {
    return this.#facts.state
  }

  get members(): readonly number[] {
    return this.#facts.members
  }

  get error(): MultiplayerError | null {
    return this.#error
  }

  /** @throws MultiplayerError as `joinLobby`; everything is closed then. */
  async join(): Promise<void> {
    const { signal } = this.#life
    const { retries } = this.#options
    try {
      await this.#iceServers.start()
      for (let failures = 1; ; failures++) {
        try {
          await this.#enter(false)
          return
        } catch (error) {
          if (signal.aborted || failures > retries || !mayPass(error)) throw error
          await this.#pause(error, failures)
        }
      }
    } catch (error) {
      this.#end()
      this.peer[Symbol.dispose]()
      throw signal.aborted ? signal.reason : error
    }
  }

  // Properties, so that they can be taken out of the object: `const { peer, leave } = await joinLobby(url)`.
  readonly dial = (id: number): void => {
    this.#dials.dial(id)
  }

  readonly setMetadata = async (metadata: string): Promise<void> => {
    checkMetadata(metadata)
    const connection = this.#requireHost('describe')
    if (!connection.isExtended) throw plainServerError()
    // The server tells of changes only.
    if (metadata === this.metadata) return
    await this.#replies.wait('metadata', this.#life.signal, () => {
      connection.send(LobbyMessageType.METADATA, 0, metadata)
    })
  }

  readonly seal = async (): Promise<void> => {
    if (this.state === 'sealed') return
    const connection = this.#requireHost('seal')
    await this.#replies.wait('seal', this.#life.signal, () => {
      connection.send(LobbyMessageType.SEAL)
    })
  }

  readonly leave = (): Promise<void> => {
    this.#leaving ??= this.#leave()
    return this.#leaving
  };

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave()
  }

  readonly stats = (): LobbyClientCounters => {
    return { ...this.#counters }
  }

  // --- what the server says -------------------------------------------------------------------------------------------------------------

  /** The server gave this side its id. */
  identified(id: number, mode: LobbyMode): void {
    const { channels } = this.#options
    this.#facts.id = id
    this.#facts.mode = mode
    this.#token = null
    // What waits to be sent was said under another id.
    this.#outbox.clear()
    this.#dials.begin(id)
    // A place that was lost and taken anew comes with another id; nobody is connected then.
    if (this.peer.uniqueId !== 0) void this.peer.close({ immediate: true })
    if (mode === 'mesh') this.peer.createMesh(id, channels)
    else if (id === TARGET_PEER_SERVER) this.peer.createServer(channels)
    else this.peer.createClient(id, channels)
    if (this.#connection !== null) this.#outbox.open(this.#connection)
  }

  resumed(): void {
    this.#dials.signaling('up')
    if (this.#connection !== null) this.#outbox.open(this.#connection)
  }

  tokenGiven(token: string): void {
    this.#token = token
  }

  iceServersGiven(data: Parameters<IceServerSource['fromServer']>[0]): void {
    this.#iceServers.fromServer(data)
  }

  /** The server closes the socket after this. */
  refused(error: MultiplayerError): void {
    this.#refusal = error
  }

  // --- inside ---------------------------------------------------------------------------------------------------------------------------

  /** Opens a socket and takes a place in the lobby; as what it was, if there is a token for that. */
  async #enter(resumes: boolean): Promise<void> {
    const { signal } = this.#life
    const connection = await openConnection(this.#options, signal, needsExtension(this.#options, this.lobby))
    if (signal.aborted) connection.close()
    signal.throwIfAborted()
    this.#connection = connection
    this.#refusal = null
    try {
      await this.#replies.wait('join', signal, () => {
        if (resumes) connection.send(LobbyMessageType.RESUME, 0, this.#token ?? '')
        else sendJoin(connection, this.#options, this.lobby)
        // After the request, so that the answer to it is never taken for something else.
        connection.listen({
          message: (message) => {
            this.#inbox.receive(message)
          },
          closed: (code, reason) => {
            this.#closed(connection, code, reason)
          },
        })
      })
    } catch (error) {
      connection.close()
      if (this.#connection === connection) this.#connection = null
      this.#outbox.hold()
      if (!resumes) {
        this.#dials.stop()
        this.#facts.members = []
      }
      throw error
    }
  }

  #closed(connection: LobbyConnection, code: number, reason: string): void {
    if (connection !== this.#connection || ENDING.includes(this.state)) return
    this.#connection = null
    const error = this.#refusal ?? closeError(code, reason)
    // While it joins or reconnects, whoever waits for the answer decides what follows.
    const isEntering = this.#replies.has('join')
    this.#replies.fail(error)
    if (isEntering) return
    if (this.state === 'sealed') {
      this.#lose()
    } else if ((this.#token !== null || !this.#dials.isAnyConnected) && mayPass(error)) {
      void this.#reconnect(error)
    } else {
      this.#detach(error)
    }
  }

  async #reconnect(lost: MultiplayerError): Promise<void> {
    const { reconnects, logger } = this.#options
    this.#facts.state = 'reconnecting'
    this.#outbox.hold()
    this.#dials.signaling('down')
    let error: unknown = lost
    // Without a token (a plain server gives none) the place is gone, but while nobody is connected who would know this side by its id, it can take a new one.
    let resumes = this.#token !== null
    for (let failures = 1; failures <= reconnects; failures++) {
      try {
        await this.#pause(error, failures)
        await this.#enter(resumes)
        return
      } catch (caught) {
        if (this.#life.signal.aborted) return
        logger.warn('the lobby server could not be reached again', caught)
        error = caught
        if (resumes && lobbyErrorCode(caught) === 'token-invalid' && !this.#dials.isAnyConnected) resumes = false
        else if (!mayPass(caught)) break
      }
    }
    this.#detach(error instanceof MultiplayerError ? error : lost)
  }

  /** Waits as long as the server asks for, and a little, since it asks everybody for the same. */
  #pause(error: unknown, failures: number): Promise<void> {
    const { clock, backOff, random } = this.#options
    // Once: whoever then finds a server that is still draining must be back before the place is given up.
    const spreads = failures === 1 && lobbyErrorCode(error) === 'draining'
    const jitter = spreads ? DRAIN_SPREAD * random() : fullJitter(backOff, failures, random)
    return sleep(clock, (retryAfterOf(error) ?? 0) + jitter, this.#life.signal)
  }

  #detach(error: MultiplayerError): void {
    this.#error = error
    this.#options.logger.warn('the lobby is lost; peers stay connected', error)
    this.#lose()
    this.#facts.state = 'detached'
  }

  /** There is no signaling any more. */
  #lose(): void {
    this.#outbox.end()
    this.#dials.signaling('ended')
  }

  #requireHost(what: string): LobbyConnection {
    if (!this.isHost) {
      throw new MultiplayerError('ERR_UNAUTHORIZED', `Only the host, peer ${this.host}, may ${what} the lobby.`)
    }
    if (this.#connection === null || this.state !== 'joined') {
      throw new MultiplayerError('ERR_UNAVAILABLE', `The lobby is ${this.state}; ${what} it while it is joined.`)
    }
    return this.#connection
  }

  #aborted(): void {
    if (this.state !== 'joining') {
      void this.leave()
      return
    }
    this.#life.abort(this.#options.signal?.reason)
    // Joining may wait for them.
    this.#iceServers.stop()
  }

  async #leave(): Promise<void> {
    this.#facts.state = 'leaving'
    this.#life.abort(new MultiplayerError('ERR_UNAVAILABLE', 'The lobby was left; join it again.'))
    // The mesh first: others who heard that this side has left would close their connections with what is still under way on them.
    const closed = this.peer.close()
    this.#dials.stop()
    await closed
    if (this.#connection?.isExtended === true) this.#connection.send(LobbyMessageType.LEAVE)
    this.#end()
    await this.peer[Symbol.asyncDispose]()
  }

  #end(): void {
    this.#options.signal?.removeEventListener('abort', this.#abort)
    this.#iceServers.stop()
    this.#dials.complete()
    this.#outbox.end()
    this.#connection?.close()
    this.#connection = null
    this.#facts.state = 'left'
    this.#facts.complete()
  }
}
