import { describe, expect, test } from '@jest/globals'
import { connectPair, SimulatedNetwork } from '../../../src/testing/index.ts'
import { ChannelState, ConnectionState } from '../../../src/transport/states.ts'

describe('a perfect network', () => {
  test('two connections open their channels, exchange messages and close', async () => {
    const network = new SimulatedNetwork()
    const { clock } = network
    const a = new (network.host('a').PeerConnection)()
    const b = new (network.host('b').PeerConnection)()
    const left = a.createDataChannel('chat', { negotiated: true, id: 1 })
    const right = b.createDataChannel('chat', { negotiated: true, id: 1 })
    connectPair(a, b)
    await clock.runUntil(() => left.readyState === ChannelState.OPEN && right.readyState === ChannelState.OPEN)
    expect([a.connectionState, b.connectionState]).toEqual([ConnectionState.CONNECTED, ConnectionState.CONNECTED])
    left.send('hello')
    right.send(Uint8Array.of(1, 2, 3))
    await clock.run(100)
    expect(new TextDecoder().decode(right.getPacket())).toBe('hello')
    expect(right.wasStringPacket()).toBe(true)
    expect([...left.getPacket()]).toEqual([1, 2, 3])
    a.close()
    await clock.run(100)
    expect([left.readyState, right.readyState]).toEqual([ChannelState.CLOSED, ChannelState.CLOSED])
    expect(b.connectionState).toBe(ConnectionState.CLOSED)
    expect(clock.pending).toBe(0)
  })
})
