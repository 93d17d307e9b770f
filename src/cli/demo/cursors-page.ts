import type { IncomingMessage, ServerResponse } from 'node:http'
import { type PageFile, readPageFiles } from '../../services/inspector/server/page-files.ts'

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** Where the page finds the lobby: the one thing of it that is not a file. */
export const PLACE_PATH = '/lobby.json'

/** What the page reads from {@link PLACE_PATH}. */
export interface Place {
  readonly lobby: string
  /** Transfer modes of the mesh's extra channels, which are the same at every peer. */
  readonly channels: readonly number[]
  /** Where the page reports what it does; null: nowhere. */
  readonly inspector: string | null
}

/** Answers requests for the page of the browser example. Only what was read at the start is ever given out. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => void

/**
 * @param directory - the built page.
 * @returns null where the page was not built.
 */
export async function cursorsPage(directory: string, place: Place): Promise<PageHandler | null> {
  const files = await readPageFiles(directory, TYPES)
  const index = files.get('/index.html')
  if (index === undefined) return null
  files.set('/', index)
  files.set(PLACE_PATH, { type: 'application/json', body: new TextEncoder().encode(JSON.stringify(place)) })
  return (request, response) => {
    answer(files, request, response)
  }
}

function answer(
  files: ReadonlyMap<string, PageFile>,
  { method, url = '/' }: IncomingMessage,
  response: ServerResponse,
): void {
  const file = files.get(url.replace(/[?#].*$/, ''))
  if (method !== 'GET' && method !== 'HEAD') response.writeHead(405, { allow: 'GET, HEAD' }).end()
  else if (file === undefined) response.writeHead(404).end('There is nothing here.')
  else {
    response.writeHead(200, { 'content-type': file.type, 'cache-control': 'no-cache' })
    response.end(method === 'HEAD' ? undefined : file.body)
  }
}
