import { createServer, type Server } from 'node:http'
import { closeHttpServer, listen, socketUrl } from '../../lobby/server/http-front.ts'
import { Hub } from '../hub/hub.ts'
import type { Feed } from '../hub/feed.ts'
import type { HubSource } from '../hub/source-port.ts'
import { Inspection } from '../inspection.ts'
import { RecordingFile } from '../recording/recording-file.ts'
import { type HttpAnswers, RECORDING_PATH } from './http-answers.ts'
import type { ResolvedInspectorOptions } from './inspector-options.ts'
import type { Inspector, InspectorStats, RecordingStats } from './inspector.ts'
import { InspectorSockets } from './sockets.ts'

/** Milliseconds in which a connection must say what it wants. */
const HEADERS_TIMEOUT = 10_000

/** A hub with its server, its recording, and what this process itself tells. */
export class RunningInspector implements Inspector {
  readonly watch: Inspector['watch']
  readonly inspect: Inspector['inspect']

  readonly #options: ResolvedInspectorOptions
  readonly #hub: Hub
  readonly #http: Server
  readonly #sockets: InspectorSockets
  readonly #inspection: Inspection
  /** Null until there is something to tell: a process that shows others only is none of those that are shown. */
  #source: HubSource | null = null
  readonly #ended = new AbortController()
  #recording: { readonly file: RecordingFile; readonly feed: Feed } | null = null
  #urls = { page: '', report: '' }
  #closed: Promise<void> | null = null

  constructor(options: ResolvedInspectorOptions, answers: HttpAnswers) {
    const { token, host, name, sampleInterval } = options
    this.#options = options
    this.#hub = new Hub({ sampleInterval })
    this.#http = createServer((request, response) => {
      answers.answer(request, response)
    })
    this.#http.headersTimeout = HEADERS_TIMEOUT
    this.#sockets = new InspectorSockets(this.#hub, { token, host })
    this.#http.on('upgrade', (request, stream, head) => {
      this.#sockets.upgrade(request, stream, head)
    })
    this.#inspection = new Inspection({ sampleInterval, ...(name !== null && { name }) })
    this.watch = (target, watchOptions) => {
      this.#join()
      return this.#inspection.watch(target, watchOptions)
    }
    this.inspect = (event) => {
      this.#join()
      this.#inspection.inspect(event)
    }
  }

  get url(): string {
    return this.#urls.page
  }

  get reportUrl(): string {
    return this.#urls.report
  }

  /** Nothing is left open if that fails. */
  async start(): Promise<void> {
    const { port, host, record, signal } = this.#options
    try {
      await listen(this.#http, port, host)
      this.#urls = this.#makeUrls()
      if (record !== null) await this.#record(record)
      signal?.throwIfAborted()
    } catch (error) {
      await this.close()
      throw error
    }
    signal?.addEventListener('abort', () => void this.close(), { signal: this.#ended.signal })
  }

  readonly stats = (): InspectorStats => ({
    ...this.#hub.stats(),
    viewers: this.#sockets.count('/view'),
    reporters: this.#sockets.count('/report'),
    recording: this.#recordingStats(),
  })

  readonly close = (): Promise<void> => {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #join(): void {
    if (this.#source !== null || this.#closed !== null) return
    this.#source = this.#hub.addSource({
      isLocal: true,
      watch: ({ active }, source) => {
        if (active) this.#inspection.start((message) => source.receive(message))
        else this.#inspection.stop()
      },
    })
  }

  async #record(record: string): Promise<void> {
    const file = await RecordingFile.open(record, Date.now(), () => {
      // Nobody has to tell anything for it any more.
      if (this.#recording !== null) this.#hub.removeFeed(this.#recording.feed)
    })
    this.#recording = { file, feed: this.#hub.addFeed(file) }
  }

  #recordingStats(): RecordingStats | null {
    if (this.#recording === null) return null
    const { file, feed } = this.#recording
    return { file: file.file, messages: file.lines, missed: feed.missed, error: file.error }
  }

  #makeUrls(): { page: string; report: string } {
    const { token, recording } = this.#options
    const socket = socketUrl(this.#http)
    const page = new URL(socket.replace(/^ws/, 'http'))
    const report = new URL('/report', socket)
    for (const url of token === null ? [] : [page, report]) url.searchParams.set('token', token ?? '')
    if (recording !== null) page.searchParams.set('recording', RECORDING_PATH + page.search)
    return { page: page.href, report: report.href }
  }

  async #close(): Promise<void> {
    this.#ended.abort()
    // Who is there stays until its socket is closed; nobody else comes in meanwhile.
    const stopped = this.#http.listening ? closeHttpServer(this.#http) : undefined
    // Before the sockets, so that a recording ends with what was there.
    this.#hub.close()
    this.#inspection.close()
    this.#source?.gone()
    await this.#sockets.close()
    await this.#recording?.file.close()
    await stopped
  }
}
