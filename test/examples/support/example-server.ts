import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** The server of an example as a process of its own, on a free port. */
export class ExampleServer {
  readonly url: string
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown[]>

  private constructor(child: ChildProcess, exited: Promise<unknown[]>, url: string) {
    this.#child = child
    this.#exited = exited
    this.url = url
  }

  /** Starts a script (path from the root of the package) and waits until it has printed its address. */
  static async start(script: string): Promise<ExampleServer> {
    const child = spawn(process.execPath, [script, '--port=0'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    const line = once(createInterface(child.stdout), 'line').then(([line]) => String(line))
    const printed = await Promise.race([line, exited.then(([code]) => `It ended with code ${String(code)}.`)])
    const url = /http:\S+/.exec(printed)?.[0]
    if (url === undefined) throw new Error(`${script} printed no address. ${printed}`)
    return new ExampleServer(child, exited, url)
  }

  /** Sends the signal and waits for the end. Returns the exit code, null if the signal itself ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal)
    return (await this.#exited)[0] as number | null
  }
}
