import { invalid } from '../../checks.ts'
import { checkConditions, type NetworkConditions } from '../../transport/simulated/network-conditions.ts'

interface Timed {
  /** Milliseconds after the beginning. */
  readonly at: number
  /** Milliseconds until it is over. */
  readonly for: number
}

/** Packets to and from a host are lost. */
export interface LossFault extends Timed {
  readonly fault: 'loss'
  readonly on: string
  /** Probability, 0 to 1. */
  readonly probability: number
}

/** The links of a host are slow. */
export interface SlowFault extends Timed {
  readonly fault: 'slow'
  readonly on: string
  /** Milliseconds one way. */
  readonly latency: number
  /** Milliseconds on top, at random. */
  readonly jitter: number
  /** Bytes per second, for each direction of each link. */
  readonly bandwidth: number
}

/** Packets to and from a host come twice and out of order. */
export interface DisorderFault extends Timed {
  readonly fault: 'disorder'
  readonly on: string
  /** Probabilities, 0 to 1. */
  readonly duplication: number
  readonly reordering: number
}

/** Nothing passes between these hosts and others. */
export interface PartitionFault extends Timed {
  readonly fault: 'partition'
  readonly hosts: readonly string[]
  /** Absent: all that are not among `hosts`. */
  readonly others?: readonly string[]
}

/** The process on a host dies without a word; a new one begins when the fault is over. */
export interface DeathFault extends Timed {
  readonly fault: 'death'
  readonly on: string
}

/** A host leaves in good order, and comes back when the fault is over. */
export interface AbsenceFault extends Timed {
  readonly fault: 'absence'
  readonly on: string
}

/** A host has no signaling. */
export interface SignalingCutFault extends Timed {
  readonly fault: 'signaling-cut'
  readonly on: string
}

/** The signaling server is away: it comes back with its memory `lost`, or has `handed-over` to another one at once, which takes up where it was. */
export interface SignalingRestartFault extends Timed {
  readonly fault: 'signaling-restart'
  readonly memory: 'lost' | 'handed-over'
}

/** Signals come late, twice and in any order. */
export interface SignalingDisorderFault extends Timed {
  readonly fault: 'signaling-disorder'
  /** Milliseconds at most. */
  readonly delay: number
}

/** A host sends more than its links take. */
export interface OverloadFault extends Timed {
  readonly fault: 'overload'
  readonly on: string
  readonly packets: number
  /** Of each packet. */
  readonly bytes: number
}

/** Something that goes wrong for a while. */
export type Fault =
  | LossFault
  | SlowFault
  | DisorderFault
  | PartitionFault
  | DeathFault
  | AbsenceFault
  | SignalingCutFault
  | SignalingRestartFault
  | SignalingDisorderFault
  | OverloadFault

/** The name of a kind of fault. */
export type FaultKind = Fault['fault']

/** One kind of fault. */
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { fault: Kind }>

/** What goes wrong, when, and on whom. Plain JSON, to be saved with a history and run again. */
export interface Schedule {
  /** Of everything else that is random in the run. */
  readonly seed: number
  readonly hosts: readonly string[]
  /** Milliseconds; every fault is over by then. */
  readonly duration: number
  /** In the order in which they begin. */
  readonly faults: readonly Fault[]
}

/** The hosts that a fault is about; empty: all. */
export function hostsOf(fault: Fault): readonly string[] {
  if ('hosts' in fault) return [...fault.hosts, ...(fault.others ?? [])]
  return 'on' in fault ? [fault.on] : []
}

/** When a fault is over. */
export function endOf(fault: Fault): number {
  return fault.at + fault.for
}

/** What a fault makes of the links of its host. */
export function conditionsOf(fault: Fault): Partial<NetworkConditions> {
  switch (fault.fault) {
    case 'loss':
      return { loss: fault.probability }
    case 'slow':
      return { latency: fault.latency, jitter: fault.jitter, bandwidth: fault.bandwidth }
    case 'disorder':
      return { duplication: fault.duplication, reordering: fault.reordering }
    default:
      return {}
  }
}

/** Those that are about all hosts. */
const OF_ALL: ReadonlySet<FaultKind> = new Set<FaultKind>(['signaling-restart', 'signaling-disorder'])

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` for a fault on no host or on one that there is not, that is out of range, or that is not over in time. */
export function checkSchedule({ hosts, duration, faults }: Schedule): void {
  for (const fault of faults) {
    const concerned = hostsOf(fault)
    if (concerned.length === 0 && !OF_ALL.has(fault.fault)) {
      throw invalid(`The fault '${fault.fault}' is on no host; say which one.`, fault)
    }
    const unknown = concerned.find((host) => !hosts.includes(host))
    if (unknown !== undefined) throw invalid(`A fault is on ${unknown}, which is none of the schedule's hosts.`, fault)
    if (!(fault.at >= 0 && fault.for >= 0 && endOf(fault) <= duration)) {
      throw invalid(`A fault lasts from 0 to ${duration} ms at most, the duration of its schedule.`, fault)
    }
    checkConditions(conditionsOf(fault))
  }
}
