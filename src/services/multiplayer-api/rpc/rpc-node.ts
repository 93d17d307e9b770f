import type { Observable } from 'rxjs'
import type { RpcArguments, RpcHandlerArguments, RpcMethod, RpcParameters } from './rpc-method.ts'

/** Methods of a node by their names in Godot. */
export type RpcMethods = Readonly<Record<string, RpcMethod>>

/** One call that was carried out here. */
export interface RpcCall<Parameters extends RpcParameters = RpcParameters> {
  /** The caller; this peer's own id for a local call. */
  readonly from: number
  readonly args: RpcHandlerArguments<Parameters>
}

/** Who is asked for an answer, and how long it may take. */
export interface RpcCallTarget {
  readonly peer: number
  /** Milliseconds to wait for the answer, from 0 to 2147483647. Default: the `callTimeout` of the options. */
  readonly timeout?: number
  /** Gives up waiting; the call itself is not undone. */
  readonly signal?: AbortSignal
}

/**
 * A method of a node, to be called on other peers.
 *
 * Errors of all ways to call: `ERR_INVALID_PARAMETER` for arguments of other types and for peers that are not there; `ERR_UNAUTHORIZED` for a method that only the node's authority
 * may call, which is somebody else; `ERR_UNCONFIGURED` before the peer was started or after the node was removed; whatever sending throws. Nothing was sent then, except that after
 * an error of sending other peers may have got the call.
 */
export interface RpcCallable<Parameters extends RpcParameters, Result> {
  /** Calls it on everyone, and here if it is `callLocal`: GDScript's `method.rpc(...)`. Throws as said above. */
  (...args: RpcArguments<Parameters>): void
  /**
   * Calls it on one peer (its id), on everyone (0), or on everyone but one (a negative id): GDScript's `method.rpc_id(target, ...)`.
   *
   * @returns the function that takes the arguments; it throws as said above.
   */
  to(target: number): (...args: RpcArguments<Parameters>) => void
  /**
   * Calls it on one peer and waits for what its handler returns. The call is sent reliably, whatever the method's mode. Godot's own peers carry it out but never answer.
   *
   * @returns what the handler has returned. Rejects as said above, and with `ERR_TIMEOUT` if no answer came in time, `ERR_CONNECTION_ERROR` if the peer was lost or the multiplayer API closed before,
   * `ERR_OUT_OF_MEMORY` while too many calls to that peer wait, the error's code if the handler threw a {@link MultiplayerError}, `FAILED` if it threw something else or its answer could not be sent, and the
   * signal's reason if it aborts.
   */
  call(peer: number | RpcCallTarget, ...args: RpcArguments<Parameters>): Promise<Result>
  /** Every call that is carried out here, after the handler was called. Completes when the node is removed. */
  readonly calls$: Observable<RpcCall<Parameters>>
}

/** What a node has besides its methods. No method of a script begins with `$`. */
export interface RpcNodeMembers {
  /** The whole path, as `/root/Main`. */
  readonly $path: string
  /** Godot's multiplayer authority of the node: the id of the peer that may call methods with the permission `'authority'`. Every peer must set the same. */
  $authority: number
  /** This peer is the authority. */
  readonly $isAuthority: boolean
  /** Forgets the node: calls to it are dropped from now on, and {@link RpcCallable.calls$} completes. Nothing is sent. */
  $remove(): void
  [Symbol.dispose](): void
}

/** A node that was declared: its methods by their names, and some members of its own. */
export type RpcNode<Methods extends RpcMethods> = RpcNodeMembers & {
  readonly [Name in keyof Methods]: Methods[Name] extends RpcMethod<infer Parameters, infer Result>
    ? RpcCallable<Parameters, Result>
    : never
}

/** Options of a node. */
export interface RpcNodeOptions {
  /** Default 1, the server, as in Godot. */
  authority?: number
}
