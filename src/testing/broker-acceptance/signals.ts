import { assertEqual } from '../transport-acceptance/assertions.ts'
import type { Scenario } from './bench.ts'
import { accepted } from './test-server.ts'

/** What members send each other. */
export function signalTests(scenario: Scenario): void {
  scenario('a signal arrives as it was sent, at the server of its receiver alone', async (bench) => {
    await bench.lobby('castle', 3)
    const signal = bench.signal('castle', 2, 3, 'ünï 🚀 "\\\n\u0000\u2028')
    bench.at(1).node.signal(signal)
    await bench.waitFor(() => bench.at(2).signals.length > 0, 'it arrives')
    await bench.settle()
    const fields = ({ lobby, from, session, sequence, to, type, data }: typeof signal): unknown[] => [
      lobby, from, session, sequence, to, type, data,
    ] // prettier-ignore
    const all = bench.servers.flatMap(({ signals }) => signals)
    assertEqual(all.map(fields), [fields(signal)], 'what arrived anywhere')
  })

  scenario('signals of a pair keep their order, however many', async (bench) => {
    await bench.lobby('castle', 3)
    const count = 2000
    for (let number = 0; number < count; number++) {
      bench.at(1).node.signal(bench.signal('castle', 2, 3, `to 3: ${number}`))
      bench.at(2).node.signal(bench.signal('castle', 3, 1, `to 1: ${number}`))
    }
    await bench.waitFor(() => bench.at(2).signals$('castle', 3).length === count, 'all arrive at 3')
    await bench.waitFor(() => bench.at(0).signals$('castle', 1).length === count, 'all arrive at 1')
    const numbers = Array.from({ length: count }, (_, number) => number)
    assertEqual(
      bench.at(2).signals$('castle', 3),
      numbers.map((number) => `to 3: ${number}`),
      'what arrived at 3',
    )
    assertEqual(
      bench.at(0).signals$('castle', 1),
      numbers.map((number) => `to 1: ${number}`),
      'what arrived at 1',
    )
  })

  scenario('a signal sent right after a join comes after the join', async (bench) => {
    await bench.lobby('castle', 1, { maxMembers: 100 })
    for (let id = 2; id < 40; id++) {
      accepted(await bench.at(id).join('castle', id))
      bench.at(id).node.signal(bench.signal('castle', id, 1, `from ${id}`))
      if (id % 2 === 0) await bench.at(id).leave('castle', id)
      await bench.settle()
    }
    // That each came after changed() had told of its sender is watched in all tests; here, that they come at all where the sender stays.
    const expected = Array.from({ length: 38 }, (_, index) => index + 2).filter((id) => id % 2 === 1)
    const arrived = new Set(bench.at(0).signals$('castle', 1))
    assertEqual(
      expected.filter((id) => !arrived.has(`from ${id}`)),
      [],
      'who was not heard',
    )
  })

  scenario('a signal for nobody is dropped', async (bench) => {
    await bench.lobby('castle', 2)
    bench.at(1).node.signal(bench.signal('castle', 2, 77, 'to nobody'))
    bench.at(1).node.signal(bench.signal('nowhere', 2, 1, 'to nowhere'))
    await bench.at(0).leave('castle', 1)
    await bench.settle()
    bench.at(1).node.signal(bench.signal('castle', 2, 1, 'too late'))
    accepted(await bench.at(0).join('castle', 3))
    await bench.settle()
    assertEqual(
      bench.servers.flatMap(({ signals }) => signals),
      [],
      'what arrived',
    )
  })

  scenario('signals find a member that moved', async (bench) => {
    await bench.lobby('castle', 3)
    for (const index of [2, 0, 1, 2]) {
      accepted(await bench.at(index).resume('castle', 2))
      await bench.agree('castle')
      await bench.settle()
      bench.at(0).node.signal(bench.signal('castle', 1, 2, `at ${index}`))
      await bench.waitFor(() => bench.at(index).signals$('castle', 2).includes(`at ${index}`), 'it arrives')
    }
  })
}
