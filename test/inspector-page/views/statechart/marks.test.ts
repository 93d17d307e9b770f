import { beforeAll, describe, expect, test } from '@jest/globals'
import { Session } from '../../../../src/inspector-page/model/session.ts'
import type { ActorState } from '../../../../src/inspector-page/model/state.ts'
import { activeLeaves, activeStates } from '../../../../src/inspector-page/views/statechart/active-states.ts'
import { type Chart, chartOf } from '../../../../src/inspector-page/views/statechart/chart.ts'
import { latestEntryInto } from '../../../../src/inspector-page/views/statechart/state-entry.ts'
import { takenTransitions } from '../../../../src/inspector-page/views/statechart/taken.ts'
import { delayText, eventText, meansEvent } from '../../../../src/inspector-page/views/statechart/transition-text.ts'
import { Visits } from '../../../../src/inspector-page/views/statechart/visits.ts'
import { negotiationMachine } from '../../../../src/machines/negotiation-machine.ts'
import { peerMachine } from '../../../../src/machines/peer-machine.ts'
import type { InspectorMessage, TransitionTaken } from '../../../../src/services/inspector/wire/messages.ts'
import { inspectorSession } from '../../../support/inspector-session.ts'
import { definition, orderMachine, playerMachine } from '../support/machines.ts'

describe('where an actor is', () => {
  const player = chartOf(definition(playerMachine))

  test.each([
    ['stopped', ['player']],
    [
      { playback: { playing: 'fast' }, volume: 'muted' },
      [
        'player',
        'player.playback',
        'player.playback.playing',
        'player.playback.playing.fast',
        'player.volume',
        'player.volume.muted',
      ],
    ],
    [{ playback: { playing: {} } }, ['player', 'player.playback', 'player.playback.playing']],
    [undefined, []],
    [null, ['player']],
    [[1, 2], ['player']],
    ['__proto__', ['player']],
  ])('%j', (value, states) => {
    expect([...activeStates(player, value)]).toEqual(states)
  })

  test('by its innermost states', () => {
    const active = activeStates(player, { playback: { playing: 'fast' }, volume: 'muted' })
    expect(activeLeaves(player, active)).toEqual(['player.playback.playing.fast', 'player.volume.muted'])
    expect(activeLeaves(player, new Set())).toEqual([])
  })
})

describe('the transition that was taken', () => {
  const textsOf = (chart: Chart, ...taken: TransitionTaken[]): string[] =>
    [...takenTransitions(chart, taken)].map((id) => {
      const transition = chart.transitions.find((other) => other.id === id)
      return `${transition?.source} ${transition?.text}`
    })
  const peer = chartOf(definition(peerMachine))
  const order = chartOf(definition(orderMachine))
  const player = chartOf(definition(playerMachine))

  test('is found by its event, guard and target', () => {
    const from = 'peer.connected'
    expect(
      textsOf(
        peer,
        { eventType: 'channel.state', from, to: ['peer.draining'], guard: 'channelIsShut' },
        { eventType: '', from: 'peer.draining', to: ['peer.closed'], guard: 'isDrained' },
      ),
    ).toEqual(['peer.connected channel.state [channelIsShut]', 'peer.draining always [isDrained]'])
    expect(textsOf(peer, { eventType: 'channel.state', from, to: [] })).toEqual(['peer.connected channel.state'])
  })

  test('is found by XState’s names of timers and ends', () => {
    expect(
      textsOf(peer, {
        eventType: 'xstate.after.drainTimeout.peer.draining',
        from: 'peer.draining',
        to: ['peer.closed'],
      }),
    ).toEqual(['peer.draining after drainTimeout'])
    const from = 'order.payment.card.verifying'
    expect(
      textsOf(
        order,
        { eventType: `xstate.after.30000.${from}`, from, to: ['order.payment.card.entering'] },
        { eventType: `xstate.done.actor.0.${from}`, from, to: ['order.payment.paid'] },
        { eventType: 'xstate.done.state.order.payment', from: 'order.payment', to: ['order.shipping'] },
      ),
    ).toEqual([`${from} after 30 s`, `${from} actor verification done`, 'order.payment done'])
  })

  test('is found by wildcards', () => {
    expect(textsOf(player, { eventType: 'volume.set', from: 'player', to: [] })).toEqual(['player volume.*'])
  })

  test('that nobody knows is nowhere', () => {
    expect(textsOf(peer, { eventType: 'dance', from: 'peer.connected', to: ['peer.closed'] })).toEqual([])
    expect(textsOf(peer, { eventType: 'close', from: 'mesh', to: [] })).toEqual([])
  })
})

