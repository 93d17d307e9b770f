import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { joinLobby } from '../../src/lobby.ts'
import { MultiplayerAPI, rpc, string } from '../../src/multiplayer-api.ts'
import { waitFor } from '../support/real-time.ts'
import { ExampleServer } from './support/example-server.ts'
import { GodotLobbyClient } from './support/godot-lobby-client.ts'

const SCRIPT = 'examples/godot-relay-server/relay-server.mjs'
/** Sent after a packet, on the same channel: who has this has everything before it. */
const END = 'end'

/** Somebody who plays: over this library's lobby client, or as a Godot game does. */
interface Player {
  readonly api: MultiplayerAPI
  readonly leave: () => Promise<void>
}

const players: Player[] = []
let relay: ExampleServer
beforeEach(async () => {
  relay = await ExampleServer.start(SCRIPT)
})
afterEach(async () => {
  await Promise.all(players.splice(0).map(({ leave }) => leave()))
  await relay.end('SIGKILL')
})

async function joinAsGodot(url: string): Promise<Player & { readonly client: GodotLobbyClient }> {
  const client = GodotLobbyClient.join(url, 'relay')
  const player = { api: client.multiplayer, client, leave: () => client.leave() }
  players.push(player)
  await waitFor(() => client.joined !== null, 'the game is in the lobby')
  return player
}

async function joinHere(url: string): Promise<Player> {
  const joined = await joinLobby(url, { lobby: 'relay' })
  const api = new MultiplayerAPI(joined.peer)
  const leave = async () => {
    await joined.leave()
    await api.close()
  }
  players.push({ api, leave })
  return { api, leave }
}

/** What a player hears of others. */
function listen({ api }: Player) {
  const packets: { readonly from: number; readonly text: string }[] = []
  const left: number[] = []
  let isServerLost = false
  api.peerPacket$.subscribe(({ peer, data }) => packets.push({ from: peer, text: new TextDecoder().decode(data) }))
  api.peerDisconnected$.subscribe((peer) => left.push(peer))
  api.serverDisconnected$.subscribe(() => (isServerLost = true))
  const said: string[] = []
  const node = api.node('/root/Main', {
    say: rpc({ permission: 'any-peer', args: [string] }, (text, { from }) => said.push(`${from}: ${text}`)),
    shout: rpc({ permission: 'any-peer', args: [string], returns: string }, (text) => text.toUpperCase()),
  })
  return { packets, left, said, node, isServerLost: () => isServerLost }
}

