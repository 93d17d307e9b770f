import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { networkTool } from '../../../scripts/network-tools.mjs'
import { wait } from '../../support/real-time.ts'
import { type NetworkWorld, PUBLIC_ADDRESS } from './network-world.ts'

const PORT = 3478

/** A STUN and TURN server (coturn) in the public net. Without a secret it answers STUN only. */
export class TurnServer {
  static readonly stunUrl = `stun:${PUBLIC_ADDRESS}:${PORT}`
  static readonly turnUrl = `turn:${PUBLIC_ADDRESS}:${PORT}?transport=udp`

  readonly #process: ChildProcess
  readonly #directory: string

  private constructor(child: ChildProcess, directory: string) {
    this.#process = child
    this.#directory = directory
  }

  /** @param secret - what the credentials of its users are signed with, as TURN's "REST API" has it; null: it answers STUN only. */
  static async start(world: NetworkWorld, secret: string | null): Promise<TurnServer> {
    const directory = await mkdtemp(path.join(tmpdir(), 'coturn-'))
    const args = [
      ['-n', '-c', '/dev/null', '--no-cli', '--no-tls', '--no-dtls', '--fingerprint', '--no-multicast-peers'],
      [`--listening-ip=${PUBLIC_ADDRESS}`, `--relay-ip=${PUBLIC_ADDRESS}`, `--listening-port=${PORT}`],
      ['--min-port=50000', '--max-port=50999', '--realm=test.example', '--log-file=stdout', '--simple-log'],
      [`--userdb=${directory}/users`, `--pidfile=${directory}/pid`],
      secret === null ? ['--stun-only'] : ['--use-auth-secret', `--static-auth-secret=${secret}`],
    ].flat()
    const child = world.spawn('pub', networkTool('turnserver'), args, {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const server = new TurnServer(child, directory)
    await server.#listening(world)
    return server
  }

  async stop(): Promise<void> {
    if (!this.#hasEnded) {
      const ended = new Promise((resolve) => this.#process.once('exit', resolve))
      this.#process.kill('SIGKILL')
      await ended
    }
    await rm(this.#directory, { recursive: true, force: true })
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null
  }

  /** It does not say when it listens, so the sockets of its namespace are looked at. */
  async #listening(world: NetworkWorld): Promise<void> {
    let said = ''
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-10_000)))
    while (!(await udpSockets(world)).includes(`${PUBLIC_ADDRESS}:${PORT}`)) {
      if (this.#hasEnded) throw new Error(`coturn ended instead of listening:\n${said}`)
      await wait(20)
    }
  }
}

async function udpSockets(world: NetworkWorld): Promise<string> {
  const { stdout } = world.spawn('pub', networkTool('ss'), ['-lunH'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const parts: Buffer[] = []
  if (stdout !== null) for await (const part of stdout) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
