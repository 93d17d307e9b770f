import { assertEqual, assertTrue } from '../transport-acceptance/assertions.ts'
import { idsOf, type Scenario } from './bench.ts'
import { accepted, refusalOf } from './test-server.ts'

/** Members who come back, to the same server or another. */
export function resumingTests(scenario: Scenario): void {
  scenario('a member moves to another server, and keeps its id, session and place', async (bench) => {
    await bench.lobby('castle', 3)
    const lobby = accepted(await bench.at(2).resume('castle', 2))
    assertEqual(
      lobby.members.get(2),
      { id: 2, session: 'session-castle-2', node: bench.at(2).node.id },
      'the member in the reply',
    )
    assertEqual(idsOf(lobby), [1, 2, 3], 'members')
    await bench.waitFor(
      () => bench.at(0).lobbies.get('castle')?.members.get(2)?.node === bench.at(2).node.id,
      'others see it',
    )
  })

  scenario(
    'the server that it was at sees it go, even if that was its last member, and nothing after that',
    async (bench) => {
      const seen: (string | undefined)[] = []
      await bench.lobby('castle', 2)
      const left = bench.at(1)
      const { changed } = left
      Object.assign(left, {
        changed: (lobby: Parameters<typeof changed>[0]) => {
          seen.push(lobby.members.get(2)?.node)
          changed.call(left, lobby)
        },
      })
      accepted(await bench.at(2).resume('castle', 2))
      await bench.waitFor(() => seen.length > 0, 'it sees the member go')
      accepted(await bench.at(0).setMetadata('castle', 1, 'news'))
      await bench.settle()
      assertEqual(seen, [bench.at(2).node.id], 'where it saw the member')
    },
    [3],
  )

  scenario('only where it is now can it leave from', async (bench) => {
    await bench.lobby('castle', 2)
    accepted(await bench.at(2).resume('castle', 2))
    if (bench.at(1) !== bench.at(2)) {
      await bench.waitFor(() => !bench.at(1).lobbies.has('castle'), 'the server that it was at knows')
      await bench.at(1).node.leave('castle', 2, 'session-castle-2')
      await bench.settle()
      assertEqual(idsOf(await bench.agree('castle')), [1, 2], 'members after a leave where it was')
    }
    await bench.at(2).leave('castle', 2)
    await bench.waitFor(() => bench.at(0).lobbies.get('castle')?.members.has(2) === false, 'it has left')
  })

  scenario('it may come back to a lobby that is sealed or full, and to the server that it is at', async (bench) => {
    await bench.lobby('castle', 2, { maxMembers: 2 })
    await bench.at(0).seal('castle', 1)
    accepted(await bench.at(2).resume('castle', 2))
    accepted(await bench.at(2).resume('castle', 2))
    assertEqual(idsOf(await bench.agree('castle')), [1, 2], 'members')
  })

  scenario('a host that moved is still the host', async (bench) => {
    await bench.lobby('castle', 2, { onHostLeave: 'close' })
    assertEqual(accepted(await bench.at(1).resume('castle', 1)).host, 1, 'the host')
    assertTrue(accepted(await bench.at(1).seal('castle', 1)).sealed, 'it may seal')
    await bench.at(1).leave('castle', 1)
    await bench.waitFor(
      () => bench.servers.every(({ lobbies }) => lobbies.size === 0),
      'its lobby closes when it leaves',
    )
  })

  scenario('who has left cannot come back by its token', async (bench) => {
    await bench.lobby('castle', 2)
    await bench.at(1).leave('castle', 2)
    assertEqual(refusalOf(await bench.at(2).resume('castle', 2)), 'token-invalid', 'a resume')
  })

  scenario(
    'signals that are under way when their receiver moves go after it',
    async (bench) => {
      await bench.lobby('castle', 3)
      const count = 300
      const moves: Promise<unknown>[] = []
      for (let number = 0; number < count; number++) {
        // From one server to the other and back; each time it is the only member there.
        if (number % 100 === 50) moves.push(bench.at(number % 200 === 50 ? 0 : 1).resume('castle', 2))
        bench.at(2).node.signal(bench.signal('castle', 3, 2, String(number)))
        if (number % 10 === 0) await Promise.resolve()
      }
      await Promise.all(moves)
      const arrived = (): number => new Set(bench.servers.flatMap((each) => each.signals$('castle', 2))).size
      await bench.waitFor(() => arrived() === count, 'all arrive')
    },
    [3],
  )

  scenario(
    'what was kept for a member that moved is passed on from within changed()',
    async (bench) => {
      await bench.lobby('castle', 3)
      const left = bench.at(1)
      const { changed } = left
      Object.assign(left, {
        changed: (lobby: Parameters<typeof changed>[0]) => {
          changed.call(left, lobby)
          if (lobby.members.get(2)?.node !== left.node.id) left.node.signal(bench.signal('castle', 3, 2, 'kept'))
        },
      })
      accepted(await bench.at(0).resume('castle', 2))
      await bench.waitFor(() => bench.at(0).signals$('castle', 2).length > 0, 'it arrives')
      assertEqual(bench.at(0).signals$('castle', 2), ['kept'], 'what arrives')
    },
    [3],
  )
}
