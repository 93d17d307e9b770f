import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** The server of an example as a process of its own. */
export class ExampleServer {
  readonly url: string
  /** What it has printed. */
  readonly lines: readonly string[]
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown[]>

  private constructor(child: ChildProcess, exited: Promise<unknown[]>, url: string, lines: readonly string[]) {
    this.#child = child
    this.#exited = exited
    this.url = url
    this.lines = lines
  }

  /** Starts a script (path from the root of the package) on a free port. */
  static start(script: string): Promise<ExampleServer> {
    return ExampleServer.run(script, '--port=0')
  }

  /** Starts Node in the root of the package and waits until an address is printed in the first line. */
  static async run(...args: readonly string[]): Promise<ExampleServer> {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    const output = createInterface(child.stdout)
    const lines: string[] = []
    output.on('line', (line) => lines.push(line))
    const line = once(output, 'line').then(([line]) => String(line))
    const printed = await Promise.race([line, exited.then(([code]) => `It ended with code ${String(code)}.`)])
    const url = /(?:http|ws):\S+/.exec(printed)?.[0]
    if (url === undefined) throw new Error(`${args.join(' ')} printed no address. ${printed}`)
    return new ExampleServer(child, exited, url, lines)
  }

  /** Sends the signal and waits for the end. Returns the exit code, null if the signal itself ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal)
    return (await this.#exited)[0] as number | null
  }
}
