import { TransferMode } from '../../multiplayer-peer/packet.ts'
import { decodeAnswer, encodeAwaitedCall, type CallPacket } from './awaited-call.ts'
import { encodeCall, toVariants } from './call-arguments.ts'
import type { CallSender } from './call-sender.ts'
import type { Invoker } from './invoker.ts'
import type { LocalNode } from './local-node.ts'
import type { DeclaredMethod } from './method-table.ts'
import { invalid } from '../../../checks.ts'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import { PendingCalls } from './pending-calls.ts'
import { runsLocally } from './permissions.ts'
import type { RpcCallTarget } from './rpc-node.ts'
import { checkCallTimeout } from './rpc-options.ts'
import type { RpcViolation } from './rpc-violation.ts'
import type { RpcWorld } from './rpc-world.ts'

/** What an application's calls come down to. */
export class Caller {
  readonly #world: RpcWorld
  readonly #sender: CallSender
  readonly #invoker: Invoker
  readonly #pending: PendingCalls

  constructor(world: RpcWorld, sender: CallSender, invoker: Invoker) {
    this.#world = world
    this.#sender = sender
    this.#invoker = invoker
    this.#pending = new PendingCalls(world.settings.clock, world.settings.limits.pendingCalls)
  }

  get pendingCalls(): number {
    return this.#pending.size
  }

  /** Calls a method on everyone, one, or all but one; and here if it is for here. */
  call(node: LocalNode, method: DeclaredMethod, to: number, values: readonly unknown[]): void {
    const own = this.#world.port.uniqueId
    this.#sender.check(node, method, to)
    const variants = toVariants(nameOf(node, method), method.args, values)
    if (to !== own) {
      const { mode, channel } = method
      const args = encodeCall(variants, this.#sender.encodeOptions)
      this.#sender.send({ node, method, to, arguments: args, mode, channel })
    }
    if (runsLocally(method.callLocal, to, own)) this.#invoker.run(node, method, filled(method, values), own)
  }

  /** Calls a method on one peer and waits for the answer. */
  async ask(
    node: LocalNode,
    method: DeclaredMethod,
    target: number | RpcCallTarget,
    values: readonly unknown[],
  ): Promise<unknown> {
    const { port, settings } = this.#world
    const { peer, timeout = settings.callTimeout, signal } = typeof target === 'number' ? { peer: target } : target
    checkCallTimeout(timeout)
    if (!(peer > 0)) throw invalid('An answer comes from one peer: give its id.', peer)
    this.#sender.check(node, method, peer)
    const what = nameOf(node, method)
    const variants = toVariants(what, method.args, values)
    if (peer === port.uniqueId) return this.#invoker.ask(node, method, filled(method, values), peer)
    const answer = await this.#pending.wait({ peer, what, timeout, signal }, (call) => {
      const args = encodeAwaitedCall(variants, call, this.#sender.encodeOptions)
      this.#sender.send({ node, method, to: peer, arguments: args, ...reliably(method) })
    })
    if (method.returns === undefined) return undefined
    const result = method.returns.fromVariant(answer)
    if (result !== undefined) return result
    port.violation(peer, 'bad-answer' satisfies RpcViolation)
    throw new MultiplayerError(
      'ERR_INVALID_DATA',
      `Peer ${peer} has answered ${what} not with ${method.returns.name}.`,
      {
        value: answer,
      },
    )
  }

  hearAnswer(from: number, packet: CallPacket): void {
    const { port, counters } = this.#world
    try {
      const answer = decodeAnswer(packet, port.version)
      if (answer === undefined) port.violation(from, 'bad-answer' satisfies RpcViolation)
      else if (!this.#pending.answer(from, answer)) counters.lateAnswers++
    } catch {
      port.violation(from, 'bad-answer' satisfies RpcViolation)
    }
  }

  peerGone(peer: number): void {
    this.#pending.peerGone(peer)
  }

  /** The session is over, and with it every call that waits. */
  clear(): void {
    this.#pending.clear()
  }
}

function nameOf(node: LocalNode, method: DeclaredMethod): string {
  return `${node.wholePath}:${method.name}`
}

/** A handler gets undefined for parameters that were left out, so that what comes after its arguments is in its place. */
function filled({ args }: DeclaredMethod, values: readonly unknown[]): unknown[] {
  return args.map((_, i) => values[i])
}

/** A method that may get lost must not leave its caller waiting. The method's own channel is used only if it is reliable itself. */
function reliably({ mode, channel }: DeclaredMethod): { mode: TransferMode; channel: number } {
  return { mode: TransferMode.RELIABLE, channel: mode === TransferMode.RELIABLE ? channel : 0 }
}
