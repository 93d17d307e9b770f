import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Actor, createActor } from 'xstate'
import { isPossible, TableDriver, tableEvents } from './support/table-driver.ts'
import { type TableEmitted, type TableEvent, tableModel } from './table-model.ts'

const PLAYERS = [1, 2, 3, 4]
const MATCHES = 21
const RUNS = 30

type Model = Actor<ReturnType<typeof tableModel>>

/** How many runs have had a state that is hard to reach. */
const reached = { over: 0, 'over by the last match': 0, 'a turn after a death': 0 }

/** One event, in the model and in the real game. */
class Happening implements fc.AsyncCommand<Model, TableDriver> {
  readonly #event: TableEvent

  constructor(event: TableEvent) {
    this.#event = event
  }

  check(model: Readonly<Model>): boolean {
    const state = model.getSnapshot()
    return isPossible(state, this.#event) && state.can(this.#event)
  }

  async run(model: Model, driver: TableDriver): Promise<void> {
    const emitted: TableEmitted[] = []
    const subscription = model.on('wins', (said) => emitted.push(said))
    model.send(this.#event)
    subscription.unsubscribe()
    driver.act(this.#event)
    const state = model.getSnapshot()
    await driver.check(state, emitted)
    const { dead, matches } = state.context
    if (emitted.length > 0) reached.over++
    if (emitted.length > 0 && matches === 0) reached['over by the last match']++
    if (this.#event.type === 'TAKES' && dead.length > 0) reached['a turn after a death']++
  }

  toString(): string {
    return JSON.stringify(this.#event)
  }
}

test('whatever happens, in whatever order, goes as the model says', async () => {
  const events = tableEvents(PLAYERS)
  const joins = events.filter(({ type }) => type === 'JOINS')
  // A death is to be rare, or nobody ever takes the last match.
  const later = events.flatMap((event) => Array<TableEvent>(event.type === 'TAKES' ? 8 : 1).fill(event))
  const happening = fc.constantFrom(...later).map((event) => new Happening(event))
  const commands = fc.commands([happening], { size: 'max', maxCommands: 250 })
  await fc.assert(
    fc.asyncProperty(commands, async (drawn) => {
      const begin = (): { model: Model; real: TableDriver } => ({
        model: createActor(tableModel(PLAYERS.length, MATCHES)).start(),
        real: new TableDriver(PLAYERS.length, MATCHES),
      })
      await fc.asyncModelRun(begin, [...joins.map((event) => new Happening(event)), ...drawn])
    }),
    { numRuns: RUNS },
  )
  process.stdout.write(`${RUNS} runs: ${JSON.stringify(reached)}\n`)
  for (const count of Object.values(reached)) expect(count).toBeGreaterThan(0)
})
