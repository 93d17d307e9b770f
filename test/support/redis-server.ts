import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { findRedisServer, redisInstallCommand } from '../../scripts/redis.mjs'
import { wait } from './real-time.ts'

/** Whether tests with a real Redis can run; where nothing may be skipped they are declared anyway, and fail with what to install. */
export const HAS_REDIS = findRedisServer() !== null || process.env.CI === 'true'

/** Milliseconds until a redis-server answers; usually 40. */
const PATIENCE = 10_000

export interface RedisServerOptions {
  /** Where it saves its data when told to by SAVE, and reads them when it starts. Without it nothing is kept. */
  readonly directory?: string
}

/** A real redis-server of its own. Without a directory, what it knows ends with its process. */
export class RedisServer {
  readonly port: number
  readonly #options: RedisServerOptions
  #process: ChildProcess | null = null

  private constructor(port: number, options: RedisServerOptions) {
    this.port = port
    this.#options = options
  }

  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options)
    await server.restart()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** Starts it on its port, after {@link kill} or {@link stop}. */
  async restart(): Promise<void> {
    const program = findRedisServer()
    if (program === null) throw new Error(`redis-server is not installed: ${redisInstallCommand()}`)
    const { directory } = this.#options
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    if (directory !== undefined) args.push('--dir', directory)
    const child = spawn(program, args, { stdio: 'ignore' })
    this.#process = child
    const deadline = performance.now() + PATIENCE
    while (!(await answers(this.port))) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}.`)
      if (performance.now() > deadline) throw new Error('redis-server does not answer.')
      await wait(10)
    }
  }

  /** Ends it in good order: its clients see their connections close. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Carries out a command whose answer begins so. */
  async command(text: string, answer = '+OK'): Promise<void> {
    if (!(await answers(this.port, text, answer))) throw new Error(`redis-server did not carry out ${text}.`)
  }

  /** It hangs: takes connections, and answers nothing. */
  freeze(): void {
    this.#process?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#process?.kill('SIGCONT')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process
    this.#process = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

function answers(port: number, command = 'PING', answer = '+PONG'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => socket.write(`${command}\r\n`))
    socket.on('data', (data) => {
      resolve(data.toString().startsWith(answer))
      socket.destroy()
    })
    socket.on('error', () => {
      resolve(false)
    })
    socket.on('close', () => {
      resolve(false)
    })
  })
}
