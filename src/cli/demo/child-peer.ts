import { type ChildProcess, fork } from 'node:child_process'
import type { FromPeer, ToPeer } from './messages.ts'

/** Where a peer's process is in its life: `up` before it is in the lobby, `running` from then on. */
export type ChildPhase = 'starting' | 'up' | 'running' | 'leaving' | 'killed' | 'ended'

export interface ChildPeerOwner {
  said(message: FromPeer): void
  /** Once at most: what it threw, or how it ended although nobody asked it to. */
  failed(message: string): void
  ended(): void
}

/** How much of what a process wrote to its standard error is kept to explain an unexpected end. */
const ERROR_TAIL = 2_000

/** The process of one peer, seen from the parent. */
export class ChildPeer {
  readonly id: number
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>
  phase: ChildPhase = 'starting'

  readonly #process: ChildProcess
  readonly #owner: ChildPeerOwner
  #errorOutput = ''
  #hasFailed = false

  constructor(id: number, program: string, owner: ChildPeerOwner) {
    this.id = id
    this.#owner = owner
    const child = fork(program, ['demo-peer', String(id)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    this.#process = child
    child.stderr?.on('data', (data: Buffer) => {
      this.#errorOutput = (this.#errorOutput + data.toString()).slice(-ERROR_TAIL)
    })
    child.on('message', (message: FromPeer) => {
      this.#hear(message)
    })
    this.ended = new Promise((resolve) => {
      // `close` and not `exit`: the standard error has been read to its end.
      child.on('close', (code, signal) => {
        this.#end(code, signal)
        resolve()
      })
      child.on('error', (error) => {
        this.#fail(error.message)
        if (child.pid === undefined) {
          this.#end(null, null)
          resolve()
        }
      })
    })
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  tell(message: ToPeer): void {
    // The other side may go away at any time; its end is heard of in any case.
    if (this.#process.connected) this.#process.send(message, () => undefined)
  }

  /** Asks the peer to close gracefully and end. */
  leave(): void {
    if (this.phase === 'killed' || this.phase === 'ended') return
    this.phase = 'leaving'
    this.tell({ type: 'leave' })
  }

  /** Ends the process without asking: the other peers are not told. */
  kill(): void {
    if (this.phase === 'ended') return
    this.phase = 'killed'
    this.#process.kill('SIGKILL')
  }

  #hear(message: FromPeer): void {
    if (message.type === 'failed') {
      this.#fail(message.message)
      return
    }
    if (message.type === 'ready' && this.phase === 'starting') this.phase = 'up'
    if (message.type === 'joined' && this.phase === 'up') this.phase = 'running'
    this.#owner.said(message)
  }

  #end(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.phase === 'ended') return
    if (!this.#wasAskedToEnd(code, signal)) this.#fail(this.#describeEnd(code, signal))
    this.phase = 'ended'
    this.#owner.ended()
  }

  #wasAskedToEnd(code: number | null, signal: NodeJS.Signals | null): boolean {
    if (this.phase === 'killed') return true
    if (this.phase === 'leaving' && code === 0) return true
    // Ctrl-C reaches the whole group, and a process that is just starting does not ignore it yet. The parent got the same.
    return (signal === 'SIGINT' || signal === 'SIGHUP') && this.phase !== 'running'
  }

  #fail(message: string): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#owner.failed(message)
  }

  #describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
    const end = signal === null ? `exit code ${code}` : `signal ${signal}`
    const output = this.#errorOutput.trim()
    return `its process ended unexpectedly (${end})${output === '' ? '' : `: ${output}`}`
  }
}
