import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { bundleChild } from '../../support/run-child.ts'
import { waitFor } from '../../support/real-time.ts'
import type { FromMember, ToMember } from './member-messages.ts'

const SCRIPT = 'test/inspector-page/browser/children/member-process.ts'

export interface MemberOptions {
  /** Address for those who report. */
  readonly inspector: string
  readonly group: string
  readonly id: number
  /** It admits nobody before peer 1 is there. */
  readonly waitsForServer?: boolean
}

/** One peer of a mesh, in a process of its own that reports to an inspector. */
export class Member {
  readonly id: number
  readonly #process: ChildProcess
  readonly #exited: Promise<unknown>
  readonly #told: FromMember[] = []
  readonly #others = new Map<number, Member>()

  private constructor(id: number, process: ChildProcess) {
    this.id = id
    this.#process = process
    this.#exited = once(process, 'exit')
    process.on('message', (message: FromMember) => {
      this.#hear(message)
    })
  }

  /** Resolves when it reports. */
  static async start({ inspector, group, id, waitsForServer = false }: MemberOptions): Promise<Member> {
    const args = [await bundleChild(SCRIPT), inspector, group, String(id), waitsForServer ? 'godot-3' : 'mesh']
    const member = new Member(id, spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }))
    await waitFor(() => member.#told.some(({ is }) => is === 'reporting'), `${group} ${id} reports`)
    return member
  }

  /** Adds each to the other's mesh, and carries their signals. */
  connect(other: Member): void {
    this.#others.set(other.id, other)
    other.#others.set(this.id, this)
    // Before the first signal can come.
    other.tell({ is: 'add', peer: this.id, offers: false })
    this.tell({ is: 'add', peer: other.id, offers: true })
  }

  /** Its `Date.now()` when something happened with that peer, which is waited for. */
  async when(is: 'open' | 'connected' | 'disconnected', peer: number): Promise<number> {
    const find = () => this.#told.find((message) => message.is === is && message.peer === peer)
    await waitFor(() => find() !== undefined, `${peer} is ${is} for ${this.id}`)
    const found = find()
    return found !== undefined && 'at' in found ? found.at : NaN
  }

  standStill(): void {
    this.tell({ is: 'stand-still' })
  }

  goOn(): void {
    this.#process.kill('SIGCONT')
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#exited
  }

  tell(message: ToMember): void {
    if (this.#process.connected) this.#process.send(message)
  }

  #hear(message: FromMember): void {
    if (message.is === 'signal') {
      this.#others.get(message.peer)?.tell({ is: 'signal', peer: this.id, signal: message.signal })
    } else this.#told.push(message)
  }
}
