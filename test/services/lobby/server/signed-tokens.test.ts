import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import type { AuthorizeRequest } from '../../../../src/services/lobby/server/authorization.ts'
import { signedTokens } from '../../../../src/services/lobby/server/signed-tokens.ts'

const SECRET = 'a secret of thirty-two bytes, at least'

const request = (token: string | null): AuthorizeRequest => ({
  token,
  origin: null,
  address: '192.0.2.1',
  dialect: 'json',
  url: '/',
  headers: {},
})

const sign = (claims: JWTPayload, key: string | KeyObject = SECRET, alg = 'HS256'): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(typeof key === 'string' ? new TextEncoder().encode(key) : key)

const now = Math.floor(Date.now() / 1000)
const denied = { refuse: 'unauthorized', message: expect.any(String) as unknown }

describe('a token signed with the secret', () => {
  test.each([
    ['says who it is', { sub: 'ann' }, { identity: 'ann' }],
    ['need not', {}, { identity: null }],
    ['may be for one lobby', { sub: 'ann', lobby: 'hall' }, { identity: 'ann', lobby: 'hall' }],
    ['may be for joining alone', { role: 'member' }, { identity: null, role: 'member' }],
    ['may be for creating', { role: 'host' }, { identity: null, role: 'host' }],
    ['may last until later', { sub: 'ann', exp: now + 60 }, { identity: 'ann' }],
    ['may be a few seconds over', { sub: 'ann', exp: now - 2 }, { identity: 'ann' }],
    ['has expired', { exp: now - 60 }, denied],
    ['is not good yet', { nbf: now + 60 }, denied],
    ['names a lobby that cannot be', { lobby: 'no such lobby!' }, denied],
    ['names a lobby that is no text', { lobby: 5 }, denied],
    ['names an unknown role', { role: 'admin' }, denied],
  ])('%s', async (_what, claims, answer) => {
    const authorize = await signedTokens({ secret: SECRET })
    expect(await authorize(request(await sign(claims)))).toEqual(answer)
  })

  test.each([
    ['missing', () => null],
    ['empty', () => ''],
    ['garbage', () => 'a.b.c'],
    ['signed with another secret', () => sign({}, 'another secret of thirty-two bytes or more')],
    ['not signed at all', () => new UnsecuredJWT({ sub: 'ann' }).encode()],
    ['damaged', async () => (await sign({ sub: 'ann' })).replace(/\.[^.]+\./, '.eyJzdWIiOiJib2IifQ.')],
  ])('that is %s is refused', async (_what, token) => {
    const authorize = await signedTokens({ secret: new TextEncoder().encode(SECRET) })
    expect(await authorize(request(await token()))).toEqual(denied)
  })

  test.each([
    [{ iss: 'https://id.example', aud: 'lobby' }, true],
    [{ iss: 'https://id.example', aud: ['other', 'lobby'] }, true],
    [{ iss: 'https://evil.example', aud: 'lobby' }, false],
    [{ iss: 'https://id.example', aud: 'other' }, false],
    [{ aud: 'lobby' }, false],
  ])('from %j: let in is %j', async (claims, isLetIn) => {
    const authorize = await signedTokens({ secret: SECRET, issuer: 'https://id.example', audience: ['lobby'] })
    expect('refuse' in (await authorize(request(await sign(claims))))).toBe(!isLetIn)
  })
})

describe('a token signed with a private key', () => {
  const pair = (type: 'ec' | 'rsa' | 'ed25519') => {
    if (type === 'ec') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519')
  }
  const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()

  test.each([
    ['ec', 'ES256'],
    ['rsa', 'RS256'],
    ['rsa', 'PS384'],
    ['ed25519', 'EdDSA'],
  ] as const)('(%s, %s) is let in; one by another key is not', async (type, algorithm) => {
    const { publicKey, privateKey } = pair(type)
    const authorize = await signedTokens({ publicKey: pem(publicKey) })
    expect(await authorize(request(await sign({ sub: 'ann' }, privateKey, algorithm)))).toEqual({ identity: 'ann' })
    const forged = await sign({ sub: 'ann' }, pair(type).privateKey, algorithm)
    expect(await authorize(request(forged))).toEqual(denied)
  })

  test('is not taken for one signed with the public key as a secret', async () => {
    const { publicKey } = pair('rsa')
    const authorize = await signedTokens({ publicKey: pem(publicKey) })
    expect(await authorize(request(await sign({ sub: 'ann' }, pem(publicKey))))).toEqual(denied)
  })

  test('may be of certain algorithms only', async () => {
    const { publicKey, privateKey } = pair('rsa')
    const authorize = await signedTokens({ publicKey: pem(publicKey), algorithms: ['PS256'] })
    expect(await authorize(request(await sign({}, privateKey, 'PS256')))).toEqual({ identity: null })
    expect(await authorize(request(await sign({}, privateKey, 'RS256')))).toEqual(denied)
  })
})

describe('options', () => {
  test.each([
    ['no key', {}, /one of secret, publicKey and jwks/],
    ['two keys', { secret: SECRET, jwks: 'https://id.example/keys' }, /one of secret, publicKey and jwks/],
    ['a secret that is too short', { secret: 'short' }, /32 bytes/],
    ['a public key that is none', { publicKey: 'hello' }, /PEM/],
    ['a place of keys that is no URL', { jwks: 'keys.json' }, /http\(s\) URL/],
    ['a place of keys that is no web page', { jwks: 'file:///keys.json' }, /http\(s\) URL/],
    ['an algorithm that does not suit the key', { secret: SECRET, algorithms: ['RS256'] }, /among HS256/],
    ['no algorithm', { secret: SECRET, algorithms: [] }, /among HS256/],
  ])('%s: refused', async (_what, options, message) => {
    await expect(signedTokens(options)).rejects.toMatchObject({
      code: 'ERR_INVALID_PARAMETER',
      message: expect.stringMatching(message) as unknown,
    })
  })
})
