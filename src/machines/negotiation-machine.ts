import { assign, enqueueActions, setup } from 'xstate'
import { given } from './given.ts'
import { type ReceivedOffer, portLogic } from './negotiation-port.ts'
import type {
  NegotiationCause,
  NegotiationEvent,
  NegotiationInput,
  NegotiationLogic,
  NegotiationProgress,
  NegotiationState,
  NegotiationStep,
  SignalingAvailability,
} from './negotiation-types.ts'

interface NegotiationContext extends NegotiationInput, NegotiationProgress {
  /** Numbers the attempts; changes with the end of one too, so that what it still reports means nobody. */
  attempt: number
  /** The other side has been asked, or has had the chance to offer by itself: from now on it must be asked. */
  mustAsk: boolean
  /** The other side has cut a wait short, which it may do once until failures are forgotten: it might be hostile. */
  hurried: boolean
}

/** What is under way in a state; nothing where it is missing. */
export const STEP_OF_STATE: Readonly<Record<NegotiationState, NegotiationStep>> = {
  waitingForSignaling: 'signaling',
  waitingForOffer: 'offer',
  offering: 'answer',
  checking: 'ice',
  securing: 'dtls',
  opening: 'channels',
  connected: 'connected',
  backingOff: 'signaling',
  gaveUp: 'signaling',
  dismissed: 'signaling',
  left: 'signaling',
}

type Context = { context: NegotiationContext }
type Attempt = { attempt: number }

const entering = <State extends NegotiationState>(state: State) => ({ type: 'enter', params: { state } }) as const

const TIMED_OUT = { target: 'failing', actions: { type: 'noteFailure', params: { cause: 'timeout' } } } as const

/** Without signaling nobody can answer or offer. */
const SIGNALING_IS_NEEDED = {
  guard: 'signalingHasEnded',
  target: 'failing',
  actions: { type: 'noteFailure', params: { cause: 'signaling-ended' } },
} as const

const OFFER_REPLACES = { target: 'checking', reenter: true, actions: given('accept') } as const

const RETRY_OF_PRESENT = {
  guard: given('meansPresent'),
  target: 'failing',
  actions: { type: 'noteFailure', params: { cause: 'failed' } },
} as const

const STARTS_OVER = { target: 'waitingForSignaling', actions: 'forgetFailures' } as const

/**
 * The statechart of the negotiation with one other member of a lobby, for as long as it is a member:
 *
 * offering (or waitingForOffer) -> checking -> securing -> opening -> connected; whatever fails on the way, or later, goes to backingOff and from there to a fresh attempt, until it
 * gave up. Each attempt is a connection of its own, because ICE cannot be restarted on the present one (Node's library has no ICE restart). It ends when the member leaves.
 */
