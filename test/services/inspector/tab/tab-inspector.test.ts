import { beforeEach, describe, expect, test } from '@jest/globals'
import { createActor, createMachine } from 'xstate'
import { Inspection } from '../../../../src/services/inspector/inspection.ts'
import type { TabChannel, TabEvents } from '../../../../src/services/inspector/tab/channel.ts'
import { RunningTabInspector } from '../../../../src/services/inspector/tab/running-tab-inspector.ts'
import { readView } from '../../../../src/services/inspector/tab/view-message.ts'
import type { InspectorMessage } from '../../../../src/services/inspector/wire/messages.ts'
import { VirtualClock } from '../../../../src/testing/index.ts'
import { inWords } from '../support/collector.ts'

const light = createMachine({
  id: 'light',
  initial: 'red',
  states: { red: { on: { go: 'green' } }, green: { on: { stop: 'red' } } },
})

/** What is posted to a channel, without other tabs. */
class Posts implements TabChannel {
  onmessage: ((event: never) => void) | null = null
  readonly posts: InspectorMessage[][] = []
  isClosed = false

  postMessage(message: unknown): void {
    this.posts.push(message as InspectorMessage[])
  }

  close(): void {
    this.isClosed = true
  }

  /** As if another tab had posted it. */
  hear(data: unknown): void {
    this.onmessage?.({ data } as never)
  }

  get told(): string[] {
    return this.posts
      .flat()
      .map((message) => inWords(message).replace(/^[\da-f]{10}(\/\S+)?/, (_, id?: string) => (id ? 'light' : 'page')))
  }
}

let clock: VirtualClock
let channel: Posts
let hide: (() => void) | null
let tab: RunningTabInspector
let actor: ReturnType<typeof createActor<typeof light>>

beforeEach(() => {
  clock = new VirtualClock()
  channel = new Posts()
  hide = null
  const page: TabEvents = {
    addEventListener: (_, listener) => {
      hide = listener
    },
    removeEventListener: () => {
      hide = null
    },
  }
  tab = new RunningTabInspector({ channel, page, inspection: new Inspection({ clock, name: 'page' }), clock })
  actor = createActor(light).start()
  tab.watch(actor)
})

/** A tab that looks for so many milliseconds. */
function look(milliseconds: number, viewer?: string): void {
  for (let passed = 0; passed < milliseconds; passed += 1_000) {
    channel.hear({ type: 'webrtc.view', ...(viewer !== undefined && { viewer }) })
    clock.advance(Math.min(1_000, milliseconds - passed))
  }
}

describe('a page that is shown in another tab', () => {
  test('tells nothing while no tab looks', () => {
    actor.send({ type: 'go' })
    clock.advance(10_000)
    expect(channel.posts).toEqual([])
    expect(tab.isWatched).toBe(false)
    expect(clock.pending).toBe(0)
  })

  test('tells what is there when a tab looks, then what happens, until three seconds after it gave its last sign', () => {
    look(5_000, 'one')
    actor.send({ type: 'go' })
    clock.advance(1_900)
    expect(tab.isWatched).toBe(true)
    expect(channel.told).toEqual(['page source', 'light is red', 'light hears go', 'light green'])
    // Few posts, not one for each.
    expect(channel.posts).toHaveLength(2)
    clock.advance(200)
    expect(tab.isWatched).toBe(false)
    expect(channel.told.at(-1)).toBe('page source-gone')
    actor.send({ type: 'stop' })
    clock.advance(10_000)
    expect(channel.told).toHaveLength(5)
    expect(clock.pending).toBe(0)
  })

  test('tells everything again when another tab looks too', () => {
    look(1_000, 'one')
    look(1_000, 'two')
    look(1_000, 'one')
    expect(channel.told).toEqual(['page source', 'light is red', 'page source', 'light is red'])
    look(10_000, 'two')
    expect(tab.isWatched).toBe(true)
  })

  test('takes signs without a name for those of one tab', () => {
    look(10_000)
    expect(channel.told).toEqual(['page source', 'light is red'])
  })

  test('tells everything anew to a tab that comes back', () => {
    look(1_000, 'one')
    clock.advance(10_000)
    actor.send({ type: 'go' })
    look(1_000, 'one')
    expect(channel.told).toEqual(['page source', 'light is red', 'page source-gone', 'page source', 'light is green'])
  })

  test.each([
    null,
    'webrtc.view',
    { type: 'webrtc.watch' },
    { type: 'webrtc.view', viewer: 7 },
    { type: 'webrtc.view', viewer: 'x'.repeat(201) },
    [{ type: 'webrtc.view' }],
  ])('takes %j for no sign', (data) => {
    expect(readView(data)).toBeNull()
    channel.hear(data)
    expect(tab.isWatched).toBe(false)
  })

  test('has room for so many tabs, that may be anybody of the same origin', () => {
    for (let i = 0; i < 10_000; i++) channel.hear({ type: 'webrtc.view', viewer: String(i) })
    expect(clock.pending).toBeLessThan(100)
  })

  test.each([
    ['when the page goes away', () => hide?.()],
    [
      'when it is closed',
      () => {
        tab.close()
      },
    ],
  ])('tells the rest and that it is gone at once %s', (_, end) => {
    look(1_000, 'one')
    actor.send({ type: 'go' })
    end()
    expect(channel.told.slice(2)).toEqual(['light hears go', 'light green', 'page source-gone'])
    expect(tab.isWatched).toBe(false)
    expect(clock.pending).toBe(0)
  })

  test('a page that is shown again tells everything anew', () => {
    look(1_000, 'one')
    hide?.()
    look(1_000, 'one')
    expect(channel.told.slice(2)).toEqual(['page source-gone', 'page source', 'light is red'])
  })

  test('after its close nothing is left, and nothing is heard', () => {
    tab[Symbol.dispose]()
    expect(channel.isClosed).toBe(true)
    expect(hide).toBeNull()
    expect(channel.onmessage).toBeNull()
    expect(channel.posts).toEqual([])
    expect(() => tab.watch(actor)).toThrow(expect.objectContaining({ code: 'ERR_UNAVAILABLE' }))
  })
})
