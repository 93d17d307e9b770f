import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { bundleChild } from './run-child.ts'

/** A script of the tests in a process of its own, that tells what happens as messages. */
export class Child<News> {
  readonly news: News[] = []
  readonly #process: ChildProcess
  readonly #exited: Promise<unknown>
  #stderr = ''

  private constructor(process: ChildProcess) {
    this.#process = process
    process.on('message', (message) => this.news.push(message as News))
    process.stderr?.on('data', (data: Buffer) => (this.#stderr += data.toString()))
    this.#exited = once(process, 'exit')
  }

  /** @param script - path from the root of the package. */
  static async start<News>(script: string, ...args: readonly string[]): Promise<Child<News>> {
    const stdio = ['ignore', 'inherit', 'pipe', 'ipc'] as const
    return new Child(spawn(process.execPath, [await bundleChild(script), ...args], { stdio: [...stdio] }))
  }

  /** What it wrote to its standard error. */
  get errors(): string {
    return this.#stderr
  }

  tell(order: object): void {
    this.#process.send(order)
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** Resolves with the exit code, null if a signal ended it. */
  async ended(): Promise<number | null> {
    await this.#exited
    return this.#process.exitCode
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.#exited
  }
}
