import type { MultiplayerAPI } from '../../../../src/services/multiplayer-api/multiplayer-api.ts'
import { rpc, type RpcContext, variant } from '../../../../src/services/multiplayer-api/rpc/index.ts'
import { type Variant, Vector2 } from '../../../../src/variant.ts'

export type EchoNode = ReturnType<typeof declareEcho>

/** The script of the node "Echo" in the recorded game: calls of its methods are only noted, but `echo` replies. */
export function declareEcho(
  api: Pick<MultiplayerAPI, 'node'>,
  onCall: (method: string, args: readonly Variant[], from: number) => void,
) {
  const any = { permission: 'any-peer', args: [variant] } as const
  const heard =
    (method: string) =>
    (...all: unknown[]): void => {
      onCall(method, all.slice(0, -1) as Variant[], (all.at(-1) as RpcContext).from)
    }
  const node = api.node('/root/Echo', {
    auth_only: rpc({}, heard('auth_only')),
    chan1: rpc({ permission: 'any-peer', channel: 1, args: [variant, variant, variant] }, heard('chan1')),
    echo: rpc(any, (value, { from }) => {
      onCall('echo', [value], from)
      node.reply.to(from)(value)
    }),
    noargs: rpc({ permission: 'any-peer' }, heard('noargs')),
    ordered2: rpc({ ...any, mode: 'unreliable-ordered', channel: 2 }, heard('ordered2')),
    reply: rpc(any, heard('reply')),
    unrel: rpc({ permission: 'any-peer', mode: 'unreliable', args: [variant, variant] }, heard('unrel')),
  })
  return node
}

/** What the recorded game of client 2 called, by the name of the step. */
const CALLS: readonly [step: RegExp, (node: EchoNode, argument: string) => void][] = [
  [/^client 2 RPC echo\("hi"\) to server 1/, (node) => node.echo.to(1)('hi')],
  [/^client 2 RPC echo\(42\)/, (node) => node.echo.to(1)(42)],
  [/^client 2 RPC echo\(\{/, (node) => node.echo.to(3)({ k: [1, 2.5, new Vector2(1, 2)] })],
  [/^client 2 RPC noargs/, (node) => node.noargs.to(3)()],
  [/^client 2 RPC unrel/, (node) => node.unrel(1, Uint8Array.of(1, 2, 3))],
  [/^client 2 RPC ordered2/, (node) => node.ordered2.to(1)(true)],
  [/^client 2 RPC chan1/, (node) => node.chan1.to(-3)(1, 'b', null)],
  [/echo\(PackedByteArray\(\[1,2,3\]\)\) 2 -> 1$/, (node) => node.echo.to(1)(Uint8Array.of(1, 2, 3))],
  [/reply\(Vector2\(1,2\)\) 2 -> 1$/, (node) => node.reply.to(1)(new Vector2(1, 2))],
  [/reply\(PackedByteArray\(\)\) 2 -> 1$/, (node) => node.reply.to(1)(new Uint8Array())],
  [/reply\(9223372036854775807\) 2 -> 1$/, (node) => node.reply.to(1)(2n ** 63n - 1n)],
  // Literals that are the same in GDScript and JSON.
  [/reply\((.*)\) 2 -> 1$/, (node, argument) => node.reply.to(1)(JSON.parse(argument) as Variant)],
]

/** Calls what client 2 called in this step. @returns whether it called anything. */
export function callAsRecorded(node: EchoNode, step: string): boolean {
  for (const [pattern, call] of CALLS) {
    const match = pattern.exec(step)
    if (match === null) continue
    call(node, match[1] ?? '')
    return true
  }
  return false
}
