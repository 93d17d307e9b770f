import { type NetworkConditions, PERFECT } from '../../transport/simulated/network-conditions.ts'
import type { SimulatedNetwork } from '../../transport/simulated/simulated-network.ts'
import type { Fault } from './schedule.ts'

type Conditions = Partial<NetworkConditions>

/** Applies the faults that are under way to a network, however they overlap: the worst of each condition counts. */
export class NetworkFaults {
  readonly #network: SimulatedNetwork
  readonly #hosts: readonly string[]
  readonly #base: NetworkConditions
  readonly #active = new Set<Fault>()
  /** What was set for each pair of hosts, so that only changes are. */
  readonly #set = new Map<string, string>()

  constructor(network: SimulatedNetwork, hosts: readonly string[], base: Conditions) {
    this.#network = network
    this.#hosts = hosts
    this.#base = { ...PERFECT, ...base }
  }

  begin(fault: Fault): void {
    this.#active.add(fault)
    this.#apply()
  }

  end(fault: Fault): void {
    this.#active.delete(fault)
    this.#apply()
  }

  #apply(): void {
    this.#network.heal()
    for (const fault of this.#active) {
      if (fault.fault !== 'partition') continue
      const others = fault.others ?? this.#hosts.filter((host) => !fault.hosts.includes(host))
      this.#network.partition(fault.hosts, others)
    }
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
  if (fault.fault === 'loss') conditions.loss = Math.max(conditions.loss, fault.probability)
  else if (fault.fault === 'slow') {
    conditions.latency = Math.max(conditions.latency, fault.latency)
    conditions.jitter = Math.max(conditions.jitter, fault.jitter)
    conditions.bandwidth = Math.min(conditions.bandwidth, fault.bandwidth)
  } else if (fault.fault === 'disorder') {
    conditions.duplication = Math.max(conditions.duplication, fault.duplication)
    conditions.reordering = Math.max(conditions.reordering, fault.reordering)
  }
}
