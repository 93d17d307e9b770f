import { authenticationMachine } from '../../../machines/authentication-machine.ts'
import type { AuthenticationSnapshot } from '../../../machines/authentication-types.ts'
import { linkLogic } from '../../../machines/link-port.ts'
import { meshMachine } from '../../../machines/mesh-machine.ts'
import type { MeshPeer, MeshSnapshot } from '../../../machines/mesh-types.ts'
import { negotiationMachine } from '../../../machines/negotiation-machine.ts'
import { portLogic } from '../../../machines/negotiation-port.ts'
import type { NegotiationSnapshot } from '../../../machines/negotiation-types.ts'
import { type PeerContext, peerMachine } from '../../../machines/peer-machine.ts'
import { ChannelState, ConnectionState } from '../../../transport/states.ts'
import type { ActorKind, Json, JsonObject } from '../wire/messages.ts'

const KINDS: ReadonlyMap<unknown, ActorKind> = new Map<unknown, ActorKind>([
  [meshMachine, 'mesh'],
  [peerMachine, 'peer'],
  [negotiationMachine, 'negotiation'],
  [authenticationMachine, 'authentication'],
])

/** What our machines invoke to hear of a connection: what it does is seen by the events that it sends. */
const SILENT: ReadonlySet<unknown> = new Set<unknown>([linkLogic, portLogic])

export function kindOf(logic: unknown): ActorKind {
  return KINDS.get(logic) ?? 'other'
}

/** Whether actors of this logic are left out. */
export function isSilent(logic: unknown): boolean {
  return SILENT.has(logic)
}

/** Views of the lists of peers: a mesh makes a new list with each change, and has the same one through many events. */
const peerLists = new WeakMap<MeshSnapshot['context']['peers'], Json>()

/** What is told of the context of our machines; everything else in it, as connections, stays here. */
export const CONTEXT_VIEWS: { readonly [Kind in Exclude<ActorKind, 'other'>]: (context: never) => JsonObject } = {
  mesh: ({ mode, uniqueId, peers }: MeshSnapshot['context']) => {
    let list = peerLists.get(peers)
    if (list === undefined) {
      list = Array.from(peers, ([id, { open, announced }]: [number, MeshPeer]) => ({ id, open, announced }))
      peerLists.set(peers, list)
    }
    return { mode, uniqueId, peers: list }
  },
  peer: ({ id, connectionState, channelStates, reason }: PeerContext) => ({
    id,
    connectionState: ConnectionState[connectionState],
    channelStates: channelStates.map((state) => ChannelState[state]),
    reason,
  }),
  negotiation: ({ failures, failure, delay }: NegotiationSnapshot['context']) => ({
    failures,
    failure: failure && { step: failure.step, cause: failure.cause },
    delay,
  }),
  authentication: ({ peer, reason }: AuthenticationSnapshot['context']) => ({ peer, reason }),
}
