import { describe, expect, test } from '@jest/globals'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { checkHistory, type HistoryEntry, standardRules } from '../../../src/testing/index.ts'
import { pairStory, Story } from './entries.ts'

const { RELIABLE, UNRELIABLE, UNRELIABLE_ORDERED } = TransferMode
const { CONNECTED, DISCONNECTED } = ConnectionStatus
const LOSSY = { mode: UNRELIABLE }
const ORDERED = { mode: UNRELIABLE_ORDERED }
const API = { layer: 'api' } as const
const RULES = standardRules({ agreesWithin: 1_000, arrivesWithin: 500 })

/** The rules that a story breaks. */
function broken({ entries }: Story): string[] {
  return [...new Set(checkHistory(entries, RULES).map(({ rule }) => rule))]
}

/** Each told twice: as it may be, and with one thing wrong. */
const STORIES: Record<string, readonly (readonly [what: string, good: Story, bad: Story])[]> = {
  alternation: [
    [
      'announced again while it is there',
      pairStory().disconnected(1, 2).connected(1, 2, { connection: 99 }),
      pairStory().connected(1, 2, { connection: 99 }),
    ],
    ['lost twice', pairStory().disconnected(1, 2), pairStory().disconnected(1, 2).disconnected(1, 2)],
    [
      'lost after everyone was',
      pairStory().status(1, DISCONNECTED),
      pairStory().status(1, DISCONNECTED).disconnected(1, 2),
    ],
    [
      'announced again, though it had stayed',
      pairStory().status(1, DISCONNECTED).status(1).connected(1, 2, { connection: 99 }),
      pairStory().status(1, DISCONNECTED, 'mesh', [2]).status(1).connected(1, 2, { connection: 99 }),
    ],
  ],
  gating: [
    [
      'before the server is there',
      new Story().status(2, ConnectionStatus.CONNECTING).status(2).connected(2, 1),
      new Story().status(2, ConnectionStatus.CONNECTING).connected(2, 3).status(2),
    ],
    [
      'after it was closed',
      pairStory().status(1, DISCONNECTED).status(1).connected(1, 2),
      pairStory().status(1, DISCONNECTED).connected(1, 2),
    ],
  ],
  'no-strangers': [
    ['before the announcement', pairStory().sent(1, 2, 'a').got(2, 1, 'a'), new Story().sent(1, 2, 'a').got(2, 1, 'a')],
    [
      'after the loss',
      pairStory().sent(1, 2, 'a').got(2, 1, 'a').disconnected(2, 1),
      pairStory().sent(1, 2, 'a').disconnected(2, 1).got(2, 1, 'a'),
    ],
    [
      'after the end of the mesh',
      pairStory().sent(1, 2, 'a').got(2, 1, 'a').status(2, DISCONNECTED),
      pairStory().sent(1, 2, 'a').status(2, DISCONNECTED).got(2, 1, 'a'),
    ],
  ],
  'no-invention': [
    ['never sent', pairStory().sent(1, 2, 'a', LOSSY).got(2, 1, 'a', LOSSY), pairStory().got(2, 1, 'a', LOSSY)],
    [
      'to somebody else',
      pairStory().sent(1, 2, 'a', LOSSY).got(2, 1, 'a', LOSSY),
      pairStory().sent(1, 3, 'a', LOSSY).got(2, 1, 'a', LOSSY),
    ],
    [
      'on another channel',
      pairStory().sent(1, 2, 'a', { channel: 1 }).got(2, 1, 'a', { channel: 1 }),
      pairStory().sent(1, 2, 'a').got(2, 1, 'a', { channel: 1 }),
    ],
    [
      'in another mode',
      pairStory().sent(1, 2, 'a', LOSSY).got(2, 1, 'a', LOSSY),
      pairStory().sent(1, 2, 'a').got(2, 1, 'a', LOSSY),
    ],
    [
      'over a connection that has ended',
      pairStory().sent(1, 2, 'a').sent(1, 2, 'b', { connection: 99 }).got(2, 1, 'b'),
      pairStory().sent(1, 2, 'a').sent(1, 2, 'b', { connection: 99 }).got(2, 1, 'a').got(2, 1, 'b'),
    ],
    ['before it was sent', pairStory().sent(1, 2, 'a').got(2, 1, 'a'), pairStory().got(2, 1, 'a').sent(1, 2, 'a')],
    [
      'back to its sender, though nobody asked for that',
      pairStory('api').sent(1, 1, 'a', API).got(1, 1, 'a', API),
      pairStory('api').sent(1, 0, 'a', API).got(1, 1, 'a', API),
    ],
    [
      'of the one who had that id before',
      pairStory('api').sent(1, 0, 'a', API).sent(1, 0, 'b', API).got(2, 1, 'a', API).got(2, 1, 'b', API),
      pairStory('api')
        .sent(1, 0, 'a', API)
        .add({ kind: 'end', on: 'p1', layer: 'api', self: 1 })
        .add({
          kind: 'send',
          on: 'q1',
          layer: 'api',
          self: 1,
          to: 0,
          packet: 'b',
          mode: RELIABLE,
          channel: 0,
          connection: 77,
        })
        .got(2, 1, 'a', API)
        .got(2, 1, 'b', API),
    ],
  ],
  'reliable-order': [
    [
      'twice',
      pairStory().sent(1, 2, 'a').sent(1, 2, 'a').got(2, 1, 'a').got(2, 1, 'a'),
      pairStory().sent(1, 2, 'a').sent(1, 2, 'b').got(2, 1, 'a').got(2, 1, 'a'),
    ],
    [
      'in another order',
      pairStory().sent(1, 2, 'a').sent(1, 2, 'b').got(2, 1, 'a').got(2, 1, 'b'),
      pairStory().sent(1, 2, 'a').sent(1, 2, 'b').got(2, 1, 'b').got(2, 1, 'a'),
    ],
    [
      'with a gap',
      pairStory().sent(1, 2, 'a').sent(1, 2, 'b').got(2, 1, 'a'),
      pairStory().sent(1, 2, 'a').sent(1, 2, 'b').sent(1, 2, 'c').got(2, 1, 'a').got(2, 1, 'c'),
    ],
    [
      'without the first',
      pairStory().sent(1, 2, 'a').sent(1, 2, 'b', { channel: 1 }).got(2, 1, 'b', { channel: 1 }),
      pairStory().sent(1, 2, 'a').sent(1, 2, 'b').got(2, 1, 'b'),
    ],
    [
      'with a gap, through a server',
      // What was sent before it was told of, and what the sender said in an earlier session, may be missing.
      pairStory('api').sent(1, 0, 'a', API).sent(1, -9, 'b', API).got(2, 1, 'b', API)
        .sent(1, 0, 'c', { ...API, connection: 5 }).sent(1, 0, 'd', { ...API, connection: 5 }).got(2, 1, 'd', API), // prettier-ignore
      pairStory('api').sent(1, 0, 'a', API).sent(1, 0, 'b', API).sent(1, 0, 'c', API).got(2, 1, 'a', API).got(2, 1, 'c', API), // prettier-ignore
    ],
  ],
  'reliable-arrival': [
    [
      'never',
      // It was sent too late, over a connection that has ended, or to nobody who knows.
      pairStory().sent(1, 2, 'x', { connection: 99 }).sent(1, 2, 'y', LOSSY).wait(600).sent(1, 2, 'a'),
      pairStory().sent(1, 2, 'a').wait(600).sent(1, 2, 'b'),
    ],
    [
      'before it is all taken down',
      pairStory().sent(1, 2, 'a').wait(600).got(2, 1, 'a').add({ kind: 'closing' }),
      pairStory().sent(1, 2, 'a').wait(600).add({ kind: 'closing' }).got(2, 1, 'a'),
    ],
    [
      'through a server',
      pairStory('api').sent(1, -2, 'a', API).wait(600).add({ kind: 'closing' }),
      pairStory('api').sent(1, 0, 'a', API).wait(600).add({ kind: 'closing' }),
    ],
  ],
  'unreliable-once': [
    [
      'twice',
      pairStory().sent(1, 2, 'a', LOSSY).sent(1, 2, 'b', LOSSY).got(2, 1, 'b', LOSSY).got(2, 1, 'a', LOSSY),
      pairStory().sent(1, 2, 'a', LOSSY).got(2, 1, 'a', LOSSY).got(2, 1, 'a', LOSSY),
    ],
    [
      'twice, ordered',
      pairStory().sent(1, 2, 'a', ORDERED).sent(1, 2, 'a', ORDERED).got(2, 1, 'a', ORDERED).got(2, 1, 'a', ORDERED),
      pairStory().sent(1, 2, 'a', ORDERED).got(2, 1, 'a', ORDERED).got(2, 1, 'a', ORDERED),
    ],
  ],
  'unreliable-order': [
    [
      'backwards',
      pairStory().sent(1, 2, 'a', ORDERED).sent(1, 2, 'b', ORDERED).sent(1, 2, 'a', ORDERED)
        .got(2, 1, 'b', ORDERED).got(2, 1, 'a', ORDERED), // prettier-ignore
      pairStory().sent(1, 2, 'a', ORDERED).sent(1, 2, 'b', ORDERED).got(2, 1, 'b', ORDERED).got(2, 1, 'a', ORDERED),
    ],
  ],
  'fan-out': [
    ['to one twice', calls([3, 0], [2, 0]), calls([2, 0], [2, 0])],
    ['to one that is left out', calls([3, -2]), calls([2, -2])],
    ['to another one', calls([2, 2]), calls([3, 2])],
  ],
  agreement: [
    [
      'one is not known',
      pairStory().healed().wait(2_000).sent(1, 2, 'x', LOSSY),
      pairStory().disconnected(1, 2).healed().wait(2_000),
    ],
    [
      'one is known that is gone',
      pairStory().healed().wait(900).disconnected(1, 2).status(2, DISCONNECTED).wait(2_000),
      pairStory().healed().wait(900).status(2, DISCONNECTED).wait(2_000).add({ kind: 'closing' }),
    ],
    [
      'it comes too late',
      pairStory().disconnected(1, 2).healed().wait(900).connected(1, 2).wait(2_000).add({ kind: 'closing' }),
      pairStory().disconnected(1, 2).healed().wait(1_100).connected(1, 2).wait(2_000).add({ kind: 'closing' }),
    ],
    [
      'it does not last',
      pairStory().healed().wait(2_000).add({ kind: 'closing' }).disconnected(1, 2),
      pairStory().healed().wait(2_000).disconnected(1, 2).connected(1, 2),
    ],
    ['somebody is missing', pairStory().healed('p1', 'p2'), pairStory().healed('p1', 'p2', 'p3')],
    [
      'the peers agree, the lobby does not',
      pairStory('lobby').healed(),
      pairStory().status(1, CONNECTED, 'lobby').status(2, CONNECTED, 'lobby').healed(),
    ],
    ['a client does not know its server', star(1).healed(), star().healed()],
  ],
  'no-leftovers': [
    [
      'something is left',
      new Story().add({ kind: 'leftovers', what: 'timers', count: 0 }),
      new Story().add({ kind: 'leftovers', what: 'timers', count: 1 }),
    ],
  ],
  'no-failures': [['something threw', new Story(), new Story().add({ kind: 'failure', message: 'boom' })]],
}

