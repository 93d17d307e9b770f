import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { DialCandidate, DialPair } from '../../src/services/lobby/client/dial-candidate.ts'
import type { VerdictReason } from '../../src/services/lobby/client/verdict.ts'
import { describeBehindNats } from './support/describe-behind-nats.ts'
import type { MemberNews, MemberOrder, ServerNews, ServerOrder } from './support/lobby-messages.ts'
import { isNews, NamespaceProcess } from './support/namespace-process.ts'
import { NetworkWorld, type NatKind, PUBLIC_ADDRESS, type Site } from './support/network-world.ts'
import { TurnServer } from './support/turn-server.ts'

type Member = NamespaceProcess<MemberOrder, MemberNews>
type Server = NamespaceProcess<ServerOrder, ServerNews>

const SECRET = 'known to coturn and to the lobby server'

/** What lobby servers tell their clients of. */
const ICE_SERVERS = {
  'STUN alone': [TurnServer.stunUrl],
  'STUN and TURN': [TurnServer.stunUrl, TurnServer.turnUrl],
} as const
type Given = keyof typeof ICE_SERVERS

/** Milliseconds for the search for a path: the longest seen took 2 s, while ICE itself would go on for 40. */
const ICE_LIMIT = 6_000

interface Row {
  readonly title: string
  readonly nats: Readonly<Record<Site, NatKind>>
  readonly given: Given
  readonly fault?: (world: NetworkWorld) => Promise<void>
}

const CONE = { A: 'cone', B: 'cone' } as const
const SYMMETRIC = { A: 'symmetric', B: 'symmetric' } as const

const CONNECTING: readonly (Row & { readonly pair: RegExp })[] = [
  { title: 'directly by STUN', nats: CONE, given: 'STUN alone', pair: /^srflx\/srflx$/ },
  { title: 'relayed by TURN with symmetric NATs', nats: SYMMETRIC, given: 'STUN and TURN', pair: /relay/ },
  {
    title: 'relayed by TURN when nothing passes directly',
    nats: CONE,
    given: 'STUN and TURN',
    fault: (world) => world.blockDirect(),
    pair: /relay/,
  },
]

const FAILING: readonly (Row & { readonly reason: VerdictReason })[] = [
  { title: 'symmetric NATs without TURN', nats: SYMMETRIC, given: 'STUN alone', reason: 'relay-needed' },
  {
    title: 'one symmetric NAT without TURN',
    nats: { A: 'symmetric', B: 'cone' },
    given: 'STUN alone',
    reason: 'relay-needed',
  },
  {
    title: 'nothing passes directly, without TURN',
    nats: CONE,
    given: 'STUN alone',
    fault: (world) => world.blockDirect(),
    reason: 'relay-needed',
  },
  {
    title: 'no UDP at one side, without TURN',
    nats: CONE,
    given: 'STUN alone',
    fault: (world) => world.blockUdp('A'),
    reason: 'relay-needed',
  },
]

const NO_UDP: Row = {
  title: 'no UDP at one side, though there is TURN',
  nats: CONE,
  given: 'STUN and TURN',
  fault: (world) => world.blockUdp('A'),
}

describeBehindNats('members of a lobby behind NATs', () => {
  let world: NetworkWorld
  let turnServer: TurnServer
  const urls = new Map<Given, string>()
  const members: Member[] = []

  beforeAll(async () => {
    world = await NetworkWorld.create()
    turnServer = await TurnServer.start(world, SECRET)
    for (const given of Object.keys(ICE_SERVERS) as Given[]) urls.set(given, await startServer(ICE_SERVERS[given]))
  })

  afterAll(async () => {
    await turnServer.stop()
    await world.close()
  })

  afterEach(async () => {
    for (const member of members) member.tell({ do: 'leave' })
    await Promise.all(members.splice(0).map((member) => member.ended()))
    await world.reset()
  })

  test.each(CONNECTING)('connect $title', async (row) => {
    const [a, b] = await joinBoth(row)
    const connected = await Promise.all([a, b].map((member) => member.heard(isNews('connected'))))
    for (const { pair } of connected) expect(describePair(pair)).toMatch(row.pair)
    a.tell({ do: 'send', text: 'from A' })
    b.tell({ do: 'send', text: 'from B' })
    expect(await a.heard(isNews('received'))).toMatchObject({ text: 'from B' })
    expect(await b.heard(isNews('received'))).toMatchObject({ text: 'from A' })
  })

  test.each(FAILING)('get the right verdict with $title', async (row) => {
    const [a, b] = await joinBoth(row)
    const verdicts = await Promise.all([a, b].map((member) => member.heard(isNews('verdict'))))
    for (const { verdict } of verdicts) {
      expect(verdict).toMatchObject({ reason: row.reason, step: 'ice', attempts: 1 })
      expect(verdict.message).toMatch(/TURN/)
    }
    for (const member of [a, b]) expect(member.news.map(({ is }) => is)).not.toContain('connected')
  })

  // Nothing that Node has can pass there; the candidates show at which side.
  test(`get a verdict with ${NO_UDP.title}`, async () => {
    const [a, b] = await joinBoth(NO_UDP)
    const [ofA, ofB] = await Promise.all([a, b].map(async (member) => (await member.heard(isNews('verdict'))).verdict))
    for (const verdict of [ofA, ofB]) {
      expect(verdict?.reason).toMatch(/^(timed-out|no-candidate-pair)$/)
      expect(verdict?.message).toMatch(/TURN server/)
    }
    const types = (candidates: readonly DialCandidate[] = []): string[] => [
      ...new Set(candidates.map(({ type }) => type)),
    ]
    expect(types(ofA?.localCandidates)).toEqual(['host'])
    expect(types(ofA?.remoteCandidates)).toEqual(['host', 'srflx', 'relay'])
    expect(types(ofB?.localCandidates)).toEqual(['host', 'srflx', 'relay'])
    expect(types(ofB?.remoteCandidates)).toEqual(['host'])
  })

  async function startServer(iceServers: readonly string[]): Promise<string> {
    const server: Server = await NamespaceProcess.start(world, 'pub', 'test/network/support/lobby-server-process.ts')
    await server.heard(isNews('ready'))
    server.tell({ do: 'serve', host: PUBLIC_ADDRESS, turn: { secret: SECRET, urls: iceServers } })
    return (await server.heard(isNews('serving'))).url
  }

  async function joinBoth({ nats, given, fault }: Row): Promise<[a: Member, b: Member]> {
    await world.setNat(nats)
    await fault?.(world)
    const a = await join('hostA', given)
    const { lobby } = await a.heard(isNews('joined'))
    const b = await join('hostB', given, lobby)
    return [a, b]
  }

  async function join(place: 'hostA' | 'hostB', given: Given, lobby?: string): Promise<Member> {
    const member: Member = await NamespaceProcess.start(world, place, 'test/network/support/lobby-member-process.ts')
    members.push(member)
    await member.heard(isNews('ready'))
    const options = { attempts: 1, times: { ice: ICE_LIMIT }, ...(lobby !== undefined && { lobby }) }
    member.tell({ do: 'join', url: urls.get(given) ?? '', options })
    return member
  }
})

function describePair(pair: DialPair | null): string {
  return `${pair?.local.type ?? 'unknown'}/${pair?.remote.type ?? 'unknown'}`
}
