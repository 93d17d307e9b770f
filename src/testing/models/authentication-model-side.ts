import { assign, emit, enqueueActions, setup } from 'xstate'
import type { AuthenticationFailureReason } from '../../machines/authentication-types.ts'
import type {
  AuthenticationModelContext,
  AuthenticationModelEmitted,
  AuthenticationModelEvent,
  AuthenticationModelMessage,
  AuthenticationModelSide,
  AuthenticationModelWay,
} from './authentication-model-types.ts'

type At = { side: AuthenticationModelSide }
type To = At & { what: AuthenticationModelMessage }
type Failure = At & { reason: AuthenticationFailureReason }
type Said = { said: AuthenticationModelEmitted }
type Counted = Extract<AuthenticationModelEmitted, { type: 'counted' }>['kind']
/** What a side gets of the other; and that the other has ended the connection. */
type Internal = { type: 'ARRIVES'; at: AuthenticationModelSide; what: AuthenticationModelMessage } | EndsEvent
type EndsEvent = { type: 'ENDS'; at: AuthenticationModelSide }

/** Units of time in which an authentication of `authenticationModel` must be complete. Unlike, so that it is clear whose is over first. */
export const AUTHENTICATION_MODEL_TIMES: Readonly<Record<AuthenticationModelSide, number>> = { a: 2, b: 3 }

/** What both sides are made of. */
export const authenticationModelSpec = setup({
  types: {} as {
    context: AuthenticationModelContext
    events: AuthenticationModelEvent | Internal
    emitted: AuthenticationModelEmitted
  },
  guards: {
    isBy: ({ event }, { side }: At) => 'side' in event && event.side === side,
    isAt: ({ event }, { side }: At) => 'at' in event && event.at === side,
    isGiven: ({ event }, { side, what }: To) => event.type === 'ARRIVES' && event.at === side && event.what === what,
    timeEnds: ({ context }, { side }: At) => context.left[side] === 1,
  },
  actions: {
    say: emit((_, { said }: Said) => said),
    send: enqueueActions(({ enqueue }, { side, what }: To) => {
      enqueue.raise({ type: 'ARRIVES', at: side, what })
    }),
    sendRaw: enqueueActions(({ event, enqueue }, { side }: At) => {
      if (event.type === 'RAW') enqueue.raise({ type: 'ARRIVES', at: side, what: event.what })
    }),
    end: enqueueActions(({ enqueue }, { side }: At) => {
      enqueue.raise({ type: 'ENDS', at: side })
    }),
    passTime: assign({ left: ({ context: { left } }, { side }: At) => ({ ...left, [side]: left[side] - 1 }) }),
    hear: assign({ heard: ({ context: { heard } }, { side }: At) => ({ ...heard, [side]: true }) }),
    hold: assign({ held: ({ context: { held } }, { side }: At) => ({ ...held, [side]: held[side] + 1 }) }),
    /** What waited is dropped. */
    sayFailed: enqueueActions(({ context: { heard, held }, enqueue }, { side, reason }: Failure) => {
      for (let i = 0; i < held[side]; i++) enqueue.emit({ type: 'counted', side, kind: 'unauthenticated' })
      enqueue.emit({ type: 'failed', side, reason, heard: heard[side] })
    }),
    deliverHeld: enqueueActions(({ context: { held }, enqueue }, { side }: At) => {
      for (let i = 0; i < held[side]; i++) enqueue.emit({ type: 'packet', side })
    }),
    forget: assign(({ context: { left, heard, held } }, { side }: At) => ({
      left: { ...left, [side]: AUTHENTICATION_MODEL_TIMES[side] },
      heard: { ...heard, [side]: false },
      held: { ...held, [side]: 0 },
    })),
  },
})

