import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { WebSocket } from 'ws'
import { Session } from '../../../../src/inspector-page/model/session.ts'
import type { Inspector } from '../../../../src/services/inspector/server/inspector.ts'
import { startInspector } from '../../../../src/services/inspector/server/start-inspector.ts'
import { WebRTCMultiplayerPeer } from '../../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { addPartner } from '../../../support/mesh-world.ts'
import { realWorld } from '../../../support/real-world.ts'
import { waitFor } from '../../../support/real-time.ts'
import { TestPage } from '../support/page.ts'
import { RawSocket } from '../support/raw-socket.ts'
import { Forked } from './forked.ts'

/** What the receiver has made of what it was told. */
interface Rebuilt {
  readonly type: string
  readonly sessionId: string
  readonly id?: string
  readonly parent?: string
  readonly machine?: string
  readonly states?: readonly string[]
  readonly value?: unknown
  readonly context?: unknown
  readonly done?: boolean
  readonly nextEvents?: readonly string[]
  readonly event?: string
  readonly by?: string
}

let page: TestPage
let inspector: Inspector
const ends: (() => unknown)[] = []

beforeAll(async () => {
  page = await TestPage.make()
  inspector = await startInspector({ port: 0, page: page.directory })
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
afterAll(async () => {
  await inspector.close()
  await page.remove()
})

function forked<News>(script: string, ...args: readonly string[]): Forked<News> {
  const child = new Forked<News>(script, ...args)
  ends.push(() => child.kill())
  return child
}

function receiver(): Forked<Rebuilt> {
  return forked<Rebuilt>('receiver.mjs', `${new URL(inspector.url).host}/view?format=xstate4`)
}

describe('the receiver of @xstate/inspect, with XState 4, at our server', () => {
  test('rebuilds the machines of a mesh, follows their states, and sees them stop', async () => {
    const mesh = new WebRTCMultiplayerPeer()
    ends.push(() => mesh[Symbol.dispose]())
    mesh.createMesh(1)
    inspector.watch(mesh, { name: 'one' })
    const viewer = receiver()
    const { news } = viewer
    const registered = (id: string): Rebuilt | undefined =>
      news.find((told) => told.type === 'service.register' && told.id === id)
    await waitFor(() => registered('one') !== undefined, 'it has the mesh')
    const one = registered('one')
    expect(one).toMatchObject({ machine: 'mesh', value: 'connected', done: false })
    expect(one?.states).toContain('mesh.connected')

    const partner = addPartner(realWorld, mesh, 2)
    ends.push(() => partner.connection.close())
    await partner.open()
    await waitFor(() => registered('peer:2') !== undefined, 'it has the peer')
    const peer = registered('peer:2')
    const states = (): unknown[] =>
      news.filter(({ type, sessionId }) => type === 'service.state' && sessionId === peer?.sessionId)
    expect(peer).toMatchObject({ machine: 'peer', parent: one?.sessionId, context: { id: 2 } })
    await waitFor(() => states().some((told) => (told as Rebuilt).value === 'connected'), 'the peer is connected')

    mesh.removePeer(2)
    const stops = (): (string | undefined)[] =>
      news.filter(({ type }) => type === 'service.stop').map(({ sessionId }) => sessionId)
    await waitFor(() => stops().includes(peer?.sessionId ?? ''), 'the peer has stopped')
    mesh[Symbol.dispose]()
    await waitFor(() => stops().includes(one?.sessionId ?? ''), 'the mesh has stopped')
    const types = news.filter(({ sessionId }) => sessionId === peer?.sessionId).map(({ type }) => type)
    expect([types[0], types.at(-1)]).toEqual(['service.register', 'service.stop'])
    expect(types.filter((type) => type === 'service.event').length).toBeGreaterThan(3)
    // Nothing was unknown to XState 4: of a machine or a state that it cannot take it says so.
    expect(viewer.errors).toBe('')
  })

  test('who comes late is told what there is, when it says that it looks and not before', async () => {
    const mesh = new WebRTCMultiplayerPeer()
    ends.push(() => mesh[Symbol.dispose]())
    mesh.createServer()
    const { [Symbol.dispose]: unwatch } = inspector.watch(mesh, { name: 'late' })
    ends.push(() => unwatch())
    const host = new URL(inspector.url).host
    const silent = await RawSocket.report(`ws://${host}/view?format=xstate4`)
    ends.push(() => silent.end())
    const { news } = receiver()
    await waitFor(() => news.some(({ id }) => id === 'late'), 'it has the mesh')
    expect(silent.frames).toEqual([])
    silent.socket.send('{"type":"xstate.inspecting"}')
    silent.socket.send('{"type":"xstate.inspecting"}')
    silent.socket.send('no JSON')
    await waitFor(() => silent.frames.length > 0, 'it is told when it asks')
    const meshes = silent.frames.filter((told) => (told as Rebuilt).id === 'late')
    expect(meshes).toHaveLength(1)
  })

  test('an event that it wants an actor to get is refused, and counted', async () => {
    const mesh = new WebRTCMultiplayerPeer()
    ends.push(() => mesh[Symbol.dispose]())
    mesh.createMesh(1)
    inspector.watch(mesh, { name: 'asked' })
    const viewer = receiver()
    await waitFor(() => viewer.news.some(({ id }) => id === 'asked'), 'it has the mesh')
    const before = inspector.stats().drops.dispatch
    const origin = viewer.news.find(({ id }) => id === 'asked')?.sessionId
    const event = JSON.stringify({ name: 'close', data: { type: 'close' }, $$type: 'scxml', type: 'external', origin })
    viewer.tell({ type: 'xstate.event', event, service: origin })
    await waitFor(() => inspector.stats().drops.dispatch === before + 1, 'it is counted')
    expect(mesh.connectionStatus).toBe(2)
    const partner = addPartner(realWorld, mesh, 2)
    ends.push(() => partner.connection.close())
    await waitFor(() => viewer.news.some(({ id }) => id === 'peer:2'), 'it is told as before')
  })
})

describe('the server of @xstate/inspect, in an application with XState 4', () => {
  /** The bridge of docs/inspector.md. */
  async function bridge(port: number): Promise<WebSocket> {
    const application = new WebSocket(`ws://localhost:${port}`)
    const reporting = new WebSocket(`${inspector.reportUrl}?name=shop`)
    ends.push(() => {
      application.terminate()
      reporting.terminate()
    })
    await Promise.all([once(application, 'open'), once(reporting, 'open')])
    application.on('message', (data: Buffer) => {
      reporting.send(data.toString())
    })
    application.on('close', () => reporting.close())
    application.send('{"type":"xstate.inspecting"}')
    return application
  }

  test('its services are seen in our page: machines, states, events, ends', async () => {
    const application = forked<{ port: number }>('application.mjs')
    await waitFor(() => application.news.length > 0, 'it listens')
    const viewer = await RawSocket.view(inspector.url)
    ends.push(() => viewer.end())
    const invalid = inspector.stats().drops.invalid
    await bridge(application.news[0]?.port ?? 0)
    const seen = (): Session => {
      const session = new Session()
      session.applyAll(viewer.messages)
      return session
    }
    const actor = (machine: string): ReturnType<typeof find> => find(seen(), machine)
    await waitFor(() => actor('crossing') !== undefined && actor('light') !== undefined, 'both services are there')
    expect(actor('crossing')).toMatchObject({
      kind: 'other',
      group: 'shop',
      snapshot: { value: 'busy', context: { presses: 0 } },
    })

    application.tell({ what: 'send', event: { type: 'PRESS' } })
    await waitFor(() => actor('light')?.snapshot.value === 'green', 'the light is green')
    const session = seen()
    expect(find(session, 'crossing')?.snapshot.value).toBe('waiting')
    const led = session.log.findLast(({ text }) => text === 'red → green')
    expect(session.log[led?.causedBy ?? -1]).toMatchObject({ kind: 'event', text: 'GO' })
    const { source = '' } = find(session, 'light') ?? {}
    expect(session.sources.get(source)).toMatchObject({ name: 'shop', platform: 'node' })
    expect(session.machines.get(`${source} crossing`)?.states?.['busy']?.on).toEqual({
      PRESS: [{ target: ['#crossing.waiting'], guard: 'isAllowed', actions: ['xstate.send'] }],
    })
    expect(session.machines.get(`${source} light`)?.states?.['green']).toEqual({
      id: 'light.green',
      after: { 60000: [{ target: ['#light.red'] }] },
      on: { STOP: [{ target: ['#light.red'] }] },
    })

    application.tell({ what: 'send', event: { type: 'END' } })
    await waitFor(() => actor('crossing')?.snapshot.status === 'done', 'it has ended')
    await waitFor(() => actor('light')?.endedAt !== null, 'and its light with it')
    application.tell({ what: 'end' })
    await waitFor(() => seen().sources.get(source)?.isGone === true, 'the application is gone')
    expect(inspector.stats().drops.invalid).toBe(invalid)
    expect(application.errors).toBe('')
  })

  test('a service that is stopped, and begins while it is inspected', async () => {
    const application = forked<{ port: number }>('application.mjs')
    await waitFor(() => application.news.length > 0, 'it listens')
    const viewer = await RawSocket.view(inspector.url)
    ends.push(() => viewer.end())
    await bridge(application.news[0]?.port ?? 0)
    const told = (): string[] =>
      viewer.messages.flatMap((message) =>
        message.type === '@xstate.snapshot'
          ? [`${message.snapshot.status} ${JSON.stringify(message.snapshot.value)}`]
          : [],
      )
    await waitFor(
      () => viewer.messages.some((message) => message.type === '@xstate.actor' && message.machine === 'light'),
      'it is there',
    )
    application.tell({ what: 'stop' })
    await waitFor(() => told().filter((line) => line === 'stopped "busy"').length > 0, 'it has stopped')
    application.tell({ what: 'start' })
    const names = (): string[] =>
      viewer.messages.flatMap((message) => (message.type === '@xstate.actor' ? [message.name] : []))
    await waitFor(() => names().includes('crossing of tomorrow'), 'another one has begun')
  })
})

function find(session: Session, machine: string) {
  return [...session.actors.values()].findLast((actor) => actor.machine?.endsWith(` ${machine}`) === true)
}
