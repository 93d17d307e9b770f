import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LobbyRoute } from '../server/lobby-server-options.ts'

/** What a route answers with. */
export interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** A route for GET and HEAD whose answers nobody may keep. A failure becomes a 500 that tells nothing of its cause; `onError` hears it. */
export function answerRoute(answer: () => Answer | Promise<Answer>, onError: (error: unknown) => void): LobbyRoute {
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      send(request, response, text(405, 'Only GET and HEAD'))
      return
    }
    try {
      send(request, response, await answer())
    } catch (error) {
      onError(error)
      send(request, response, text(500, 'Internal error'))
    }
  }
}

export function text(status: number, body: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${body}\n` }
}

export function json(status: number, body: object): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(body)}\n` }
}

function send({ method }: IncomingMessage, response: ServerResponse, { status, type, body }: Answer): void {
  response.statusCode = status
  response.setHeader('content-type', type)
  response.setHeader('content-length', Buffer.byteLength(body))
  response.setHeader('cache-control', 'no-store')
  response.end(method === 'HEAD' ? undefined : body)
}
