import type { LobbyErrorCode } from '../../../protocol/lobby/extension.ts'
import { type LobbyMessage, LobbyMessageType } from '../../../protocol/lobby/message.ts'
import type { CoreContext } from './core-context.ts'
import type { ClientDescription, ServerSocket, SocketHandler } from './core-options.ts'
import { encodeFor, parseFrom } from './dialect.ts'
import { Allowance } from './allowance.ts'
import type { Member } from './member.ts'
import { MessageQueue } from './message-queue.ts'
import { CloseCode, REFUSALS } from './refusal.ts'

/** What a refusal says beyond, or other than, {@link REFUSALS}. */
export interface RefusalDetails {
  /** The peer it is about. */
  readonly peer?: number
  readonly message?: string
  readonly retryAfter?: number
  readonly closeCode?: number
  readonly reason?: string
  /** Whether an extended client's socket is closed. */
  readonly closes?: boolean
}

/** What a connection tells the core. */
export interface ConnectionHooks {
  /** One message; see {@link MessageQueue} about what comes back. */
  handle(connection: Connection, message: LobbyMessage, arrivedAt: number): Promise<void> | undefined
  /** It has become a member's. */
  joined(connection: Connection): void
  /** Nothing can be sent or received any more. `keepsPlace`: its member may come back with another socket. */
  gone(connection: Connection, keepsPlace: boolean): void
  /** The socket has closed. */
  closed(connection: Connection): void
}

/** A number like those of all messages. */
const ERROR: number = LobbyMessageType.ERROR

/** Sockets that are silent for so many heartbeats are lost. */
const MISSED_HEARTBEATS = 3

/** One client's socket: what it sends, bounded and one after the other; what it is sent, in its dialect; how it ends. */
export class Connection implements SocketHandler {
  readonly client: ClientDescription
  readonly isExtended: boolean
  /** Bytes and messages that it may still send. */
  readonly allowance: Allowance
  readonly #socket: ServerSocket
  readonly #context: CoreContext
  readonly #hooks: ConnectionHooks
  readonly #queue: MessageQueue<{ readonly text: string; readonly arrivedAt: number }>
  #member: Member | null = null
  #joinTimer: unknown = null
  #heartbeatTimer: unknown = null
  #isJoinOverdue = false
  #lastHeard: number
  #isOpen = true
  #closeCode: number | null = null

