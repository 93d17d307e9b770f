import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { joinLobby, type JoinedLobby } from '../../src/lobby.ts'
import { createLobbyServer, type LobbyServer } from '../../src/lobby-server.ts'
import { MultiplayerAPI, rpc, string, vector2 } from '../../src/multiplayer-api.ts'
import { Vector2 } from '../../src/variant.ts'
import { ExampleServer } from '../examples/support/example-server.ts'
import { GodotLobbyClient } from '../examples/support/godot-lobby-client.ts'
import { waitFor } from '../support/real-time.ts'

let server: LobbyServer
beforeAll(async () => {
  server = await createLobbyServer({ port: 0 })
})
afterAll(() => server.close())

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()))
})

async function game(lobby: string, mesh: boolean): Promise<GodotLobbyClient> {
  const client = GodotLobbyClient.join(server.url, lobby, mesh)
  ends.push(() => client.leave())
  await waitFor(() => client.joined !== null, 'the game is in the lobby')
  return client
}

async function here(lobby: string, create: boolean): Promise<{ joined: JoinedLobby; api: MultiplayerAPI }> {
  const joined = await joinLobby(server.url, { lobby, ...(create && { create: true }) })
  const api = new MultiplayerAPI(joined.peer)
  ends.push(async () => {
    await joined.leave()
    await api.close()
  })
  return { joined, api }
}

/** The methods of the documentation's node. */
function declareMain(api: MultiplayerAPI) {
  const said: string[] = []
  const main = api.node('/root/Main', {
    say: rpc({ permission: 'any-peer', args: [string] }, (text, { from }) => said.push(`${from} ${text}`)),
  })
  return { main, said }
}

async function expectTalk(one: MultiplayerAPI, other: MultiplayerAPI): Promise<void> {
  await waitFor(
    () => one.getPeers().includes(other.uniqueId) && other.getPeers().includes(one.uniqueId),
    'they know each other',
  )
  const [left, right] = [declareMain(one), declareMain(other)]
  const bytes: number[] = []
  other.peerPacket$.subscribe(({ peer }) => bytes.push(peer))
  one.peerPacket$.subscribe(({ peer }) => bytes.push(peer))
  left.main.say.to(other.uniqueId)('hello')
  right.main.say.to(one.uniqueId)('good day')
  one.sendBytes(Uint8Array.of(1), { to: other.uniqueId })
  other.sendBytes(Uint8Array.of(2), { to: one.uniqueId })
  await waitFor(() => left.said.length + right.said.length + bytes.length === 4, 'all is said')
  expect([left.said, right.said]).toEqual([[`${other.uniqueId} good day`], [`${one.uniqueId} hello`]])
  expect(bytes.sort()).toEqual([one.uniqueId, other.uniqueId].sort())
}

describe('the signaling script of docs/godot.md', () => {
  test.each([
    { mesh: true, first: '{"data":"","id":0,"type":0}', flag: 'true' },
    { mesh: false, first: '{"data":"","id":1,"type":0}', flag: '' },
  ])('a game makes a lobby (mesh: $mesh), a TypeScript peer joins it and offers', async ({ mesh, first, flag }) => {
    const host = await game('', mesh)
    const name = host.joined?.lobby ?? ''
    expect(host.sent).toEqual([first])
    expect(host.heard).toEqual([`{"type":1,"id":1,"data":"${flag}"}`, `{"type":0,"id":0,"data":"${name}"}`])
    const { joined, api } = await here(name, false)
    expect(joined.mode).toBe(mesh ? 'mesh' : 'client-server')
    await expectTalk(host.multiplayer, api)
    expect(host.heard[2]).toBe(`{"type":2,"id":${joined.id},"data":""}`)
    expect(JSON.parse(host.sent[1] ?? '')).toMatchObject({ type: 5, id: joined.id })
  })

  test('a game joins a mesh that a TypeScript peer has named, and offers to it', async () => {
    const { api } = await here('garden', true)
    const client = await game('garden', true)
    await expectTalk(client.multiplayer, api)
    expect(JSON.parse(client.sent[1] ?? '')).toMatchObject({ type: 4, id: 1 })
  })

  test('a connection that is made anew gets a new object in the game', async () => {
    const host = await game('', true)
    const { joined, api } = await here(host.joined?.lobby ?? '', false)
    await waitFor(() => api.getPeers().length === 1 && host.multiplayer.getPeers().length === 1, 'they are connected')
    joined.peer.removePeer(1)
    await waitFor(() => api.getPeers().length === 0 && host.multiplayer.getPeers().length === 0, 'they are not')
    joined.dial(1)
    await expectTalk(host.multiplayer, api)
  })

  test('a sealed lobby takes nobody else', async () => {
    const host = await game('', true)
    host.seal()
    await waitFor(() => host.heard.at(-1) === '{"type":7,"id":0,"data":""}', 'it is sealed')
    const late = GodotLobbyClient.join(server.url, host.joined?.lobby ?? '')
    ends.push(() => late.leave())
    await waitFor(() => late.closed !== null, 'it was refused')
    expect([late.joined, late.closed]).toEqual([null, { code: 4000, reason: 'Lobby is sealed' }])
  })
})

test('the TypeScript side of docs/godot.md, as it stands there, plays with a game that does what main.gd does', async () => {
  const [, code = ''] = /^```ts\n([\s\S]*?)^```/m.exec(readFileSync('docs/godot.md', 'utf8')) ?? []
  const [head, ...tail] = code.split('await createLobbyServer()')
  expect(tail).toHaveLength(1)
  const script = `${head}await createLobbyServer({ port: 0 })${tail[0]}\nconsole.log(server.url)`
  const tea = await ExampleServer.run('--input-type=module', '--eval', script)
  ends.push(async () => {
    await tea.end('SIGKILL')
  })
  // All is declared before the first message comes.
  const client = GodotLobbyClient.join(tea.url, 'tea')
  ends.push(() => client.leave())
  const { multiplayer: api } = client
  const heard: unknown[] = []
  const main = api.node('/root/Main', {
    say: rpc({ permission: 'any-peer', args: [string] }, (text, { from }) => heard.push([from, text])),
    move_sun: rpc({ mode: 'unreliable-ordered', args: [vector2] }, (position) => heard.push(position)),
  })
  api.peerPacket$.subscribe(({ peer, data }) => heard.push([peer, new TextDecoder().decode(data)]))
  api.connectedToServer$.subscribe(() => {
    main.say.to(1)('hello from Godot')
    api.sendBytes(new TextEncoder().encode('some bytes'), { to: 1 })
  })
  await waitFor(() => heard.length === 3 && tea.lines.length === 3, 'all is said')
  expect(heard).toEqual(expect.arrayContaining([[1, 'Welcome.'], new Vector2(100, 50), [1, 'some bytes']]))
  expect(tea.lines.slice(1)).toEqual([`${client.id} is here`, `${client.id} says hello from Godot`])
  expect(api.stats()).toMatchObject({ violations: {}, rpc: { checksumMismatches: 0, unknownNodes: 0 } })
})
