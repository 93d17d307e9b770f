import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { waitFor } from '../support/real-time.ts'

/** The built program, with the pages that belong to it. */
const PROGRAM = 'dist/cli/main.js'

/** A command of the built program, in a process of its own. */
export class Program {
  output = ''
  errors = ''
  readonly #process: ChildProcess
  readonly #closed: Promise<unknown[]>

  constructor(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.#process = spawn(process.execPath, [PROGRAM, ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process.stdout?.on('data', (data: Buffer) => (this.output += data.toString()))
    this.#process.stderr?.on('data', (data: Buffer) => (this.errors += data.toString()))
    this.#closed = once(this.#process, 'close')
  }

  /** Resolves with what it has printed that matches, the first group if there is one. */
  async printed(pattern: RegExp): Promise<string> {
    await waitFor(() => pattern.test(this.output) || this.#hasEnded, `it prints ${String(pattern)}`)
    const [all, group] = pattern.exec(this.output) ?? []
    if (all === undefined) throw new Error(`It ended without printing ${String(pattern)}: ${this.output}${this.errors}`)
    return group ?? all
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** Resolves with the exit code. */
  async ended(): Promise<number | null> {
    return (await this.#closed)[0] as number | null
  }

  /** For the end of a test, whatever became of it. */
  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.#closed
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null
  }
}
