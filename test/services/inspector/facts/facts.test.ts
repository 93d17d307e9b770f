import { describe, expect, test } from '@jest/globals'
import { meshFacts } from '../../../../src/services/inspector/facts/mesh-facts.ts'
import { Inspection } from '../../../../src/services/inspector/inspection.ts'
import { TransferMode } from '../../../../src/services/multiplayer-peer/packet.ts'
import { SimMesh } from '../../../support/sim-mesh.ts'
import { Heard } from '../recorder/support/heard.ts'

describe('connection facts', () => {
  test('are told at once, then as often as asked for, with what was counted', async () => {
    const world = new SimMesh()
    const [mesh] = await world.form(1, 2)
    if (mesh === undefined) throw new Error('no mesh')
    const inspection = new Inspection({ clock: world.network.clock, sampleInterval: 200 })
    inspection.watch(mesh, { group: 'g' })
    const told = new Heard(inspection)
    mesh.send(new Uint8Array(10), { mode: TransferMode.UNRELIABLE })
    world.peer(2).send(new Uint8Array(5))
    await world.run(450)
    const facts = told.of('webrtc.facts')
    expect(facts.map(({ time }) => time)).toEqual([1_000, 1_200, 1_400])
    const [link] = facts.at(-1)?.links ?? []
    expect(facts.at(-1)).toMatchObject({
      sessionId: told.of('@xstate.actor')[0]?.sessionId,
      group: 'g',
      uniqueId: 1,
      status: 2,
    })
    expect(link).toMatchObject({
      peer: 2,
      state: 'connected',
      pair: { local: { type: 'host', protocol: 'udp' }, remote: { type: 'host' } },
      drops: { unsent: 0, unread: 0, late: 0 },
    })
    expect(link?.channels.map(({ label, sentBytes, receivedBytes }) => [label, sentBytes, receivedBytes])).toEqual([
      ['reliable', 0, 5],
      ['ordered', 0, 0],
      ['unreliable', 10, 0],
    ])
    inspection.stop()
    inspection.start((message) => told.messages.push(message), { sampleInterval: 1 })
    await world.run(100)
    expect(
      told
        .of('webrtc.facts')
        .slice(3)
        .map(({ time }) => time),
    ).toEqual(Array.from({ length: 11 }, (_, index) => 1_450 + 10 * index))
    mesh[Symbol.dispose]()
    const { length } = told.of('webrtc.facts')
    await world.run(1_000)
    expect(told.of('webrtc.facts')).toHaveLength(length)
    inspection.close()
    world.dispose()
    await world.run(120_000)
    expect(world.network.clock.pending).toBe(0)
  })

  test('say of what was dropped why', async () => {
    const world = new SimMesh()
    const [mesh] = await world.form(1, 2)
    if (mesh === undefined) throw new Error('no mesh')
    const { actor, uniqueId, connectionStatus } = mesh
    const { peers, ...others } = mesh.stats()
    const [peer] = peers
    if (peer === undefined) throw new Error('no peer')
    const channels = peer.channels.map((channel, index) => ({ ...channel, droppedPackets: index + 1 }))
    const stats = { ...others, peers: [{ ...peer, channels, droppedWaitingPackets: 10, latePackets: 20 }] }
    const { links } = meshFacts({ actor, uniqueId, connectionStatus, stats: () => stats })
    expect(links[0]?.channels.map(({ droppedPackets }) => droppedPackets)).toEqual([1, 2, 3])
    expect(links[0]?.drops).toEqual({ unsent: 6, unread: 10, late: 20 })
    world.dispose()
  })

  test('a look at which the sink stops it is the last', async () => {
    const world = new SimMesh()
    const [mesh] = await world.form(1, 2)
    if (mesh === undefined) throw new Error('no mesh')
    const inspection = new Inspection({ clock: world.network.clock })
    inspection.watch(mesh)
    const times: number[] = []
    inspection.start(({ type, time }) => {
      if (type === 'webrtc.facts') times.push(time)
      if (times.length === 2) inspection.stop()
    })
    const { pending } = world.network.clock
    await world.run(5_000)
    expect(times).toEqual([1_000, 1_500])
    expect(world.network.clock.pending).toBe(pending - 1)
    inspection.close()
    world.dispose()
  })

  test('a mesh whose statistics cannot be read does not stop the others', async () => {
    const world = new SimMesh()
    const [mesh] = await world.form(1, 2)
    if (mesh === undefined) throw new Error('no mesh')
    const broken = {
      actor: mesh.actor,
      uniqueId: 1,
      connectionStatus: 2,
      stats: () => {
        throw new Error('planted')
      },
    }
    const inspection = new Inspection({ clock: world.network.clock })
    inspection.watch(broken)
    inspection.watch(world.peer(2))
    const told = new Heard(inspection)
    await world.run(500)
    expect(told.of('webrtc.facts').map(({ uniqueId }) => uniqueId)).toEqual([2, 2])
    expect(inspection.stats()).toMatchObject({ failures: 2, lastFailure: 'Error: planted' })
    inspection.close()
    world.dispose()
  })
})

