import type { Duplex } from 'node:stream'
import type { LobbyErrorCode } from '../../../protocol/lobby/extension.ts'

/** Statuses of the refusals that come before there is a socket. */
const STATUSES: Partial<Record<LobbyErrorCode, number>> = { unauthorized: 401, 'rate-limited': 429 }

const NAMES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
}

/** The HTTP status for a refusal. */
export function statusOf(code: LobbyErrorCode): number {
  return STATUSES[code] ?? 503
}

/** Answers a request for a WebSocket with a status, and ends the connection. `retryAfter` in milliseconds. */
export function refuseUpgrade(stream: Duplex, status: number, message: string, retryAfter?: number): void {
  const lines = [
    `HTTP/1.1 ${status} ${NAMES[status] ?? 'Error'}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(message)}`,
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
    ...(retryAfter === undefined ? [] : [`Retry-After: ${Math.ceil(retryAfter / 1000)}`]),
  ]
  stream.end(`${lines.join('\r\n')}\r\n\r\n${message}`, () => {
    stream.destroy()
  })
}
