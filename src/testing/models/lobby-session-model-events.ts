import type {
  LobbySessionModelEvent,
  LobbySessionModelMember,
  LobbySessionModelOptions,
  LobbySessionModelState,
} from './lobby-session-model-types.ts'

const TIMES = ['answer', 'seal', 'grace', 'reconnects'] as const
/** While it joins nothing else happens: what the server has then is what it answers by. */
const WHILE_JOINING: ReadonlySet<string> = new Set(['ANSWERED', 'ABORT', 'SOCKET_LOST'])

/** Every event of `lobbySessionModel`, in which these others come and go, beside the host that a guest finds. Default: one, as each more makes about ten times as many states. */
export function lobbySessionModelEvents(
  { role }: LobbySessionModelOptions,
  others: readonly LobbySessionModelMember[] = ['other'],
): LobbySessionModelEvent[] {
  const leavers: readonly LobbySessionModelMember[] = role === 'guest' ? ['host', ...others] : others
  return [
    ...(['JOIN', 'ANSWERED', 'ABORT', 'SEAL', 'SOCKET_LOST', 'SERVER_BACK', 'LEAVE'] as const).map((type) => ({
      type,
    })),
    ...others.map((who) => ({ type: 'JOINS' as const, who })),
    ...leavers.map((who) => ({ type: 'LEAVES' as const, who })),
    ...TIMES.map((of) => ({ type: 'TIME_OUT' as const, of })),
  ]
}

/** Whether the event can be made to happen, or be tried, in this state, and may matter to the session. */
export function isPossibleInLobbySessionModel(
  { value, context: { host } }: LobbySessionModelState,
  event: LobbySessionModelEvent,
): boolean {
  // Who joins a lost lobby, and that others seal it, it cannot know.
  if (value === 'detached') return event.type !== 'JOINS' && (event.type !== 'SEAL' || host === 'self')
  if (value !== 'joining') return true
  return event.type === 'TIME_OUT' ? event.of === 'answer' : WHILE_JOINING.has(event.type)
}
