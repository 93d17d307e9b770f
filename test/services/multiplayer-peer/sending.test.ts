import { afterEach, describe, expect, test } from '@jest/globals'
import { MultiplayerError } from '../../../src/multiplayer-error.ts'
import type { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { type Packet, TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { SimMesh } from '../../support/sim-mesh.ts'
import { refusal } from '../../support/refusal.ts'

const { RELIABLE, UNRELIABLE, UNRELIABLE_ORDERED } = TransferMode
const NO_MODE = JSON.parse('3') as TransferMode
const bytes = (...values: number[]) => Uint8Array.from(values)

let sim = new SimMesh()
afterEach(() => {
  sim.dispose()
})

async function form(channels: TransferMode[] = []) {
  sim = new SimMesh({}, {}, channels)
  const peers = await sim.form(1, 2, 3, 4)
  const received = new Map<number, Packet[]>()
  for (const peer of peers) {
    const packets: Packet[] = []
    received.set(peer.uniqueId, packets)
    peer.packets$.subscribe((packet) => packets.push(packet))
  }
  const receivers = () => [...received].filter(([, packets]) => packets.length > 0).map(([id]) => id)
  return { sender: sim.peer(2), received, receivers }
}

const code = (action: () => unknown): string => {
  try {
    return `no error, ${JSON.stringify(action())}`
  } catch (error) {
    if (!(error instanceof MultiplayerError)) return String(error)
    expect(error).toEqual(refusal(error.code))
    return error.code
  }
}

describe('targets', () => {
  // [target, who receives it when peer 2 of {1, 2, 3, 4} sends]
  const rows: [number, number[]][] = [
    [0, [1, 3, 4]],
    [1, [1]],
    [3, [3]],
    [-3, [1, 4]],
    [-1, [3, 4]],
    [-2, [1, 3, 4]],
    [-99, [1, 3, 4]],
  ]

  test.each(rows)('send to %i reaches %j', async (to, expected) => {
    const { sender, receivers } = await form()
    expect(sender.send(bytes(7), { to })).toEqual({ sent: expected.length, dropped: 0, skipped: 0 })
    await sim.run(100)
    expect(receivers()).toEqual(expected)
  })

  test.each(rows)('setTargetPeer(%i) and putPacket reach %j, and the target sticks', async (to, expected) => {
    const { sender, received } = await form()
    sender.setTargetPeer(to)
    sender.putPacket(bytes(7))
    sender.putPacket(bytes(8))
    await sim.run(100)
    for (const [id, packets] of received) {
      expect(packets.map(({ peer, data }) => [peer, ...data])).toEqual(
        expected.includes(id)
          ? [
              [2, 7],
              [2, 8],
            ]
          : [],
      )
    }
  })

  test.each<[string, (peer: WebRTCMultiplayerPeer) => unknown, string]>([
    ['an unknown peer', (p) => p.send(bytes(1), { to: 99 }), 'ERR_INVALID_PARAMETER'],
    ['oneself', (p) => p.send(bytes(1), { to: 2 }), 'ERR_INVALID_PARAMETER'],
    ['NaN', (p) => p.send(bytes(1), { to: Number.NaN }), 'ERR_INVALID_PARAMETER'],
    ['half a peer', (p) => p.send(bytes(1), { to: -1.5 }), 'ERR_INVALID_PARAMETER'],
    ['a mode that is none', (p) => p.send(bytes(1), { mode: NO_MODE }), 'ERR_INVALID_PARAMETER'],
    ['a channel that is not there', (p) => p.send(bytes(1), { to: 3, channel: 1 }), 'ERR_INVALID_PARAMETER'],
    ['a channel that is not there, broadcast', (p) => p.send(bytes(1), { channel: 1 }), 'ERR_INVALID_PARAMETER'],
    ['a negative channel', (p) => p.send(bytes(1), { channel: -1 }), 'ERR_INVALID_PARAMETER'],
    ['no bytes', (p) => p.send('text' as unknown as Uint8Array), 'ERR_INVALID_PARAMETER'],
    ['too much', (p) => p.send(new Uint8Array(262_145)), 'ERR_INVALID_PARAMETER'],
    ['an empty packet', (p) => p.send(bytes()), 'no error, {"sent":0,"dropped":0,"skipped":0}'],
  ])('sending to %s', async (_, send, expected) => {
    const { sender, receivers } = await form()
    expect(code(() => send(sender))).toBe(expected)
    await sim.run(100)
    expect(receivers()).toEqual([])
  })

  test('putPacket before a start, after close, and with an empty packet', async () => {
    const { sender, receivers } = await form()
    sender.putPacket(bytes())
    void sender.close()
    expect(
      code(() => {
        sender.putPacket(bytes(1))
      }),
    ).toBe('ERR_UNCONFIGURED')
    expect(code(() => sender.send(bytes(1)))).toBe('ERR_UNCONFIGURED')
    await sim.run(100)
    expect(receivers()).toEqual([])
  })

  test('a peer that is not open: an error for one, skipped in a broadcast', async () => {
    const { sender, receivers } = await form()
    sim.make(5)
    sender.addPeer(new (sim.network.host('host-2').PeerConnection)(), 5)
    expect(code(() => sender.send(bytes(1), { to: 5 }))).toBe('ERR_UNCONFIGURED')
    expect(() => sender.send(bytes(1), { to: 5 })).toThrow(expect.objectContaining({ value: 5 }))
    expect(sender.send(bytes(1))).toEqual({ sent: 3, dropped: 0, skipped: 1 })
    await sim.run(100)
    expect(receivers()).toEqual([1, 3, 4])
  })

  test('a peer that is not open refuses nothing: how much it takes is not known yet', () => {
    sim = new SimMesh()
    const sender = sim.make(2)
    sender.addPeer(new (sim.network.host('host-2').PeerConnection)(), 5)
    expect(sender.send(new Uint8Array(262_145))).toEqual({ sent: 0, dropped: 0, skipped: 1 })
  })

  test('a peer that is connecting is not open either', async () => {
    sim = new SimMesh()
    const [sender] = [sim.make(1), sim.make(2)]
    sim.join(1, 2)
    await sim.network.clock.runUntil(() => sender.peer(2).state === 'connecting')
    expect(code(() => sender.send(bytes(1), { to: 2 }))).toBe('ERR_UNCONFIGURED')
    expect(sender.stats().droppedPackets).toBe(0)
  })

  test('a peer whose channel has closed, before it is reported gone: skipped and counted, not an error', async () => {
    const { sender } = await form()
    sim.peer(3).getPeer(2).channels[0]?.close()
    sender.getPeer(3).channels[0]?.close()
    expect(sender.hasPeer(3)).toBe(true)
    expect(sender.send(bytes(1), { to: 3 })).toEqual({ sent: 0, dropped: 0, skipped: 1 })
    expect(sender.send(bytes(1))).toEqual({ sent: 2, dropped: 0, skipped: 1 })
    expect(sender.peer(3).stats().channels[0]).toMatchObject({ sentPackets: 0, droppedPackets: 2 })
    await sim.run(3_000)
    expect(sender.hasPeer(3)).toBe(false)
  })

  test('a broadcast to nobody is fine', () => {
    sim = new SimMesh()
    expect(sim.make(1).send(bytes(1))).toEqual({ sent: 0, dropped: 0, skipped: 0 })
  })
})

describe('channels', () => {
  const EXTRA = [RELIABLE, UNRELIABLE, UNRELIABLE_ORDERED]

  test('are laid out on the wire as Godot does', async () => {
    const { sender } = await form(EXTRA)
    const { channels, connected } = sender.getPeer(3)
    expect(connected).toBe(true)
    expect(
      channels.map((c) => [c.label, c.id, c.negotiated, c.ordered, c.maxPacketLifeTime, c.maxRetransmits, c.protocol]),
    ).toEqual([
      ['reliable', 1, true, true, null, null, ''],
      ['ordered', 2, true, true, 1, null, ''],
      ['unreliable', 3, true, false, 1, null, ''],
      ['4', 4, true, true, null, null, ''],
      ['5', 5, true, false, 1, null, ''],
      ['6', 6, true, true, 1, null, ''],
    ])
  })

  test('unreliableLifetime is for the default channels only', () => {
    sim = new SimMesh({}, {}, EXTRA)
    const mesh = sim.make(1)
    mesh.addPeer(new (sim.network.host('a').PeerConnection)(), 2, 500)
    expect(mesh.getPeer(2).channels.map((channel) => channel.maxPacketLifeTime)).toEqual([null, 500, 500, null, 1, 1])
  })

  // [mode given, channel given, channel and mode that the receiver sees]
  const rows: [TransferMode, number, number, TransferMode][] = [
    [RELIABLE, 0, 0, RELIABLE],
    [UNRELIABLE_ORDERED, 0, 0, UNRELIABLE_ORDERED],
    [UNRELIABLE, 0, 0, UNRELIABLE],
    [UNRELIABLE, 1, 1, RELIABLE],
    [RELIABLE, 2, 2, UNRELIABLE],
    [RELIABLE, 3, 3, UNRELIABLE_ORDERED],
  ]
  test.each(rows)(
    'mode %i on channel %i arrives on channel %i in mode %i',
    async (mode, channel, atChannel, inMode) => {
      const { sender, received } = await form(EXTRA)
      sender.send(bytes(1, 2, 3), { to: 4, mode, channel })
      sender.transferMode = mode
      sender.transferChannel = channel
      sender.setTargetPeer(4)
      sender.putPacket(bytes(4))
      await sim.run(100)
      expect(received.get(4)).toEqual([
        { peer: 2, channel: atChannel, mode: inMode, data: bytes(1, 2, 3) },
        { peer: 2, channel: atChannel, mode: inMode, data: bytes(4) },
      ])
    },
  )

  test('the sticky state is Godot’s, and send leaves it alone', async () => {
    const { sender } = await form(EXTRA)
    expect([sender.transferMode, sender.transferChannel]).toEqual([RELIABLE, 0])
    sender.send(bytes(1), { to: 3, mode: UNRELIABLE, channel: 2 })
    expect([sender.transferMode, sender.transferChannel]).toEqual([RELIABLE, 0])
  })
})

describe('the send buffers', () => {
  test('unreliable packets are dropped beyond the limit, and counted', async () => {
    sim = new SimMesh({ bandwidth: 100_000 }, { limits: { unreliableSendBuffer: 10_000 } })
    const [sender, receiver] = await sim.form(1, 2)
    const results = Array.from({ length: 4_000 }, () =>
      sender?.send(new Uint8Array(1_000), { to: 2, mode: UNRELIABLE }),
    )
    const dropped = results.filter((result) => result?.dropped === 1).length
    expect(dropped).toBeGreaterThan(0)
    expect(results.filter((result) => result?.sent === 1)).toHaveLength(4_000 - dropped)
    expect(sender?.stats().droppedPackets).toBe(dropped)
    expect(sender?.peer(2).stats().channels[2]).toMatchObject({ droppedPackets: dropped, sentPackets: 4_000 - dropped })
    expect(receiver?.stats().droppedPackets).toBe(0)
  })

  test('unreliable packets that wait, but below the limit, are not held back', async () => {
    sim = new SimMesh({ bandwidth: 100_000 }, { limits: { unreliableSendBuffer: 1_000_000 } })
    const [sender] = await sim.form(1, 2)
    for (let i = 0; i < 1_500; i++) sender?.send(new Uint8Array(1_000), { to: 2, mode: UNRELIABLE })
    expect(sender?.peer(2).stats().channels[2]).toMatchObject({ sentPackets: 1_500, droppedPackets: 0 })
    expect(sender?.peer(2).stats().channels[2]?.bufferedAmount).toBeGreaterThan(0)
  })

  test('after too many, unreliable packets are paced by the clock that was given', async () => {
    sim = new SimMesh({ bandwidth: 1_000_000 }, { limits: { unreliableSendBuffer: 10_000 } })
    const [sender] = await sim.form(1, 2)
    const send = () => sender?.send(new Uint8Array(1_000), { to: 2, mode: UNRELIABLE }).sent
    for (let i = 0; i < 4_000; i++) send()
    for (let i = 0; i < 100 && send() !== 1; i++) await sim.run(100)
    let atOnce = 0
    while (send() === 1) atOnce++
    expect(atOnce).toBeLessThan(1_000)
    await sim.run(10_000)
    expect(send()).toBe(1)
  })

  test('the limit of reliable packets is for what waits, and for them alone', async () => {
    sim = new SimMesh(
      { bandwidth: 1_000_000 },
      { limits: { reliableSendBuffer: 1_000, unreliableSendBuffer: 9_000_000 } },
    )
    const [sender] = await sim.form(1, 2)
    for (const to of [2, 0]) {
      expect(sender?.send(new Uint8Array(2_000), { to })).toEqual({ sent: 1, dropped: 0, skipped: 0 })
    }
    for (let i = 0; i < 2_000; i++) {
      expect(sender?.send(new Uint8Array(2_000), { mode: UNRELIABLE })).toEqual({ sent: 1, dropped: 0, skipped: 0 })
    }
    expect(sender?.peer(2).stats().channels[2]?.bufferedAmount).toBeGreaterThan(1_000)
    const fill = () => {
      for (;;) sender?.send(new Uint8Array(200_000))
    }
    expect(fill).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_MEMORY', value: expect.any(Number) as unknown }))
  })

  test('drain leaves the thresholds of an application as they were', async () => {
    sim = new SimMesh({ bandwidth: 1_000_000 })
    const [sender] = await sim.form(1, 2)
    const channel = sender?.getPeer(2).channels[0]
    if (sender === undefined || channel === undefined) throw new Error('no channel')
    channel.bufferedAmountLowThreshold = 10
    for (let i = 0; i < 20; i++) sender.send(new Uint8Array(100_000), { to: 2 })
    const drained = sender.drain(2)
    expect(channel.bufferedAmountLowThreshold).toBe(256 * 1024)
    await sim.run(30_000)
    await drained
    expect(channel.bufferedAmountLowThreshold).toBe(10)
    await sender.drain(2)
    expect(channel.bufferedAmountLowThreshold).toBe(10)
  })

  test('drained may mean to the last byte', async () => {
    sim = new SimMesh({ bandwidth: 1_000_000 }, { limits: { drainedSendBuffer: 0 } })
    const [sender] = await sim.form(1, 2)
    for (let i = 0; i < 30; i++) sender?.send(new Uint8Array(100_000), { to: 2 })
    let drained = false
    void sender?.drain(2).then(() => (drained = true))
    await sim.run(30_000)
    expect([drained, sender?.peer(2).stats().channels[0]?.bufferedAmount]).toEqual([true, 0])
  })

  test('reliable packets throw ERR_OUT_OF_MEMORY beyond the limit; drain() waits until there is room', async () => {
    sim = new SimMesh({ bandwidth: 1_000_000 }, { limits: { reliableSendBuffer: 100_000, drainedSendBuffer: 10_000 } })
    const [sender] = await sim.form(1, 2)
    if (sender === undefined) throw new Error('no sender')
    const fill = () => {
      for (;;) sender.send(new Uint8Array(50_000), { to: 2 })
    }
    expect(code(fill)).toBe('ERR_OUT_OF_MEMORY')
    const { bufferedAmount, sentPackets } = sender.peer(2).stats().channels[0] ?? {}
    expect(bufferedAmount).toBeGreaterThan(50_000)
    expect(bufferedAmount).toBeLessThanOrEqual(100_000)
    const drained: string[] = []
    void sender.drain(2).then(() => drained.push('peer 2'))
    void sender.drain().then(() => drained.push('everyone'))
    await sim.run(1)
    expect(drained).toEqual([])
    await sim.run(5_000)
    expect(drained).toEqual(['peer 2', 'everyone'])
    sender.send(new Uint8Array(50_000), { to: 2 })
    expect(sender.peer(2).stats().channels[0]?.sentPackets).toBe((sentPackets ?? 0) + 1)
  })

  test('a broadcast that has no room for one is sent to nobody', async () => {
    sim = new SimMesh({}, { limits: { reliableSendBuffer: 100_000 } })
    const [sender] = await sim.form(1, 2, 3)
    if (sender === undefined) throw new Error('no sender')
    sim.network.setConditions({ bandwidth: 10_000 }, { to: 'host-3' })
    expect(
      code(() => {
        for (;;) sender.send(new Uint8Array(50_000), { to: 3 })
      }),
    ).toBe('ERR_OUT_OF_MEMORY')
    const before = sender.peer(2).stats().channels[0]?.sentPackets
    expect(code(() => sender.send(new Uint8Array(60_000)))).toBe('ERR_OUT_OF_MEMORY')
    expect(sender.peer(2).stats().channels[0]?.sentPackets).toBe(before)
    expect(sender.send(new Uint8Array(60_000), { to: -3 })).toEqual({ sent: 1, dropped: 0, skipped: 0 })
  })

  test('a channel that has closed unheard: the packet is not sent, and any other error is passed on', async () => {
    sim = new SimMesh()
    const [sender] = await sim.form(1, 2)
    const channel = sender?.getPeer(2).channels[0]
    const failWith = (error: Error): void => {
      Object.defineProperty(channel, 'send', {
        configurable: true,
        value: () => {
          throw error
        },
      })
    }
    failWith(new MultiplayerError('ERR_UNCONFIGURED', 'The channel is closed.'))
    expect(sender?.send(bytes(1))).toEqual({ sent: 0, dropped: 0, skipped: 1 })
    for (const error of [new Error('planted'), new MultiplayerError('FAILED', 'The channel is broken.')]) {
      failWith(error)
      expect(() => sender?.send(bytes(1))).toThrow(error)
    }
  })

  test('a broadcast counts to how many it was dropped', async () => {
    sim = new SimMesh({ bandwidth: 10_000 })
    const [sender] = await sim.form(1, 2, 3)
    let dropped = 0
    for (let i = 0; i < 4_000; i++) dropped += sender?.send(new Uint8Array(1_000), { mode: UNRELIABLE }).dropped ?? 0
    expect(dropped).toBeGreaterThan(2_000)
    expect(sender?.stats().droppedPackets).toBe(dropped)
  })

  test('drain fails for a peer that closes meanwhile, even if one channel alone, and says which', async () => {
    sim = new SimMesh({ bandwidth: 10_000 })
    const [sender] = await sim.form(1, 2)
    if (sender === undefined) throw new Error('no sender')
    for (let i = 0; i < 5; i++) sender.send(new Uint8Array(200_000), { to: 2 })
    const failed = expect(sender.drain(2)).rejects.toMatchObject({
      code: 'ERR_CONNECTION_ERROR',
      message: 'Peer 2 was gone before everything was sent.',
      value: 2,
    })
    sender.getPeer(2).channels[0]?.close()
    await sim.run(1_000)
    await failed
  })

  test('drain lets go of the signal that could have aborted it', async () => {
    sim = new SimMesh()
    const [sender] = await sim.form(1, 2)
    const { signal } = new AbortController()
    const listeners = new Set<unknown>()
    const { addEventListener, removeEventListener } = signal
    signal.addEventListener = (type: string, listener: unknown) => {
      if (type === 'abort') listeners.add(listener)
      Reflect.apply(addEventListener, signal, [type, listener])
    }
    signal.removeEventListener = (type: string, listener: unknown) => {
      if (type === 'abort') listeners.delete(listener)
      Reflect.apply(removeEventListener, signal, [type, listener])
    }
    await sender?.drain(2, { signal })
    expect(listeners.size).toBe(0)
  })

  test('drain rejects when its peer goes, when it is unknown, and when it is aborted', async () => {
    sim = new SimMesh({ bandwidth: 10_000 })
    const [sender] = await sim.form(1, 2)
    if (sender === undefined) throw new Error('no sender')
    await expect(sender.drain(9)).rejects.toMatchObject({ code: 'ERR_DOES_NOT_EXIST' })
    for (let i = 0; i < 40; i++) sender.send(new Uint8Array(100_000), { to: 2 })
    const abort = new AbortController()
    const aborted = sender.drain(2, { signal: abort.signal })
    abort.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    const everyone = expect(sender.drain()).resolves.toBeUndefined()
    const one = expect(sender.drain(2)).rejects.toMatchObject({ code: 'ERR_CONNECTION_ERROR' })
    sim.peer(2)[Symbol.dispose]()
    await sim.run(2_000)
    await Promise.all([one, everyone])
  })
})