describe('packets', () => {
  test.each([false, true, 'content'] as const)('asked for: %s', async (packets) => {
    const world = new SimMesh()
    const [mesh] = await world.form(1, 2)
    if (mesh === undefined) throw new Error('no mesh')
    const inspection = new Inspection({ clock: world.network.clock })
    inspection.watch(mesh, { packets })
    const told = new Heard(inspection)
    mesh.send(Uint8Array.of(1, 2, 3))
    world.peer(2).send(new Uint8Array(1_000).fill(255), { mode: TransferMode.UNRELIABLE_ORDERED })
    await world.run(50)
    const content = packets === 'content'
    const of = { sessionId: told.of('@xstate.actor')[0]?.sessionId, group: 'mesh', uniqueId: 1, peer: 2, channel: 0 }
    expect(told.of('webrtc.packet')).toEqual(
      packets === false
        ? []
        : [
            { direction: 'sent', mode: 2, size: 3, ...(content && { data: 'AQID' }) },
            {
              direction: 'received',
              mode: 1,
              size: 1_000,
              ...(content && { data: Buffer.alloc(256, 255).toString('base64') }),
            },
          ].map((packet) => expect.objectContaining({ ...of, ...packet })),
    )
    expect(told.of('webrtc.packet').every((packet) => 'data' in packet === content)).toBe(true)
    // Whoever looks changes nothing for the application.
    expect(mesh.getAvailablePacketCount()).toBe(1)
    inspection.close()
    world.dispose()
  })

  test('of a flood some are told, and how many were not', async () => {
    const world = new SimMesh()
    const [mesh] = await world.form(1, 2)
    if (mesh === undefined) throw new Error('no mesh')
    const inspection = new Inspection({ clock: world.network.clock })
    inspection.watch(mesh, { packets: true })
    const told = new Heard(inspection)
    for (let i = 0; i < 250; i++) mesh.send(Uint8Array.of(i))
    expect(told.of('webrtc.packet')).toHaveLength(100)
    await world.run(1_000)
    for (let i = 0; i < 2; i++) mesh.send(Uint8Array.of(i))
    expect(told.of('webrtc.packet').slice(100)).toEqual([
      expect.objectContaining({ skipped: 150 }),
      expect.not.objectContaining({ skipped: expect.anything() }),
    ])
    inspection.stop()
    mesh.send(Uint8Array.of(1))
    expect(told.of('webrtc.packet')).toHaveLength(102)
    // Each is told once, however often somebody has looked.
    const later = new Heard(inspection)
    mesh.send(Uint8Array.of(1))
    expect(later.of('webrtc.packet')).toHaveLength(1)
    inspection.close()
    world.dispose()
  })
})