/** Sends of one call: to whom, for whom. */
function calls(...sends: [to: number, target: number][]): Story {
  const story = new Story()
  for (const [to, target] of sends) {
    const facts = { packet: 'a', mode: UNRELIABLE, channel: 0, connection: to, call: 1, target }
    story.add({ kind: 'send', on: 'p1', layer: 'mesh', self: 1, to, ...facts })
  }
  return story
}

/** A server and two clients, who know the server if anybody. */
function star(...knownToClients: number[]): Story {
  const story = new Story()
  for (const self of [1, 2, 3]) {
    story.add({ kind: 'status', on: `p${self}`, layer: 'mesh', self, status: CONNECTED, topology: 'star', peers: [] })
  }
  story.connected(1, 2).connected(1, 3)
  for (const self of [2, 3]) for (const known of knownToClients) story.connected(self, known)
  return story
}

describe.each(Object.entries(STORIES))('%s', (rule, stories) => {
  test.each(stories)('%s', (_, good, bad) => {
    expect(broken(good)).toEqual([])
    expect(broken(bad)).toEqual([rule])
  })
})

test('every rule has a story in which it is broken', () => {
  expect(Object.keys(STORIES).sort()).toEqual(RULES.map(({ name }) => name).sort())
})

test('a violation says what is demanded since when, where it was broken, and whom it concerns', () => {
  const { entries } = pairStory().sent(1, 2, 'a').sent(1, 2, 'b').got(2, 1, 'b')
  const [violation] = checkHistory(entries, RULES)
  expect(violation).toMatchObject({ rule: 'reliable-order', on: 'p2', since: 3, at: 6, index: 6 })
  expect(violation?.message).toBe(
    'p2 (mesh) got reliable packet b of peer 1 on channel 0, but 1 that were sent before it are missing, the first of them a',
  )
  expect(violation?.demands).toContain('without a gap')
})

