import type { IncomingMessage } from 'node:http'
import { LOBBY_SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from '../../../protocol/lobby/message.ts'
import type { LobbyDialect } from './lobby-observer.ts'

/** Sockets whose path ends so speak the text protocol of Godot 3's demo. */
const TEXT_PATH = '/godot3'

/** What a client's request says of what it speaks and who it is. */
export interface ClientOffer {
  readonly path: string
  readonly dialect: LobbyDialect
  readonly token: string | null
  readonly origin: string | null
  /** The subprotocol to answer with; null if the client named none. */
  readonly subprotocol: string | null
}

/** Reads the request by which a WebSocket is to be opened. @returns null for one whose target is no path. */
export function readOffer({ url = '/', headers }: IncomingMessage): ClientOffer | null {
  if (!url.startsWith('/') || !URL.canParse(url, 'http://lobby')) return null
  const { pathname: path, searchParams } = new URL(url, 'http://lobby')
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  const isText = path.endsWith(TEXT_PATH)
  const isExtended = !isText && offered.includes(LOBBY_SUBPROTOCOL)
  const withToken = offered.find((name) => name.startsWith(TOKEN_SUBPROTOCOL_PREFIX))
  const [, bearer = null] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? []
  const token = bearer ?? withToken?.slice(TOKEN_SUBPROTOCOL_PREFIX.length) ?? searchParams.get('token')
  // Browsers fail a connection whose server takes up none of their subprotocols; `ws` servers, as Godot's demo, take up the first.
  const subprotocol = isExtended ? LOBBY_SUBPROTOCOL : (withToken ?? offered[0] ?? '')
  return {
    path,
    dialect: isText ? 'text' : isExtended ? 'extended' : 'json',
    token: token === '' ? null : token,
    origin: headers.origin ?? null,
    subprotocol: subprotocol === '' ? null : subprotocol,
  }
}
