import { describe, expect, test } from '@jest/globals'
import { createActor } from 'xstate'
import { STEP_OF_STATE, negotiationMachine } from '../../src/machines/negotiation-machine.ts'
import type { NegotiationPort } from '../../src/machines/negotiation-port.ts'
import type {
  NegotiationCause,
  NegotiationProgress,
  NegotiationRole,
  NegotiationState,
  SignalingAvailability,
} from '../../src/machines/negotiation-types.ts'
import { VirtualClock } from '../../src/transport/simulated/virtual-clock.ts'

const times = { answer: 10_000, ice: 15_000, dtls: 10_000, channels: 5_000, stable: 10_000 }
const OFFER = { sdp: 'v=0', number: 7 }

/** A port without connections: a test says what becomes of each attempt. */
class FakePort implements NegotiationPort {
  readonly calls: string[] = []
  readonly entries: NegotiationProgress[] = []
  /** Of the attempt that is under way. */
  attempt = 0

  begin(attempt: number): void {
    this.attempt = attempt
    this.calls.push('begin')
  }

  accept(attempt: number): void {
    this.attempt = attempt
    this.calls.push('accept')
  }

  abandon(): void {
    this.calls.push('abandon')
  }

  ask(): void {
    this.calls.push('ask')
  }

  entered(progress: NegotiationProgress): void {
    this.entries.push(progress)
  }

  release(): void {
    this.calls.push('release')
  }
}

function start(
  role: NegotiationRole,
  { maxAttempts = 3, signaling = 'up' }: { maxAttempts?: number; signaling?: SignalingAvailability } = {},
) {
  const clock = new VirtualClock()
  const port = new FakePort()
  const backOff = (failures: number): number => 500 * 2 ** (failures - 1)
  const actor = createActor(negotiationMachine, {
    clock,
    input: { role, port, times, maxAttempts, backOff, signaling },
  }).start()
  const tell = (type: 'answered' | 'path.found' | 'secured' | 'opened' | 'dismissed'): void => {
    actor.send({ type, attempt: port.attempt })
  }
  return {
    actor,
    clock,
    port,
    tell,
    fail: (cause: NegotiationCause = 'failed') => {
      actor.send({ type: 'failed', attempt: port.attempt, cause })
    },
    states: () => port.entries.map(({ state }) => state),
    state: () => actor.getSnapshot().value as NegotiationState,
  }
}

type Negotiation = ReturnType<typeof start>

/** The events that lead an offering side to each state. */
const reach: Record<string, (negotiation: Negotiation) => void> = {
  offering: () => undefined,
  checking: ({ tell }) => {
    tell('answered')
  },
  securing: (negotiation) => {
    reach['checking']?.(negotiation)
    negotiation.tell('path.found')
  },
  opening: (negotiation) => {
    reach['securing']?.(negotiation)
    negotiation.tell('secured')
  },
  connected: (negotiation) => {
    reach['opening']?.(negotiation)
    negotiation.tell('opened')
  },
  backingOff: ({ fail }) => {
    fail()
  },
  gaveUp: ({ fail, clock }) => {
    fail()
    clock.advance(500)
    fail()
    clock.advance(1_000)
    fail()
  },
  dismissed: (negotiation) => {
    reach['connected']?.(negotiation)
    negotiation.tell('dismissed')
  },
}

