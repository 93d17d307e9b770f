import { MultiplayerError, type MultiplayerErrorCode } from '../../../multiplayer-error.ts'
import { TransferMode } from '../../multiplayer-peer/packet.ts'
import { type Answer, answerPacket, awaitedNumber, type CallPacket, decodeCall } from './awaited-call.ts'
import { fromVariants, maybeEmptyBytes, restoreEmptyBytes } from './call-arguments.ts'
import type { CallSender } from './call-sender.ts'
import type { Invoker } from './invoker.ts'
import { LocalNode } from './local-node.ts'
import type { DeclaredMethod } from './method-table.ts'
import type { PathExchange } from './path-exchange.ts'
import type { PeerRecord } from './peer-records.ts'
import { mayCall } from './permissions.ts'
import type { RpcViolation } from './rpc-violation.ts'
import type { RpcWorld } from './rpc-world.ts'

/** Why a call is not carried out. */
interface Refusal {
  readonly code: MultiplayerErrorCode
  readonly message: string
  /** Not given if the caller has done nothing wrong. */
  readonly violation?: RpcViolation
}

/** Checks the calls of other peers, carries them out, and answers those that are awaited. */
export class CallReceiver {
  readonly #world: RpcWorld
  readonly #exchange: PathExchange
  readonly #invoker: Invoker
  readonly #sender: CallSender

  constructor(world: RpcWorld, exchange: PathExchange, invoker: Invoker, sender: CallSender) {
    this.#world = world
    this.#exchange = exchange
    this.#invoker = invoker
    this.#sender = sender
  }

  receive(from: number, packet: CallPacket): void {
    const { port } = this.#world
    const node = this.#exchange.find(from, packet.node)
    // The application, asked for a node that is not there, may have disconnected the caller, or ended the session.
    if (!port.peers.has(from)) return
    if (!(node instanceof LocalNode)) {
      this.#refuse(from, packet, this.#noNode(node))
      return
    }
    const { methods } = node
    const method = typeof packet.method === 'string' ? methods.byName(packet.method) : methods.byNumber(packet.method)
    if (method === undefined) {
      const message = 'the node has no such method'
      this.#refuse(from, packet, { code: 'ERR_DOES_NOT_EXIST', message, violation: 'unknown-method' })
    } else if (!mayCall(method.permission, from, node.authority)) {
      const message = 'only the authority of the node may call it'
      this.#refuse(from, packet, { code: 'ERR_UNAUTHORIZED', message, violation: 'not-permitted' })
    } else {
      let decoded
      try {
        const { variants, call } = decodeCall(packet.arguments, port.version)
        decoded = { variants, args: fromVariants(method.args, restoreEmptyBytes(method.args, variants)), call }
      } catch {
        port.violation(from, 'bad-arguments' satisfies RpcViolation)
        return
      }
      const { variants, args, call } = decoded
      if (typeof args === 'string') {
        const violation = maybeEmptyBytes(method.args, variants) ? 'no-arguments' : 'bad-arguments'
        this.#refuse(from, packet, { code: 'ERR_INVALID_PARAMETER', message: args, violation })
      } else if (call === undefined) {
        this.#invoker.run(node, method, args, from)
      } else {
        this.#answer(from, call, node, method, args)
      }
    }
  }

  #noNode(reason: RpcViolation | 'unknown-node'): Refusal {
    const refusal = { code: 'ERR_DOES_NOT_EXIST', message: 'there is no such node' } as const
    if (reason !== 'unknown-node') return { ...refusal, violation: reason }
    // Nodes come and go, here and there not at the same moment.
    this.#world.counters.unknownNodes++
    return refusal
  }

  #refuse(from: number, packet: CallPacket, { code, message, violation }: Refusal): void {
    const { port, records } = this.#world
    const record = records.of(from)
    // It may end with the peer being disconnected.
    if (violation !== undefined) port.violation(from, violation)
    const call = awaitedNumber(packet.arguments, port.version)
    if (call !== undefined) this.#send(from, record, { call, isError: true, code, message })
  }

  #answer(from: number, call: number, node: LocalNode, method: DeclaredMethod, args: unknown[]): void {
    const { port, records, settings } = this.#world
    const record = records.of(from)
    const fail = (code: MultiplayerErrorCode, message: string): void => {
      this.#send(from, record, { call, isError: true, code, message })
    }
    if (method.handler === undefined) {
      this.#invoker.run(node, method, args, from)
      fail('ERR_UNAVAILABLE', 'it has no handler for this method')
      return
    }
    if (record.unanswered >= settings.limits.unansweredCalls) {
      port.violation(from, 'too-many-calls' satisfies RpcViolation)
      fail('ERR_OUT_OF_MEMORY', 'too many of its calls are unanswered')
      return
    }
    record.unanswered++
    this.#resultOf(node, method, args, from)
      .then(
        (value) => this.#send(from, record, { call, isError: false, value }),
        (error: unknown) => {
          // An error of this class is an answer; the text of any other stays here.
          const isAnswer = error instanceof MultiplayerError
          if (!isAnswer) this.#invoker.report(node, method, error)
          fail(isAnswer ? error.code : 'FAILED', isAnswer ? error.message : 'its handler has failed')
        },
      )
      .finally(() => record.unanswered--)
      .catch((error: unknown) => this.#invoker.report(node, method, error))
  }

  /** What the handler answers, as a Variant. */
  async #resultOf(
    node: LocalNode,
    method: DeclaredMethod,
    args: unknown[],
    from: number,
  ): Promise<Extract<Answer, { isError: false }>['value']> {
    const value = await this.#invoker.ask(node, method, args, from)
    if (method.returns === undefined) return null
    const variant = method.returns.toVariant(value)
    if (variant !== undefined) return variant
    throw new TypeError(`It has returned something that is not ${method.returns.name}.`)
  }

  #send(to: number, record: PeerRecord, answer: Answer): void {
    const { port, records, settings } = this.#world
    // Whoever has the id now may be another peer, with calls of the same numbers.
    if (!records.isCurrent(to, record)) return
    try {
      port.send(answerPacket(answer, this.#sender.encodeOptions), { to, mode: TransferMode.RELIABLE, channel: 0 })
    } catch (error) {
      if (!record.told.has('unanswered')) {
        settings.logger.warn(`A call of peer ${to} could not be answered; more of them are not logged.`, error)
      }
      record.told.add('unanswered')
      // Godot has no such value, or it is too large: the caller need not wait until its time is over.
      const message = 'its answer could not be sent'
      if (!answer.isError) this.#send(to, record, { call: answer.call, isError: true, code: 'FAILED', message })
    }
  }
}
