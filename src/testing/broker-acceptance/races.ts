import type { BrokerReply } from '../../services/lobby/broker/broker.ts'
import { assertEqual, assertTrue } from '../transport-acceptance/assertions.ts'
import { type Bench, idsOf, type Scenario } from './bench.ts'
import { creation } from './test-server.ts'

const RACERS = 12

/** Operations that are under way at the same time. */
export function raceTests(scenario: Scenario): void {
  scenario('of many who make a lobby of one name, one does', async (bench) => {
    const replies = await Promise.all(
      racers().map((index) =>
        bench.at(index).create('castle', { session: `racer-${index}`, tokenHash: `racer-${index}` }),
      ),
    )
    assertEqual(tally(replies), { ok: 1, 'lobby-exists': RACERS - 1 }, 'replies')
    assertEqual(await bench.at(0).node.countLobbies(), 1, 'lobbies')
  })

  scenario('of many who take one id, one gets it', async (bench) => {
    await bench.lobby('castle', 1, { maxMembers: 100 })
    const replies = await Promise.all(
      racers().map((index) =>
        bench.at(index).node.join({ lobby: 'castle', id: 7, session: `racer-${index}`, tokenHash: `racer-${index}` }),
      ),
    )
    assertEqual(tally(replies), { ok: 1, 'id-taken': RACERS - 1 }, 'replies')
    const winner = replies.findIndex((reply) => 'lobby' in reply)
    assertEqual((await bench.agree('castle'))?.members.get(7)?.session, `racer-${winner}`, 'who has it')
  })

  scenario('of many who want the last place, one gets it', async (bench) => {
    await bench.lobby('castle', 3, { maxMembers: 4 })
    const replies = await Promise.all(racers().map((index) => bench.at(index).join('castle', 100 + index)))
    assertEqual(tally(replies), { ok: 1, 'lobby-full': RACERS - 1 }, 'replies')
    assertEqual((await bench.agree('castle'))?.members.size, 4, 'members')
  })

  scenario('no more lobbies than allowed', async (bench) => {
    const replies = await Promise.all(
      racers().map((index) => bench.at(index).create(`castle-${index}`, { maxLobbies: 5 })),
    )
    assertEqual(tally(replies), { ok: 5, 'too-many-lobbies': RACERS - 5 }, 'replies')
    assertEqual(await bench.at(0).node.countLobbies(), 5, 'lobbies')
  })

  scenario('who joins while the host leaves is in the lobby that is, or in none', async (bench) => {
    for (let round = 0; round < 20; round++) await joinAgainstLeave(bench, `castle-${round}`)
    assertEqual(await bench.at(0).node.countLobbies(), 0, 'lobbies')
  })

  scenario('all who join and leave at once are in no lobby after it', async (bench) => {
    await bench.lobby('castle', 1, { maxMembers: 1000 })
    await Promise.all(
      racers().map(async (index) => {
        for (let round = 0; round < 10; round++) {
          const id = 2 + index
          await bench.at(index).join('castle', id)
          await bench.at(index).leave('castle', id)
        }
      }),
    )
    await bench.waitFor(() => bench.at(0).lobbies.get('castle')?.members.size === 1, 'only the host is left')
    assertEqual(idsOf(await bench.agree('castle')), [1], 'members')
  })

  scenario('a member that two servers take up is at one of them', async (bench) => {
    await bench.lobby('castle', 2)
    await Promise.all(racers().map((index) => bench.at(index).resume('castle', 2)))
    await bench.settle()
    const lobby = await bench.agree('castle')
    assertTrue(
      bench.servers.some(({ node }) => node.id === lobby?.members.get(2)?.node),
      'it is at one of the servers',
    )
  })
}

async function joinAgainstLeave(bench: Bench, name: string): Promise<void> {
  await bench.at(0).node.create(creation(name, { onHostLeave: 'close' }))
  const [reply] = await Promise.all([
    bench.at(1).node.join({ lobby: name, id: 2, session: 's', tokenHash: 'h' }),
    bench.at(0).leave(name, 1),
  ])
  // The lobby is gone either way; who had got in has heard so.
  await bench.waitFor(() => bench.servers.every(({ lobbies }) => !lobbies.has(name)), `${name} is gone`)
  if ('lobby' in reply) assertTrue(bench.at(1).heard.includes(`closed ${name}`), 'who was in it hears of its end')
}

function racers(): number[] {
  return Array.from({ length: RACERS }, (_, index) => index)
}

/** How often each outcome came. */
function tally(replies: readonly BrokerReply[]): Record<string, number> {
  const counts: Record<string, number> = { ok: 0 }
  for (const reply of replies) {
    const outcome = 'lobby' in reply ? 'ok' : reply.refused
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}
