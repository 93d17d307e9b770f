import type { HostLeavePolicy } from '../../protocol/lobby/extension.ts'
import type {
  LobbySessionModelContext,
  LobbySessionModelMember,
  LobbySessionModelTime,
} from './lobby-session-model-types.ts'

type Context = LobbySessionModelContext
type Member = LobbySessionModelMember

const TIMES: readonly LobbySessionModelTime[] = ['answer', 'seal', 'grace', 'reconnects']

export const without = (members: readonly Member[], who: Member): readonly Member[] =>
  members.filter((other) => other !== who)
const includes = (of: LobbySessionModelTime, time: LobbySessionModelTime): boolean =>
  TIMES.indexOf(time) <= TIMES.indexOf(of)
/** Whether this side is in the lobby, as the server has it. */
export const hasPlace = ({ present }: Context): boolean => present.includes('self')
const closed = (context: Context): Context => ({ ...context, lobby: 'closed', present: [], hasSocket: false })
/** What the server tells a member. */
export const told = (context: Context): Context =>
  context.hasSocket ? { ...context, members: without(context.present, 'self'), host: context.owner } : context

/** What becomes of the lobby, and of who is connected, in `lobbySessionModel`. */
export interface LobbySessionModelRules {
  /** The server gives the place of this side up. */
  lostPlace(context: Context): Context
  /** That time, and every shorter one, is over. */
  afterTime(context: Context, of: LobbySessionModelTime): Context
  /** Another one has left. */
  afterLeaving(context: Context, who: Member): Context
}

/** The rules of a server with this policy. */
export function lobbySessionModelRules(onHostLeave: HostLeavePolicy): LobbySessionModelRules {
  /** A member is gone from the lobby; the others are told, and connections with it end. */
  function departed(context: Context, who: Member): Context {
    if (!context.present.includes(who)) return context
    const present = without(context.present, who)
    if (present.length === 0) return { ...context, lobby: 'closed', present, hasSocket: false }
    if (who !== context.owner) return { ...context, present }
    const [next] = present
    return onHostLeave === 'keep' && next ? { ...context, present, owner: next } : closed(context)
  }

  /** The others are told that this side is gone, unless they are sent away themselves: who goes on with a lobby ends its connection. */
  function lostPlace(context: Context): Context {
    const { present, linked } = context
    if (!hasPlace(context)) return context
    const next = departed(context, 'self')
    const isGoing = next.lobby !== 'closed'
    return { ...next, linked: isGoing ? linked.filter((who) => !present.includes(who)) : linked }
  }

  function afterTime(context: Context, of: LobbySessionModelTime): Context {
    const sealed = context.lobby === 'sealed' && includes(of, 'seal') ? closed(context) : context
    return !sealed.hasSocket && includes(of, 'grace') ? lostPlace(sealed) : sealed
  }

  function afterLeaving(context: Context, who: Member): Context {
    const alive = { ...context, alive: without(context.alive, who), linked: without(context.linked, who) }
    const { hasSocket } = context
    const next = departed(alive, who)
    // Sent away, it is told of nothing more.
    return hasSocket && next.lobby !== 'closed' ? told(next) : next
  }

  return { lostPlace, afterTime, afterLeaving }
}
