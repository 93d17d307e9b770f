import type { IncomingMessage } from 'node:http'
import type { Visitor } from './access.ts'

/** What a request asks for. */
export interface RequestTarget {
  /** As it was sent: nothing is decoded or resolved, because nothing but exact paths is known. */
  readonly path: string
  readonly query: URLSearchParams
}

export function readTarget({ url = '/' }: IncomingMessage): RequestTarget {
  const [, path = '', query = ''] = /^([^?#]*)\??([^#]*)/.exec(url) ?? []
  return { path, query: new URLSearchParams(query) }
}

export function visitorOf(request: IncomingMessage): Visitor {
  const { host, origin, authorization = '' } = request.headers
  const [, bearer = null] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  return { host, origin, token: bearer ?? readTarget(request).query.get('token') }
}
