import { md5 } from '@noble/hashes/legacy.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { Subject } from 'rxjs'
import { invalid } from '../../../checks.ts'
import type { RpcMethod } from './rpc-method.ts'
import type { RpcCall, RpcMethods } from './rpc-node.ts'

/** Set in the numbers of methods that `rpc_config()` has configured on the node itself. */
const BY_NODE = 0x8000

/** Of one node and kind: what 15 bits can number, but for the number that means no method. */
const MAX_METHODS = 0x7fff

/** A method of a node that was declared. */
export interface DeclaredMethod extends RpcMethod {
  readonly name: string
  /** On the wire of Godot 4. */
  readonly number: number
  readonly calls: Subject<RpcCall>
}

/** Methods of a node, numbered as Godot numbers them: those of the node itself, then those of its script, each in the order of their names. */
export class MethodTable {
  /** Godot's checksum: two nodes with the same have methods of the same names. */
  readonly md5: string
  readonly #byName = new Map<string, DeclaredMethod>()
  readonly #byNumber = new Map<number, DeclaredMethod>()

  /** @throws MultiplayerError `ERR_INVALID_PARAMETER` for names that no method can have. */
  constructor(methods: RpcMethods) {
    const names = Object.keys(methods).sort(byCodePoint)
    for (const name of names) checkName(name)
    const ofNode = names.filter((name) => methods[name]?.configuredBy === 'node')
    const ofScript = names.filter((name) => methods[name]?.configuredBy === 'script')
    this.#add(ofNode, methods, BY_NODE)
    this.#add(ofScript, methods, 0)
    this.md5 = bytesToHex(md5(utf8ToBytes([...ofNode, ...ofScript].join(''))))
  }

  get all(): Iterable<DeclaredMethod> {
    return this.#byName.values()
  }

  byName(name: string): DeclaredMethod | undefined {
    return this.#byName.get(name)
  }

  byNumber(number: number): DeclaredMethod | undefined {
    return this.#byNumber.get(number)
  }

  #add(names: readonly string[], methods: RpcMethods, group: number): void {
    if (names.length > MAX_METHODS) throw invalid(`A node has at most ${MAX_METHODS} remote methods.`, names.length)
    for (const [index, name] of names.entries()) {
      const method = { ...(methods[name] as RpcMethod), name, number: group | index, calls: new Subject<RpcCall>() }
      this.#byName.set(name, method)
      this.#byNumber.set(method.number, method)
    }
  }
}

function checkName(name: string): void {
  if (name === '' || name.startsWith('$') || /[\0\p{Surrogate}]/u.test(name)) {
    throw invalid('The name of a remote method is not empty, is a text, and does not begin with $.', name)
  }
}

/** Godot compares texts by code points; JavaScript by halves of surrogate pairs, which sorts U+FFFD after an emoji. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