test('violations come in the order in which they happened, whichever rule they break', () => {
  const { entries } = pairStory().got(2, 1, 'x', LOSSY).connected(1, 2).add({ kind: 'failure', message: 'boom' })
  expect(checkHistory(entries, RULES).map(({ rule }) => rule)).toEqual(['no-invention', 'alternation', 'no-failures'])
})

test('a saved history is checked as the one it was', () => {
  const { entries } = pairStory().sent(1, 2, 'a').got(2, 1, 'a').got(2, 1, 'a')
  const saved = JSON.parse(JSON.stringify(entries)) as HistoryEntry[]
  expect(checkHistory(saved)).toEqual(checkHistory({ entries }))
  expect(checkHistory(saved)).toHaveLength(1)
})

test('packets that are the same are suspected only where no order of them explains what came', () => {
  const story = (...arrived: string[]) => {
    const told = pairStory()
    for (const packet of ['a', 'b', 'a', 'c']) told.sent(1, 2, packet, ORDERED)
    for (const packet of arrived) told.got(2, 1, packet, ORDERED)
    return told
  }
  expect(broken(story('b', 'a', 'c'))).toEqual([])
  expect(broken(story('a', 'a'))).toEqual([])
  expect(broken(story('a', 'a', 'b'))).toEqual(['unreliable-order'])
})
