import { createServer, type Server } from 'node:http'
import { networkInterfaces } from 'node:os'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createLobbyServer, type LobbyServer } from '../../lobby-server.ts'
import { UsageError } from '../command.ts'
import { EXTRA_CHANNELS } from './channels.ts'
import { cursorsPage } from './cursors-page.ts'
import type { Meeting } from './fleet.ts'

/** The port of Godot's signaling demo. */
const USUAL_PORT = 9080
const HOST = '127.0.0.1'
const LOBBY = 'demo'
/** Milliseconds: so that one sees a killed peer go soon, and still a page survives a short loss of its socket. */
const GRACE_TIME = 3_000
/** The same from the sources and from what is published: dist/cursors. */
const PAGE = fileURLToPath(new URL('../../../dist/cursors/', import.meta.url))

export interface LobbyHostOptions {
  /** Null: the usual one, or any that is free. */
  readonly port: number | null
  /** With the page for visitors, and connections that leave the loopback interface. */
  readonly isLive: boolean
  /** Address for those who report to the demo's inspector; null without one. */
  readonly inspector: string | null
}

/** What the demo serves: the lobby in which its peers meet, and on the same port a page with which a browser joins them. */
export class LobbyHost {
  readonly meeting: Meeting
  /** Null if there is no page. */
  readonly pageUrl: string | null
  readonly #http: Server
  readonly #lobby: LobbyServer

  private constructor(http: Server, lobby: LobbyServer, meeting: Meeting, pageUrl: string | null) {
    this.#http = http
    this.#lobby = lobby
    this.meeting = meeting
    this.pageUrl = pageUrl
  }

  static async open({ port, isLive, inspector }: LobbyHostOptions): Promise<LobbyHost> {
    const page = isLive ? await cursorsPage(PAGE, { lobby: LOBBY, channels: EXTRA_CHANNELS, inspector }) : null
    const http = createServer((request, response) => {
      if (page === null) response.writeHead(404).end()
      else page(request, response)
    })
    const bound = await listen(http, port)
    const lobby = await createLobbyServer({
      server: http,
      limits: { graceTime: GRACE_TIME },
      // Of all pages that may be open in somebody's browser only the demo's own.
      allowedOrigins: [HOST, 'localhost'].map((name) => `http://${name}:${bound}`),
    })
    const meeting = { url: `ws://${HOST}:${bound}`, lobby: LOBBY, loopback: !isLive || !hasNetwork(), inspector }
    return new LobbyHost(http, lobby, meeting, page && `http://localhost:${bound}/`)
  }

  async close(): Promise<void> {
    await this.#lobby.close()
    this.#http.close()
    this.#http.closeAllConnections()
  }
}

async function listen(http: Server, port: number | null): Promise<number> {
  try {
    http.listen(port ?? USUAL_PORT, HOST)
    await once(http, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    if (port !== null) throw new UsageError(`port ${port} is taken; choose another with --port`)
    http.listen(0, HOST)
    await once(http, 'listening')
  }
  return (http.address() as { port: number }).port
}

/** Browsers do not connect to a peer on the loopback interface alone; without any other there is nobody to visit from anyway. */
function hasNetwork(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal))
}