  constructor(socket: ServerSocket, client: ClientDescription, context: CoreContext, hooks: ConnectionHooks) {
    this.client = client
    this.isExtended = client.dialect === 'extended'
    this.#socket = socket
    this.#context = context
    this.#hooks = hooks
    const { limits, clock } = context
    this.#lastHeard = clock.now()
    this.allowance = new Allowance(limits, clock)
    this.#queue = new MessageQueue(
      (item) => this.#handle(item),
      limits.waitingMessages,
      () => {
        if (this.#isJoinOverdue) this.#endJoining()
      },
    )
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** The member whose socket this is; null before it joined a lobby. */
  get member(): Member | null {
    return this.#member
  }

  set member(member: Member | null) {
    this.#member = member
    if (member === null) return
    this.#context.clock.clearTimeout(this.#joinTimer)
    this.#joinTimer = null
    this.#hooks.joined(this)
  }

  /** Starts the time limits. */
  start(): void {
    const { limits, clock } = this.#context
    const limit = this.isExtended ? limits.extendedJoinTimeout : limits.joinTimeout
    this.#joinTimer = clock.setTimeout(() => {
      this.#endJoining()
    }, limit)
    if (this.isExtended) this.#watch(MISSED_HEARTBEATS * limits.heartbeat)
  }

  message(data: string | null): void {
    const { clock, limits, tally } = this.#context
    if (!this.#isOpen) {
      tally.dropped('socket-closing')
      return
    }
    const now = clock.now()
    this.#lastHeard = now
    if (data === null) {
      this.refuse('invalid-transfer-mode')
      return
    }
    const size = sizeOf(data, limits.messageSize)
    if (size > limits.messageSize) {
      const message = `A message may have ${limits.messageSize} bytes.`
      this.refuse('invalid-message', { message, closeCode: CloseCode.TOO_BIG, reason: 'Message too big' })
      return
    }
    const retryAfter = this.allowance.take(size, now)
    if (retryAfter !== null) this.refuse('rate-limited', { retryAfter })
    else if (!this.#queue.push({ text: data, arrivedAt: now })) this.refuse('rate-limited')
  }

  closed(code: number): void {
    this.#context.tally.socketClosed(this.client.dialect, this.#closeCode ?? code)
    this.#hooks.closed(this)
    if (this.#isOpen) this.#end(code !== CloseCode.NORMAL && code !== CloseCode.GOING_AWAY)
  }

  send(message: LobbyMessage): void {
    const text = this.#isOpen ? encodeFor(this.client.dialect, message) : null
    if (text === null) return
    this.#socket.send(text)
    if (this.#socket.bufferedAmount <= this.#context.limits.sendBuffer || message.type === ERROR) return
    this.refuse('rate-limited', { message: 'Too much waits to be read by this client.', reason: 'Too slow' })
  }

  /** Tells that something is refused; ends the socket unless the client may go on with it. */
  refuse(code: LobbyErrorCode, details: RefusalDetails = {}): void {
    if (!this.#isOpen) return
    const { tally, logger } = this.#context
    const refusal = REFUSALS[code]
    const { retryAfter = refusal.retryAfter, peer: id = 0 } = details
    const { message = refusal.message ?? `${refusal.reason}.`, reason = refusal.reason } = details
    const { closeCode = refusal.closeCode } = details
    const closing = !this.isExtended || (details.closes ?? !refusal.stays)
    tally.refused(code)
    logger.debug({ code, address: this.client.address, lobby: this.#member?.lobby, closing }, message)
    const data = JSON.stringify({ code, message, ...(retryAfter !== undefined && { retryAfter }), closing })
    this.send({ type: LobbyMessageType.ERROR, id, data })
    // Who may try again later may do so in its old place.
    if (closing) this.close(closeCode, reason, retryAfter !== undefined)
  }

  close(code: number, reason: string, keepsPlace = false): void {
    if (!this.#isOpen) return
    this.#closeCode = code
    this.#end(keepsPlace, () => {
      this.#socket.close(code, reason)
    })
  }

  #end(keepsPlace: boolean, finish?: () => void): void {
    const { clock } = this.#context
    this.#isOpen = false
    this.#queue.close()
    clock.clearTimeout(this.#joinTimer)
    clock.clearTimeout(this.#heartbeatTimer)
    finish?.()
    this.#hooks.gone(this, keepsPlace && this.isExtended)
  }

  #handle({ text, arrivedAt }: { readonly text: string; readonly arrivedAt: number }): Promise<void> | undefined {
    if (!this.#isOpen) return undefined
    const message = parseFrom(this.client.dialect, text)
    if (message !== null) return this.#hooks.handle(this, message, arrivedAt)
    this.refuse('invalid-message')
    return undefined
  }

  /** The time to join is over; but a join that is under way is the broker's delay, not the client's. */
  #endJoining(): void {
    this.#isJoinOverdue = true
    if (this.#member === null && !this.#queue.isBusy) this.refuse('join-timeout')
  }

  #watch(silence: number): void {
    const { clock } = this.#context
    const left = this.#lastHeard + silence - clock.now()
    if (left <= 0) {
      this.refuse('heartbeat-missed')
      return
    }
    this.#heartbeatTimer = clock.setTimeout(() => {
      this.#watch(silence)
    }, left)
  }
}

/** Bytes of the text in UTF-8; counted only where it could matter. */
function sizeOf(text: string, limit: number): number {
  return text.length * 3 <= limit || text.length > limit ? text.length : Buffer.byteLength(text)
}
