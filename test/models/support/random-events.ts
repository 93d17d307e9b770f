import fc from 'fast-check'
import { type Actor, createActor, type EventObject } from 'xstate'
import type { Model, ModelSnapshot } from '../../../src/testing/paths/path-types.ts'
import { eventName } from '../../../src/testing/paths/path-types.ts'
import type { PathDriver } from '../../../src/testing/paths/walk-path.ts'
import { led, type Led } from './led.ts'
import { Reach } from './reach.ts'

/** A deep state, which events at random may easily never reach. */
export interface DeepStateOf<State, Event> {
  readonly name: string
  isReached(state: State, event: Event): boolean
}

/** A model, how its events are weighed, and what is led along them. */
export interface RandomEvents<
  State extends ModelSnapshot<Event>,
  Event extends EventObject,
  Emitted extends EventObject,
> {
  readonly name: string
  readonly model: Model<State, Event, Emitted>
  readonly events: readonly Event[]
  readonly isPossible?: (state: State, event: Event) => boolean
  /** How often events of a type come, beside their like. Default 2. */
  readonly weights: Partial<Record<Event['type'], number>>
  /** Events that come one after the other, those of them that the state takes: without them deep states are hardly ever reached. */
  readonly macros: readonly (readonly Event[])[]
  readonly deep: readonly DeepStateOf<State, Event>[]
  readonly runs: number
  start(): Promise<PathDriver<State, Event, Emitted> & Led>
}

/**
 * A failure prints its seed and path, and the replayPath of its commands. They run again with
 * `RANDOM_COMMANDS='{"seed":1,"path":"3:1","replayPath":"AAB:C"}'` and the name of the one test.
 */
const { replayPath, ...again } = JSON.parse(process.env['RANDOM_COMMANDS'] ?? '{}') as {
  seed?: number
  path?: string
  replayPath?: string
}

/** The specification as it runs beside the real thing, and what it has said since it was last asked. */
class RunningModel<State extends ModelSnapshot<Event>, Event extends EventObject, Emitted extends EventObject> {
  readonly actor: Actor<Model<State, Event, Emitted>>
  readonly emitted: Emitted[] = []

  constructor(model: Model<State, Event, Emitted>) {
    this.actor = createActor(model, { input: undefined })
    this.actor.on('*', (said) => this.emitted.push(said))
    this.actor.start()
  }
}

/** Leads the real thing by events at random, tries those that the specification refuses, and prints how often each deep state was reached. */
export async function runRandomEvents<
  State extends ModelSnapshot<Event>,
  Event extends EventObject,
  Emitted extends EventObject,
>(options: RandomEvents<State, Event, Emitted>): Promise<void> {
  const { name, model, events, isPossible = () => true, weights, macros, deep, runs, start } = options
  type Running = RunningModel<State, Event, Emitted>
  type Driver = PathDriver<State, Event, Emitted> & Led
  const reach = new Reach(deep.map(({ name }) => ({ name })))

  async function happen(event: Event, { actor, emitted }: Running, driver: Driver): Promise<void> {
    const before: State = actor.getSnapshot()
    if (!isPossible(before, event)) return
    if (before.status === 'active' && before.can(event)) {
      await driver.act(event, before)
      actor.send(event)
    } else {
      await driver.attempt?.(event, before)
    }
    const after: State = actor.getSnapshot()
    await driver.check(after, emitted.splice(0))
    for (const { name, isReached } of deep) if (isReached(after, event)) reach.noteNamed(name)
  }

  const command = (list: readonly Event[], isMacro: boolean): fc.AsyncCommand<Running, Driver> => ({
    check: () => true,
    run: async (running, driver) => {
      for (const event of list) {
        if (!isMacro || running.actor.getSnapshot().can(event)) await happen(event, running, driver)
      }
    },
    toString: () => list.map(eventName).join(' > '),
  })

  const types = [...new Set(events.map(({ type }) => type))] as Event['type'][]
  const commands = fc.commands(
    [
      fc.oneof(
        ...(macros.length === 0
          ? []
          : [{ weight: 16, arbitrary: fc.constantFrom(...macros).map((list) => command(list, true)) }]),
        ...types.map((type) => ({
          weight: weights[type] ?? 2,
          arbitrary: fc
            .constantFrom(...events.filter((event) => event.type === type))
            .map((event) => command([event], false)),
        })),
      ),
    ],
    { maxCommands: 40, size: 'max', ...(replayPath !== undefined && { replayPath }) },
  )
  await fc.assert(
    fc.asyncProperty(commands, async (list) => {
      reach.begin()
      const running = new RunningModel(model)
      await led(await start(), (driver) => fc.asyncModelRun(() => ({ model: running, real: driver }), list))
    }),
    { numRuns: runs, ...again },
  )
  process.stdout.write(`random events, ${name}: ${reach.toString()}\n`)
  if (again.seed === undefined) reach.assertAll()
}
