import { LobbyMessageType } from '../../../protocol/lobby/message.ts'

const TYPES: ReadonlyMap<number, LobbyMessageType> = new Map(
  Object.values(LobbyMessageType)
    .filter((value) => typeof value !== 'string')
    .map((type) => [type, type]),
)

/** The type of a message that came; undefined for one that this version does not know. */
export function messageTypeOf({ type }: { readonly type: number }): LobbyMessageType | undefined {
  return TYPES.get(type)
}
