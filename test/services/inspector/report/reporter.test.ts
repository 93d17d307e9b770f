import { beforeEach, describe, expect, test } from '@jest/globals'
import { createActor, createMachine } from 'xstate'
import { Hub } from '../../../../src/services/inspector/hub/hub.ts'
import { ReconnectingReporter } from '../../../../src/services/inspector/report/reconnecting-reporter.ts'
import type { ReporterState } from '../../../../src/services/inspector/report/reporter.ts'
import { parseInspectorMessages } from '../../../../src/services/inspector/wire/parse.ts'
import type { LobbyWebSocketConstructor } from '../../../../src/services/lobby/client/web-socket.ts'
import type { ServerSocket } from '../../../../src/services/lobby/server/core-options.ts'
import { VirtualClock } from '../../../../src/testing/index.ts'
import { MemorySockets } from '../../lobby/client/support/memory-sockets.ts'
import { Collector } from '../support/collector.ts'

const light = createMachine({
  id: 'light',
  initial: 'red',
  states: { red: { on: { go: 'green' } }, green: { on: { stop: 'red' } } },
})

let clock: VirtualClock
let sockets: MemorySockets
let hub: Hub
/** The inspector's ends of the sockets. */
let served: ServerSocket[]
let refused = 0

/** An inspector as its server is, on sockets in memory. */
function serve(): void {
  sockets.server = {
    choose: () => '',
    accept: (socket) => {
      served.push(socket)
      const source = hub.addSource({
        watch: (watch) => {
          socket.send(JSON.stringify(watch))
        },
      })
      return {
        message: (text) => {
          const parsed = parseInspectorMessages(text ?? '')
          if (!parsed.ok) refused++
          else for (const message of parsed.messages) source.receive(message)
        },
        closed: () => {
          source.gone()
        },
      }
    },
  }
}

function report(WebSocket: LobbyWebSocketConstructor = sockets.of('app')) {
  const reporter = new ReconnectingReporter({
    url: 'ws://inspector/report',
    name: 'app',
    WebSocket,
    clock,
    random: () => 1,
  })
  const states: ReporterState[] = []
  reporter.state$.subscribe((state) => states.push(state))
  return { reporter, states }
}

function look(): { outlet: Collector; leave: () => void } {
  const outlet = new Collector()
  const feed = hub.addFeed(outlet)
  return {
    outlet,
    leave: () => {
      hub.removeFeed(feed)
    },
  }
}

/** Without the source, which is another one each time. */
const words = ({ told }: Collector): string[] =>
  told.map((line) => line.replace(/^[\da-f]{10}(\/\S+)?/, (_, id: string = '') => (id === '' ? 'app' : 'light')))

beforeEach(() => {
  clock = new VirtualClock()
  served = []
  refused = 0
  hub = new Hub({ sampleInterval: 500, clock, epoch: () => clock.now() })
  sockets = new MemorySockets(clock, {
    choose: () => '',
    accept: () => ({ message: () => undefined, closed: () => undefined }),
  })
  serve()
})

