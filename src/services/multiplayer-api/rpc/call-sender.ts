import { invalid } from '../../../checks.ts'
import { ConnectionStatus } from '../../../machines/mesh-types.ts'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import type { EncodedArguments } from '../../../protocol/variant/arguments.ts'
import type { EncodeOptions } from '../../../protocol/variant/plain.ts'
import type { TransferMode } from '../../multiplayer-peer/packet.ts'
import type { CallPacket } from './awaited-call.ts'
import type { LocalNode } from './local-node.ts'
import type { DeclaredMethod } from './method-table.ts'
import type { PathExchange } from './path-exchange.ts'
import { mayCall } from './permissions.ts'
import type { RpcWorld } from './rpc-world.ts'

/** A call, ready to be sent. */
export interface OutgoingCall {
  readonly node: LocalNode
  readonly method: DeclaredMethod
  /** 0: everyone, an id: that peer, a negative id: everyone but that peer. */
  readonly to: number
  readonly arguments: EncodedArguments
  readonly mode: TransferMode
  readonly channel: number
}

/** Sends calls: to every peer by itself, by the node's number to those who know it, by its path to the others. */
export class CallSender {
  readonly #world: RpcWorld
  readonly #exchange: PathExchange

  constructor(world: RpcWorld, exchange: PathExchange) {
    this.#world = world
    this.#exchange = exchange
  }

  get encodeOptions(): EncodeOptions {
    const { port, settings } = this.#world
    return { version: port.version, doublePrecision: settings.doublePrecision }
  }

  /** @throws MultiplayerError `ERR_UNCONFIGURED`, `ERR_CONNECTION_ERROR`, `ERR_INVALID_PARAMETER` or `ERR_UNAUTHORIZED` if this peer cannot make the call. */
  check(node: LocalNode, method: DeclaredMethod, to: number): void {
    const { port } = this.#world
    node.assertPresent()
    const what = `${node.wholePath}:${method.name}`
    if (port.uniqueId === 0) {
      throw new MultiplayerError('ERR_UNCONFIGURED', `${what} cannot be called before the peer was started.`)
    }
    if (port.connectionStatus !== ConnectionStatus.CONNECTED) {
      throw new MultiplayerError(
        'ERR_CONNECTION_ERROR',
        `${what} cannot be called while the peer is not CONNECTED; wait for connectedToServer$ or peerConnected$.`,
      )
    }
    if (!Number.isInteger(to) || Math.abs(to) > 0x7fffffff) {
      throw invalid(`${to} is no target: use 0 for everyone, an id, or a negative id.`, to)
    }
    if (to === port.uniqueId) {
      if (method.callLocal) return
      throw invalid(`${what} cannot be called on oneself; declare it with callLocal: true.`, to)
    }
    if (to > 0 && !port.peers.has(to)) throw invalid(`There is no peer ${to} to call ${what} on.`, to)
    if (!mayCall(method.permission, port.uniqueId, node.authority)) throw this.#unauthorized(what, node, method)
  }

  /**
   * Sends a call that was checked. If sending to one of many fails, the others get it all the same.
   *
   * @throws MultiplayerError whatever sending throws.
   */
  send(call: OutgoingCall): void {
    const { port, counters } = this.#world
    const { to, mode, channel } = call
    const targets = to > 0 ? [to] : [...port.peers].filter((peer) => peer !== -to)
    const failures: unknown[] = []
    const attempt = (action: () => void): void => {
      try {
        action()
      } catch (error) {
        failures.push(error)
      }
    }
    const confirmed = new Map<number, boolean>()
    for (const peer of targets) {
      attempt(() => {
        confirmed.set(peer, this.#exchange.announce(call.node, peer))
      })
    }
    const areAllConfirmed = [...confirmed.values()].every((isConfirmed) => isConfirmed)
    for (const [peer, isConfirmed] of confirmed) {
      attempt(() => {
        port.send(this.#packet(call, isConfirmed, areAllConfirmed), { to: peer, mode, channel })
        counters.sentCalls++
      })
    }
    if (failures.length > 0) throw failures[0]
  }

  #packet(call: OutgoingCall, isConfirmed: boolean, areAllConfirmed: boolean): CallPacket {
    const { node, method, arguments: args } = call
    const byPath = { path: node.path }
    if (this.#world.port.version === '3') {
      return {
        kind: 'rpc-by-name',
        node: isConfirmed ? { id: node.id } : byPath,
        method: method.name,
        arguments: args,
      }
    }
    // Godot writes the packet once, and so with four bytes for whoever knows the number while somebody else does not.
    const byId = areAllConfirmed ? { id: node.id } : ({ id: node.id, size: 4 } as const)
    return { kind: 'rpc', node: isConfirmed ? byId : byPath, method: method.number, arguments: args }
  }

  #unauthorized(what: string, node: LocalNode, { permission }: DeclaredMethod): MultiplayerError {
    const message =
      permission === 'disabled'
        ? `${what} is declared with the permission 'disabled'.`
        : `Only peer ${node.authority}, the authority of the node, may call ${what}, and this is peer ${this.#world.port.uniqueId}. Declare it with permission: 'any-peer', here and in Godot, or set the node's $authority.`
    return new MultiplayerError('ERR_UNAUTHORIZED', message)
  }
}
