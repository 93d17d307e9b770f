import { assertEqual, assertTrue } from '../transport-acceptance/assertions.ts'
import { assertUnavailable, idsOf, type Scenario } from './bench.ts'
import { accepted, plain, refusalOf } from './test-server.ts'

/** Making, joining, changing and listing lobbies. */
export function lobbyTests(scenario: Scenario): void {
  scenario('a lobby is as it was made, with its host as member 1', async (bench) => {
    const { node } = bench.at(0)
    const request = {
      mode: 'client-server',
      onHostLeave: 'close',
      listed: false,
      maxMembers: 3,
      metadata: '{"map":1}',
    } as const
    const lobby = accepted(await bench.at(0).create('castle', request))
    const members = [{ id: 1, session: 'session-castle-1', node: node.id }]
    assertEqual(
      plain(lobby),
      plain({
        name: 'castle',
        sealed: false,
        host: 1,
        revision: 0,
        members: new Map([[1, members[0] as never]]),
        ...request,
      }),
      'the reply',
    )
    assertEqual(plain(bench.at(0).lobbies.get('castle')), plain(lobby), 'what changed() told')
    assertEqual(await node.countLobbies(), 1, 'lobbies')
  })

  scenario('every server with a member hears of every other member, in the order of joining', async (bench) => {
    await bench.lobby('castle', 6)
    assertEqual(idsOf(await bench.agree('castle')), [1, 2, 3, 4, 5, 6], 'members')
    assertEqual(
      [...(bench.at(0).lobbies.get('castle')?.members.values() ?? [])].map(({ node }) => node),
      [0, 1, 2, 3, 4, 5].map((index) => bench.at(index).node.id),
      'their servers',
    )
  })

  scenario('the order is that of joining, not that of ids', async (bench) => {
    await bench.lobby('castle', 1)
    for (const [index, id] of [2147483647, 5, 300, 2].entries()) accepted(await bench.at(index).join('castle', id))
    assertEqual(idsOf(await bench.agree('castle')), [1, 2147483647, 5, 300, 2], 'members')
  })

  scenario('servers hear nothing of lobbies that they have no member in', async (bench) => {
    const stranger = await bench.connect()
    await bench.at(0).create('castle')
    accepted(await bench.at(0).join('castle', 2))
    await bench.settle()
    assertEqual(stranger.heard, [], 'what the stranger heard')
  })

  scenario('what cannot be is refused, and changes nothing', async (bench) => {
    const server = bench.at(1)
    await bench.lobby('castle', 2, { maxMembers: 4 })
    await bench.lobby('full', 2, { maxMembers: 2 })
    await bench.lobby('sealed', 2)
    accepted(await bench.at(0).seal('sealed', 1))
    const before = await bench.agree('castle')
    const calls: [string, () => ReturnType<typeof server.join>, string][] = [
      ['join', () => server.join('nowhere', 2), 'lobby-not-found'],
      ['join', () => server.join('', 2), 'lobby-not-found'],
      ['join', () => server.join('\ud800"\\\n', 2), 'lobby-not-found'],
      ['join', () => server.join('full', 9), 'lobby-full'],
      ['join', () => server.join('sealed', 9), 'lobby-sealed'],
      ['join', () => server.join('castle', 2), 'id-taken'],
      ['join', () => server.join('castle', 1), 'id-taken'],
      ['create', () => server.create('castle'), 'lobby-exists'],
      ['create', () => server.create('another', { maxLobbies: 3 }), 'too-many-lobbies'],
      ['resume', () => server.resume('nowhere', 2), 'lobby-not-found'],
      ['resume', () => server.resume('castle', 77), 'token-invalid'],
      ['resume', () => server.resume('castle', 2, 'wrong'), 'token-invalid'],
      ['resume', () => server.resume('castle', 2, ''), 'token-invalid'],
      ['seal', () => server.seal('nowhere', 1), 'lobby-not-found'],
      ['seal', () => server.seal('castle', 2), 'not-host'],
      ['setMetadata', () => server.setMetadata('nowhere', 1, 'x'), 'lobby-not-found'],
      ['setMetadata', () => server.setMetadata('castle', 2, 'x'), 'not-host'],
    ]
    for (const [name, call, refusal] of calls) assertEqual(refusalOf(await call()), refusal, name)
    await bench.settle()
    assertEqual(await bench.agree('castle').then(plain), plain(before), 'the lobby after it')
    assertEqual(await server.node.countLobbies(), 3, 'lobbies')
  })

  scenario('a sealed lobby takes nobody any more, and says so', async (bench) => {
    await bench.lobby('castle', 3)
    assertTrue(accepted(await bench.at(0).seal('castle', 1)).sealed, 'the reply says that it is sealed')
    assertEqual(refusalOf(await bench.at(2).join('castle', 9)), 'lobby-sealed', 'a join')
    assertTrue((await bench.agree('castle'))?.sealed === true, 'all servers know')
    assertTrue(accepted(await bench.at(0).seal('castle', 1)).sealed, 'sealing it again does no harm')
  })

  scenario('metadata reach all servers, whatever text they are', async (bench) => {
    await bench.lobby('castle', 3)
    for (const metadata of ['{"players":3}', '', 'ünï 🚀 "\\\n\u0000\u2028', 'x'.repeat(4096)]) {
      assertEqual(accepted(await bench.at(0).setMetadata('castle', 1, metadata)).metadata, metadata, 'the reply')
      assertEqual((await bench.agree('castle'))?.metadata, metadata, 'what all know')
    }
  })

  scenario('lists lobbies that are listed, not sealed and not full', async (bench) => {
    await bench.lobby('open', 2, { metadata: 'm', maxMembers: 5, mode: 'client-server' })
    await bench.lobby('hidden', 1, { listed: false })
    await bench.lobby('full', 2, { maxMembers: 2 })
    await bench.lobby('sealed', 1)
    await bench.at(0).seal('sealed', 1)
    const list = await bench.at(1).node.list(10)
    assertEqual(
      list.map(({ name, mode, members, maxMembers, metadata }) => ({ name, mode, members, maxMembers, metadata })),
      [{ name: 'open', mode: 'client-server', members: 2, maxMembers: 5, metadata: 'm' }],
      'the list',
    )
    await bench.at(1).leave('full', 2)
    const names = (await bench.at(2).node.list(10)).map(({ name }) => name)
    assertEqual(names.sort(), ['full', 'open'], 'the list when one has left the full lobby')
    assertEqual((await bench.at(2).node.list(1)).length, 1, 'a list of at most one')
    for (const [only, expected] of [
      ['full', ['full']],
      ['open', ['open']],
      ['sealed', []],
      ['hidden', []],
      ['nowhere', []],
    ] as const) {
      const found = (await bench.at(2).node.list(1, only)).map(({ name }) => name)
      assertEqual(found, expected, `a list of ${only} alone`)
    }
  })

  scenario('a name can be used again when its lobby is gone', async (bench) => {
    for (let round = 1; round <= 3; round++) {
      await bench.lobby('castle', 3, { metadata: String(round) })
      await Promise.all([1, 2, 3].map((id) => bench.at(id - 1).leave('castle', id)))
      await bench.waitFor(() => bench.servers.every(({ lobbies }) => lobbies.size === 0), 'nobody knows it any more')
      assertEqual(await bench.at(0).node.countLobbies(), 0, 'lobbies')
    }
  })

  scenario('operations after the close of a server are refused; closing twice does nothing', async (bench) => {
    const { node } = await bench.connect()
    await node.close()
    await node.close()
    assertTrue(!node.isAvailable, 'it is not available')
    await assertUnavailable(node.join({ lobby: 'x', id: 2, session: 's', tokenHash: 'h' }), 'join()')
    await assertUnavailable(node.list(1), 'list()')
    await node.leave('x', 2, 's')
    node.signal(bench.signal('x', 2, 3, 'late'))
  })
}
