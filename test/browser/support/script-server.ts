import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { bundlePage } from './bundle.ts'

const PAGE = '<!doctype html><meta charset="utf-8"><title>tests</title><script type="module" src="/script.js"></script>'

/** Serves an empty page with one bundled script, at `/` and `/script.js`. */
export class ScriptServer {
  readonly #server: Server

  private constructor(script: string) {
    this.#server = createServer((request, response) => {
      const isScript = request.url === '/script.js'
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html').end(isScript ? script : PAGE)
    })
  }

  /** @param entry - path of the script from the root of the package. */
  static async start(entry: string): Promise<ScriptServer> {
    const server = new ScriptServer(await bundlePage(entry))
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://localhost:${this.port}/`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
