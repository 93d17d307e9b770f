import { once } from 'node:events'
import { type ClientOptions, WebSocket } from 'ws'
import type { MissedMessage } from '../../../../src/services/inspector/hub/missed-message.ts'
import type { InspectorMessage, WatchMessage } from '../../../../src/services/inspector/wire/messages.ts'
import { waitFor } from '../../../support/real-time.ts'
import { inWords } from './collector.ts'

/** A socket to an inspector's server, as another tool would open it. */
export class RawSocket {
  /** Parsed frames. */
  readonly frames: unknown[] = []
  /** What a viewer was told, but for what it has missed. */
  readonly messages: InspectorMessage[] = []
  /** The same in a few words each. */
  readonly told: string[] = []
  /** How many messages a viewer was told to have missed. */
  missed = 0
  readonly socket: WebSocket
  closeCode: number | null = null

  constructor(url: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 256 * 1024 * 1024, ...options })
    this.socket.on('message', (data: Buffer) => {
      this.#hear(JSON.parse(data.toString()))
    })
    this.socket.on('close', (code) => (this.closeCode = code))
    this.socket.on('error', () => undefined)
  }

  /** As the page of the inspector at this address looks. */
  static async view(pageUrl: string): Promise<RawSocket> {
    const url = new URL('/view', pageUrl)
    url.search = new URL(pageUrl).search
    const viewer = new RawSocket(url.href.replace(/^http/, 'ws'), { origin: url.origin })
    await once(viewer.socket, 'open')
    return viewer
  }

  static async report(reportUrl: string): Promise<RawSocket> {
    const reporter = new RawSocket(reportUrl)
    await once(reporter.socket, 'open')
    return reporter
  }

  /** The HTTP status with which a socket is refused; 101 if it is opened. */
  static async statusOf(url: string, options: ClientOptions = {}): Promise<number> {
    const socket = new WebSocket(url, options)
    return new Promise((resolve) => {
      socket.on('unexpected-response', (_, response) => {
        resolve(response.statusCode ?? 0)
        response.destroy()
      })
      socket.on('open', () => {
        resolve(101)
        socket.terminate()
      })
      socket.on('error', () => undefined)
    })
  }

  /** Whether a reporter was told last that somebody looks. */
  get isWatched(): boolean | null {
    return (this.frames.at(-1) as WatchMessage | undefined)?.active ?? null
  }

  tell(...messages: readonly unknown[]): void {
    this.socket.send(JSON.stringify(messages))
  }

  async heard(line: string): Promise<void> {
    await waitFor(
      () => this.told.includes(line),
      `it is told '${line}', and not only: ${this.told.slice(-5).join('; ')}`,
    )
  }

  async closed(): Promise<number> {
    await waitFor(() => this.closeCode !== null, 'the socket is closed')
    return this.closeCode ?? 0
  }

  end(): void {
    this.socket.terminate()
  }

  #hear(frame: unknown): void {
    this.frames.push(frame)
    if (!Array.isArray(frame)) return
    for (const message of frame as (InspectorMessage | MissedMessage)[]) {
      if (message.type === 'webrtc.missed') this.missed += message.count
      else {
        this.messages.push(message)
        this.told.push(inWords(message))
      }
    }
  }
}
