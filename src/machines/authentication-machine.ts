import { assign, enqueueActions, setup } from 'xstate'
import type {
  AuthenticationEvent,
  AuthenticationFailureReason,
  AuthenticationInput,
  AuthenticationLogic,
  AuthenticationOutput,
  AuthenticationState,
} from './authentication-types.ts'
import { given } from './given.ts'

interface AuthenticationContext extends AuthenticationInput {
  reason: AuthenticationFailureReason | null
}

const entering = <State extends AuthenticationState>(state: State) => ({ type: 'enter', params: { state } }) as const

/**
 * The statechart of the authentication of one peer that is connected: exchanging -> awaitingRemote or awaitingLocal -> completed, or failed from anywhere before. What the two sides
 * send each other is no event; only that one of them is done is.
 */
export const authenticationMachine = setup({
  types: {} as {
    input: AuthenticationInput
    context: AuthenticationContext
    events: AuthenticationEvent
    output: AuthenticationOutput
  },
  actions: {
    enter: ({ context: { port, reason } }, { state }: { state: AuthenticationState }) => {
      port.entered(state, reason ?? undefined)
    },
    noteReason: assign((_, { reason }: { reason: AuthenticationFailureReason }) => ({ reason })),
    startTimer: enqueueActions(({ context: { timeout }, enqueue }) => {
      if (timeout > 0) enqueue.raise({ type: 'timeout' }, { delay: timeout })
    }),
  },
}).createMachine({
  id: 'authentication',
  context: ({ input }) => ({ ...input, reason: null }),
  output: ({ context: { peer, reason } }) => ({ peer, reason }),
  entry: 'startTimer',
  on: {
    fail: { target: '.failed', actions: given('noteReason') },
    timeout: { target: '.failed', actions: { type: 'noteReason', params: { reason: 'timeout' } } },
  },
  initial: 'exchanging',
  states: {
    exchanging: {
      entry: entering('exchanging'),
      on: { 'local.done': 'awaitingRemote', 'remote.done': 'awaitingLocal' },
    },
    awaitingRemote: {
      entry: entering('awaitingRemote'),
      on: { 'remote.done': 'completed' },
    },
    awaitingLocal: {
      entry: entering('awaitingLocal'),
      on: { 'local.done': 'completed' },
    },
    completed: {
      entry: entering('completed'),
      type: 'final',
    },
    failed: {
      entry: entering('failed'),
      type: 'final',
    },
  },
})

/** {@link authenticationMachine} behind types of our own, so that what XState infers never becomes part of the public interface. */
export const authenticationLogic = authenticationMachine as unknown as AuthenticationLogic
