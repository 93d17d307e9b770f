import { createHash } from 'node:crypto'
import { config } from 'rxjs'
import {
  checkHistory,
  generateSchedule,
  History,
  Random,
  type Schedule,
  SimulatedNetwork,
  standardRules,
  type Violation,
} from '../../../src/testing/index.ts'
import { serverFirst } from './server-first.ts'
import { trafficLabel } from './traffic.ts'
import { onVirtualPlatform } from './virtual-platform.ts'
import { AGREES_WITHIN, ARRIVES_WITHIN, World } from './world.ts'
import { planWorld } from './world-plan.ts'

/** What came of a run. */
export interface SimulationResult {
  readonly schedule: Schedule
  readonly history: History
  readonly violations: readonly Violation[]
  /** Of every entry of the history. */
  readonly hash: string
  /** Milliseconds from the last fault until everyone agreed; Infinity: never. */
  readonly agreedAfter: number
}

/** The schedule of a seed. */
export function scheduleOf(seed: number, hosts?: number): Schedule {
  const random = new Random(`size ${seed}`)
  // Small worlds are quicker and find as much; 3 to 8.
  const count = hosts ?? 3 + Math.floor(6 * random.next() ** 2.5)
  return generateSchedule(seed, {
    hosts: count,
    duration: 25_000,
    faults: 8,
    kinds: [
      ...(['loss', 'slow', 'disorder', 'partition', 'partition', 'death', 'death', 'absence'] as const),
      ...(['signaling-cut', 'signaling-restart', 'signaling-disorder', 'overload'] as const),
    ],
  })
}

/**
 * Runs a schedule from its seed to the last event, and checks what has happened.
 *
 * @param agreesWithin - milliseconds.
 */
export async function simulate(schedule: Schedule, agreesWithin = AGREES_WITHIN): Promise<SimulationResult> {
  const plan = planWorld(schedule)
  const network = new SimulatedNetwork({ seed: schedule.seed, sendBuffer: 128 * 1024, ...plan.conditions })
  const history = new History({ clock: network.clock, label: trafficLabel })
  return onVirtualPlatform(network.clock, new Random(`platform ${schedule.seed}`), async () => {
    const failed = (message: string): void => {
      history.add({ kind: 'failure', message })
    }
    const stopWatching = watchUnhandled(failed)
    const world = new World(schedule, { network, plan, history, failed })
    // What a timer throws comes out here, and ends the run.
    const agreedAfter = await world.run().catch((error: unknown) => {
      failed(`thrown: ${textOf(error)}`)
      return Infinity
    })
    await stopWatching()
    const rules = standardRules({ agreesWithin, arrivesWithin: ARRIVES_WITHIN })
    if (plan.mode === 'direct') rules.push(serverFirst)
    const violations = checkHistory(history, rules)
    const hash = createHash('sha256').update(JSON.stringify(history)).digest('hex')
    return { schedule, history, violations, hash, agreedAfter }
  })
}

const UNCAUGHT = ['unhandledRejection', 'uncaughtException'] as const

/** Tells of what nobody catches. @returns what ends that, when all of it has been told. */
function watchUnhandled(failed: (message: string) => void): () => Promise<void> {
  const note = (error: unknown): void => {
    failed(`unhandled: ${textOf(error)}`)
  }
  const { onUnhandledError } = config
  config.onUnhandledError = note
  for (const event of UNCAUGHT) process.on(event, note)
  return async () => {
    // RxJS and Node both tell on a later turn.
    await new Promise((resolve) => setTimeout(resolve, 0))
    await new Promise((resolve) => setImmediate(resolve))
    config.onUnhandledError = onUnhandledError
    for (const event of UNCAUGHT) process.off(event, note)
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
