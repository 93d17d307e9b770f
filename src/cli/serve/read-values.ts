import { readFileSync } from 'node:fs'
import { UsageError } from '../command.ts'

// Readers of what was given for a setting: they take the text and how to call the setting, and throw UsageError for what it cannot be.

/** Reads whole numbers of this range. */
export function wholeNumber(min: number, max: number): (text: string, source: string) => number {
  return (given, source) => {
    const value = Number(given)
    if (/^\d+$/.test(given) && value >= min && value <= max) return value
    throw new UsageError(`${source} is a whole number from ${min} to ${max}, not '${given}'`)
  }
}

/** Reads anything that is not empty. */
export function readText(given: string, source: string): string {
  if (given.trim() !== '') return given
  throw new UsageError(`${source} is empty`)
}

/** Reads URLs of one of these protocols. */
export function urlOf(...protocols: readonly string[]): (text: string, source: string) => string {
  return (given, source) => {
    if (protocols.includes(tryUrl(given)?.protocol ?? '')) return given
    const forms = protocols.map((protocol) => `${protocol}//...`).join(' or ')
    // Without what was given: there may be a password in it.
    throw new UsageError(`${source} is not a URL of the form ${forms}`)
  }
}

/** Reads what browsers send as `Origin`. */
export function readOrigin(given: string, source: string): string {
  const { origin, protocol } = tryUrl(given) ?? {}
  if (origin === given && (protocol === 'http:' || protocol === 'https:')) return given
  throw new UsageError(`${source} is an origin, e.g. https://game.example or http://localhost:8000, not '${given}'`)
}

/** Reads the URL of a STUN or TURN server (RFC 7064, RFC 7065). */
export function readTurnUrl(given: string, source: string): string {
  if (/^(turns?|stuns?):[^\s/?]+(\?transport=(udp|tcp))?$/i.test(given)) return given
  throw new UsageError(`${source} is of the form turn:host[:port][?transport=udp], not '${given}'`)
}

/** Reads the secret in a file. Editors and `echo` end files with a line break, which is no part of it. */
export function readSecret(file: string, source: string): string {
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${source}: cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? String(error)})`)
  }
  const secret = content.replace(/\r?\n$/, '')
  if (secret === '') throw new UsageError(`${source}: ${file} is empty`)
  return secret
}

function tryUrl(given: string): URL | null {
  return URL.canParse(given) ? new URL(given) : null
}