describe('negotiationMachine, offering', () => {
  test('offers at once, and goes through every step to connected', () => {
    const negotiation = start('offering')
    reach['connected']?.(negotiation)
    expect(negotiation.states()).toEqual([
      'waitingForSignaling',
      'offering',
      'checking',
      'securing',
      'opening',
      'connected',
    ])
    expect(negotiation.port.calls).toEqual(['begin'])
  })

  test('a connection that tells of no ICE state is followed all the same', () => {
    const { tell, state } = start('offering')
    tell('answered')
    tell('secured')
    expect(state()).toBe('opening')
  })

  test.each([
    ['offering', 10_000, { step: 'answer', cause: 'timeout' }],
    ['checking', 15_000, { step: 'ice', cause: 'timeout' }],
    ['securing', 10_000, { step: 'dtls', cause: 'timeout' }],
    ['opening', 5_000, { step: 'channels', cause: 'timeout' }],
  ])('%s takes at most %i ms', (name, limit, failure) => {
    const negotiation = start('offering')
    reach[name]?.(negotiation)
    expect(negotiation.state()).toBe(name)
    negotiation.clock.advance(limit - 1)
    expect(negotiation.state()).toBe(name)
    negotiation.clock.advance(1)
    expect(negotiation.state()).toBe('backingOff')
    expect(negotiation.port.entries.at(-1)).toEqual({ state: 'backingOff', failures: 1, failure, delay: 500 })
    expect(negotiation.port.calls).toEqual(['begin', 'abandon'])
  })

  test.each([
    ['offering', 'answer'],
    ['checking', 'ice'],
    ['securing', 'dtls'],
    ['opening', 'channels'],
    ['connected', 'connected'],
  ])('a failure in %s is one of the step %s, and a fresh attempt follows', (name, step) => {
    const negotiation = start('offering')
    reach[name]?.(negotiation)
    negotiation.fail('refused')
    expect(negotiation.port.entries.at(-1)).toMatchObject({ state: 'backingOff', failure: { step, cause: 'refused' } })
    negotiation.clock.advance(500)
    expect(negotiation.state()).toBe('offering')
    expect(negotiation.port.calls).toEqual(['begin', 'abandon', 'begin'])
  })

  test('backs off for twice as long each time, then gives up', () => {
    const negotiation = start('offering')
    const { fail, clock, state, port } = negotiation
    fail()
    expect(port.entries.at(-1)?.delay).toBe(500)
    clock.advance(499)
    expect(state()).toBe('backingOff')
    clock.advance(1)
    fail()
    expect(port.entries.at(-1)?.delay).toBe(1_000)
    clock.advance(1_000)
    fail()
    expect(port.entries.at(-1)).toMatchObject({ state: 'gaveUp', failures: 3 })
    expect(clock.pending).toBe(0)
  })

  test.each(['waitingForSignaling', 'backingOff', 'gaveUp', 'dismissed', 'left'] as const)(
    'while it is %s, signaling is what is waited for',
    (state) => {
      expect(STEP_OF_STATE[state]).toBe('signaling')
    },
  )

  test('what an attempt reports that is over means nobody', () => {
    const { actor, port, clock, state } = start('offering')
    const past = port.attempt
    actor.send({ type: 'failed', attempt: past, cause: 'failed' })
    actor.send({ type: 'failed', attempt: past, cause: 'failed' })
    actor.send({ type: 'answered', attempt: past })
    expect(state()).toBe('backingOff')
    expect(actor.getSnapshot().context.failures).toBe(1)
    clock.advance(500)
    actor.send({ type: 'answered', attempt: past })
    actor.send({ type: 'opened', attempt: past })
    actor.send({ type: 'dismissed', attempt: past })
    expect(state()).toBe('offering')
  })

  test('forgets failures once a connection has been good for a while, and not before', () => {
    const negotiation = start('offering')
    const { fail, clock, port } = negotiation
    fail()
    clock.advance(500)
    reach['connected']?.(negotiation)
    clock.advance(9_999)
    fail()
    expect(port.entries.at(-1)).toMatchObject({ state: 'backingOff', failures: 2 })
    clock.advance(1_000)
    reach['connected']?.(negotiation)
    clock.advance(10_000)
    fail()
    expect(port.entries.at(-1)).toMatchObject({ state: 'backingOff', failures: 1 })
  })

  test.each([
    ['offering', true, 'offering'],
    ['checking', true, 'backingOff'],
    ['checking', false, 'checking'],
    ['securing', true, 'backingOff'],
    ['opening', true, 'backingOff'],
    ['connected', true, 'backingOff'],
    ['connected', false, 'connected'],
    ['backingOff', false, 'offering'],
    ['gaveUp', false, 'offering'],
    ['dismissed', true, 'dismissed'],
  ])('asked in %s for a fresh offer (of the present attempt: %s) it is %s', (name, isPresent, next) => {
    const negotiation = start('offering')
    reach[name]?.(negotiation)
    expect(negotiation.state()).toBe(name)
    negotiation.actor.send({ type: 'retry', isPresent })
    expect(negotiation.state()).toBe(next)
  })

  test('asked for fresh offers again and again, it cuts one wait short, and the next after failures were forgotten', () => {
    const negotiation = start('offering', { maxAttempts: 9 })
    const { actor, fail, clock, state } = negotiation
    const hurry = (): void => {
      actor.send({ type: 'retry', isPresent: false })
    }
    fail()
    hurry()
    expect(state()).toBe('offering')
    fail()
    hurry()
    expect(state()).toBe('backingOff')
    clock.advance(1_000)
    reach['connected']?.(negotiation)
    clock.advance(times.stable)
    fail()
    hurry()
    expect(state()).toBe('offering')
  })

  test.each([
    ['offering', 'offering'],
    ['connected', 'connected'],
    ['backingOff', 'offering'],
    ['gaveUp', 'offering'],
    ['dismissed', 'offering'],
  ])('dialled in %s by the application it is %s', (name, next) => {
    const negotiation = start('offering')
    reach[name]?.(negotiation)
    negotiation.actor.send({ type: 'dial' })
    expect(negotiation.state()).toBe(next)
  })

  test.each(Object.keys(reach))('in %s the member leaves: it ends, and lets go of everything', (name) => {
    const negotiation = start('offering')
    reach[name]?.(negotiation)
    negotiation.actor.send({ type: 'member.left' })
    expect(negotiation.actor.getSnapshot()).toMatchObject({ value: 'left', status: 'done' })
    expect(negotiation.port.calls.at(-1)).toBe('release')
    expect(negotiation.clock.pending).toBe(0)
  })

  test('dismissed, it lets go of the connection, and says so', () => {
    const negotiation = start('offering')
    reach['dismissed']?.(negotiation)
    expect(negotiation.port.calls).toEqual(['begin', 'abandon'])
    expect(negotiation.states().at(-1)).toBe('dismissed')
    negotiation.actor.send({ type: 'member.left' })
    expect(negotiation.states().at(-1)).toBe('left')
  })

  test.each(Object.keys(reach))('stopped in %s it lets go of everything', (name) => {
    const negotiation = start('offering')
    reach[name]?.(negotiation)
    negotiation.actor.stop()
    expect(negotiation.port.calls.at(-1)).toBe('release')
    expect(negotiation.clock.pending).toBe(0)
  })
})

