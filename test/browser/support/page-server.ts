import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { type WebSocket, WebSocketServer } from 'ws'
import { NodePeerConnection } from '../../../src/transport/node/node-peer-connection.ts'
import { FarHost } from '../far/far-host.ts'
import { decode, encode, type FarAnswer, type FarCall, type FarEvent } from '../far/wire.ts'
import type { FromPage, ToPage } from '../page/main.ts'

/** A page that is connected to the server. */
interface Page {
  readonly socket: WebSocket
  /** Where this page's far end is: the test process, or another page. */
  readonly far: string
  readonly host: FarHost
  readonly waiting: Map<number, (answer: FarAnswer) => void>
}

/**
 * Serves the test page, and leads what a page asks of its far end to there: to connections of this process (`?far=node`), or to those of the page
 * called so (`?me=firefox&far=chromium`).
 */
export class PageServer {
  readonly #server: Server
  readonly #sockets: WebSocketServer
  readonly #pages = new Map<string, Page>()
  #asked = 0

  private constructor(script: string) {
    this.#server = createServer((request, response) => {
      void this.#serve(script, request, response)
    })
    this.#sockets = new WebSocketServer({ server: this.#server, maxPayload: 256 * 1024 * 1024 })
    this.#sockets.on('connection', (socket, request) => {
      this.#connected(socket, this.#query(request))
    })
  }

  static async start(script: string): Promise<PageServer> {
    const server = new PageServer(script)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  url(me: string, far: string): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://localhost:${port}/?me=${me}&far=${far}`
  }

  async close(): Promise<void> {
    for (const { socket } of this.#pages.values()) socket.terminate()
    this.#sockets.close()
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #query(request: IncomingMessage): { me: string; far: string } {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
    return { me: searchParams.get('me') ?? '', far: searchParams.get('far') ?? '' }
  }

  #connected(socket: WebSocket, { me, far }: { me: string; far: string }): void {
    const send = (message: ToPage): void => {
      socket.send(encode(message))
    }
    const host = new FarHost(NodePeerConnection, (events) => {
      send({ is: 'events', events })
    })
    const page: Page = { socket, far, host, waiting: new Map() }
    this.#pages.set(me, page)
    socket.on('message', (data: Buffer) => {
      const message = decode(data.toString()) as FromPage
      if (message.is === 'answer') page.waiting.get(message.number)?.(message.answer)
      else this.#passEvents(me, message.events)
    })
  }

  /** What connections of a page emit goes to the page whose far end they are. */
  #passEvents(from: string, events: readonly FarEvent[]): void {
    for (const { far, socket } of this.#pages.values()) {
      if (far === from) socket.send(encode({ is: 'events', events } satisfies ToPage))
    }
  }

  async #serve(script: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.startsWith('/ask') === true) {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const answer = await this.#ask(this.#query(request).me, decode(Buffer.concat(chunks).toString()) as FarCall)
      response.setHeader('content-type', 'text/plain').end(encode(answer))
    } else if (request.url === '/script.js') {
      response.setHeader('content-type', 'text/javascript').end(script)
    } else {
      response.setHeader('content-type', 'text/html')
      response.end(
        '<!doctype html><meta charset="utf-8"><title>tests</title><script type="module" src="/script.js"></script>',
      )
    }
  }

  async #ask(me: string, call: FarCall): Promise<FarAnswer> {
    const page = this.#pages.get(me)
    if (!page) throw new Error(`There is no page ${me}.`)
    if (page.far === 'node') return page.host.answer(call)
    const far = this.#pages.get(page.far)
    if (!far) throw new Error(`There is no page ${page.far}.`)
    const number = ++this.#asked
    return new Promise((resolve) => {
      far.waiting.set(number, (answer) => {
        far.waiting.delete(number)
        resolve(answer)
      })
      far.socket.send(encode({ is: 'ask', number, call } satisfies ToPage))
    })
  }
}
