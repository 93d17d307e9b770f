import { describe, expect, test } from '@jest/globals'
import { Subject } from 'rxjs'
import type { PeerCloseReason } from '../../../src/machines/peer-state.ts'
import { channelLayout } from '../../../src/services/multiplayer-peer/channel-layout.ts'
import { DEFAULT_LIMITS } from '../../../src/services/multiplayer-peer/options.ts'
import { PeerLink } from '../../../src/services/multiplayer-peer/peer-link.ts'
import { connectPair, SimulatedNetwork } from '../../../src/testing/index.ts'
import { ConnectionState } from '../../../src/transport/states.ts'

const CLOSE_TIMEOUT = 500
const plans = channelLayout([], 1)

/** A link over a simulated connection, and what it gives on. */
async function open() {
  const network = new SimulatedNetwork({ latency: 5 })
  const [connection, other] = ['a', 'b'].map((host) => new (network.host(host).PeerConnection)())
  if (connection === undefined || other === undefined) throw new Error('no connections')
  const create = (end: typeof connection) => plans.map(({ label, options }) => end.createDataChannel(label, options))
  const channels = create(connection)
  const others = create(other)
  const routed: number[] = []
  const warnings: string[] = []
  const link = new PeerLink({
    id: 2,
    connection,
    channels,
    plans,
    limits: DEFAULT_LIMITS,
    closeTimeout: CLOSE_TIMEOUT,
    clock: network.clock,
    logger: { warn: (text: string) => warnings.push(text), error: (text: string) => warnings.push(text) },
    sink: { route: (_, index) => routed.push(index), flush: () => undefined },
    passed$: new Subject(),
    onOverflow: () => undefined,
  })
  connectPair(connection, other)
  await network.clock.runUntil(() => link.isOpen)
  return { network, link, connection, others, routed, warnings }
}

describe('a link that is let go of while something is still on its way', () => {
  test.each<[PeerCloseReason | undefined, number]>([
    [undefined, CLOSE_TIMEOUT],
    ['removed', CLOSE_TIMEOUT],
    ['disconnected', CLOSE_TIMEOUT],
    ['mesh-closed', CLOSE_TIMEOUT],
    ['forced', 0],
    ['channel-closed', 0],
    ['connection-failed', 0],
    ['connect-timeout', 0],
    ['error', 0],
  ])('after %p it takes %i ms', async (reason, takes) => {
    const { network, link, connection } = await open()
    network.partition(['a'], ['b'])
    link.send(0, new Uint8Array(1_000))
    if (reason !== undefined) link.shut(reason)
    link.release()
    const closed = () => connection.connectionState === ConnectionState.CLOSED
    if (takes > 0) {
      await network.clock.run(takes - 1)
      expect(closed()).toBe(false)
    }
    await network.clock.run(2)
    expect(closed()).toBe(true)
    await link.released()
  })

  test('the reason that its machine gave is the one that counts', async () => {
    const { network, link, connection } = await open()
    network.partition(['a'], ['b'])
    link.send(0, new Uint8Array(1_000))
    link.entered('closed', 'channel-closed')
    link.shut('removed')
    link.release()
    await network.clock.run(2)
    expect(connection.connectionState).toBe(ConnectionState.CLOSED)
  })
})

describe('a link that is gone', () => {
  test.each(['its machine', 'the mesh'])(
    'by %s: packets are counted and thrown away, whatever comes after',
    async (by) => {
      const { network, link, others, routed } = await open()
      link.entered('connected')
      others[0]?.send(Uint8Array.of(1))
      await network.clock.run(100)
      if (by === 'the mesh') link.shut('removed')
      else link.entered('closed', 'removed')
      link.entered('connected')
      others[1]?.send(Uint8Array.of(2))
      await network.clock.run(100)
      expect(routed).toEqual([0])
      expect(link.stats()).toMatchObject({ latePackets: 1, waitingPackets: 0 })
    },
  )

  test('says once why its connection failed', async () => {
    const { link, connection, warnings } = await open()
    Object.defineProperty(connection, 'failure', { value: new Error('no path was found') })
    link.shut('connection-failed')
    link.shut('removed')
    expect(warnings).toEqual(['the connection to peer 2 failed: no path was found'])
  })
})

test('a state that is entered again is not told again', async () => {
  const { link } = await open()
  const states: string[] = []
  link.state$.subscribe((state) => states.push(state))
  for (const state of ['new', 'connecting', 'connecting', 'channelsOpen'] as const) link.entered(state)
  expect(states).toEqual(['new', 'connecting', 'channelsOpen'])
})
