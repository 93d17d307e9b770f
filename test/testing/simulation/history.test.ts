import { describe, expect, test } from '@jest/globals'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { checkHistory, History, type HistoryEntry, type NewEntry, packetLabel } from '../../../src/testing/index.ts'
import { ApiWorld, bytes } from '../../services/multiplayer-api/support/api-world.ts'
import { LobbyWorld } from '../../services/lobby/client/support/lobby-world.ts'
import { SimMesh } from '../../support/sim-mesh.ts'

const { UNRELIABLE } = TransferMode

/** What one name has recorded, as `kind facts`. */
function linesOf({ entries }: History, name: string): string[] {
  return entries.flatMap((entry) => (('on' in entry && entry.on === name) ? [lineOf(entry)] : [])) // prettier-ignore
}

function lineOf(entry: NewEntry | HistoryEntry): string {
  switch (entry.kind) {
    case 'status':
      return `${ConnectionStatus[entry.status]} as ${entry.self}`
    case 'connected':
    case 'disconnected':
      return `${entry.kind} ${entry.peer}`
    case 'send':
      return `send ${entry.packet} to ${entry.to}, ${TransferMode[entry.mode]} ${entry.channel}`
    case 'deliver':
      return `deliver ${entry.packet} from ${entry.from}, ${TransferMode[entry.mode]} ${entry.channel}`
    default:
      return entry.kind
  }
}

describe('of a mesh', () => {
  async function open(deliveries = true) {
    const mesh = new SimMesh({ latency: 5 }, {}, [UNRELIABLE])
    const history = new History({ clock: mesh.network.clock })
    const [one, two] = [1, 2].map((id) => ({ peer: mesh.make(id), name: `p${id}` }))
    if (one === undefined || two === undefined) throw new Error('two were made')
    const recordings = [one, two].map(({ name, peer }) => history.record(name, peer, { deliveries }))
    mesh.join(1, 2)
    await mesh.run(500)
    return { mesh, history, one: one.peer, two: two.peer, recordings }
  }

  test('there is all that was sent, delivered and said, with its times, and it breaks no rule', async () => {
    const { mesh, history, one, two } = await open()
    one.send(bytes(1))
    two.send(bytes(2), { to: 1, channel: 1 })
    await mesh.run(100)
    one.removePeer(2)
    await mesh.run(5_000)
    mesh.dispose()
    expect(linesOf(history, 'p1')).toEqual([
      'CONNECTED as 1',
      'connected 2',
      'send 01 to 2, RELIABLE 0',
      'deliver 02 from 2, UNRELIABLE 1',
      'disconnected 2',
      'DISCONNECTED as 1',
      'end',
    ])
    expect(linesOf(history, 'p2')).toContain('deliver 01 from 1, RELIABLE 0')
    const [sent, got] = ['send', 'deliver'].map((kind) => history.entries.find((entry) => entry.kind === kind))
    expect([sent?.at, got?.at]).toEqual([500, 505])
    expect(checkHistory(history)).toEqual([])
    expect(JSON.parse(JSON.stringify(history))).toEqual(history.entries)
  })

  test('a packet that was refused is not there; a broadcast is, for each that it was given to', async () => {
    const { mesh, history, one, recordings } = await open()
    expect(() => one.send(bytes(1), { to: 9 })).toThrow()
    recordings[0]?.send(bytes(2), { to: -9 })
    expect(() => recordings[0]?.send(bytes(2), { to: 9 })).toThrow()
    one.send(bytes(3))
    const sends = history.entries.filter((entry) => entry.kind === 'send')
    expect(sends.map(({ packet, to, target }) => [packet, to, target])).toEqual([['02', 2, -9], ['03', 2, undefined]]) // prettier-ignore
    mesh.dispose()
  })

  test('each connection has a number of its own on each side, also under the same id', async () => {
    const { mesh, history, one, two } = await open()
    one.removePeer(2)
    await mesh.run(3_000)
    mesh.join(1, 2)
    await mesh.run(500)
    one.send(bytes(1))
    two.send(bytes(2))
    await mesh.run(100)
    const numbers = history.entries.flatMap((entry) => (entry.kind === 'connected' ? [entry.connection] : []))
    expect(new Set(numbers).size).toBe(4)
    const used = history.entries.flatMap((entry) => (entry.kind === 'deliver' ? [entry.connection] : []))
    expect([...used].sort()).toEqual(numbers.slice(2).sort())
    mesh.dispose()
  })

  test('a peer that is disconnected by force is gone, though the application hears nothing', async () => {
    const { mesh, history, one } = await open()
    one.disconnectPeer(2, true)
    expect(linesOf(history, 'p1')).toEqual(['CONNECTED as 1', 'connected 2', 'disconnected 2'])
    mesh.dispose()
  })

  test('packets that the application reads by itself are given to the recording, and stay where they are', async () => {
    const { mesh, history, one, two, recordings } = await open(false)
    one.send(bytes(1))
    await mesh.run(100)
    expect(two.getAvailablePacketCount()).toBe(1)
    expect(history.entries.some(({ kind }) => kind === 'deliver')).toBe(false)
    const packet = { peer: two.getPacketPeer(), channel: two.getPacketChannel(), mode: two.getPacketMode() }
    recordings[1]?.delivered({ ...packet, data: two.getPacket() })
    expect(linesOf(history, 'p2').at(-1)).toBe('deliver 01 from 1, RELIABLE 0')
    expect(checkHistory(history)).toEqual([])
    mesh.dispose()
  })

  test('after it was stopped, as by a death, nothing more is recorded, and it ends once', async () => {
    const { mesh, history, one, two, recordings } = await open()
    recordings[1]?.stop()
    recordings[1]?.stop()
    one.send(bytes(1))
    two.send(bytes(2))
    await mesh.run(100)
    mesh.dispose()
    expect(linesOf(history, 'p2')).toEqual(['CONNECTED as 2', 'connected 1', 'end'])
  })
})

