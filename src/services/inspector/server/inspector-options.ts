import { randomBytes } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkWhole, invalid } from '../../../checks.ts'

/** Options of {@link startInspector}. */
export interface InspectorOptions {
  /** Default 9280; 0: any that is free. */
  readonly port?: number
  /** Address to listen at. Default `127.0.0.1`: this machine alone. At any other a token is needed. */
  readonly host?: string
  /**
   * What everyone must have who looks or reports: 16 to 256 letters, digits and `._~-`. Default: none on a loopback address, a random one elsewhere; it is in {@link Inspector.url} and
   * {@link Inspector.reportUrl}.
   */
  readonly token?: string
  /** How this process is called in the page. Default: `process` and its number. */
  readonly name?: string
  /** Milliseconds between two looks at the connections, 10 to 60000. Default 500. */
  readonly sampleInterval?: number
  /** A file to record to, from the beginning on; written over if it is there. That counts as somebody who looks. */
  readonly record?: string
  /** A recording to open: the page shows it instead of what happens now. */
  readonly recording?: string
  /** Directory of the built page. Default: that of this package; to be given where an application is bundled into one file. */
  readonly page?: string
  /** Closes it. */
  readonly signal?: AbortSignal
}

/** {@link InspectorOptions}, checked and with the defaults. */
export interface ResolvedInspectorOptions {
  readonly port: number
  readonly host: string
  readonly token: string | null
  readonly name: string | null
  readonly sampleInterval: number
  readonly record: string | null
  readonly recording: string | null
  readonly page: string
  readonly signal: AbortSignal | null
}

/** The lobby's port and 200. */
const DEFAULT_PORT = 9280
const DEFAULT_HOST = '127.0.0.1'
const DEFAULT_SAMPLE_INTERVAL = 500
/** As many bits as a key that nobody guesses. */
const TOKEN_BYTES = 24
/** Characters that are the same in an address as they are; the shortest takes somebody who tries a thousand in a second longer than anyone lives. */
const TOKEN = /^[\w.~-]{16,256}$/
/** The same from the sources and from what is published: dist/inspector-page. */
const PAGE = fileURLToPath(new URL('../../../../dist/inspector-page/', import.meta.url))

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` for an option that makes no sense. */
export function resolveInspectorOptions(options: InspectorOptions): ResolvedInspectorOptions {
  const { port = DEFAULT_PORT, host = DEFAULT_HOST, sampleInterval = DEFAULT_SAMPLE_INTERVAL, token } = options
  checkWhole('port', port, 0, 65_535)
  checkWhole('sampleInterval', sampleInterval, 10, 60_000)
  if (token !== undefined && !TOKEN.test(token)) {
    throw invalid('token has 16 to 256 letters, digits and ._~- in it; leave it out to have one made.', '***')
  }
  const { record = null, recording = null, signal = null } = options
  if (record !== null && recording !== null && path.resolve(record) === path.resolve(recording)) {
    throw invalid('record and recording are the same file; it would be written over.', record)
  }
  return {
    port,
    host,
    token: token ?? (isLoopback(host) ? null : randomBytes(TOKEN_BYTES).toString('base64url')),
    name: options.name ?? null,
    sampleInterval,
    record,
    recording,
    page: options.page ?? PAGE,
    signal,
  }
}

/** 127.0.0.0/8 (RFC 1122) and ::1. Any name but `localhost` may lead anywhere. */
export function isLoopback(host: string): boolean {
  const loopback = new BlockList()
  loopback.addSubnet('127.0.0.0', 8)
  loopback.addAddress('::1', 'ipv6')
  const version = isIP(host)
  if (version === 0) return host.toLowerCase() === 'localhost'
  return loopback.check(host, version === 6 ? 'ipv6' : 'ipv4')
}
