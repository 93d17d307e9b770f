import { checkWhole, invalid } from '../../../checks.ts'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import type { MethodTable } from './method-table.ts'

const MAX_PEER = 0x7fffffff

/** A node that was declared here. */
export class LocalNode {
  /** From the root path on, as it is sent. */
  readonly path: string
  readonly wholePath: string
  readonly methods: MethodTable
  /** What it is called by to other peers, from 1 on; 0 until it was first sent. */
  id = 0
  isRemoved = false
  #authority = 1

  constructor(path: string, wholePath: string, methods: MethodTable, authority: number) {
    this.path = path
    this.wholePath = wholePath
    this.methods = methods
    this.authority = authority
  }

  get authority(): number {
    return this.#authority
  }

  set authority(peer: number) {
    checkWhole("A node's authority", peer, 1, MAX_PEER)
    this.#authority = peer
  }

  /** @throws MultiplayerError `ERR_UNCONFIGURED` after it was removed. */
  assertPresent(): void {
    if (!this.isRemoved) return
    throw new MultiplayerError(
      'ERR_UNCONFIGURED',
      `The node ${this.wholePath} was removed; declare it again to call its methods.`,
      { value: this.wholePath },
    )
  }
}

/** The nodes that were declared here, by path and by the ids that they are called by to others. */
export class LocalNodes implements Iterable<LocalNode> {
  readonly #byPath = new Map<string, LocalNode>()
  readonly #byId = new Map<number, LocalNode>()
  #lastId = 0;

  [Symbol.iterator](): Iterator<LocalNode> {
    return this.#byPath.values()
  }

  /** @throws MultiplayerError `ERR_ALREADY_IN_USE` for a path that is taken. */
  add(node: LocalNode): void {
    if (this.#byPath.has(node.path)) {
      throw new MultiplayerError(
        'ERR_ALREADY_IN_USE',
        `There is a node ${node.wholePath} already; remove it first, or declare all of its methods at once.`,
        { value: node.wholePath },
      )
    }
    this.#byPath.set(node.path, node)
  }

  byPath(path: string): LocalNode | undefined {
    return this.#byPath.get(path)
  }

  byId(id: number): LocalNode | undefined {
    return this.#byId.get(id)
  }

  /** The id of a node, given to it the first time it is asked for. Ids are the same for all peers, as in Godot, and never used again. */
  idOf(node: LocalNode): number {
    if (node.id === 0) {
      if (this.#lastId === MAX_PEER)
        throw invalid('All ids of nodes are used up; make a new MultiplayerAPI.', node.path)
      node.id = ++this.#lastId
      this.#byId.set(node.id, node)
    }
    return node.id
  }

  remove(node: LocalNode): void {
    this.#byPath.delete(node.path)
    this.#byId.delete(node.id)
    node.isRemoved = true
  }

  /** Starts counting again, as Godot does when a session ends. */
  forgetIds(): void {
    for (const node of this.#byPath.values()) node.id = 0
    this.#byId.clear()
    this.#lastId = 0
  }
}
