import { type FaultHandlers, runSchedule, type Schedule } from '../../../src/testing/index.ts'
import { ConnectionState } from '../../../src/transport/states.ts'
import { DirectProcess } from './direct-process.ts'
import { HostProcess, type Surroundings } from './host-process.ts'
import { Matchmaker } from './matchmaker.ts'
import { Signaling } from './signaling.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/**
 * Milliseconds after the last fault in which everyone has to know everyone. What began under a fault fails 10 to 15 s later, when no answer or no path was found, and up to 10 s pass before the
 * next attempt. The slowest of 2,500 seeds took 22.5 s.
 */
export const AGREES_WITHIN = 30_000
/** Milliseconds. A link that has just healed waits up to 10 s with its next retransmission. */
export const ARRIVES_WITHIN = 12_000
/** Milliseconds that the agreement has to last before the end. */
const STABLE = 2_000
/** Milliseconds for everything that was closed to end: 40 s until a connection gives up that never found the other side, 30 s until one is dead. */
const AFTER_ALL = 120_000

/** The hosts of a simulation with their processes, and what happens to them. */
export class World {
  readonly #schedule: Schedule
  readonly #surroundings: Surroundings
  readonly #processes = new Map<string, SimulatedProcess>()
  /** Those that have left, or are leaving. */
  #past: readonly SimulatedProcess[] = []
  readonly #matchmaker: Matchmaker
  /** For each host, faults under way by which it has no process. */
  readonly #away = new Map<string, number>()
  readonly #lives = new Map<string, number>()

  constructor(schedule: Schedule, surroundings: Omit<Surroundings, 'signaling'>) {
    const { network, plan, failed } = surroundings
    const signaling = new Signaling({
      clock: network.clock,
      random: plan.random,
      graceTime: plan.graceTime,
      idOf: (host) => 2 + schedule.hosts.indexOf(host),
      failed,
    })
    this.#schedule = schedule
    this.#matchmaker = new Matchmaker(network.clock, plan.random.fork('matchmaker'))
    this.#surroundings = { ...surroundings, signaling }
  }

  async run(): Promise<number> {
    const { network, plan, history, signaling } = this.#surroundings
    const { clock } = network
    await signaling.start()
    for (const host of this.#schedule.hosts) this.#start(host)
    const { conditions } = plan
    const expected = (): string[] => [...this.#processes.values()].map(({ name }) => name)
    await runSchedule(this.#schedule, { network, conditions, history, handlers: this.#handlers(), expected })
    const healed = clock.now()
    for (const process of this.#processes.values()) if (process instanceof DirectProcess) process.settle()
    const agreedAfter = await this.#agree(healed)
    for (const { traffic } of this.#processes.values()) traffic.stop()
    await clock.run(ARRIVES_WITHIN + 100)
    // A link that a fault has doomed may have died since, and is being made anew.
    await this.#agree(healed)
    history.add({ kind: 'closing' })
    this.#matchmaker.close()
    for (const process of this.#processes.values()) process.leave()
    await clock.run(AFTER_ALL)
    await this.#lookForLeftovers()
    return agreedAfter
  }

  #start(host: string): void {
    if ((this.#away.get(host) ?? 0) > 0) return
    const life = (this.#lives.get(host) ?? 0) + 1
    this.#lives.set(host, life)
    this.#processes.set(host, this.#createProcess(host, life))
  }

  #createProcess(host: string, life: number): SimulatedProcess {
    if (this.#surroundings.plan.mode !== 'direct') return new HostProcess(host, life, this.#surroundings)
    const id = 1 + this.#schedule.hosts.indexOf(host)
    return new DirectProcess(host, id, life, this.#surroundings, this.#matchmaker)
  }

  #end(host: string, how: 'die' | 'leave'): void {
    this.#away.set(host, (this.#away.get(host) ?? 0) + 1)
    const process = this.#processes.get(host)
    if (process === undefined) return
    process[how]()
    this.#processes.delete(host)
    if (how === 'leave') this.#past = [...this.#past, process]
  }

  #return(host: string): void {
    this.#away.set(host, (this.#away.get(host) ?? 0) - 1)
    if (!this.#processes.has(host)) this.#start(host)
  }

  #handlers(): FaultHandlers {
    const { signaling } = this.#surroundings
    return {
      death: {
        begin: ({ on }) => {
          this.#end(on, 'die')
          // Nothing of the process that was leaving there lives on either.
          for (const process of this.#past) if (process.host === on) process.die()
          this.#past = this.#past.filter(({ host }) => host !== on)
        },
        end: ({ on }) => {
          this.#return(on)
        },
      },
      absence: {
        begin: ({ on }) => {
          this.#end(on, 'leave')
        },
        end: ({ on }) => {
          this.#return(on)
        },
      },
      overload: {
        begin: ({ on, packets, bytes }) => {
          this.#processes.get(on)?.traffic.flood(packets, bytes)
        },
      },
      'signaling-cut': {
        begin: ({ on }) => {
          signaling.cut(on)
        },
        end: ({ on }) => {
          signaling.join(on)
        },
      },
      'signaling-restart': {
        begin: ({ memory }) => {
          if (memory === 'lost') signaling.lose()
          else void signaling.handOver()
        },
        end: ({ memory }) => {
          if (memory === 'lost') void signaling.recover()
        },
      },
      'signaling-disorder': {
        begin: ({ delay }) => {
          signaling.disorder(delay)
        },
        end: () => {
          signaling.calm()
        },
      },
    }
  }

  /** Lets time pass until everyone has agreed for a while, or for too long. @returns how long it took. */
  async #agree(healed: number): Promise<number> {
    const { clock } = this.#surroundings.network
    let since = Infinity
    while (clock.now() - since < STABLE && clock.now() <= healed + AGREES_WITHIN + STABLE) {
      const processes = [...this.#processes.values()]
      const isAgreed = processes.every((process) => this.#isInTouch(process, processes))
      if (!isAgreed) since = Infinity
      else if (since === Infinity) since = clock.now()
      await clock.run(250)
    }
    return since - healed
  }

  #isInTouch(process: SimulatedProcess, all: readonly SimulatedProcess[]): boolean {
    return process.knows(all.filter((other) => other !== process))
  }

  async #lookForLeftovers(): Promise<void> {
    const { network, history, signaling } = this.#surroundings
    const { clock } = network
    const add = (what: string, count: number): void => {
      history.add({ kind: 'leftovers', what, count })
    }
    const processes = [...this.#processes.values(), ...this.#past]
    const open = processes.flatMap(({ connections }) =>
      connections.filter(({ connectionState }) => connectionState !== ConnectionState.CLOSED),
    )
    add('connections', open.length)
    add('members and lobbies', signaling.known)
    const running = new Set(['servers', ...processes.map(({ name }) => name)])
    for (const { ended, name } of processes) void ended.then(() => running.delete(name))
    void signaling.close().then(() => running.delete('servers'))
    await clock.run(1_000)
    add(`of processes and servers (${[...running].join()})`, running.size)
    add('sockets', signaling.sockets.open.size)
    add('timers', clock.pending)
  }
}
