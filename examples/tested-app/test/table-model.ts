import { assign, emit, setup } from 'xstate'

/** What happens at a table, as somebody sees it who looks at all players at once. */
export type TableEvent =
  | { type: 'JOINS'; player: number }
  | { type: 'TAKES'; player: number; count: number }
  /** The process of that player dies without a word. */
  | { type: 'DIES'; player: number }

/** All who are there see that this player has won. */
export interface TableEmitted {
  type: 'wins'
  player: number
}

interface TableContext {
  /** Who is there. */
  readonly here: readonly number[]
  /** Who was there and is dead. */
  readonly dead: readonly number[]
  /** Who plays; the first is to move. */
  readonly order: readonly number[]
  readonly matches: number
}

type Player = { player: number }

/**
 * What the game is to be like: nobody hosts it, nothing is said and nothing takes time. The game begins when all are there, goes on without those who die, and ends when the last match is taken
 * or one player is left.
 */
export const tableModel = (size: number, matches: number) =>
  setup({
    types: {} as { context: TableContext; events: TableEvent; emitted: TableEmitted },
    guards: {
      isNew: ({ context: { here, dead } }, { player }: Player) => !here.includes(player) && !dead.includes(player),
      isComplete: ({ context: { here } }) => here.length === size,
      isHere: ({ context: { here } }, { player }: Player) => here.includes(player) && here.length > 1,
      isMove: ({ context }, { player, count }: Player & { count: number }) =>
        context.order[0] === player && count <= context.matches,
      isWon: ({ context }) => context.matches === 0 || context.order.length === 1,
    },
    actions: {
      join: assign({ here: ({ context }, { player }: Player) => inOrder([...context.here, player]) }),
      begin: assign({ order: ({ context }) => context.here, matches }),
      take: assign(({ context }, { count }: { count: number }) => ({
        matches: context.matches - count,
        order: [...context.order.slice(1), ...context.order.slice(0, 1)],
      })),
      die: assign(({ context: { here, dead } }, { player }: Player) => ({
        here: here.filter((other) => other !== player),
        dead: inOrder([...dead, player]),
      })),
      leave: assign({
        order: ({ context }, { player }: Player) => context.order.filter((other) => other !== player),
      }),
      win: emit(({ context: { order } }) => ({ type: 'wins', player: order.at(-1) ?? 0 })),
    },
  }).createMachine({
    context: { here: [], dead: [], order: [], matches: 0 },
    initial: 'waiting',
    states: {
      waiting: {
        always: { guard: 'isComplete', target: 'playing', actions: 'begin' },
        on: {
          JOINS: {
            guard: { type: 'isNew', params: ({ event }) => event },
            actions: { type: 'join', params: ({ event }) => event },
          },
          DIES: {
            guard: { type: 'isHere', params: ({ event }) => event },
            actions: { type: 'die', params: ({ event }) => event },
          },
        },
      },
      playing: {
        always: { guard: 'isWon', target: 'over' },
        on: {
          TAKES: {
            guard: { type: 'isMove', params: ({ event }) => event },
            actions: { type: 'take', params: ({ event }) => event },
          },
          DIES: {
            guard: { type: 'isHere', params: ({ event }) => event },
            actions: [
              { type: 'die', params: ({ event }) => event },
              { type: 'leave', params: ({ event }) => event },
            ],
          },
        },
      },
      over: {
        entry: 'win',
        on: {
          DIES: {
            guard: { type: 'isHere', params: ({ event }) => event },
            actions: { type: 'die', params: ({ event }) => event },
          },
        },
      },
    },
  })

function inOrder(ids: readonly number[]): number[] {
  return [...ids].sort((a, b) => a - b)
}
