import { createPublicKey } from 'node:crypto'
import type { JWTPayload, JWTVerifyOptions } from 'jose'
import { invalid } from '../../../checks.ts'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import type { Authorize, Denial, Grant } from './authorization.ts'
import { isLobbyName } from './lobby-names.ts'

type Jose = typeof import('jose')

/** Options of {@link signedTokens}: exactly one of `secret`, `publicKey` and `jwks`. */
export interface SignedTokensOptions {
  /** Shared with who signs, 32 bytes at least: HS256, HS384, HS512. */
  readonly secret?: string | Uint8Array
  /** The signer's public key, in PEM. */
  readonly publicKey?: string
  /** Where the signer publishes its public keys, as a JSON Web Key Set. Asked again when a token names a key that is not known yet. */
  readonly jwks?: string | URL
  /** What `iss` has to be. */
  readonly issuer?: string | readonly string[]
  /** What `aud` has to be, or contain. */
  readonly audience?: string | readonly string[]
  /** Algorithms that tokens may be signed with. Default: all that suit the kind of key. */
  readonly algorithms?: readonly string[]
}

const SYMMETRIC = ['HS256', 'HS384', 'HS512']
// Never together with the others: a public key taken for a shared secret would let everyone sign.
const ASYMMETRIC = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]

/** Bytes; RFC 7518, section 3.2: as long as the hash. Shorter ones can be guessed from any token. */
const SHORTEST_SECRET = 32

/** Codes of jose's errors that say something of a token; the others are about fetching keys. */
const TOKEN_FAULT =
  /^ERR_(?:JW[ST]_|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE_MATCHING_KEYS|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED)/

/** Seconds by which the clocks of signer and server may differ. */
const CLOCK_TOLERANCE = 5

/**
 * Lets in who has a signed token (JWT). Its claims: `sub` is who it is; `lobby`, if there, the one lobby that it may create or join; `role`, if it is `member`, forbids to
 * create lobbies (`host` allows it, as without). `exp` and `nbf` are heeded. Needs the package `jose`.
 *
 * @example
 * ```ts
 * import { createLobbyServer, signedTokens } from 'webrtc-multiplayer/lobby-server'
 *
 * const authorize = await signedTokens({ secret: 'thirty-two random bytes, or more', issuer: 'https://game.example' })
 * await using server = await createLobbyServer({ port: 0, authorize })
 * console.log(server.url)
 * ```
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for options that are none, `ERR_UNAVAILABLE` if `jose` is not installed.
 */
export async function signedTokens(options: SignedTokensOptions): Promise<Authorize> {
  const jose = await loadJose()
  const verify = verifier(jose, options)
  return async ({ token }) => {
    if (token === null) return denied('A token is needed.')
    try {
      return toGrant(await verify(token))
    } catch (error) {
      // What is not about the token is about its keys, which could not be had.
      if (!(error instanceof jose.errors.JOSEError) || !TOKEN_FAULT.test(error.code)) throw error
      return denied(`The token is not valid: ${error.message}.`)
    }
  }
}

function verifier(jose: Jose, options: SignedTokensOptions): (token: string) => Promise<JWTPayload> {
  const { secret, publicKey, jwks } = options
  if ([secret, publicKey, jwks].filter((key) => key !== undefined).length !== 1) {
    throw invalid('signedTokens() needs one of secret, publicKey and jwks.', Object.keys(options))
  }
  const checks = verifyOptions(options, secret === undefined ? ASYMMETRIC : SYMMETRIC)
  if (jwks !== undefined) {
    const keys = jose.createRemoteJWKSet(toUrl(jwks))
    return async (token) => (await jose.jwtVerify(token, keys, checks)).payload
  }
  const key = secret === undefined ? toPublicKey(publicKey ?? '') : toSecret(secret)
  return async (token) => (await jose.jwtVerify(token, key, checks)).payload
}

function verifyOptions({ issuer, audience, algorithms }: SignedTokensOptions, suitable: string[]): JWTVerifyOptions {
  const chosen = algorithms === undefined ? suitable : [...algorithms]
  if (chosen.length === 0 || !chosen.every((algorithm) => suitable.includes(algorithm))) {
    throw invalid(`algorithms for this kind of key are among ${suitable.join(', ')}.`, algorithms)
  }
  return {
    algorithms: chosen,
    clockTolerance: CLOCK_TOLERANCE,
    ...(issuer !== undefined && { issuer: toList(issuer) }),
    ...(audience !== undefined && { audience: toList(audience) }),
  }
}

function toGrant({ sub, lobby, role }: JWTPayload): Grant | Denial {
  if (lobby !== undefined && !(typeof lobby === 'string' && isLobbyName(lobby))) {
    return denied("The token's lobby is no lobby's name.")
  }
  if (role !== undefined && role !== 'host' && role !== 'member') return denied("The token's role is none.")
  return { identity: sub ?? null, ...(lobby !== undefined && { lobby }), ...(role !== undefined && { role }) }
}

function denied(message: string): Denial {
  return { refuse: 'unauthorized', message }
}

function toSecret(secret: string | Uint8Array): Uint8Array {
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret
  if (bytes.length < SHORTEST_SECRET) throw invalid(`secret must have ${SHORTEST_SECRET} bytes at least.`, bytes.length)
  return bytes
}

function toPublicKey(pem: string) {
  try {
    return createPublicKey(pem)
  } catch (error) {
    const message = 'publicKey must be a public key in PEM, as -----BEGIN PUBLIC KEY-----.'
    throw new MultiplayerError('ERR_INVALID_PARAMETER', message, { cause: error })
  }
}

function toUrl(jwks: string | URL): URL {
  const text = String(jwks)
  if (URL.canParse(text) && /^https?:/.test(new URL(text).protocol)) return new URL(text)
  throw invalid('jwks must be an http(s) URL.', jwks)
}

function toList(value: string | readonly string[]): string[] {
  return typeof value === 'string' ? [value] : [...value]
}

async function loadJose(): Promise<Jose> {
  try {
    return await import('jose')
  } catch (error) {
    const message = 'Signed tokens need the package jose: npm install jose'
    throw new MultiplayerError('ERR_UNAVAILABLE', message, { cause: error })
  }
}
