import type { LocalNode } from './local-node.ts'
import type { DeclaredMethod } from './method-table.ts'
import type { RpcContext } from './rpc-method.ts'
import type { RpcWorld } from './rpc-world.ts'

/** Carries out calls. */
export class Invoker {
  readonly #world: RpcWorld
  #senderId = 0

  constructor(world: RpcWorld) {
    this.#world = world
  }

  /** Who has called what is carried out at the moment; 0 if nothing is. */
  get senderId(): number {
    return this.#senderId
  }

  /** Whether anything would be done. */
  isHandled({ handler, calls }: DeclaredMethod): boolean {
    return handler !== undefined || calls.observed
  }

  /** Carries out a call that nobody awaits; what it throws goes to the logger. */
  run(node: LocalNode, method: DeclaredMethod, args: unknown[], from: number): void {
    try {
      const result = this.ask(node, method, args, from, false)
      if (isPromise(result)) result.then(undefined, (error: unknown) => this.report(node, method, error))
    } catch (error) {
      this.report(node, method, error)
    }
  }

  /** Carries out a call. @returns what the handler has returned; throws what it throws. */
  ask(node: LocalNode, method: DeclaredMethod, args: unknown[], from: number, isAwaited = true): unknown {
    const { counters } = this.#world
    if (this.isHandled(method)) counters.handledCalls++
    else counters.unhandledCalls++
    const context: RpcContext = { from, path: node.wholePath, isAwaited }
    const previous = this.#senderId
    this.#senderId = from
    try {
      return method.handler?.(...args, context)
    } finally {
      method.calls.next({ from, args })
      this.#senderId = previous
    }
  }

  report(node: LocalNode, method: DeclaredMethod, error: unknown): void {
    this.#world.settings.logger.error(`The handler of ${node.wholePath}:${method.name} has failed.`, error)
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
