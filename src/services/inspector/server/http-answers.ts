import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import { type AccessRules, type Door, refuseAccess } from './access.ts'
import { type PageFile, readPageFiles } from './page-files.ts'
import { readTarget, visitorOf } from './request-target.ts'
import { securityHeaders } from './security-headers.ts'

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}
const JSON_LINES = 'application/jsonl; charset=utf-8'

/** Where the recording is that the server was given. */
export const RECORDING_PATH = '/recording'

/** What the server answers to plain HTTP requests. */
export class HttpAnswers {
  readonly #files: ReadonlyMap<string, PageFile>
  readonly #recording: string | null
  readonly #rules: AccessRules

  private constructor(files: ReadonlyMap<string, PageFile>, recording: string | null, rules: AccessRules) {
    this.#files = files
    this.#recording = recording
    this.#rules = rules
  }

  /**
   * @param directory - of the built page.
   * @param recording - a file that is given out.
   * @throws MultiplayerError `ERR_UNAVAILABLE` if the page was not built.
   */
  static async load(directory: string, recording: string | null, rules: AccessRules): Promise<HttpAnswers> {
    const files = await readPageFiles(directory, TYPES)
    const index = files.get('/index.html')
    if (index === undefined) {
      const message = `The page of the inspector is not in ${directory}; build it with: npm run build`
      throw new MultiplayerError('ERR_UNAVAILABLE', message, { value: directory })
    }
    files.set('/', index)
    return new HttpAnswers(files, recording, rules)
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const { host = '' } = request.headers
    const { path } = readTarget(request)
    const file = this.#files.get(path)
    const refusal = refuseAccess(doorOf(path, file), visitorOf(request), this.#rules)
    if (refusal !== null) {
      const { status, message } = refusal
      if (status === 401) response.setHeader('www-authenticate', 'Bearer')
      end(response, status, message)
      return
    }
    for (const [name, value] of Object.entries(securityHeaders(host))) response.setHeader(name, value)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      end(response, 405, 'Only GET and HEAD.')
    } else if (file !== undefined) {
      // A page that was rebuilt must be seen at once; it comes from this machine, as a rule.
      response.writeHead(200, { 'content-type': file.type, 'cache-control': 'no-cache' })
      response.end(request.method === 'HEAD' ? undefined : file.body)
    } else if (path === RECORDING_PATH && this.#recording !== null) {
      giveOut(this.#recording, request, response)
    } else {
      end(response, 404, 'There is nothing here.')
    }
  }
}

function doorOf(path: string, file: PageFile | undefined): Door {
  return file !== undefined && path !== '/' && path !== '/index.html' ? 'asset' : 'page'
}

/** Streamed: recordings may be larger than memory. */
function giveOut(file: string, { method }: IncomingMessage, response: ServerResponse): void {
  const stream = createReadStream(file)
  stream.once('error', () => {
    if (response.headersSent) response.destroy()
    else end(response, 404, 'The recording cannot be read any more.')
  })
  stream.once('open', () => {
    response.writeHead(200, { 'content-type': JSON_LINES, 'cache-control': 'no-store' })
    if (method === 'HEAD') {
      stream.destroy()
      response.end()
    } else stream.pipe(response)
  })
  // Whoever asked may go away in the middle.
  response.once('close', () => stream.destroy())
}

function end(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
  response.end(`${message}\n`)
}