test('two games and a TypeScript peer play through the relay; it says who comes and goes, and ends by SIGTERM', async () => {
  expect(relay.lines).toEqual([`Lobby "relay" of ${relay.url} is open. Ctrl-C ends it.`])
  const ann = await joinAsGodot(relay.url)
  const bob = await joinAsGodot(relay.url)
  const eve = await joinHere(relay.url)
  const everyone = [ann, bob, eve]
  await waitFor(() => everyone.every(({ api }) => api.getPeers().length === 3), 'all know each other')
  const [annId, bobId, eveId] = everyone.map(({ api }) => api.uniqueId) as [number, number, number]
  expect([...ann.api.getPeers()].sort((a, b) => a - b)).toEqual([1, bobId, eveId].sort((a, b) => a - b))
  await waitFor(() => relay.lines.length === 4, 'it has said who is here')
  expect(relay.lines.slice(1).sort()).toEqual([annId, bobId, eveId].map((id) => `${id} is here.`).sort())

  // What Godot's demo client sends and hears, in this order.
  expect(ann.client.sent[0]).toBe('{"data":"relay","id":0,"type":0}')
  expect(ann.client.heard.slice(0, 3)).toEqual([
    `{"type":1,"id":${annId},"data":""}`,
    '{"type":2,"id":1,"data":""}',
    '{"type":0,"id":0,"data":"relay"}',
  ])
  const signals = (texts: readonly string[]) => texts.map((text) => JSON.parse(text) as { type: number; id: number })
  const offered = signals(ann.client.sent).slice(1)
  const answered = signals(ann.client.heard).slice(3)
  expect([...offered, ...answered].every(({ id }) => id === 1)).toBe(true)
  expect([offered[0]?.type, ...new Set(offered.slice(1).map(({ type }) => type))]).toEqual([4, 6])
  expect([answered[0]?.type, ...new Set(answered.slice(1).map(({ type }) => type))]).toEqual([5, 6])

  const ears = everyone.map(listen) as [ReturnType<typeof listen>, ReturnType<typeof listen>, ReturnType<typeof listen>]
  const [annHears, bobHears, eveHears] = ears
  /** The players that get what one of them sends. */
  const receivers = async ({ api }: Player, to: number): Promise<number[]> => {
    for (const { packets } of ears) packets.length = 0
    api.sendBytes(new TextEncoder().encode(`to ${to}`), { to })
    for (const target of [0, api.uniqueId]) api.sendBytes(new TextEncoder().encode(END), { to: target })
    await waitFor(() => ears.every(({ packets }) => packets.at(-1)?.text === END), `what ${api.uniqueId} sent is there`)
    return ears.flatMap(({ packets }, index) => {
      const [first, ...rest] = packets
      if (first?.text !== `to ${to}`) return []
      expect([first.from, rest.length]).toEqual([api.uniqueId, 1])
      return [everyone[index]?.api.uniqueId ?? 0]
    })
  }
  const table: [sender: Player, to: number, getsIt: number[]][] = [
    [ann, 0, [bobId, eveId]],
    [ann, 1, []],
    [ann, bobId, [bobId]],
    [ann, eveId, [eveId]],
    [ann, annId, [annId]],
    [ann, -1, [bobId, eveId]],
    [ann, -bobId, [eveId]],
    [ann, -eveId, [bobId]],
    [eve, 0, [annId, bobId]],
    [eve, annId, [annId]],
    [eve, -annId, [bobId]],
  ]
  for (const [sender, to, getsIt] of table) {
    expect([sender.api.uniqueId, to, await receivers(sender, to)]).toEqual([sender.api.uniqueId, to, getsIt])
  }

  // The relay has no such node, and need not.
  annHears.node.say('hello')
  annHears.node.say.to(bobId)('hello Bob')
  await waitFor(() => bobHears.said.length === 2 && eveHears.said.length === 1, 'the calls have arrived')
  expect(bobHears.said).toEqual([`${annId}: hello`, `${annId}: hello Bob`])
  expect(eveHears.said).toEqual([`${annId}: hello`])
  expect(await eveHears.node.shout.call(annId, 'tea')).toBe('TEA')

  players.splice(1, 1)
  await bob.leave()
  await waitFor(() => annHears.left.length === 1 && eveHears.left.length === 1, 'the others know that one has left')
  expect([annHears.left, eveHears.left]).toEqual([[bobId], [bobId]])
  await waitFor(() => relay.lines.at(-1) === `${bobId} has left.`, 'it has said that one has left')
  for (const { api } of [ann, eve]) expect(api.stats().violations).toEqual({})

  expect(await relay.end('SIGTERM')).toBe(0)
  await waitFor(() => annHears.isServerLost() && eveHears.isServerLost(), 'the players know that it is over')
  await waitFor(() => ann.client.closed !== null, 'the game knows that the lobby is closed')
})

test('nobody makes a lobby of their own there, and SIGINT ends it too', async () => {
  // Without a name Godot's clients ask for a new lobby.
  const nameless = GodotLobbyClient.join(relay.url, '', true)
  const elsewhere = GodotLobbyClient.join(relay.url, 'elsewhere')
  players.push(...[nameless, elsewhere].map((client) => ({ api: client.multiplayer, leave: () => client.leave() })))
  await waitFor(() => nameless.joined !== null && elsewhere.closed !== null, 'both have an answer')
  expect(nameless.joined).toEqual({ lobby: 'relay', id: nameless.id })
  expect(nameless.heard[0]).toBe(`{"type":1,"id":${nameless.id},"data":""}`)
  expect(elsewhere.closed).toEqual({ code: 4000, reason: 'Unauthorized' })
  await expect(joinLobby(relay.url, { lobby: 'elsewhere', create: true, mode: 'client-server' })).rejects.toMatchObject(
    { code: 'ERR_UNAUTHORIZED' },
  )
  expect(await relay.end('SIGINT')).toBe(0)
})
