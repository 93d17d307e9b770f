import type { EventObject } from 'xstate'
import type { PathCoverage } from './path-coverage.ts'
import { eventName, type ModelPath, pathName, type SneakPath } from './path-types.ts'

/** Leads the real thing along paths. */
export interface PathDriver<State, Event, Emitted> {
  /** Makes the event happen. The state is the model's before it. */
  act(event: Event, before: State): unknown
  /** Throws unless the real thing is as the model says: in this state, having said this since the last check. */
  check(state: State, emitted: readonly Emitted[]): unknown
  /** Tries an event that the model refuses; throws unless it is refused as it should be. Default: as {@link act}. */
  attempt?(event: Event, state: State): unknown
}

/**
 * Leads the real thing along a path, and checks it after every step.
 *
 * @throws Error with the events until the failure; its cause is what the driver threw.
 */
export async function walkPath<State, Event extends EventObject, Emitted>(
  path: ModelPath<State, Event, Emitted>,
  coverage: PathCoverage,
  driver: PathDriver<State, Event, Emitted>,
): Promise<void> {
  coverage.begin(path)
  await along(path, driver, (step) => {
    coverage.pass(step)
  })
}

/**
 * Leads the real thing along a path, then tries every event that the model refuses there, and checks each time that nothing has changed.
 *
 * @throws Error with the events until the failure; its cause is what the driver threw.
 */
export async function walkSneakPath<State, Event extends EventObject, Emitted>(
  path: SneakPath<State, Event, Emitted>,
  driver: PathDriver<State, Event, Emitted>,
): Promise<void> {
  await along(path, driver, () => undefined)
  const state = path.steps.at(-1)?.state ?? path.start
  for (const event of path.refused) {
    await saying(`${path.name}, then ${eventName(event)} is refused`, async () => {
      await (driver.attempt ? driver.attempt(event, state) : driver.act(event, state))
      await driver.check(state, [])
    })
  }
}

async function along<State, Event extends EventObject, Emitted>(
  { start, steps }: ModelPath<State, Event, Emitted>,
  driver: PathDriver<State, Event, Emitted>,
  passed: (step: ModelPath<State, Event, Emitted>['steps'][number]) => void,
): Promise<void> {
  const done: Event[] = []
  let before = start
  await saying(pathName([]), () => driver.check(start, []))
  for (const step of steps) {
    done.push(step.event)
    await saying(pathName(done), async () => {
      await driver.act(step.event, before)
      await driver.check(step.state, step.emitted)
    })
    before = step.state
    passed(step)
  }
}

async function saying(where: string, work: () => unknown): Promise<void> {
  try {
    await work()
  } catch (cause) {
    throw new Error(`${where}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
