import { invalid } from '../../checks.ts'
import type { NetworkConditions } from '../../transport/simulated/network-conditions.ts'
import type { SimulatedNetwork } from '../../transport/simulated/simulated-network.ts'
import type { History } from './history.ts'
import { NetworkFaults } from './network-faults.ts'
import { checkSchedule, type Fault, type FaultKind, type FaultOf, hostsOf, type Schedule } from './schedule.ts'

/** Does one kind of fault, and ends it. */
export interface FaultHandler<Kind extends FaultKind> {
  begin(fault: FaultOf<Kind>): void
  end?(fault: FaultOf<Kind>): void
}

/** Who does the faults that the network cannot do by itself. */
export type FaultHandlers = { readonly [Kind in FaultKind]?: FaultHandler<Kind> }

/** Options of {@link runSchedule}. */
export interface RunScheduleOptions {
  network: SimulatedNetwork
  /** What the links are like without faults, as the network was made with. Default: perfect. */
  conditions?: Partial<NetworkConditions>
  /** Hears of each fault, and at the end that all have healed. */
  history?: History
  handlers?: FaultHandlers
  /** Names of all who have to be there once everything has healed; asked then. Default: whoever is. */
  expected?: () => readonly string[]
}

/** Kinds that need nobody else. A host that dies is dead without a handler too, but nothing begins anew then. */
const BY_NETWORK: ReadonlySet<FaultKind> = new Set<FaultKind>(['loss', 'slow', 'disorder', 'partition', 'death'])

/**
 * Lets the time of a schedule pass, with its faults. They are the network's own, `loss`, `slow`, `disorder`, `partition` and `death`, and whatever there are handlers for.
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for a schedule that cannot be run, before anything happens.
 *
 * @example
 * ```ts
 * import { generateSchedule, History, runSchedule, SimulatedNetwork } from 'webrtc-multiplayer/testing'
 *
 * const network = new SimulatedNetwork({ seed: 7 })
 * const history = new History({ clock: network.clock })
 * const schedule = generateSchedule(7, { hosts: ['alice', 'bob'], kinds: ['loss', 'partition'] })
 * await runSchedule(schedule, { network, history })
 * console.log(history.entries.length, network.clock.now())
 * ```
 */
export async function runSchedule(schedule: Schedule, options: RunScheduleOptions): Promise<void> {
  const { network, history, handlers = {}, conditions = {}, expected } = options
  checkSchedule(schedule)
  const helpless = schedule.faults.find(({ fault }) => !BY_NETWORK.has(fault) && handlers[fault] === undefined)
  if (helpless !== undefined) throw invalid(`Nobody does '${helpless.fault}'; give a handler for it.`, helpless)
  const faults = new NetworkFaults(network, schedule.hosts, conditions)
  const note = (fault: Fault, phase: 'begin' | 'end'): void => {
    history?.add({ kind: 'fault', phase, fault: fault.fault, hosts: hostsOf(fault) })
  }
  for (const fault of schedule.faults) {
    const handler = handlers[fault.fault] as FaultHandler<FaultKind> | undefined
    network.clock.setTimeout(() => {
      note(fault, 'begin')
      faults.begin(fault)
      if (fault.fault === 'death') network.kill(fault.on)
      handler?.begin(fault)
    }, fault.at)
    network.clock.setTimeout(() => {
      note(fault, 'end')
      faults.end(fault)
      handler?.end?.(fault)
    }, fault.at + fault.for)
  }
  await network.clock.run(schedule.duration)
  history?.add({ kind: 'healed', ...(expected && { expected: expected() }) })
}
