import { createHash, randomBytes } from 'node:crypto'
import { MAX_PEER_ID } from '../../multiplayer-peer/unique-id.ts'

/** Whose token it is, and the hash by which the broker knows it. */
export interface MemberClaim {
  readonly lobby: string
  readonly id: number
  readonly tokenHash: string
}

/** 128 bits, in base64url. */
const SECRET = /^[\w-]{22}$/

export function createSecret(): string {
  return randomBytes(16).toString('base64url')
}

/** What the broker stores: who reads it there cannot take anybody's place. No salt, as the secret is random. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

export function formatToken(secret: string, id: number, lobby: string): string {
  return `${secret}.${id}.${lobby}`
}

/** @returns null for what {@link formatToken} never made. */
export function parseToken(token: string): MemberClaim | null {
  const [secret = '', digits = '', ...rest] = token.split('.')
  const lobby = rest.join('.')
  const id = /^\d{1,10}$/.test(digits) ? Number(digits) : 0
  if (!SECRET.test(secret) || id < 1 || id > MAX_PEER_ID || lobby === '' || token.length > 128) return null
  return { lobby, id, tokenHash: hashSecret(secret) }
}