describe('negotiationMachine, answering', () => {
  test('waits for an offer without asking for it, and asks for each further one', () => {
    const { actor, port, clock, tell, fail, state } = start('answering')
    expect(state()).toBe('waitingForOffer')
    expect(port.calls).toEqual([])
    actor.send({ type: 'offer', offer: OFFER, replaces: true })
    expect(state()).toBe('checking')
    tell('path.found')
    tell('secured')
    tell('opened')
    expect(state()).toBe('connected')
    fail()
    clock.advance(500)
    expect(state()).toBe('waitingForOffer')
    expect(port.calls).toEqual(['accept', 'abandon', 'ask'])
  })

  test('no offer is a failure too', () => {
    const { port, clock } = start('answering', { maxAttempts: 1 })
    clock.advance(10_000)
    expect(port.entries.at(-1)).toMatchObject({ state: 'gaveUp', failure: { step: 'offer', cause: 'timeout' } })
  })

  test.each([
    ['checking', [], true],
    ['securing', ['path.found'], true],
    ['opening', ['path.found', 'secured'], true],
    ['connected', ['path.found', 'secured', 'opened'], true],
    ['connected', ['path.found', 'secured', 'opened'], false],
  ] as const)('a new offer in %s (it knows of the present connection: %s %s)', (name, steps, replaces) => {
    const { actor, tell, state, port, clock } = start('answering')
    actor.send({ type: 'offer', offer: OFFER, replaces: true })
    clock.advance(1_000)
    for (const step of steps) tell(step)
    expect(state()).toBe(name)
    const before = port.attempt
    actor.send({ type: 'offer', offer: OFFER, replaces })
    const isTaken = replaces
    expect(state()).toBe(isTaken ? 'checking' : name)
    expect(port.attempt > before).toBe(isTaken)
  })

  test('a new offer has all its time', () => {
    const { actor, state, clock } = start('answering')
    actor.send({ type: 'offer', offer: OFFER, replaces: true })
    clock.advance(14_000)
    actor.send({ type: 'offer', offer: OFFER, replaces: true })
    clock.advance(14_000)
    expect(state()).toBe('checking')
    clock.advance(1_000)
    expect(state()).toBe('backingOff')
  })

  test('an offer is welcome after it gave up, but not after the application has removed the peer', () => {
    const given = start('answering', { maxAttempts: 1 })
    given.clock.advance(10_000)
    given.actor.send({ type: 'offer', offer: OFFER, replaces: true })
    expect(given.state()).toBe('checking')
    given.tell('dismissed')
    given.actor.send({ type: 'offer', offer: OFFER, replaces: true })
    expect(given.state()).toBe('dismissed')
  })
})

describe('negotiationMachine and signaling', () => {
  test('nothing is offered while no signals can be sent, and at once when they can', () => {
    const { actor, fail, clock, state } = start('offering')
    actor.send({ type: 'signaling', is: 'down' })
    expect(state()).toBe('offering')
    fail()
    clock.advance(60_000)
    expect(state()).toBe('waitingForSignaling')
    actor.send({ type: 'signaling', is: 'up' })
    expect(state()).toBe('offering')
  })

  test.each([
    ['offering', 'offering'],
    ['answering', 'waitingForOffer'],
  ] as const)('%s, it waits for signaling that is down from the start', (role, next) => {
    const { actor, state, states } = start(role, { signaling: 'down' })
    expect([state(), actor.getSnapshot().context.state, ...states()]).toEqual(Array(3).fill('waitingForSignaling'))
    actor.send({ type: 'signaling', is: 'up' })
    expect(state()).toBe(next)
  })

  test.each(['offering', 'answering'] as const)('%s, it gives up when signaling has ended', (role) => {
    const { actor, port } = start(role)
    actor.send({ type: 'signaling', is: 'ended' })
    expect(port.entries.at(-1)).toMatchObject({ state: 'gaveUp', failure: { cause: 'signaling-ended' } })
    actor.send({ type: 'dial' })
    expect(port.entries.at(-1)).toMatchObject({ state: 'gaveUp' })
  })

  test.each(['checking', 'securing', 'opening', 'connected'])('in %s it goes on without signaling', (name) => {
    const negotiation = start('offering')
    reach[name]?.(negotiation)
    negotiation.actor.send({ type: 'signaling', is: 'ended' })
    expect(negotiation.state()).toBe(name)
    negotiation.fail()
    expect(negotiation.state()).toBe('gaveUp')
  })
})