describe('a reporter', () => {
  test('tells nothing while nobody looks, then what is there and what happens, then nothing again', () => {
    const { reporter, states } = report()
    const actor = createActor(light).start()
    reporter.watch(actor)
    clock.advance(1_000)
    actor.send({ type: 'go' })
    clock.advance(1_000)
    expect(hub.stats().messages).toBe(0)
    const { outlet, leave } = look()
    clock.advance(1_000)
    actor.send({ type: 'stop' })
    clock.advance(1_000)
    expect(words(outlet)).toEqual(['app source', 'light is green', 'light hears stop', 'light red'])
    leave()
    clock.advance(10_000)
    const { messages } = hub.stats()
    actor.send({ type: 'go' })
    clock.advance(10_000)
    expect(hub.stats().messages).toBe(messages)
    expect(states).toEqual(['connecting', 'idle', 'reporting', 'idle'])
    expect(refused).toBe(0)
  })

  test('tells everything anew after it lost its socket, and nothing of what happened meanwhile', () => {
    const { reporter, states } = report()
    const { outlet } = look()
    const actor = createActor(light).start()
    reporter.watch(actor)
    clock.advance(1_000)
    sockets.cut()
    actor.send({ type: 'go' })
    clock.advance(5_000)
    expect(words(outlet)).toEqual(['app source', 'light is red', 'app source-gone', 'app source', 'light is green'])
    expect(new Set(outlet.messages.map(({ source }) => source)).size).toBe(1)
    expect(states).toEqual(['connecting', 'reporting', 'waiting', 'connecting', 'reporting'])
  })

  test('looks for an inspector that is not there, less and less often, but at least every 5 s', () => {
    sockets.isDown = true
    report()
    clock.advance(4_000)
    const often = sockets.made
    expect(often).toBeGreaterThanOrEqual(3)
    clock.advance(60_000)
    const seldom = sockets.made - often
    expect(seldom).toBeGreaterThanOrEqual(11)
    expect(seldom).toBeLessThanOrEqual(14)
    sockets.isDown = false
    clock.advance(6_000)
    expect(served).toHaveLength(1)
  })

  test('gives up a socket that does not open', () => {
    class Silent {
      static made = 0
      readonly protocol = ''
      onopen = null
      onmessage = null
      onerror = null
      onclose = null
      constructor() {
        Silent.made++
      }
      send(): void {
        throw new Error('not open')
      }
      close(): void {
        // Nobody answers.
      }
    }
    const { states } = report(Silent)
    clock.advance(5_001)
    expect(states).toEqual(['connecting', 'waiting'])
    clock.advance(1_000)
    expect(Silent.made).toBe(2)
  })

  test('waits where no socket can be made at all', () => {
    const { states } = report(function () {
      throw new Error('not allowed')
    } as unknown as LobbyWebSocketConstructor)
    expect(states).toEqual(['waiting'])
  })

  test.each([
    'hello',
    '[]',
    '{"type":"webrtc.watch"}',
    '{"type":"webrtc.watch","active":1,"sampleInterval":500}',
    'null',
  ])('takes %s from an inspector for nothing', (text) => {
    const { states } = report()
    clock.advance(100)
    served[0]?.send(text)
    clock.advance(1_000)
    expect(states).toEqual(['connecting', 'idle'])
  })

  test('does not hold without end what an inspector does not take, and tells in the end how it is', () => {
    let buffered = 0
    const { reporter } = report(
      class extends sockets.of('app') {
        get bufferedAmount(): number {
          return buffered
        }
      },
    )
    const { outlet } = look()
    const actor = createActor(light).start()
    reporter.watch(actor)
    clock.advance(1_000)
    buffered = 10_000_000
    for (let i = 0; i < 12_000; i++) actor.send({ type: i % 2 === 0 ? 'go' : 'stop' })
    actor.send({ type: 'go' })
    clock.advance(1_000)
    expect(outlet.messages).toHaveLength(2)
    buffered = 0
    clock.advance(1_000)
    expect(words(outlet).at(-1)).toBe('light green')
    // What waited was merged, more than once.
    expect(outlet.messages.length).toBeLessThan(12_000)
    expect(hub.stats().lost).toBe(24_002 - (outlet.messages.length - 2))
  })
})

describe('the end of a reporter', () => {
  test('tells the rest and that it is gone; nothing is left', async () => {
    const { reporter, states } = report()
    const { outlet } = look()
    const actor = createActor(light).start()
    reporter.watch(actor)
    clock.advance(1_000)
    actor.send({ type: 'go' })
    const closed = reporter.close()
    clock.advance(1_000)
    await closed
    expect(words(outlet)).toEqual(['app source', 'light is red', 'light hears go', 'light green', 'app source-gone'])
    expect(states.at(-1)).toBe('closed')
    expect(sockets.open.size).toBe(0)
    expect(reporter.close()).toBe(closed)
    clock.advance(60_000)
    expect(sockets.made).toBe(1)
    expect(clock.pending).toBe(0)
    expect(() => reporter.watch(actor)).toThrow(expect.objectContaining({ code: 'ERR_UNAVAILABLE' }))
  })

  test.each([
    ['while it connects', 0],
    ['while it waits', 100],
  ])('%s', async (_, milliseconds) => {
    sockets.isDown = true
    const { reporter, states } = report()
    clock.advance(milliseconds)
    const closed = reporter.close()
    clock.advance(1_000)
    await closed
    expect(states.at(-1)).toBe('closed')
    clock.advance(60_000)
    expect(sockets.made).toBe(1)
    expect(clock.pending).toBe(0)
  })

  test.each<ReporterState>(['connecting', 'waiting', 'idle', 'reporting'])(
    'by whoever hears that it is %s',
    async (state) => {
      const { reporter } = report()
      if (state === 'reporting') look()
      const states: ReporterState[] = []
      let closed: Promise<void> | undefined
      clock.advance(state === 'idle' || state === 'reporting' ? 0 : 1_000)
      reporter.state$.subscribe((now) => {
        states.push(now)
        if (now === state) closed ??= reporter.close()
      })
      sockets.cut()
      clock.advance(10_000)
      await closed
      const { made } = sockets
      clock.advance(60_000)
      expect(states.slice(-2)).toEqual([state, 'closed'])
      expect(reporter.state).toBe('closed')
      expect(sockets.made).toBe(made)
      expect(sockets.open.size).toBe(0)
      expect(clock.pending).toBe(0)
    },
  )
})
