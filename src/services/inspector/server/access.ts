import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'

/** What is asked for: a file of the page, the page itself or a recording, the page's socket, that of another tool that looks, a reporter's socket. */
export type Door = 'asset' | 'page' | 'view' | 'tool' | 'report'

/** What a request says of itself. */
export interface Visitor {
  /** The header `Host`. */
  readonly host: string | undefined
  /** The header `Origin`: browsers send it with every WebSocket, other programs do not. */
  readonly origin: string | undefined
  readonly token: string | null
}

export interface AccessRules {
  /** Null: none is needed. */
  readonly token: string | null
  /** Where the server listens, as it was given. */
  readonly host: string
}

/** Why a request is not answered. */
export interface AccessRefusal {
  readonly status: 400 | 401 | 403
  readonly message: string
}

/** A name or an address, with or without a port. Nothing else gets into a header of an answer. */
const HOST = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i

/**
 * Whether a request may pass. A page that somebody opens elsewhere must not get at an inspector on this machine: it has another origin, or, with a name that was made to lead here
 * (DNS rebinding), another host.
 *
 * @returns null if it may.
 */
export function refuseAccess(door: Door, visitor: Visitor, rules: AccessRules): AccessRefusal | null {
  const name = hostName(visitor.host)
  if (name === null) return { status: 400, message: 'The header Host is missing, or no name or address.' }
  // Where a token is needed, a wrong name gets nobody any further; and who knows under which names a machine is reached.
  if (rules.token === null && !isOwnName(name, rules.host)) {
    return {
      status: 403,
      message: `This inspector is not reached as ${name}, but as localhost or by its address; with a token by any name.`,
    }
  }
  // They are the same for everyone who installs the package.
  if (door === 'asset') return null
  if (rules.token !== null && !isEqual(visitor.token, rules.token)) {
    return {
      status: 401,
      message: 'A token is needed, as ?token=... in the address or as a header "Authorization: Bearer ...".',
    }
  }
  if (!allowsOrigin(door, visitor, rules)) {
    return { status: 403, message: 'Pages of this origin may not connect.' }
  }
  return null
}

function allowsOrigin(door: Door, { host, origin }: Visitor, { token }: AccessRules): boolean {
  const isOwn = origin !== undefined && isOriginOf(origin, host)
  switch (door) {
    case 'view':
      return isOwn
    case 'tool':
      return isOwn || origin === undefined
    case 'report':
      return token !== null || origin === undefined || isOwn || isLocalOrigin(origin)
    default:
      return true
  }
}

/** The name in a `Host` header; null if it is none. */
function hostName(host: string | undefined): string | null {
  const [, name = null] = HOST.exec(host ?? '') ?? []
  return name?.toLowerCase() ?? null
}

function isOwnName(name: string, listening: string): boolean {
  // Nobody can make an address lead elsewhere.
  return isLocalhost(name) || isIP(name) === 4 || name.startsWith('[') || name === listening.toLowerCase()
}

function isLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost')
}

/** Behind a reverse proxy the page may come by https though this is http. */
function isOriginOf(origin: string, host = ''): boolean {
  return [`http://${host}`, `https://${host}`].some((own) => own.toLowerCase() === origin.toLowerCase())
}

/** A pages' server on this machine, of any port: what a developer has. */
function isLocalOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, hostname } = new URL(origin)
  return /^https?:$/.test(protocol) && (isLocalhost(hostname) || hostname === '127.0.0.1' || hostname === '[::1]')
}

/** Hashed first, since the comparison wants equal lengths. */
function isEqual(given: string | null, expected: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return given !== null && timingSafeEqual(hash(given), hash(expected))
}
