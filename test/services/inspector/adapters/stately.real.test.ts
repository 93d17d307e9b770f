import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createWebSocketInspector, createWebSocketReceiver, type StatelyInspectionEvent } from '@statelyai/inspect'
import { createInspectorServer } from '@statelyai/inspect/server'
import { WebSocket } from 'ws'
import { type AnyStateMachine, createActor, createMachine, type StateValue } from 'xstate'
import { Session } from '../../../../src/inspector-page/model/session.ts'
import type { Inspector } from '../../../../src/services/inspector/server/inspector.ts'
import { startInspector } from '../../../../src/services/inspector/server/start-inspector.ts'
import { WebRTCMultiplayerPeer } from '../../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { addPartner, simulatedWorld } from '../../../support/mesh-world.ts'
import { waitFor } from '../../../support/real-time.ts'
import { TestPage } from '../support/page.ts'
import { RawSocket } from '../support/raw-socket.ts'
import { Teller } from '../support/teller.ts'
import { crossing } from './support/light.ts'

let page: TestPage
let inspector: Inspector
const ends: (() => unknown)[] = []

beforeAll(async () => {
  page = await TestPage.make()
})
beforeEach(async () => {
  inspector = await startInspector({ port: 0, page: page.directory })
  ends.push(() => inspector.close())
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
afterAll(() => page.remove())

const viewUrl = (query: string): string => `ws://${new URL(inspector.url).host}/view?${query}`

describe('the inspector of @statelyai/inspect in Node, at our server', () => {
  test('what it tells is seen in the page, and ends with its socket', async () => {
    const viewer = await RawSocket.view(inspector.url)
    ends.push(() => viewer.end())
    const theirs = createWebSocketInspector({ url: `${inspector.reportUrl}?name=crossing` })
    const actor = createActor(crossing, { inspect: theirs.inspect }).start()
    actor.send({ type: 'PRESS' })
    const seen = (): Session => {
      const session = new Session()
      session.applyAll(viewer.messages)
      return session
    }
    const named = (name: string) => [...seen().actors.values()].find((each) => each.name === name)
    await waitFor(() => named('light')?.snapshot.value === 'green', 'the light is green')
    const { source = '', parentId, machine } = named('light') ?? {}
    expect(parentId).toBe(named('crossing')?.sessionId)
    expect(seen().sources.get(source)).toMatchObject({ name: 'crossing', platform: 'node', version: '0.7.2' })
    expect(seen().machines.get(machine ?? '')?.states?.['red']).toMatchObject({
      on: { GO: [{ target: ['#light.green'] }] },
    })
    expect(inspector.stats()).toMatchObject({ reporters: 1, lost: 0, drops: { invalid: 0, foreign: 0 } })
    theirs.stop()
    await waitFor(() => seen().sources.get(source)?.isGone === true, 'it is gone')
  })

  test('two of them are two sources, though their actors have the same ids', async () => {
    const viewer = await RawSocket.view(inspector.url)
    ends.push(() => viewer.end())
    for (const shop of ['tea', 'milk']) {
      const theirs = createWebSocketInspector({ url: inspector.reportUrl })
      theirs.actor('x:0', { context: { shop } })
      ends.push(() => theirs.stop())
    }
    const actors = (): unknown[] =>
      viewer.messages.flatMap((message) =>
        message.type === '@xstate.actor' ? [message.snapshot.context?.['shop']] : [],
      )
    await waitFor(() => actors().length === 2, 'both are there')
    expect(actors().sort()).toEqual(['milk', 'tea'])
    expect(new Set(viewer.messages.map(({ source }) => source)).size).toBe(2)
  })

  test('what it sends that is no message is dropped and counted, and what comes after is heard', async () => {
    const viewer = await RawSocket.view(inspector.url)
    const reporter = await RawSocket.report(inspector.reportUrl)
    ends.push(() => {
      viewer.end()
      reporter.end()
    })
    const told = {
      type: '@xstate.actor',
      _version: '0.7.2',
      sessionId: 'x:0',
      name: 'player',
      snapshot: { status: 'active' },
    }
    for (const frame of [
      '{}',
      '{',
      ' {"type":"@xstate.actor"}',
      JSON.stringify({ ...told, snapshot: { status: 7 } }),
    ]) {
      reporter.socket.send(frame)
    }
    reporter.socket.send(JSON.stringify(told))
    await waitFor(() => viewer.messages.length === 2, 'the last one is heard')
    expect(viewer.messages[1]).toMatchObject({ name: 'player' })
    expect(inspector.stats().drops.invalid).toBe(4)
  })
})

describe('the receiver of @statelyai/inspect, at our server', () => {
  /** What it was told, with each actor's machine rebuilt by XState 5 and its state resolved in it. */
  class Receiver {
    readonly told: StatelyInspectionEvent[] = []
    readonly machines = new Map<string, AnyStateMachine>()
    readonly states = new Map<string, unknown[]>()
    readonly names = new Map<string, string>()

    constructor(server: string) {
      createWebSocketReceiver({ server }).subscribe((event) => {
        this.take(event)
      })
    }

    take(event: StatelyInspectionEvent): void {
      this.told.push(event)
      const { sessionId } = event
      if (event.type === '@xstate.actor') {
        this.machines.set(sessionId, createMachine(JSON.parse(event.definition ?? '') as never) as AnyStateMachine)
        this.names.set(event.name, sessionId)
        this.states.set(sessionId, [])
      }
      if (event.type === '@xstate.event') return
      const { value, status } = event.snapshot as { readonly value?: StateValue; readonly status: string }
      const resolved: unknown =
        value === undefined ? status : this.machines.get(sessionId)?.resolveState({ value } as never).value
      this.states.get(sessionId)?.push(status === 'active' ? resolved : status)
    }

    /** The states of an actor by its name, one after the other. */
    of(name: string): unknown[] {
      return this.states.get(this.names.get(name) ?? '') ?? []
    }
  }

  test('has the machines of a mesh, follows their states, and sees them end', async () => {
    const world = simulatedWorld()
    const mesh = new WebRTCMultiplayerPeer(world.options)
    mesh.createMesh(1)
    const watch = inspector.watch(mesh, { name: 'mesh of one' })
    const receiver = new Receiver(viewUrl('format=stately'))
    await waitFor(() => receiver.of('mesh of one').length > 0, 'it has the mesh')
    await addPartner(world, mesh, 2).open()
    await waitFor(() => receiver.of('peer:2').includes('connected'), 'the peer is connected')
    expect(receiver.told.find((event) => event.type === '@xstate.actor' && event.name === 'peer:2')).toMatchObject({
      parentId: receiver.names.get('mesh of one'),
      definition: expect.stringContaining('"id":"peer"'),
    })
    expect(new Set(receiver.told.map(({ type }) => type))).toEqual(
      new Set(['@xstate.actor', '@xstate.event', '@xstate.snapshot']),
    )
    mesh.removePeer(2)
    await waitFor(
      () => receiver.of('peer:2').includes('stopped') || receiver.of('peer:2').includes('done'),
      'the peer is gone',
    )
    expect(receiver.of('mesh of one')).not.toContain('stopped')
    watch[Symbol.dispose]()
    await waitFor(() => receiver.of('mesh of one').at(-1) === 'stopped', 'it is not watched any more')
    mesh[Symbol.dispose]()
  })

  test('hears of processes that report, and of their end', async () => {
    const reporter = createWebSocketInspector({ url: inspector.reportUrl })
    reporter.actor('player', { value: {}, context: { track: 1 } })
    const receiver = new Receiver(viewUrl('format=stately'))
    await waitFor(() => receiver.told.length > 0, 'it has the actor')
    expect(receiver.told[0]).toMatchObject({ name: 'player', snapshot: { context: { track: 1 } } })
    reporter.stop()
    await waitFor(() => receiver.of('player').at(-1) === 'stopped', 'it has stopped')
    expect(inspector.stats()).toMatchObject({ viewers: 1, reporters: 0 })
  })

  test('also through the server of @statelyai/inspect, as its page is told', async () => {
    const port = await freePort()
    const server = createInspectorServer({ port, autoOpen: false })
    ends.push(() => server.stop())
    // The bridge of docs/inspector.md.
    const ours = new WebSocket(viewUrl('format=stately'))
    const theirs = new WebSocket(`ws://localhost:${port}`)
    ends.push(() => {
      ours.terminate()
      theirs.terminate()
    })
    await Promise.all([once(ours, 'open'), once(theirs, 'open')])
    ours.on('message', (data: Buffer) => {
      theirs.send(data.toString())
    })
    const receiver = new RawSocket(`ws://localhost:${port}`)
    ends.push(() => receiver.end())
    const mesh = new WebRTCMultiplayerPeer()
    ends.push(() => mesh[Symbol.dispose]())
    mesh.createMesh(7)
    inspector.watch(mesh, { name: 'seven' })
    await waitFor(() => receiver.frames.length > 0, 'it is told')
    expect(receiver.frames[0]).toMatchObject({ type: '@xstate.actor', name: 'seven', snapshot: { value: 'connected' } })
  })
})

describe('who may look in these forms', () => {
  test('programs on this machine and the own page, in forms that there are', async () => {
    const { origin } = new URL(inspector.url)
    for (const format of ['stately', 'xstate4']) {
      const url = viewUrl(`format=${format}`)
      expect(await RawSocket.statusOf(url)).toBe(101)
      expect(await RawSocket.statusOf(url, { origin })).toBe(101)
      expect(await RawSocket.statusOf(url, { origin: 'https://attacker.example' })).toBe(403)
      expect(await RawSocket.statusOf(url, { origin: 'http://localhost:5173' })).toBe(403)
      expect(await RawSocket.statusOf(url, { headers: { host: 'attacker.example' } })).toBe(403)
    }
    expect(await RawSocket.statusOf(viewUrl('format=other'), { origin })).toBe(404)
    expect(await RawSocket.statusOf(viewUrl('format='), { origin })).toBe(404)
  })

  test('with the token where there is one', async () => {
    const token = 'a-token-of-some-length'
    const guarded = await startInspector({ port: 0, page: page.directory, token })
    ends.push(() => guarded.close())
    const url = `ws://${new URL(guarded.url).host}/view?format=stately`
    expect(await RawSocket.statusOf(url)).toBe(401)
    expect(await RawSocket.statusOf(`${url}&token=${token}`)).toBe(101)
    expect(await RawSocket.statusOf(`${url}&token=${token}`, { origin: 'https://attacker.example' })).toBe(403)
  })

  test('nobody for whom more waits than 64 MiB: each actor comes with its whole machine', async () => {
    const viewer = await RawSocket.report(viewUrl('format=stately'))
    const reporter = await RawSocket.report(inspector.reportUrl)
    const teller = new Teller('many')
    const definition = JSON.stringify({ id: 'large', states: {}, description: 'x'.repeat(400_000) })
    reporter.tell(teller.begins(), teller.actor('first', { machine: 'large', definition }))
    await waitFor(() => viewer.frames.length === 1, 'it hears of the first')
    reporter.tell(...Array.from({ length: 500 }, (_, i) => teller.actor(`peer ${i}`, { machine: 'large' })))
    expect(await viewer.closed()).toBe(1013)
    expect(viewer.frames.length).toBeLessThan(200)
    reporter.end()
  })

  test('there is room for so many', async () => {
    for (let i = 0; i < 32; i++) {
      const viewer = await RawSocket.report(viewUrl('format=xstate4'))
      ends.push(() => viewer.end())
    }
    expect(await RawSocket.statusOf(viewUrl('format=xstate4'))).toBe(503)
    expect(await RawSocket.statusOf(viewUrl('format=stately'))).toBe(101)
    await waitFor(() => inspector.stats().viewers === 32, 'they are counted')
  })
})

/** Of this machine; whoever asked has it again in a moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
