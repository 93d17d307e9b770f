import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

/** A script of this workspace in a process of its own, as it is: with the XState 4 that is installed here. */
export class Forked<News> {
  readonly news: News[] = []
  readonly #process: ChildProcess
  readonly #exited: Promise<unknown>
  #errors = ''

  /** @param script - in the directory `children`. */
  constructor(script: string, ...args: readonly string[]) {
    const file = path.join(import.meta.dirname, 'children', script)
    this.#process = fork(file, args, { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] })
    this.#process.on('message', (message) => this.news.push(message as News))
    this.#process.stderr?.on('data', (data: Buffer) => (this.#errors += data.toString()))
    this.#exited = once(this.#process, 'exit')
  }

  /** What it wrote to its standard error: warnings of XState 4 as well. */
  get errors(): string {
    return this.#errors
  }

  tell(order: object): void {
    this.#process.send(order)
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#exited
  }
}
