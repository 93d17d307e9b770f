import { meshLogic } from 'webrtc-multiplayer'
import { type ActorRefFrom, assign, enqueueActions, setup } from 'xstate'
import { type Attendance, hasAbsentPlayer, hostOf, isHere, playersHere } from './attendance.ts'
import type { Message } from './messages.ts'
import { isNewer, MATCHES, moverOf, newNim, type Nim, take, without } from './nim.ts'

export interface GameInput {
  /** Players that a game needs, 2 to 4. */
  readonly size: number
  /** Default 21. */
  readonly matches?: number
}

export interface GameContext extends Attendance {
  readonly matches: number
  /** Players who regard this one as the host, and have said what they know. */
  readonly reported: readonly number[]
  /** Whom this one regards as the host, and has told what it knows. */
  readonly host: number | null
  /** The last move that was chosen here. */
  readonly wish: { readonly turn: number; readonly count: number } | null
}

type FromPeer<Kind> = Kind extends Message ? Kind & { readonly from: number } : never

export type GameEvent =
  /** This peer has its id. */
  | { readonly type: 'joined'; readonly self: number }
  | { readonly type: 'peerCame' | 'peerWent'; readonly id: number }
  /** The player here has chosen how many to take. */
  | { readonly type: 'choose'; readonly count: number }
  | FromPeer<Message>

/** A message is to be sent; to 0: to everyone. */
export interface GameEmitted {
  readonly type: 'say'
  readonly to: number
  readonly message: Message
}

type GameParams = { readonly game: Nim | null }
type Move = { readonly from: number; readonly turn: number; readonly count: number }

const say = (to: number, message: Message): GameEmitted => ({ type: 'say', to, message })
const gameTold = ({ event }: { event: { game: Nim | null } }): GameParams => ({ game: event.game })
const moveAsked = ({ event: { from, turn, count } }: { event: Move }): Move => ({ from, turn, count })
const ownMove = ({ context: { self, wish } }: { context: GameContext }): Move => ({
  from: self,
  turn: wish?.turn ?? -1,
  count: wish?.count ?? 0,
})

/** The game after a move, if it is one of this turn: a host that takes over may be asked for it once more. */
function afterMove({ game }: GameContext, { from, turn, count }: Move): Nim | null {
  return game?.turn === turn ? take(game, from, count) : null
}

/**
 * One player's part of the game. The mesh is its child.
 *
 * The host keeps the game and tells it to all; the others follow, ask it for their moves, and report what they know to whoever becomes the host. A host that is gone sends nothing any more,
 * and everyone reports only when it is gone for them too. So the next one has the newest game that anybody has once all who are there have reported, and nobody goes on with an older one.
 */