describe('of a session', () => {
  let messages: InspectorMessage[]
  beforeAll(async () => {
    messages = await inspectorSession()
  })

  function sessionOf(until = messages.length): Session {
    const session = new Session()
    session.applyAll(messages.slice(0, until))
    return session
  }

  function actorOf(session: Session, kind: ActorState['kind'], isIt: (actor: ActorState) => boolean): ActorState {
    const found = [...session.actors.values()].find((actor) => actor.kind === kind && isIt(actor))
    if (!found) throw new Error(`there is no such ${kind}`)
    return found
  }

  test('each transition that any actor took is found in its chart', () => {
    const session = sessionOf()
    let count = 0
    for (const { message } of session.log) {
      if (message.type !== '@xstate.snapshot') continue
      const machine = session.machines.get(session.actors.get(message.sessionId)?.machine ?? '')
      if (!machine) throw new Error(`nobody told of the machine of ${message.sessionId}`)
      const chart = chartOf(machine)
      const taken = message.transitions ?? []
      expect([message.event.type, takenTransitions(chart, taken).size > 0]).toEqual([
        message.event.type,
        taken.length > 0,
      ])
      count += taken.length
    }
    expect(count).toBeGreaterThan(100)
  })

  test('an actor’s states are counted as it enters them, those that it only passes through too', () => {
    const session = sessionOf()
    const chart = chartOf(definition(negotiationMachine))
    const givenUp = actorOf(session, 'negotiation', ({ snapshot }) => snapshot.value === 'gaveUp')
    const counts = new Visits(chart, givenUp).count(session.log)
    // Two attempts, each of which failed.
    expect(counts.get('negotiation.failing')).toBe(2)
    expect(counts.get('negotiation.checking')).toBe(2)
    expect(counts.get('negotiation.gaveUp')).toBe(1)
    expect(counts.get('negotiation.connected')).toBe(undefined)
    const entry = latestEntryInto(chart, 'negotiation.gaveUp', givenUp.sessionId, session.log)
    expect(session.log[entry ?? -1]?.text).toMatch(/gaveUp$/)
    const failing = latestEntryInto(chart, 'negotiation.failing', givenUp.sessionId, session.log)
    expect(failing).toBe(entry)
    expect(latestEntryInto(chart, 'negotiation.connected', givenUp.sessionId, session.log)).toBe(undefined)
  })

  test('counts are the same read at once, in parts, and after going back', () => {
    const session = sessionOf()
    const chart = chartOf(definition(negotiationMachine))
    const { sessionId } = actorOf(session, 'negotiation', ({ snapshot }) => snapshot.value === 'gaveUp')
    const atOnce = (until: number) => new Visits(chart, { sessionId }).count(sessionOf(until).log)
    const growing = new Session()
    const visits = new Visits(chart, { sessionId })
    messages.forEach((message, i) => {
      growing.apply(message)
      if (i % 50 === 0) expect(visits.count(growing.log)).toEqual(atOnce(i + 1))
    })
    for (const until of [messages.length, 400, 399, 800]) {
      expect(visits.count(sessionOf(until).log)).toEqual(atOnce(until))
    }
    expect(visits.count([]).size).toBe(0)
  })
})

test.each([
  ['peer.open', 'peer.open'],
  ['', 'always'],
  ['*', 'any other event'],
  ['xstate.init', 'start'],
  ['xstate.stop', 'stop'],
  ['webrtc.unwatched', 'being watched no longer'],
  ['xstate.after.drainTimeout.peer.draining', 'after drainTimeout'],
  ['xstate.after.250.a.b', 'after 250 ms'],
  ['xstate.done.state.order.payment', 'done'],
  ['xstate.done.actor.link', 'actor link done'],
  ['xstate.error.actor.*', 'any actor failed'],
  ['xstate.snapshot.clock', 'actor clock changed'],
  ['xstate.route.somewhere', 'xstate.route.somewhere'],
])('an event %j is %j in words', (type, text) => {
  expect(eventText(type)).toBe(text)
})

test('delays and wildcards', () => {
  expect(['5000', '1500', '250', '1050', 'backOff', ''].map(delayText)).toEqual([
    '5 s',
    '1.5 s',
    '250 ms',
    '1050 ms',
    'backOff',
    '',
  ])
  expect(meansEvent('peer.*', 'peer.open')).toBe(true)
  expect(meansEvent('peer.*', 'peer')).toBe(true)
  expect(meansEvent('peer.*', 'peers.open')).toBe(false)
  expect(meansEvent('*', 'anything')).toBe(true)
  expect(meansEvent('peer', 'peer.open')).toBe(false)
})
