import { readdir, readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
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
}

interface File {
  readonly type: string
  readonly body: Uint8Array | string
}

/** Answers requests for the page of the browser example. Only what was read at the start is ever given out. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => void

/**
 * @param directory - the built page.
 * @returns null where the page was not built.
 */
export async function cursorsPage(directory: string, place: Place): Promise<PageHandler | null> {
  const files = await readFiles(directory)
  if (!files.has('/index.html')) return null
  files.set('/', files.get('/index.html') as File)
  files.set(PLACE_PATH, { type: 'application/json', body: JSON.stringify(place) })
  return (request, response) => {
    answer(files, request, response)
  }
}

function answer(
  files: ReadonlyMap<string, File>,
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

async function readFiles(directory: string): Promise<Map<string, File>> {
  const files = new Map<string, File>()
  const names = await readdir(directory, { recursive: true }).catch(() => [])
  for (const name of names) {
    const type = TYPES[path.extname(name)]
    if (type === undefined) continue
    files.set(`/${name.split(path.sep).join('/')}`, { type, body: await readFile(path.join(directory, name)) })
  }
  return files
}
