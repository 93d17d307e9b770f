import { assign, enqueueActions, setup } from 'xstate'
import { given } from '../../machines/given.ts'
import type { LobbyState } from '../../services/lobby/client/joined-lobby.ts'
import { hasPlace, lobbySessionModelRules, told, without } from './lobby-session-model-rules.ts'
import type {
  LobbySessionModel,
  LobbySessionModelContext,
  LobbySessionModelEmitted,
  LobbySessionModelEvent,
  LobbySessionModelMember,
  LobbySessionModelOptions,
  LobbySessionModelReason,
  LobbySessionModelTime,
} from './lobby-session-model-types.ts'

type Context = LobbySessionModelContext
type Who = { who: LobbySessionModelMember }
type Of = { of: LobbySessionModelTime }
type Reason = { reason: LobbySessionModelReason }

const NOTHING = { lobby: 'closed', present: [], owner: 'self', linked: [], hasSocket: false } as const

const say = (state: LobbyState) => ({ type: 'enter' as const, params: { state } })
const because = (reason: LobbySessionModelReason) => ({ type: 'because' as const, params: { reason } })
const refusing = (reason: LobbySessionModelReason) => ({ type: 'refuse' as const, params: { reason } })

/**
 * The specification of a client's session in a lobby, after Godot's signaling demo (4.x), by the sections of what is known of that:
 *
 * - 1.2 (join sequence): JOIN, ANSWERED; members hear of who comes: JOINS.
 * - 1.4: without a socket, if the lobby is not sealed, the lobby is lost; a sealed one goes on: SOCKET_LOST, TIME_OUT of the seal.
 * - 1.5: only the host seals, nobody joins after that, and after a while the sockets are closed: SEAL.
 * - 1.6: unknown and sealed lobbies refuse; who leaves is told of, and when the host leaves all are sent away and the lobby is gone: LEAVES.
 *
 * And where this library decided otherwise or more (docs/lobby.md, docs/lobby-protocol.md, section 3 of the same): connections between peers outlive the lobby (`detached`); a lost socket
 * is made anew, with a token as the same member for as long as its place is kept, and without one, or too late, as another one, but only while nobody is connected; with `keep` the member
 * that has been there longest becomes the host.
 *
 * @example
 * ```ts
 * import { lobbySessionModel, lobbySessionModelEvents, transitionPaths } from 'webrtc-multiplayer/testing'
 *
 * const options = { role: 'guest', server: 'plain' } as const
 * const { paths, coverage } = transitionPaths(lobbySessionModel(options), {
 *   events: lobbySessionModelEvents(options),
 *   isPossible: (_, { type }) => type !== 'TIME_OUT', // where time cannot be moved
 * })
 * console.log(paths.length, coverage.states)
 * ```
 */
