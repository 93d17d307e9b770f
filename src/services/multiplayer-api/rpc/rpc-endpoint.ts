import { Subscription } from 'rxjs'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import type { ScenePacket } from '../../../protocol/scene-packets/packet.ts'
import type { RpcPort, RpcReceiver } from '../rpc-port.ts'
import { isAnswer } from './awaited-call.ts'
import { CallReceiver } from './call-receiver.ts'
import { Caller } from './caller.ts'
import { CallSender } from './call-sender.ts'
import { Invoker } from './invoker.ts'
import { LocalNode, LocalNodes } from './local-node.ts'
import { MethodTable } from './method-table.ts'
import { NodePaths } from './node-paths.ts'
import { nodeProxy } from './node-proxy.ts'
import { PathExchange } from './path-exchange.ts'
import { PeerRecords } from './peer-records.ts'
import type { RpcMethods, RpcNode, RpcNodeOptions } from './rpc-node.ts'
import { type RpcOptions, resolveRpcOptions } from './rpc-options.ts'
import { noCalls, type RpcStats } from './rpc-stats.ts'
import type { RpcWorld } from './rpc-world.ts'

/**
 * Remote calls between the nodes of peers, on Godot's wire: what a multiplayer API passes on to it, and what it sends through that API. Nothing that another peer sends makes it
 * throw; what is wrong is told to the API by `port.violation`.
 */
export class RpcEndpoint implements RpcReceiver {
  readonly #world: RpcWorld
  readonly #exchange: PathExchange
  readonly #invoker: Invoker
  readonly #caller: Caller
  readonly #receiver: CallReceiver
  readonly #subscriptions = new Subscription()
  #isClosed = false

  constructor(port: RpcPort, options: RpcOptions = {}) {
    const settings = resolveRpcOptions(options)
    const { limits, rootPath } = settings
    this.#world = {
      port,
      nodes: new LocalNodes(),
      paths: new NodePaths(rootPath),
      records: new PeerRecords(limits),
      settings,
      counters: noCalls(),
    }
    this.#exchange = new PathExchange(this.#world)
    this.#invoker = new Invoker(this.#world)
    const sender = new CallSender(this.#world, this.#exchange)
    this.#caller = new Caller(this.#world, sender, this.#invoker)
    this.#receiver = new CallReceiver(this.#world, this.#exchange, this.#invoker, sender)
    this.#subscriptions.add(port.peerConnected$.subscribe((peer) => this.#forget(peer)))
    this.#subscriptions.add(port.peerDisconnected$.subscribe((peer) => this.#forget(peer)))
  }

  /** Godot's `get_remote_sender_id()`: who has called the method that is carried out at the moment, up to its first `await`; 0 outside of one. */
  get remoteSenderId(): number {
    return this.#invoker.senderId
  }

  /**
   * Declares a node: its path in Godot, and all of its remote methods.
   *
   * @param path - the whole path, as `/root/Main/Players/1`, or one from the root path on. Godot's node must have it too, below the same root path.
   * @param methods - all that have `@rpc` in Godot, under the same names: Godot numbers them by their names.
   * @throws MultiplayerError `ERR_INVALID_PARAMETER` for what is no path below the root path, no name of a method, or no id of a peer; `ERR_ALREADY_IN_USE` for a path that is
   * taken; `ERR_UNAVAILABLE` after it was closed.
   */
  node<const Methods extends RpcMethods>(
    path: string,
    methods: Methods,
    { authority = 1 }: RpcNodeOptions = {},
  ): RpcNode<Methods> {
    if (this.#isClosed) throw new MultiplayerError('ERR_UNAVAILABLE', 'The multiplayer API is closed; make a new one.')
    const { nodes, paths, port } = this.#world
    const wirePath = paths.toWire(path)
    const node = new LocalNode(wirePath, paths.whole(wirePath), new MethodTable(methods), authority)
    nodes.add(node)
    this.#exchange.nodeAdded(node)
    return nodeProxy<Methods>(node, {
      caller: this.#caller,
      uniqueId: () => port.uniqueId,
      remove: (removed) => {
        this.#remove(removed)
      },
    })
  }

  receive(from: number, packet: ScenePacket): void {
    const { port, counters } = this.#world
    // Otherwise a source that nobody has admitted could make records here.
    if (this.#isClosed || !port.peers.has(from)) return
    switch (packet.kind) {
      case 'rpc':
      case 'rpc-by-name':
        if (isAnswer(packet)) this.#caller.hearAnswer(from, packet)
        else this.#receiver.receive(from, packet)
        break
      case 'simplify-path':
        this.#exchange.hearAnnouncement(from, packet)
        break
      case 'confirm-path':
        this.#exchange.hearConfirmation(from, packet)
        break
      default:
        counters.ignoredPackets++
    }
  }

  stats(): RpcStats {
    return { ...this.#world.counters, pendingCalls: this.#caller.pendingCalls }
  }

  /** The session is over: what was said about paths is forgotten, and ids begin at 1 again, as in Godot. Nodes stay declared. */
  clear(): void {
    const { nodes, records } = this.#world
    this.#caller.clear()
    records.clear()
    nodes.forgetIds()
  }

  /** Removes all nodes and ends all calls that wait. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#subscriptions.unsubscribe()
    for (const node of [...this.#world.nodes]) this.#remove(node)
    this.#caller.clear()
    this.#world.records.clear()
  }

  #forget(peer: number): void {
    this.#world.records.forget(peer)
    this.#caller.peerGone(peer)
  }

  #remove(node: LocalNode): void {
    if (node.isRemoved) return
    this.#exchange.nodeRemoved(node)
    this.#world.nodes.remove(node)
    for (const { calls } of node.methods.all) calls.complete()
  }
}
