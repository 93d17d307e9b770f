import { beforeEach, describe, expect, test } from '@jest/globals'
import { DEFAULT_BACKLOG_LIMITS } from '../../../../src/services/inspector/hub/backlog.ts'
import { DEFAULT_HUB_LIMITS } from '../../../../src/services/inspector/hub/limits.ts'
import { Hub, type HubOptions } from '../../../../src/services/inspector/hub/hub.ts'
import type { HubSource } from '../../../../src/services/inspector/hub/source-port.ts'
import type { InspectorMessage } from '../../../../src/services/inspector/wire/messages.ts'
import { checkInspectorMessage } from '../../../../src/services/inspector/wire/parse.ts'
import { VirtualClock } from '../../../../src/testing/index.ts'
import { Collector } from '../support/collector.ts'
import { Teller } from '../support/teller.ts'

const EPOCH = 1_800_000_000_000

let clock: VirtualClock
let hub: Hub
let a: Teller

function makeHub(options: Partial<HubOptions> = {}): Hub {
  return new Hub({ sampleInterval: 500, clock, epoch: () => EPOCH + clock.now(), ...options })
}

/** A source that is told of; with what it hears of who looks. */
function join(isLocal = false): {
  source: HubSource
  watched: boolean[]
  tell: (...messages: InspectorMessage[]) => void
} {
  const watched: boolean[] = []
  const source = hub.addSource({ isLocal, watch: ({ active }) => watched.push(active) })
  return {
    source,
    watched,
    tell: (...messages) => {
      for (const message of messages) source.receive(message)
    },
  }
}

/** Somebody who looks from now on, and what they were told within a moment. */
function look(): { outlet: Collector; leave: () => void; told: () => string[] } {
  const outlet = new Collector()
  const feed = hub.addFeed(outlet)
  return {
    outlet,
    leave: () => {
      hub.removeFeed(feed)
    },
    told: () => {
      clock.advance(100)
      return outlet.told
    },
  }
}

beforeEach(() => {
  clock = new VirtualClock()
  hub = makeHub()
  a = new Teller('a')
})

describe('who looks', () => {
  test('sources are told whether anybody looks, at once and at every change', () => {
    const first = join()
    expect(first.watched).toEqual([false])
    const viewer = look()
    const other = look()
    const second = join()
    expect([first.watched, second.watched]).toEqual([[false, true], [true]])
    viewer.leave()
    other.leave()
    clock.advance(10_000)
    expect(first.watched).toEqual([false, true, false])
  })

  test('a page that is reloaded does not make them stop', () => {
    const { watched } = join()
    look().leave()
    clock.advance(2_900)
    look()
    clock.advance(10_000)
    expect(watched).toEqual([false, true])
  })

  test('after a close nobody looks, and no timer is left', () => {
    const { watched } = join()
    look()
    look().leave()
    hub.close()
    expect(watched).toEqual([false, true, false])
    expect(clock.pending).toBe(0)
  })

  test('at a close whoever looks is told the rest', () => {
    const { tell } = join()
    const { outlet } = look()
    tell(a.begins())
    hub.close()
    expect(outlet.told).toEqual(['a source'])
  })
})