export function lobbySessionModel(options: LobbySessionModelOptions): LobbySessionModel {
  const { role, server, onHostLeave = 'close' } = options
  const isPlain = server === 'plain'
  const { lostPlace, afterTime, afterLeaving } = lobbySessionModelRules(onHostLeave)

  const machine = setup({
    types: {} as { context: Context; events: LobbySessionModelEvent; emitted: LobbySessionModelEmitted },
    guards: {
      isClosed: ({ context }) => context.lobby === 'closed' && role === 'guest',
      isLobbyClosed: ({ context }) => context.lobby === 'closed',
      isSealed: ({ context }) => context.lobby === 'sealed',
      isOpen: ({ context }) => context.lobby === 'open',
      hasPlace: ({ context }) => hasPlace(context),
      hasSocket: ({ context }) => context.hasSocket,
      mayJoin: ({ context }, { who }: Who) => context.lobby === 'open' && !context.alive.includes(who),
      isAlive: ({ context }, { who }: Who) => context.alive.includes(who),
      sendsAway: ({ context }, { who }: Who) =>
        context.alive.includes(who) && context.hasSocket && afterLeaving(context, who).lobby === 'closed',
      maySeal: ({ context }) =>
        context.lobby === 'open' &&
        context.present.includes(context.owner) &&
        (context.owner !== 'self' || context.hasSocket),
      isAnswer: (_, { of }: Of) => of === 'answer',
      isReconnects: (_, { of }: Of) => of === 'reconnects',
      changesByTime: ({ context }, { of }: Of) => {
        const next = afterTime(context, of)
        return next.lobby !== context.lobby || hasPlace(next) !== hasPlace(context)
      },
      detachesPlain: ({ context }) => isPlain && context.linked.length > 0,
    },
    actions: {
      enter: enqueueActions(({ enqueue }, { state }: { state: LobbyState }) => {
        enqueue.emit({ type: 'state', state })
      }),
      refuse: enqueueActions(({ enqueue }, { reason }: Reason) => {
        enqueue.emit({ type: 'refused', reason })
      }),
      because: assign({ error: (_, { reason }: Reason) => reason }),
      /** A place is taken: everyone who is there connects. */
      enterLobby: enqueueActions(({ context, enqueue }) => {
        const others = without(context.present, 'self')
        for (const who of others) if (!context.linked.includes(who)) enqueue.emit({ type: 'connected', who })
        enqueue.assign(({ context }) => {
          const isNew = context.lobby === 'closed'
          return told({
            ...context,
            lobby: isNew ? 'open' : context.lobby,
            owner: isNew ? 'self' : context.owner,
            present: hasPlace(context) ? context.present : [...context.present, 'self'],
            linked: others,
            hasSocket: true,
          })
        })
      }),
      join: enqueueActions(({ context, enqueue }, { who }: Who) => {
        if (context.hasSocket) enqueue.emit({ type: 'connected', who })
        enqueue.assign(({ context }) =>
          told({
            ...context,
            alive: [...context.alive, who],
            present: [...context.present, who],
            linked: context.hasSocket ? [...context.linked, who] : context.linked,
          }),
        )
      }),
      leave: enqueueActions(({ context, enqueue }, { who }: Who) => {
        if (context.linked.includes(who)) enqueue.emit({ type: 'disconnected', who })
        enqueue.assign(afterLeaving(context, who))
      }),
      seal: assign({ lobby: 'sealed' }),
      /** It tried to be another member, and is none. */
      forgetMembers: assign({ members: [] }),
      // What was before is of no importance to one who has left.
      forget: assign({ ...NOTHING, members: [], alive: [], host: 'self', error: null }),
      passTime: enqueueActions(({ context, enqueue }, { of }: Of) => {
        const next = afterTime(context, of)
        for (const who of context.linked) if (!next.linked.includes(who)) enqueue.emit({ type: 'disconnected', who })
        enqueue.assign(next)
      }),
      /** An extended server keeps the place, a plain one does not. */
      loseSocket: enqueueActions(({ context, enqueue }) => {
        const lost = { ...context, hasSocket: false }
        const next = isPlain ? lostPlace(lost) : lost
        for (const who of context.linked) if (!next.linked.includes(who)) enqueue.emit({ type: 'disconnected', who })
        enqueue.assign(next)
      }),
    },
  }).createMachine({
    id: 'lobbySessionModel',
    context: {
      lobby: role === 'guest' ? 'open' : 'closed',
      present: role === 'guest' ? ['host'] : [],
      alive: role === 'guest' ? ['host'] : [],
      owner: role === 'guest' ? 'host' : 'self',
      members: [],
      host: role === 'guest' ? 'host' : 'self',
      linked: [],
      hasSocket: false,
      error: null,
    },
    on: {
      JOINS: { guard: given('mayJoin'), actions: given('join') },
      LEAVES: { guard: given('isAlive'), actions: given('leave') },
      SEAL: { guard: 'maySeal', actions: 'seal' },
      TIME_OUT: { guard: given('changesByTime'), actions: given('passTime') },
    },
    initial: 'outside',
    states: {
      outside: { on: { JOIN: 'joining' } },
      joining: {
        on: {
          ANSWERED: [
            { guard: 'isClosed', target: 'outside', actions: refusing('lobby-not-found') },
            { guard: 'isSealed', target: 'outside', actions: refusing('lobby-sealed') },
            { target: 'joined', actions: 'enterLobby' },
          ],
          ABORT: { target: 'outside', actions: refusing('aborted') },
          SOCKET_LOST: { target: 'outside', actions: refusing('ERR_CONNECTION_ERROR') },
          TIME_OUT: { guard: given('isAnswer'), target: 'outside', actions: refusing('ERR_TIMEOUT') },
        },
      },
      joined: {
        entry: say('joined'),
        on: {
          LEAVES: [
            { guard: given('sendsAway'), target: 'detached', actions: [given('leave'), because('host-left')] },
            { guard: given('isAlive'), actions: given('leave') },
          ],
          SEAL: { guard: 'maySeal', target: 'sealed', actions: 'seal' },
          SOCKET_LOST: [
            { guard: 'detachesPlain', target: 'detached', actions: ['loseSocket', because('ERR_CONNECTION_ERROR')] },
            { target: 'reconnecting', actions: 'loseSocket' },
          ],
          LEAVE: 'left',
        },
      },
      reconnecting: {
        entry: say('reconnecting'),
        on: {
          SERVER_BACK: [
            // With the place, a sealed lobby too.
            {
              guard: ({ context }) => hasPlace(context) && context.lobby === 'sealed',
              target: 'sealed',
              actions: 'enterLobby',
            },
            { guard: 'hasPlace', target: 'joined', actions: 'enterLobby' },
            { guard: 'isLobbyClosed', target: 'detached', actions: because('lobby-not-found') },
            { guard: 'isSealed', target: 'detached', actions: ['forgetMembers', because('lobby-sealed')] },
            { target: 'joined', actions: 'enterLobby' },
          ],
          TIME_OUT: [
            {
              guard: given('isReconnects'),
              target: 'detached',
              actions: [given('passTime'), because('ERR_CONNECTION_ERROR')],
            },
            { guard: given('changesByTime'), actions: given('passTime') },
          ],
          LEAVE: 'left',
        },
      },
      sealed: {
        entry: say('sealed'),
        on: {
          SOCKET_LOST: { guard: 'hasSocket', actions: 'loseSocket' },
          LEAVE: 'left',
        },
      },
      detached: { entry: say('detached'), on: { LEAVE: 'left' } },
      left: { entry: [say('leaving'), say('left'), 'forget'], type: 'final' },
    },
  })
  return machine as unknown as LobbySessionModel
}