export const negotiationMachine = setup({
  types: {} as { input: NegotiationInput; context: NegotiationContext; events: NegotiationEvent },
  actors: { port: portLogic },
  delays: {
    answer: ({ context }) => context.times.answer,
    ice: ({ context }) => context.times.ice,
    dtls: ({ context }) => context.times.dtls,
    channels: ({ context }) => context.times.channels,
    stable: ({ context }) => context.times.stable,
    backOff: ({ context }) => context.delay,
  },
  guards: {
    isPresent: ({ context }, { attempt }: Attempt) => attempt === context.attempt,
    replaces: (_, { replaces }: { replaces: boolean }) => replaces,
    meansPresent: (_, { isPresent }: { isPresent: boolean }) => isPresent,
    mayHurry: ({ context }) => !context.hurried,
    isExhausted: ({ context }) => context.failures >= context.maxAttempts || context.signaling === 'ended',
    signalingHasEnded: ({ context }) => context.signaling === 'ended',
    mayOffer: ({ context }) => context.signaling === 'up' && context.role === 'offering',
    mayAsk: ({ context }) => context.signaling === 'up' && context.role === 'answering',
  },
  actions: {
    enter: enqueueActions(({ context, enqueue }, { state }: { state: NegotiationState }) => {
      enqueue.assign({ state })
      enqueue(() => {
        const { port, failures, failure, delay } = context
        port.entered({ state, failures, failure, delay })
      })
    }),
    begin: enqueueActions(({ context: { port, attempt }, enqueue }) => {
      enqueue.assign({ attempt: attempt + 1 })
      enqueue(() => {
        port.begin(attempt + 1)
      })
    }),
    accept: enqueueActions(({ context: { port, attempt }, enqueue }, { offer }: { offer: ReceivedOffer }) => {
      enqueue.assign({ attempt: attempt + 1 })
      enqueue(() => {
        port.accept(attempt + 1, offer)
      })
    }),
    ask: enqueueActions(({ context: { port, mustAsk }, enqueue }) => {
      enqueue.assign({ mustAsk: true })
      if (!mustAsk) return
      enqueue(() => {
        port.ask()
      })
    }),
    noteFailure: assign(({ context: { state } }: Context, { cause }: { cause: NegotiationCause }) => ({
      failure: { step: STEP_OF_STATE[state], cause },
    })),
    abandon: enqueueActions(({ context: { port, attempt }, enqueue }) => {
      enqueue.assign({ attempt: attempt + 1 })
      enqueue(() => {
        port.abandon()
      })
    }),
    countFailure: assign(({ context: { failures, backOff } }: Context) => ({
      failures: failures + 1,
      delay: backOff(failures + 1),
    })),
    hurry: assign({ hurried: true }),
    forgetFailures: assign({ failures: 0, failure: null, hurried: false }),
    noteSignaling: assign({ signaling: (_, { is }: { is: SignalingAvailability }) => is }),
  },
}).createMachine({
  id: 'negotiation',
  context: ({ input }) => ({
    ...input,
    state: 'waitingForSignaling',
    attempt: 0,
    failures: 0,
    failure: null,
    delay: 0,
    mustAsk: false,
    hurried: false,
  }),
  invoke: { src: 'port', input: ({ context: { port } }) => ({ port }) },
  on: {
    signaling: { actions: given('noteSignaling') },
    offer: { target: '.checking', actions: given('accept') },
    failed: { guard: given('isPresent'), target: '.failing', actions: given('noteFailure') },
    dismissed: { guard: given('isPresent'), target: '.dismissed' },
    'member.left': '.left',
  },
  initial: 'waitingForSignaling',
  states: {
    waitingForSignaling: {
      entry: entering('waitingForSignaling'),
      always: [
        { guard: 'signalingHasEnded', target: 'gaveUp' },
        { guard: 'mayOffer', target: 'offering' },
        { guard: 'mayAsk', target: 'waitingForOffer', actions: 'ask' },
      ],
    },
    waitingForOffer: {
      entry: entering('waitingForOffer'),
      always: SIGNALING_IS_NEEDED,
      after: { answer: TIMED_OUT },
    },
    offering: {
      entry: [entering('offering'), 'begin'],
      always: SIGNALING_IS_NEEDED,
      after: { answer: TIMED_OUT },
      on: { answered: { guard: given('isPresent'), target: 'checking' } },
    },
    checking: {
      entry: entering('checking'),
      after: { ice: TIMED_OUT },
      on: {
        'path.found': { guard: given('isPresent'), target: 'securing' },
        // Some implementations tell of ICE only after they were asked, or not at all.
        secured: { guard: given('isPresent'), target: 'opening' },
        offer: OFFER_REPLACES,
        retry: RETRY_OF_PRESENT,
      },
    },
    securing: {
      entry: entering('securing'),
      after: { dtls: TIMED_OUT },
      on: { secured: { guard: given('isPresent'), target: 'opening' }, retry: RETRY_OF_PRESENT },
    },
    opening: {
      entry: entering('opening'),
      after: { channels: TIMED_OUT },
      on: { opened: { guard: given('isPresent'), target: 'connected' }, retry: RETRY_OF_PRESENT },
    },
    connected: {
      entry: entering('connected'),
      after: { stable: { actions: 'forgetFailures' } },
      on: {
        offer: [{ guard: given('replaces'), target: 'checking', actions: given('accept') }, {}],
        retry: RETRY_OF_PRESENT,
      },
    },
    /** An attempt has failed; what follows is decided here and nowhere else. */
    failing: {
      entry: ['abandon', 'countFailure'],
      always: [{ guard: 'isExhausted', target: 'gaveUp' }, { target: 'backingOff' }],
    },
    backingOff: {
      entry: entering('backingOff'),
      after: { backOff: 'waitingForSignaling' },
      on: {
        retry: { guard: 'mayHurry', target: 'waitingForSignaling', actions: 'hurry' },
        dial: 'waitingForSignaling',
      },
    },
    gaveUp: {
      entry: entering('gaveUp'),
      // Asked by the other side it makes one more attempt, not all of them anew: both might go on so for ever.
      on: { retry: 'waitingForSignaling', dial: STARTS_OVER },
    },
    /** The application's own will: an offer does not change it. */
    dismissed: {
      entry: ['abandon', entering('dismissed')],
      on: { offer: {}, dial: STARTS_OVER },
    },
    left: {
      entry: entering('left'),
      type: 'final',
    },
  },
})

/** {@link negotiationMachine} behind types of our own, so that what XState infers never becomes part of the public interface. */
export const negotiationLogic = negotiationMachine as unknown as NegotiationLogic
