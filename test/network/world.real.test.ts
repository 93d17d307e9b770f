import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { IceServer, SelectedCandidatePair } from '../../src/transport/peer-connection.ts'
import type { BarePeerNews, BarePeerOrder } from './support/bare-peer-messages.ts'
import { describeBehindNats } from './support/describe-behind-nats.ts'
import { isNews, NamespaceProcess } from './support/namespace-process.ts'
import { NetworkWorld, type NatKind, type Site } from './support/network-world.ts'
import { TurnServer } from './support/turn-server.ts'

type BarePeer = NamespaceProcess<BarePeerOrder, BarePeerNews>

const SECRET = 'known to coturn and to who gives out credentials'
const STUN: IceServer = { urls: TurnServer.stunUrl }

/** TURN's "REST API": whoever knows the secret makes credentials that expire. */
function turn(): IceServer {
  const username = `${Math.floor(Date.now() / 1000) + 600}:somebody`
  const credential = createHmac('sha1', SECRET).update(username).digest('base64')
  return { urls: TurnServer.turnUrl, username, credential }
}

/** Milliseconds. The longest connect seen took 2.0 s, relayed with TURN on one side only; ICE itself gives up after 40 s. */
const CONNECT_LIMIT = 6_000

interface Row {
  readonly title: string
  readonly nats: Readonly<Record<Site, NatKind>>
  readonly iceServers: Readonly<Record<Site, readonly IceServer[]>>
  readonly fault?: (world: NetworkWorld) => Promise<void>
  /** Types of the candidates that may have been chosen, as `local/remote` of the two sides; null: they do not connect. */
  readonly pair: RegExp | null
}

const both = (...iceServers: IceServer[]): Row['iceServers'] => ({ A: iceServers, B: iceServers })
const CONE = { A: 'cone', B: 'cone' } as const
const SYMMETRIC = { A: 'symmetric', B: 'symmetric' } as const

// What each side calls the other's address differs with who sent the first packet that came through: srflx or, not told before, prflx.
const ROWS: readonly Row[] = [
  { title: 'port-preserving NATs and STUN', nats: CONE, iceServers: both(STUN), pair: /^srflx\/srflx srflx\/srflx$/ },
  { title: 'port-preserving NATs without STUN', nats: CONE, iceServers: both(), pair: null },
  { title: 'symmetric NATs and STUN', nats: SYMMETRIC, iceServers: both(STUN), pair: null },
  {
    title: 'one symmetric NAT and STUN',
    nats: { A: 'symmetric', B: 'cone' },
    iceServers: both(STUN),
    pair: null,
  },
  { title: 'symmetric NATs and TURN', nats: SYMMETRIC, iceServers: both(turn()), pair: /relay/ },
  { title: 'symmetric NATs, TURN on one side', nats: SYMMETRIC, iceServers: { A: [turn()], B: [STUN] }, pair: /relay/ },
  {
    title: 'nothing passes directly, and TURN',
    nats: CONE,
    iceServers: both(turn()),
    fault: (world) => world.blockDirect(),
    pair: /relay/,
  },
  {
    title: 'no UDP on one side, and TURN',
    nats: CONE,
    iceServers: both(turn()),
    fault: (world) => world.blockUdp('A'),
    pair: null,
  },
]

describeBehindNats('two bare connections behind NATs', () => {
  let world: NetworkWorld
  let server: TurnServer
  const peers: BarePeer[] = []

  beforeAll(async () => {
    world = await NetworkWorld.create()
    server = await TurnServer.start(world, SECRET)
  })

  afterAll(async () => {
    await server.stop()
    await world.close()
  })

  afterEach(async () => {
    for (const peer of peers) peer.tell({ do: 'close' })
    await Promise.all(peers.splice(0).map((peer) => peer.ended()))
    await world.reset()
  })

  test.each(ROWS)('$title', async ({ nats, iceServers, fault, pair }) => {
    await world.setNat(nats)
    await fault?.(world)
    const [a, b] = await Promise.all([startPeer('hostA'), startPeer('hostB')])
    carrySignals(a, b)
    carrySignals(b, a)
    b.tell({ do: 'start', iceServers: iceServers.B, offers: false })
    a.tell({ do: 'start', iceServers: iceServers.A, offers: true })
    const open = Promise.all([a, b].map((peer) => peer.heard(isNews('open'), CONNECT_LIMIT)))
    if (pair === null) {
      await expect(open).rejects.toThrow('Not told within')
      // The description and a candidate have come through, so it is the path that is missing.
      for (const peer of [a, b])
        expect(peer.news.map(({ is }) => is)).toEqual(expect.arrayContaining(['described', 'candidate']))
      return
    }
    expect((await open).map((news) => describePair(news.pair)).join(' ')).toMatch(pair)
    a.tell({ do: 'send', text: 'from A' })
    b.tell({ do: 'send', text: 'from B' })
    expect(await a.heard(isNews('received'))).toEqual({ is: 'received', text: 'from B' })
    expect(await b.heard(isNews('received'))).toEqual({ is: 'received', text: 'from A' })
  })

  async function startPeer(place: 'hostA' | 'hostB'): Promise<BarePeer> {
    const peer: BarePeer = await NamespaceProcess.start(world, place, 'test/network/support/bare-peer-process.ts')
    peers.push(peer)
    await peer.heard(isNews('ready'))
    return peer
  }
})

function carrySignals(from: BarePeer, to: BarePeer): void {
  from.listen((news) => {
    if (news.is === 'described') to.tell({ do: 'describe', description: news.description })
    if (news.is === 'candidate') to.tell({ do: 'candidate', candidate: news.candidate })
  })
}

function describePair(pair: SelectedCandidatePair | null): string {
  return `${pair?.local.type ?? 'unknown'}/${pair?.remote.type ?? 'unknown'}`
}