/** One side of the link in `authenticationModel`: what it does, and what it gets of the other. */
export function authenticationModelSide(side: AuthenticationModelSide, way: AuthenticationModelWay) {
  const other = side === 'a' ? 'b' : 'a'
  const here = { side }
  const isBy = { type: 'isBy', params: here } as const
  const isAt = { type: 'isAt', params: here } as const
  const gives = (what: AuthenticationModelMessage) => ({ type: 'isGiven', params: { side, what } }) as const
  const say = (said: AuthenticationModelEmitted) => ({ type: 'say', params: { said } }) as const
  const send = (what: AuthenticationModelMessage) => ({ type: 'send', params: { side: other, what } }) as const
  const count = (kind: Counted) => say({ type: 'counted', side, kind })
  const fail = (reason: AuthenticationFailureReason) => ({ type: 'sayFailed', params: { side, reason } }) as const
  const endOther = { type: 'end', params: { side: other } } as const
  const hear = { type: 'hear', params: here } as const
  const away = `#${side}.away`
  const sendRaw = { guard: isBy, actions: { type: 'sendRaw', params: { side: other } } } as const
  const tellData = [hear, say({ type: 'data', side })] as const
  // What a callback throws ends nothing; what `authenticate` throws, before it has accepted, refuses.
  const poison =
    way === 'authenticate'
      ? ({ guard: gives('poison'), target: away, actions: [...tellData, fail('refused'), endOther] } as const)
      : ({ guard: gives('poison'), actions: tellData } as const)
  // Once the other side has completed, the channel of `authenticate` gives nothing more.
  const late = way === 'authenticate' ? ({ actions: hear } as const) : ({ actions: tellData } as const)
  const refuse =
    way === 'authenticate' ? ({ guard: isBy, target: away, actions: [fail('refused'), endOther] } as const) : undefined
  const dropGame = { guard: gives('game'), actions: count('unauthenticated') } as const

  return authenticationModelSpec.createStateConfig({
    id: side,
    initial: 'away',
    states: {
      away: {
        entry: { type: 'forget', params: here },
        on: { CONNECT: way === 'none' ? 'admitted' : 'pending' },
      },
      pending: {
        entry: say({ type: 'authenticating', side }),
        on: {
          RAW: sendRaw,
          DISCONNECT: { guard: isBy, target: 'away', actions: endOther },
          LOST: { target: 'away', actions: fail('connection-lost') },
          ENDS: { guard: isAt, target: 'away', actions: fail('connection-lost') },
          TIME_PASSES: [
            { guard: { type: 'timeEnds', params: here }, target: 'away', actions: [fail('timeout'), endOther] },
            { actions: { type: 'passTime', params: here } },
          ],
          ARRIVES: [
            { guard: gives('data'), actions: tellData },
            { guard: gives('poison'), actions: tellData },
            { guard: gives('malformed'), actions: count('malformed') },
            { guard: gives('forged'), actions: count('unauthenticated') },
          ],
        },
        initial: 'exchanging',
        states: {
          exchanging: {
            on: {
              SEND: { guard: isBy, actions: send('data') },
              COMPLETE: { guard: isBy, target: 'awaitingRemote', actions: send('done') },
              ...(refuse && { REFUSE: refuse }),
              ARRIVES: [{ guard: gives('done'), target: 'awaitingLocal', actions: hear }, poison, dropGame],
            },
          },
          awaitingRemote: {
            on: {
              ARRIVES: [
                { guard: gives('done'), target: `#${side}.admitted` },
                { guard: gives('game'), actions: { type: 'hold', params: here } },
              ],
            },
          },
          awaitingLocal: {
            on: {
              COMPLETE: { guard: isBy, target: `#${side}.admitted`, actions: send('done') },
              ...(refuse && { REFUSE: refuse }),
              ARRIVES: [
                { guard: gives('data'), ...late },
                { guard: gives('poison'), ...late },
                { guard: gives('done'), actions: hear },
                dropGame,
              ],
            },
          },
        },
      },
      admitted: {
        entry: [
          // Server 1 is told of in a mesh too.
          ...(other === 'a' ? [say({ type: 'connectedToServer', side })] : []),
          say({ type: 'connected', side }),
          { type: 'deliverHeld', params: here } as const,
          { type: 'forget', params: here } as const,
        ],
        on: {
          RAW: sendRaw,
          DISCONNECT: { guard: isBy, target: 'away', actions: endOther },
          LOST: { target: 'away', actions: say({ type: 'disconnected', side }) },
          ENDS: { guard: isAt, target: 'away', actions: say({ type: 'disconnected', side }) },
          ARRIVES: [
            { guard: gives('game'), actions: say({ type: 'packet', side }) },
            { guard: gives('data'), actions: count('unexpected-auth') },
            { guard: gives('poison'), actions: count('unexpected-auth') },
            { guard: gives('malformed'), actions: count('malformed') },
            { guard: gives('forged'), actions: count('unexpected-system') },
          ],
        },
      },
    },
  })
}
