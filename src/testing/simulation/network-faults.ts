import { type NetworkConditions, PERFECT } from '../../transport/simulated/network-conditions.ts'
import type { SimulatedNetwork } from '../../transport/simulated/simulated-network.ts'
import { conditionsOf, type Fault, type PartitionFault } from './schedule.ts'

type Conditions = Partial<NetworkConditions>

/** Applies the faults that are under way to a network, however they overlap: the worst of each condition counts. */
export class NetworkFaults {
  readonly #network: SimulatedNetwork
  readonly #hosts: readonly string[]
  readonly #base: NetworkConditions
  readonly #active = new Set<Fault>()
  /** What ends each partition; others go on meanwhile, without a moment in which their hosts are joined. */
  readonly #cuts = new Map<Fault, () => void>()
  /** What was set for each pair of hosts, so that only changes are. */
  readonly #set = new Map<string, string>()

  constructor(network: SimulatedNetwork, hosts: readonly string[], base: Conditions) {
    this.#network = network
    this.#hosts = hosts
    this.#base = { ...PERFECT, ...base }
  }

  begin(fault: Fault): void {
    if (fault.fault === 'partition') this.#cut(fault)
    this.#active.add(fault)
    this.#apply()
  }

  end(fault: Fault): void {
    this.#cuts.get(fault)?.()
    this.#cuts.delete(fault)
    this.#active.delete(fault)
    this.#apply()
  }

  #cut(fault: PartitionFault): void {
    const others = fault.others ?? this.#hosts.filter((host) => !fault.hosts.includes(host))
    this.#cuts.set(fault, this.#network.partition(fault.hosts, others))
  }

  #apply(): void {
    for (const from of this.#hosts) for (const to of this.#hosts) if (from !== to) this.#applyTo(from, to)
  }

  #applyTo(from: string, to: string): void {
    const conditions = { ...this.#base }
    for (const fault of this.#active) {
      if ('on' in fault && (fault.on === from || fault.on === to)) worsen(conditions, fault)
    }
    const key = `${from} > ${to}`
    const text = JSON.stringify(conditions)
    const before = this.#set.get(key) ?? JSON.stringify(this.#base)
    if (text === before) return
    this.#set.set(key, text)
    this.#network.setConditions(conditions, { from, to })
  }
}

function worsen(conditions: NetworkConditions, fault: Fault): void {
  for (const [name, value] of Object.entries(conditionsOf(fault)) as [keyof NetworkConditions, number][]) {
    conditions[name] = name === 'bandwidth' ? Math.min(conditions[name], value) : Math.max(conditions[name], value)
  }
}
