import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { networkTool } from '../../../scripts/network-tools.mjs'

const SCRIPT = fileURLToPath(new URL('../netns.sh', import.meta.url))
const run = promisify(execFile)

/** A site of the world: a host behind its own NAT box. */
export type Site = 'A' | 'B'

/** Where a process can run. */
export type Place = 'hostA' | 'hostB' | 'pub'

/** `cone` keeps the port and uses the same for every destination; `symmetric` takes another random one for each. */
export type NatKind = 'cone' | 'symmetric'

/** The public address of services in `pub`. */
export const PUBLIC_ADDRESS = '192.0.2.1'

let count = 0

/** Two hosts behind NATs and the public net between them, each a network namespace; see `netns.sh`. Processes in it end with it. */
export class NetworkWorld implements AsyncDisposable {
  readonly #prefix: string
  readonly #processes = new Set<ChildProcess>()

  private constructor(prefix: string) {
    this.#prefix = prefix
  }

  static async create(): Promise<NetworkWorld> {
    await removeLeftovers()
    const world = new NetworkWorld(`nat${process.pid}x${count++}`)
    try {
      await world.#command('up')
      // Peers would find each other by IPv6, which has no NATs.
      await world.#command('block-ipv6')
    } catch (error) {
      await world.close()
      throw error
    }
    return world
  }

  async setNat(kinds: Readonly<Record<Site, NatKind>>): Promise<void> {
    await this.#command('nat', 'A', kinds.A)
    await this.#command('nat', 'B', kinds.B)
  }

  /** Nothing but TCP leaves or enters the site. */
  async blockUdp(site: Site): Promise<void> {
    await this.#command('block-udp', site)
  }

  /** What the two sites send each other is lost; both still reach the public net. */
  async blockDirect(): Promise<void> {
    await this.#command('block-direct')
  }

  /** NATs and filters as they were at first. */
  async reset(): Promise<void> {
    await this.#command('unblock')
    await this.#command('block-ipv6')
    await this.setNat({ A: 'cone', B: 'cone' })
  }

  /** Starts a program in one of the namespaces. Its process id is the program's own: `ip` replaces itself. */
  spawn(place: Place, program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    const ip = networkTool('ip')
    const child = spawn(ip, ['netns', 'exec', `${this.#prefix}-${place}`, program, ...args], options)
    this.#processes.add(child)
    child.once('exit', () => this.#processes.delete(child))
    return child
  }

  /** Kills what still runs and removes the namespaces. */
  async close(): Promise<void> {
    const ended = Array.from(this.#processes, (child) => new Promise((resolve) => child.once('exit', resolve)))
    for (const child of this.#processes) child.kill('SIGKILL')
    await Promise.all(ended)
    await this.#command('down')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #command(...args: string[]): Promise<void> {
    await run(SCRIPT, [this.#prefix, ...args])
  }
}

/** Removes the namespaces of test processes that were killed. */
async function removeLeftovers(): Promise<void> {
  const { stdout } = await run(networkTool('ip'), ['netns', 'list'])
  const prefixes = new Set(Array.from(stdout.matchAll(/^(nat(\d+)x\d+)-/gm), ([, prefix, pid]) => ({ prefix, pid })))
  for (const { prefix, pid } of prefixes) {
    if (prefix !== undefined && !isAlive(Number(pid))) await run(SCRIPT, [prefix, 'down'])
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
