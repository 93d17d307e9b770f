import { endOf, type Fault, hostsOf, type Schedule } from './schedule.ts'

/** Options of {@link shrinkSchedule}. */
export interface ShrinkScheduleOptions {
  /** How often a shorter one is tried at most. Default 200. */
  tries?: number
}

/**
 * The shortest schedule found that still fails: with fewer faults (by delta debugging), fewer hosts, shorter faults, less time.
 *
 * @param stillFails - runs a schedule; whether what is looked for happens.
 *
 * @example
 * ```ts
 * import { generateSchedule, shrinkSchedule } from 'webrtc-multiplayer/testing'
 *
 * const long = generateSchedule(7, { faults: 20 })
 * const short = await shrinkSchedule(long, ({ faults }) => faults.some(({ fault }) => fault === 'partition'))
 * console.log(short.faults.length) // 1
 * ```
 */
export async function shrinkSchedule(
  schedule: Schedule,
  stillFails: (schedule: Schedule) => boolean | Promise<boolean>,
  { tries = 200 }: ShrinkScheduleOptions = {},
): Promise<Schedule> {
  const search = new Search(schedule, stillFails, tries)
  await search.dropFaults()
  await search.dropHosts()
  await search.shortenFaults()
  await search.endEarlier()
  return search.best
}

/** The search for a shorter schedule; each step keeps what still fails. */
class Search {
  best: Schedule
  readonly #stillFails: (schedule: Schedule) => boolean | Promise<boolean>
  #tries: number

  constructor(schedule: Schedule, stillFails: (schedule: Schedule) => boolean | Promise<boolean>, tries: number) {
    this.best = schedule
    this.#stillFails = stillFails
    this.#tries = tries
  }

  /** Delta debugging (Zeller's ddmin): leaves out ever smaller parts, as long as what is left still fails. */
  async dropFaults(): Promise<void> {
    for (let size = Math.max(1, this.best.faults.length >> 1); size >= 1; size = size === 1 ? 0 : size >> 1) {
      for (let start = 0; start < this.best.faults.length;) {
        const faults = this.best.faults.filter((_, i) => i < start || i >= start + size)
        if (!(await this.#try({ ...this.best, faults }))) start += size
      }
    }
  }

  async dropHosts(): Promise<void> {
    for (const host of [...this.best.hosts].reverse()) {
      const hosts = this.best.hosts.filter((other) => other !== host)
      if (hosts.length < 2) return
      await this.#try({ ...this.best, hosts, faults: this.best.faults.flatMap((fault) => without(fault, host)) })
    }
  }

  async shortenFaults(): Promise<void> {
    for (let index = 0; index < this.best.faults.length; index++) {
      for (let again = true; again;) {
        const fault = this.best.faults[index] as Fault
        const shorter = { ...fault, for: Math.floor(fault.for / 2) }
        again = fault.for > 1 && (await this.#try({ ...this.best, faults: this.best.faults.with(index, shorter) }))
      }
    }
  }

  async endEarlier(): Promise<void> {
    const duration = Math.max(0, ...this.best.faults.map(endOf))
    if (duration < this.best.duration) await this.#try({ ...this.best, duration })
  }

  async #try(shorter: Schedule): Promise<boolean> {
    if (this.#tries-- <= 0 || !(await this.#stillFails(shorter))) return false
    this.best = shorter
    return true
  }
}

/** A fault without a host: gone if it was about that one alone. */
function without(fault: Fault, host: string): Fault[] {
  if (!hostsOf(fault).includes(host)) return [fault]
  if (!('hosts' in fault)) return []
  const remaining = (names: readonly string[]): string[] => names.filter((other) => other !== host)
  const hosts = remaining(fault.hosts)
  if (hosts.length === 0) return []
  if (fault.others === undefined) return [{ ...fault, hosts }]
  const others = remaining(fault.others)
  return others.length === 0 ? [] : [{ ...fault, hosts, others }]
}