describe('what viewers are told', () => {
  test('everything, in its order, from all sources', () => {
    const b = new Teller('b')
    const [one, two] = [join(), join()]
    const { told } = look()
    one.tell(a.begins(), a.actor('mesh'))
    two.tell(b.begins(), b.actor('mesh'))
    one.tell(a.event('mesh', 'go'), a.snapshot('mesh', 'on'), a.facts('mesh'), a.verdict(2))
    expect(told()).toEqual([
      'a source',
      'a/mesh is new',
      'b source',
      'b/mesh is new',
      'a/mesh hears go',
      'a/mesh on',
      'a/mesh facts 2',
      'a verdict on 2',
    ])
  })

  test('who looks late hears the history, and the newest facts of each mesh', () => {
    const { tell } = join()
    look()
    tell(a.begins(), a.actor('mesh'), a.facts('mesh', 1), a.snapshot('mesh', 'on'), a.facts('mesh', 2))
    expect(look().told()).toEqual(['a source', 'a/mesh is new', 'a/mesh on', 'a/mesh facts 2'])
  })

  test('what the history has no room for is summed up, and nothing of it is told twice', () => {
    hub = makeHub({ limits: { historyMessages: 10 } })
    const { tell } = join()
    tell(a.begins(), a.actor('mesh', { definition: '{"id":"peer"}' }), a.actor('peer:2'))
    for (let i = 1; i <= 100; i++) tell(a.event('peer:2', `e${i}`), a.snapshot('peer:2', `s${i}`))
    const { outlet, told } = look()
    const words = told()
    expect(words.slice(0, 3)).toEqual(['a source', 'a/mesh is new', expect.stringMatching(/^a\/peer:2 is s9\d$/)])
    const [, summedUp] = /is s(\d+)/.exec(words[2] ?? '') ?? []
    const next = Number(summedUp) + 1
    // From there on every single one.
    const rest = Array.from({ length: 101 - next }, (_, i) => `a/peer:2 s${next + i}`)
    expect(words.slice(3).filter((line) => !line.includes('hears'))).toEqual(rest)
    expect(outlet.messages[1]).toMatchObject({ definition: '{"id":"peer"}' })
  })

  test('the history is bounded by its size too', () => {
    hub = makeHub({ limits: { historySize: 50_000 } })
    const { tell } = join()
    tell(a.begins())
    for (let i = 1; i <= 1_000; i++) tell(a.event('mesh', 'x'.repeat(1_000)))
    expect(look().told().length).toBeLessThan(50)
  })

  test('facts are kept of as many meshes as there is room for', () => {
    hub = makeHub({ limits: { factsSize: 1_000 } })
    const { tell } = join()
    tell(a.begins(), ...Array.from({ length: 50 }, (_, index) => a.facts(`mesh ${index}`)))
    const told = look().told()
    expect(told.length).toBeLessThan(10)
    expect(told.at(-1)).toBe('a/mesh 49 facts 2')
  })

  test('of many meshes cost nothing where another source comes and goes', () => {
    const comeAndGo = (): number => {
      const { tell, source } = join()
      const started = performance.now()
      for (let i = 0; i < 5_000; i++) {
        const b = new Teller('b')
        tell(b.begins(), b.facts('mesh'), b.gone())
      }
      source.gone()
      return performance.now() - started
    }
    comeAndGo()
    const alone = comeAndGo()
    join().tell(a.begins(), ...Array.from({ length: 50_000 }, (_, index) => a.facts(`mesh ${index}`)))
    // With a walk through all of them each time it takes twenty times as long.
    expect(comeAndGo()).toBeLessThan(5 * alone)
  })

  test('of a mesh that tells its facts often only the newest take room', () => {
    hub = makeHub({ limits: { factsSize: 1_000 } })
    const { tell } = join()
    tell(a.begins(), a.facts('quiet'), ...Array.from({ length: 50 }, (_, index) => a.facts('busy', index)))
    expect(look().told()).toEqual(['a source', 'a/quiet facts 2', 'a/busy facts 49'])
  })

  test('a source that is lost is told to be gone, and its facts are not told any more', () => {
    const { source, tell } = join()
    const early = look()
    tell(a.begins(), a.actor('mesh'), a.facts('mesh'))
    source.gone()
    expect(early.told().at(-1)).toBe('a source-gone')
    expect(look().told()).toEqual(['a source', 'a/mesh is new', 'a source-gone'])
    expect(early.outlet.messages.at(-1)).toEqual({
      type: 'webrtc.source-gone',
      source: 'a',
      seq: 4,
      time: EPOCH,
    })
    expect(hub.stats().sources).toBe(0)
  })

  test('a source that begins anew has ended before: what it does not tell again is not there', () => {
    const { tell } = join()
    const { told } = look()
    tell(a.begins(), a.actor('mesh'), a.begins(), a.actor('other'))
    expect(told()).toEqual(['a source', 'a/mesh is new', 'a source-gone', 'a source', 'a/other is new'])
  })

  test('of thousands of messages none is lost and none is changed', () => {
    const { tell } = join()
    const { outlet, told } = look()
    const messages = [
      a.begins(),
      a.actor('mesh'),
      ...Array.from({ length: 10_000 }, (_, i) => a.event('mesh', `e${i}`)),
    ]
    for (const message of messages) {
      tell(message)
      if (message.seq % 100 === 0) clock.advance(1)
    }
    told()
    expect(outlet.messages).toEqual(messages)
    expect(hub.stats()).toMatchObject({ messages: 10_002, lost: 0, sources: 1 })
  })
})