export const gameMachine = setup({
  types: {} as {
    input: GameInput
    context: GameContext
    events: GameEvent
    emitted: GameEmitted
    children: { mesh: 'mesh' }
  },
  actors: { mesh: meshLogic },
  guards: {
    isHost: ({ context }) => hostOf(context) === context.self,
    isFollower: ({ context }) => ![null, context.self].includes(hostOf(context)),
    hasNoHost: ({ context }) => hostOf(context) === null,
    hasAnotherHost: ({ context }) => hostOf(context) !== context.host,
    allReported: ({ context }) =>
      playersHere(context).every((id) => id === context.self || context.reported.includes(id)),
    hasAbsentPlayer: ({ context }) => hasAbsentPlayer(context),
    isLegal: ({ context }, move: Move) => afterMove(context, move) !== null,
    isOwnTurn: ({ context: { self, game } }, { count }: { count: number }) =>
      game !== null && moverOf(game) === self && take(game, self, count) !== null,
  },
  actions: {
    join: assign((_, { self }: { self: number }) => ({ self })),
    noteCame: assign({ present: ({ context }, { id }: { id: number }) => [...context.present, id] }),
    noteWent: assign(({ context: { present, reported } }, { id }: { id: number }) => ({
      present: present.filter((other) => other !== id),
      reported: reported.filter((other) => other !== id),
    })),
    noteReport: assign({ reported: ({ context }, { from }: { from: number }) => [...context.reported, from] }),
    learn: assign({
      game: ({ context }, { game }: GameParams) => (game !== null && isNewer(game, context.game) ? game : context.game),
    }),
    begin: assign(({ context: { self, present, matches, game } }) => ({
      game: game ?? newNim(inOrder([self, ...present]), matches),
    })),
    dropAbsent: assign(({ context }) => ({
      game: context.game && without(context.game, (id) => !isHere(context, id)),
    })),
    move: assign(({ context }, move: Move) => ({ game: afterMove(context, move) ?? context.game })),
    noteWish: assign(({ context }, { count }: { count: number }) => ({
      wish: { turn: context.game?.turn ?? 0, count },
    })),
    follow: assign(({ context }) => ({ host: hostOf(context) })),
    report: enqueueActions(({ context: { host, game }, enqueue }) => {
      if (host !== null) enqueue.emit(say(host, { type: 'report', game }))
    }),
    /** Again, too, when the host tells of the same turn: it may be another one now. */
    askForMove: enqueueActions(({ context: { host, wish, game }, enqueue }) => {
      if (host !== null && wish !== null && wish.turn === game?.turn) enqueue.emit(say(host, { type: 'take', ...wish }))
    }),
    tell: enqueueActions(({ context: { game }, enqueue }, { to }: { to: number }) => {
      if (game !== null) enqueue.emit(say(to, { type: 'game', game }))
    }),
  },
}).createMachine({
  id: 'game',
  context: ({ input: { size, matches = MATCHES } }) => ({
    self: 0,
    size,
    matches,
    present: [],
    game: null,
    reported: [],
    host: null,
    wish: null,
  }),
  invoke: { id: 'mesh', src: 'mesh', input: {} },
  on: {
    joined: { actions: { type: 'join', params: ({ event: { self } }) => ({ self }) } },
    peerCame: { actions: { type: 'noteCame', params: ({ event: { id } }) => ({ id }) } },
    peerWent: { actions: { type: 'noteWent', params: ({ event: { id } }) => ({ id }) } },
    choose: {
      guard: { type: 'isOwnTurn', params: ({ event: { count } }) => ({ count }) },
      actions: { type: 'noteWish', params: ({ event: { count } }) => ({ count }) },
    },
    game: { actions: { type: 'learn', params: gameTold } },
    report: {
      actions: [
        { type: 'learn', params: gameTold },
        { type: 'noteReport', params: ({ event: { from } }) => ({ from }) },
      ],
    },
  },
  initial: 'waiting',
  states: {
    waiting: {
      always: [
        { guard: 'isHost', target: 'gathering' },
        { guard: 'isFollower', target: 'following' },
      ],
    },
    following: {
      entry: ['follow', 'report'],
      always: [
        { guard: 'isHost', target: 'gathering' },
        { guard: 'hasNoHost', target: 'waiting' },
        { guard: 'hasAnotherHost', target: 'following', reenter: true },
      ],
      on: {
        choose: {
          guard: { type: 'isOwnTurn', params: ({ event: { count } }) => ({ count }) },
          actions: [{ type: 'noteWish', params: ({ event: { count } }) => ({ count }) }, 'askForMove'],
        },
        game: { actions: [{ type: 'learn', params: gameTold }, 'askForMove'] },
      },
    },
    /** The host is to go on when it has heard what all others know. */
    gathering: {
      entry: { type: 'tell', params: { to: 0 } },
      always: [
        { guard: 'hasNoHost', target: 'waiting' },
        { guard: 'isFollower', target: 'following' },
        { guard: 'allReported', target: 'hosting' },
      ],
    },
    hosting: {
      entry: ['begin', { type: 'tell', params: { to: 0 } }],
      always: [
        { guard: 'hasNoHost', target: 'waiting' },
        { guard: 'isFollower', target: 'following' },
        { guard: 'hasAbsentPlayer', actions: ['dropAbsent', { type: 'tell', params: { to: 0 } }] },
        {
          guard: { type: 'isLegal', params: ownMove },
          actions: [
            { type: 'move', params: ownMove },
            { type: 'tell', params: { to: 0 } },
          ],
        },
      ],
      on: {
        take: {
          guard: { type: 'isLegal', params: moveAsked },
          actions: [
            { type: 'move', params: moveAsked },
            { type: 'tell', params: { to: 0 } },
          ],
        },
        peerCame: {
          actions: [
            { type: 'noteCame', params: ({ event: { id } }) => ({ id }) },
            { type: 'tell', params: ({ event: { id } }) => ({ to: id }) },
          ],
        },
      },
    },
  },
})

export type GameActor = ActorRefFrom<typeof gameMachine>

function inOrder(ids: readonly number[]): number[] {
  return [...ids].sort((a, b) => a - b)
}
