import { assertEqual, assertTrue } from '../transport-acceptance/assertions.ts'
import { idsOf, type Scenario } from './bench.ts'
import { accepted, refusalOf } from './test-server.ts'

/** Leaving, and what becomes of the lobby. */
export function leavingTests(scenario: Scenario): void {
  scenario('who leaves is gone for all, and may come again', async (bench) => {
    await bench.lobby('castle', 4)
    await bench.at(2).leave('castle', 3)
    await bench.waitFor(
      () => bench.servers.every(({ lobbies }) => lobbies.get('castle')?.members.has(3) !== true),
      'it is gone',
    )
    assertEqual(idsOf(await bench.agree('castle')), [1, 2, 4], 'members')
    accepted(await bench.at(2).join('castle', 3))
    assertEqual(idsOf(await bench.agree('castle')), [1, 2, 4, 3], 'members after it came again')
  })

  scenario('leaving twice, with another session, at another server, or nowhere does nothing', async (bench) => {
    await bench.lobby('castle', 3)
    await bench.at(1).leave('castle', 2, 'another session')
    await bench.at(1).leave('castle', 77)
    await bench.at(1).leave('nowhere', 2)
    if (bench.servers.length > 1) await bench.at(0).node.leave('castle', 2, 'session-castle-2')
    await bench.settle()
    assertEqual(idsOf(await bench.agree('castle')), [1, 2, 3], 'members')
    await bench.at(2).leave('castle', 3)
    await bench.at(2).leave('castle', 3)
    await bench.waitFor(() => bench.at(0).lobbies.get('castle')?.members.size === 2, 'one is gone')
    await bench.settle()
    assertEqual(idsOf(await bench.agree('castle')), [1, 2], 'members after one left twice')
  })

  scenario('with the host the lobby closes for all, if it is to', async (bench) => {
    await bench.lobby('castle', 3, { onHostLeave: 'close' })
    await bench.at(0).leave('castle', 1)
    await bench.waitFor(() => bench.servers.every(({ lobbies }) => lobbies.size === 0), 'it is closed')
    for (const { heard } of bench.servers) {
      assertEqual(heard.filter((what) => what === 'closed castle').length, 1, 'how often each server hears of it')
    }
    assertEqual(refusalOf(await bench.at(1).join('castle', 9)), 'lobby-not-found', 'a join after it')
    assertEqual(await bench.at(1).node.countLobbies(), 0, 'lobbies')
  })

  scenario('else who joined first takes over', async (bench) => {
    await bench.at(0).create('castle', { onHostLeave: 'keep' })
    for (const [index, id] of [90, 5, 40].entries()) accepted(await bench.at(index).join('castle', id))
    await bench.at(0).leave('castle', 1)
    await bench.waitFor(() => bench.at(1).lobbies.get('castle')?.host === 90, 'another is host')
    assertEqual(idsOf(await bench.agree('castle')), [90, 5, 40], 'members')
    assertEqual(refusalOf(await bench.at(1).seal('castle', 5)), 'not-host', 'sealing by another one')
    assertTrue(accepted(await bench.at(0).seal('castle', 90)).sealed, 'the new host may seal')
  })

  scenario('a member who leaves is no reason to close, whatever the lobby does without its host', async (bench) => {
    await bench.lobby('castle', 3, { onHostLeave: 'close' })
    await bench.at(1).leave('castle', 2)
    await bench.waitFor(() => bench.at(0).lobbies.get('castle')?.members.has(2) === false, 'the member is gone')
    assertEqual(idsOf(await bench.agree('castle')), [1, 3], 'members')
  })

  scenario('the last one to leave closes the lobby', async (bench) => {
    await bench.lobby('castle', 2, { onHostLeave: 'keep' })
    await bench.at(0).leave('castle', 1)
    await bench.at(1).leave('castle', 2)
    assertTrue(bench.at(1).heard.includes('closed castle'), 'its server hears of it')
    assertEqual(await bench.at(0).node.countLobbies(), 0, 'lobbies')
  })

  scenario(
    'a server whose last member left hears nothing more of the lobby',
    async (bench) => {
      await bench.lobby('castle', 3)
      await bench.at(2).leave('castle', 3)
      const { length } = bench.at(2).heard
      await bench.at(0).setMetadata('castle', 1, 'news')
      accepted(await bench.at(1).join('castle', 9))
      await bench.settle()
      assertEqual(bench.at(2).heard.slice(length), [], 'what it hears')
    },
    [3],
  )

  scenario(
    'a server that closes takes its members along, and hears nothing any more',
    async (bench) => {
      await bench.lobby('kept', 3, { onHostLeave: 'keep' })
      await bench.lobby('ended', 3, { onHostLeave: 'close' })
      const { length } = bench.at(0).heard
      await bench.at(0).node.close()
      await bench.waitFor(() => bench.at(1).lobbies.get('kept')?.host === 2, 'another is host')
      await bench.waitFor(() => !bench.at(2).lobbies.has('ended'), 'the lobby of its host is closed')
      assertEqual(idsOf(bench.at(1).lobbies.get('kept')), [2, 3], 'members')
      await bench.at(1).setMetadata('kept', 2, 'news')
      await bench.settle()
      assertEqual(bench.at(0).heard.slice(length), [], 'what it hears')
      assertEqual(await bench.at(1).node.countLobbies(), 1, 'lobbies')
    },
    [3],
  )
}