describe('a hostile reporter', () => {
  const victim = new Teller('victim')

  beforeEach(() => {
    join().tell(victim.begins(), victim.actor('mesh'))
  })

  test.each([
    ['a source that has not begun', () => a.event('mesh', 'go')],
    ["another's source", () => new Teller('victim').event('mesh', 'go')],
    ["the end of another's source", () => new Teller('victim').gone()],
    ["another's actors", () => ({ ...a.event('mesh', 'go'), sessionId: 'victim/mesh' })],
    ["another's actor as its own", () => ({ ...a.actor('mesh'), sessionId: 'victim/mesh' })],
    ["another's facts", () => ({ ...a.facts('mesh'), sessionId: 'victim/mesh' })],
    ["a child of another's actor", () => a.actor('mesh', { parentId: 'victim/mesh' })],
    ["an actor in another's system", () => ({ ...a.actor('mesh'), rootId: 'victim/mesh' })],
    ["an event from another's actor", () => ({ ...a.event('mesh', 'go'), sourceId: 'victim/mesh' })],
    ['an actor of a source whose name only begins so', () => ({ ...a.actor('x'), sessionId: 'a2/x' })],
  ] as const)('does not tell of %s', (what, make) => {
    const { tell } = join()
    if (!what.includes('not begun')) tell(a.begins())
    const { told, outlet } = look()
    const before = told().length
    tell(make())
    expect(told()).toHaveLength(before)
    expect(hub.stats().drops.foreign).toBe(1)
    expect(outlet.hasGivenUp).toBe(false)
  })

  test('takes over a source only by beginning it, as after a lost socket; what the old socket says is not heard then', () => {
    const [old, fresh] = [join(), join()]
    const { told } = look()
    old.tell(a.begins(), a.actor('mesh'))
    fresh.tell(a.begins(), a.actor('mesh'))
    old.tell(a.event('mesh', 'old'))
    old.source.gone()
    fresh.tell(a.event('mesh', 'fresh'))
    expect(told().slice(2)).toEqual([
      'a source',
      'a/mesh is new',
      'a source-gone',
      'a source',
      'a/mesh is new',
      'a/mesh hears fresh',
    ])
    expect(hub.stats()).toMatchObject({ drops: { foreign: 1 }, sources: 2 })
  })

  test('does not take over what this process tells', () => {
    const local = join(true)
    local.tell(a.begins())
    join().tell(a.begins())
    local.tell(a.actor('mesh'))
    expect(look().told().slice(2)).toEqual(['a source', 'a/mesh is new'])
    expect(hub.stats().drops.foreign).toBe(1)
  })

  test('speaks for a few sources only', () => {
    const { tell } = join()
    for (let i = 0; i < 20; i++) tell(new Teller(`many ${i}`).begins())
    expect(hub.stats()).toMatchObject({ sources: 17, drops: { 'too-many-sources': 4 } })
  })

  test('does not fill the memory with large messages', () => {
    hub = makeHub({ limits: { messageSize: 1_000 } })
    join().tell(a.begins(), a.actor('mesh', { group: 'x'.repeat(1_000) }))
    expect(look().told()).toEqual(['a source'])
    expect(hub.stats().drops['too-large']).toBe(1)
  })

  /** A hundredth of what is remembered by default, and of what may wait for a viewer. */
  const smallHub = (): Hub => {
    const { historySize, registrySize, factsSize, verdictsSize } = DEFAULT_HUB_LIMITS
    const { merged, mergedSize, mostSize } = DEFAULT_BACKLOG_LIMITS
    return makeHub({
      limits: {
        historySize: historySize / 100,
        registrySize: registrySize / 100,
        factsSize: factsSize / 100,
        verdictsSize: verdictsSize / 100,
      },
      backlogLimits: { merged, mergedSize: mergedSize / 100, mostSize: mostSize / 100 },
    })
  }

  test.each([
    ['verdicts', (teller: Teller, i: number) => ({ ...teller.verdict(i), verdict: { all: 'x'.repeat(10_000) } })],
    ['facts', (teller: Teller, i: number) => ({ ...teller.facts(`mesh ${i}`), group: 'x'.repeat(10_000) })],
    ['actors', (teller: Teller, i: number) => teller.actor(`actor ${i}`, { group: 'x'.repeat(10_000) })],
  ])('does not keep everyone else from looking with large %s', (_, make) => {
    hub = smallHub()
    const { tell } = join()
    tell(a.begins())
    for (let i = 0; i < 400; i++) tell(make(a, i))
    const { outlet, told } = look()
    expect(told()[0]).toBe('a source')
    expect(outlet.hasGivenUp).toBe(false)
  })

  test('does not keep everyone else from looking with sources that have much to say of themselves', () => {
    hub = smallHub()
    for (let i = 0; i < 400; i++) join().tell({ ...new Teller(`s${i}`).begins(), detail: 'x'.repeat(10_000) })
    const { outlet, told } = look()
    expect(told()[0]).toBe('s0 source')
    expect(outlet.hasGivenUp).toBe(false)
  })

  test('with the last of all numbers is told to be gone all the same', () => {
    const { source, tell } = join()
    tell({ ...a.begins(), seq: Number.MAX_SAFE_INTEGER })
    source.gone()
    const { outlet, told } = look()
    expect(told().slice(2)).toEqual(['a source', 'a source-gone'])
    expect(outlet.messages.every(checkInspectorMessage)).toBe(true)
  })

  test('does not fill it with sources that come and go', () => {
    const { tell } = join()
    for (let i = 0; i < 10_000; i++) {
      const teller = new Teller(`s${i}`)
      tell(teller.begins(), teller.actor('mesh'), teller.facts('mesh'), teller.gone())
    }
    expect(hub.stats()).toMatchObject({ sources: 1 })
    expect(look().told().length).toBeLessThan(20_003)
  })

  test('is not heard any more when it is gone', () => {
    const { source, tell } = join()
    source.gone()
    tell(a.begins())
    expect(hub.stats().sources).toBe(1)
  })
})

test('messages that are lost on the way are counted by the gaps in their numbers', () => {
  const { tell } = join()
  tell(a.begins())
  a.lose(7)
  tell(a.actor('mesh'))
  a.lose(3)
  tell(a.event('mesh', 'go'))
  expect(hub.stats().lost).toBe(10)
  // A source that begins anew has told nothing in between.
  a.lose(100)
  tell(a.begins())
  expect(hub.stats().lost).toBe(10)
})
