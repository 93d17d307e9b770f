import { describe, expect, test } from '@jest/globals'
import { createBrowserInspector } from '@statelyai/inspect'
import { createActor, createMachine, sendTo } from 'xstate'
import { PostMessageInput } from '../../../src/inspector-page/inputs/post-message-input.ts'
import { VirtualClock } from '../../../src/transport/simulated/virtual-clock.ts'
import { Session } from '../../../src/inspector-page/model/session.ts'

const light = createMachine({
  id: 'light',
  initial: 'red',
  states: { red: { on: { GO: 'green' } }, green: { on: { STOP: 'red' } } },
})
const crossing = createMachine({
  id: 'crossing',
  initial: 'busy',
  invoke: { src: light, id: 'light' },
  states: {
    busy: { on: { PRESS: { target: 'waiting', actions: sendTo('light', { type: 'GO' }) } } },
    waiting: { type: 'final' },
  },
})

type Listener = (event: { readonly data: unknown; readonly source: unknown; readonly origin: string }) => void

/** As much of a window as two pages need to talk to each other; there is no DOM here. */
class Pane {
  readonly #listeners = new Set<Listener>()
  /** The other page, which is who posts here. */
  other: Pane | null = null

  addEventListener(_type: 'message', listener: Listener): void {
    this.#listeners.add(listener)
  }

  removeEventListener(_type: 'message', listener: Listener): void {
    this.#listeners.delete(listener)
  }

  postMessage(data: unknown): void {
    this.postFrom(this.other, data)
  }

  postFrom(source: Pane | null, data: unknown): void {
    for (const listener of this.#listeners) listener({ data, source, origin: 'http://app.example' })
  }
}

/** An application's page, and this page, which it has opened. */
function opened(): { app: Pane; page: Pane; session: Session; clock: VirtualClock; end: () => void } {
  const [app, page] = [new Pane(), new Pane()]
  app.other = page
  page.other = app
  Object.assign(app, { open: () => page })
  Object.assign(page, { opener: app, self: page, top: page })
  const clock = new VirtualClock()
  const input = PostMessageInput.of(page as unknown as Window, clock)
  if (!input) throw new Error('no opener')
  const session = new Session()
  const end = input.start({
    messages: (messages) => session.applyAll(messages),
    state: (state) => expect(state).toBe('open'),
    restart: () => expect('a page').toBe('never restarted'),
    missed: () => undefined,
  })
  return { app, page, session, clock, end }
}

describe('a page that was opened by an application with @statelyai/inspect', () => {
  test('its system is seen as one of ours: actors, charts, events, states, ends', async () => {
    const { app, page, session, end } = opened()
    const inspector = createBrowserInspector({ window: app as never, url: 'http://localhost/' })
    // The page says that it is there when it is loaded, which here it was before.
    app.postMessage({ type: '@statelyai.connected' })
    const actor = createActor(crossing, { inspect: inspector.inspect }).start()
    actor.send({ type: 'PRESS' })
    // The package converts later, in a timer for each event, all of which come before this one.
    await new Promise((resolve) => setTimeout(resolve, 0))

    expect([...session.sources.values()]).toEqual([expect.objectContaining({ detail: 'http://app.example' })])
    const [parent, child] = [...session.actors.values()]
    expect(parent).toMatchObject({ name: 'crossing', parentId: null, kind: 'other', endedAt: expect.any(Number) })
    expect(parent?.snapshot).toMatchObject({ value: 'waiting', status: 'done' })
    expect(child).toMatchObject({ name: 'light', parentId: parent?.sessionId, snapshot: { value: 'green' } })
    expect(session.machines.get(child?.machine ?? '')?.states?.['red']?.on).toEqual({
      GO: [{ target: ['#light.green'] }],
    })
    const led = session.log.find(({ text }) => text === 'red → green')
    expect(session.log[led?.causedBy ?? -1]).toMatchObject({ kind: 'event', text: 'GO' })

    end()
    const { version } = session
    page.postMessage({ type: '@xstate.event', _version: '1', sessionId: 'x:1', event: { type: 'A' } })
    expect(session.version).toBe(version)
  })

  test('others who post to it, and what is no message, are not listened to', () => {
    const { page, session, end } = opened()
    const message = { type: '@xstate.actor', _version: '1', createdAt: '1', rootId: 'x:0', sessionId: 'x:0', name: 'a' }
    page.postFrom(new Pane(), { ...message, snapshot: { status: 'active' } })
    for (const data of [null, 7, 'text', {}, [], { type: 'x' }, { type: '@xstate.actor', _version: 7 }])
      page.postMessage(data)
    expect(session.version).toBe(0)
    page.postMessage({ ...message, snapshot: { status: 'active' } })
    expect(session.actors.size).toBe(1)
    end()
  })
})

test('an application that did not hear that the page is there hears it again, until it tells something', () => {
  const { app, page, clock, end } = opened()
  let heard = 0
  app.addEventListener('message', () => heard++)
  page.postMessage('of something else')
  clock.advance(999)
  expect(heard).toBe(0)
  clock.advance(1)
  expect(heard).toBe(2)
  page.postMessage({
    type: '@xstate.actor',
    _version: '1',
    sessionId: 'x:1',
    name: 'a',
    snapshot: { status: 'active' },
  })
  clock.advance(10_000)
  expect(heard).toBe(2)
  end()

  const other = opened()
  other.end()
  expect([clock.pending, other.clock.pending]).toEqual([0, 0])
})

test('a page that nobody has opened asks nobody', () => {
  const page = new Pane()
  Object.assign(page, { opener: null, self: page, top: page })
  expect(PostMessageInput.of(page as unknown as Window)).toBe(null)
})
