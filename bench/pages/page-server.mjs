/** Serves the pages, and joins the two ends of a session: what one of them says over its WebSocket goes to the other. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { now } from '../harness/now.mjs'
import { bundle } from './bundle.mjs'

/** Cross-origin isolated, so that a page's clock tells microseconds. */
const HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

export class PageServer {
  #server = createServer((request, response) => void this.#serve(request, response))
  #sessions = new Map()
  #bundles = new Map()
  #last = 0

  static async start() {
    const server = new PageServer()
    new WebSocketServer({ server: server.#server }).on('connection', (socket, request) =>
      server.#join(socket, new URL(request.url, 'http://localhost').searchParams.get('session')),
    )
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  /** A new session with an adapter. Rejects if there can be no page of it. */
  async open(adapter) {
    if (!this.#bundles.has(adapter)) this.#bundles.set(adapter, bundle(adapter))
    await this.#bundles.get(adapter)
    const session = String(++this.#last)
    this.#sessions.set(session, [])
    const host = `127.0.0.1:${this.#server.address().port}`
    return {
      socket: `ws://${host}/?session=${session}`,
      page: (parameters) => `http://${host}/${adapter}?${new URLSearchParams({ session, ...parameters })}`,
    }
  }

  close() {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  #join(socket, session) {
    const ends = this.#sessions.get(session)
    if (ends === undefined) return socket.terminate()
    ends.push(socket)
    socket.on('error', () => socket.terminate())
    socket.on('message', (data) => {
      const text = data.toString()
      if (text === 'clock') socket.send(String(now()))
      else ends.find((other) => other !== socket)?.send(text)
    })
  }

  async #serve({ url }, response) {
    const { pathname } = new URL(url, 'http://localhost')
    const [, adapter, script] = /^\/(\w+)(\.js)?$/.exec(pathname) ?? []
    if (!this.#bundles.has(adapter)) return response.writeHead(404, HEADERS).end()
    response.writeHead(200, { ...HEADERS, 'content-type': script ? 'text/javascript' : 'text/html' })
    response.end(
      script
        ? await this.#bundles.get(adapter)
        : `<!doctype html><meta charset="utf-8"><title>${adapter}</title><script type="module" src="/${adapter}.js"></script>`,
    )
  }
}
