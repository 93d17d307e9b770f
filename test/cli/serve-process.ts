import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { bundleChild } from '../support/run-child.ts'

/** A line of the log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string }

/** How it ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

/** `webrtc-multiplayer serve` in a process of its own. */
export class ServeProcess {
  readonly log: LogLine[] = []
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  #wake: () => void = () => undefined

  private constructor(child: ChildProcess) {
    this.#child = child
    let stderr = ''
    child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()))
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        // Every line is JSON, or this throws and the test fails.
        this.log.push(JSON.parse(line) as LogLine)
        this.#wake()
      })
    }
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => {
        resolve({ code, signal, stderr })
        this.#wake()
      })
    })
  }

  /** @param missing - packages that shall seem not to be installed. */
  static async start(
    args: readonly string[],
    { environment = {}, missing = [] }: { environment?: NodeJS.ProcessEnv; missing?: readonly string[] } = {},
  ): Promise<ServeProcess> {
    const program = await bundleChild('src/cli/main.ts')
    const nodeArgs = missing.length > 0 ? ['--import', hiding(missing)] : []
    const child = spawn(process.execPath, [...nodeArgs, program, 'serve', ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return new ServeProcess(child)
  }

  /** The first line of the log with this message; rejects if the process ends without. */
  async logged(message: string): Promise<LogLine> {
    for (;;) {
      const line = this.log.find(({ msg }) => msg === message)
      if (line !== undefined) return line
      if (this.#hasEnded) {
        throw new Error(`It ended without logging '${message}', but:\n${JSON.stringify(this.log, null, 1)}`)
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** The address that it listens at. */
  async url(): Promise<string> {
    return String((await this.logged('listening')).url)
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** For the end of a test, whatever became of it. */
  async stop(): Promise<void> {
    this.kill('SIGKILL')
    await this.ended
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }
}

/** A module for `--import` that makes Node's loader not find these packages. */
function hiding(packages: readonly string[]): string {
  const hooks = `export async function resolve(specifier, context, next) {
    if (!${JSON.stringify(packages)}.includes(specifier)) return next(specifier, context)
    throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
  }`
  return dataUrl(`import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hooks))})`)
}

function dataUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`
}