test('of an API: what is sent and told through the server, in sessions, with the modes of the extra channels', async () => {
  const world = new ApiWorld({ reportLostPeers: true }, [UNRELIABLE])
  const history = new History({ clock: world.network.clock })
  const recordings = [1, 2, 3].map((id) => history.recordApi(`p${id}`, world.add(id).api, [UNRELIABLE]))
  for (const id of [2, 3]) world.join(1, id)
  await world.run(500)
  recordings[1]?.sendBytes(bytes(7), { to: 3 })
  recordings[1]?.sendBytes(bytes(8), { to: 0, channel: 1 })
  expect(() => recordings[1]?.sendBytes(bytes())).toThrow()
  await world.run(500)
  world
    .member(1)
    .mesh.close({ immediate: true })
    .catch(() => undefined)
  await world.run(500)
  expect(linesOf(history, 'p2')).toEqual([
    'CONNECTED as 2',
    'connected 1',
    'connected 3',
    'send 07 to 3, RELIABLE 0',
    'send 08 to 0, UNRELIABLE 1',
    'disconnected 1',
    'disconnected 3',
    'DISCONNECTED as 2',
  ])
  expect(linesOf(history, 'p3')).toEqual(expect.arrayContaining(['deliver 07 from 2, RELIABLE 0', 'deliver 08 from 2, UNRELIABLE 1'])) // prettier-ignore
  expect(linesOf(history, 'p1')).toContain('deliver 08 from 2, UNRELIABLE 1')
  await world.end()
  expect(linesOf(history, 'p3').at(-1)).toBe('end')
  expect(checkHistory(history)).toEqual([])
})

test('of a lobby: who is a member, as each of them knows', async () => {
  const world = await LobbyWorld.start()
  const history = new History({ clock: world.clock })
  const host = await world.join('host-1', { create: true })
  history.recordLobby('p1', host)
  const guest = await world.join('host-2', { lobby: host.lobby })
  history.recordLobby('p2', guest)
  await world.run(500)
  history.add({ kind: 'healed', expected: ['p1', 'p2'] })
  await world.run(500)
  expect(checkHistory(history)).toEqual([])
  await world.settle(guest.leave())
  await world.run(500)
  expect(linesOf(history, 'p1')).toEqual(['CONNECTED as 1', 'connected 2', 'disconnected 2'])
  expect(linesOf(history, 'p2')).toEqual(['CONNECTED as 2', 'connected 1', 'DISCONNECTED as 2', 'end'])
  await world.settle(host.leave())
  await world.end()
})

test('a label tells packets apart, and is short', () => {
  const long = (last: number) => Uint8Array.from({ length: 1_000 }, (_, i) => (i === 999 ? last : i))
  expect(packetLabel(bytes(0, 255))).toBe('00ff')
  expect(packetLabel(long(1))).not.toBe(packetLabel(long(2)))
  expect(packetLabel(long(1))).toHaveLength('1000:'.length + 16)
})
