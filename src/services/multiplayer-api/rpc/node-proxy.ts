import type { Caller } from './caller.ts'
import type { LocalNode } from './local-node.ts'
import type { DeclaredMethod } from './method-table.ts'
import type { RpcCallable, RpcCallTarget, RpcMethods, RpcNode, RpcNodeMembers } from './rpc-node.ts'
import type { RpcParameters } from './rpc-method.ts'

/** What a node's proxy needs to know of the world. */
interface NodeContext {
  readonly caller: Caller
  uniqueId(): number
  remove(node: LocalNode): void
}

/** What an application gets for a node that it has declared. */
export function nodeProxy<Methods extends RpcMethods>(node: LocalNode, context: NodeContext): RpcNode<Methods> {
  const remove = (): void => {
    context.remove(node)
  }
  const members: RpcNodeMembers = {
    $path: node.wholePath,
    get $authority() {
      return node.authority
    },
    set $authority(peer) {
      node.authority = peer
    },
    get $isAuthority() {
      return node.authority === context.uniqueId()
    },
    $remove: remove,
    [Symbol.dispose]: remove,
  }
  for (const method of node.methods.all) {
    // Not an assignment, so that a method named __proto__ is one too.
    Object.defineProperty(members, method.name, { value: callable(node, method, context.caller), enumerable: true })
  }
  return members as RpcNode<Methods>
}

function callable(node: LocalNode, method: DeclaredMethod, caller: Caller): RpcCallable<RpcParameters, unknown> {
  const to =
    (target: number) =>
    (...args: unknown[]): void => {
      caller.call(node, method, target, args)
    }
  const call = (target: number | RpcCallTarget, ...args: unknown[]): Promise<unknown> =>
    caller.ask(node, method, target, args)
  return Object.assign(to(0), { to, call, calls$: method.calls.asObservable() })
}
