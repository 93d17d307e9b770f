import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { SignJWT } from 'jose'
import { LOBBY_SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from '../../../../src/protocol/lobby/message.ts'
import type { LobbyServer } from '../../../../src/services/lobby/server/lobby-server.ts'
import { signedTokens } from '../../../../src/services/lobby/server/signed-tokens.ts'
import { ExtendedClient } from './support/extended-client.ts'
import { openSocket, startServer } from './support/server-world.ts'

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

let keys: Server
let server: LobbyServer
afterEach(async () => {
  await server.close()
  keys.close()
  keys.closeAllConnections()
})

test('keys that their signer publishes: fetched when a token comes; while they cannot be had, clients may try again', async () => {
  let isUp = false
  keys = createServer((_request, response) => {
    if (isUp)
      response.end(JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256' }] }))
    else response.writeHead(500).end()
  })
  keys.listen(0, '127.0.0.1')
  await once(keys, 'listening')
  const { port } = keys.address() as AddressInfo
  server = await startServer({ authorize: await signedTokens({ jwks: `http://127.0.0.1:${port}/keys` }) })
  const connect = async (kid: string): Promise<ExtendedClient> => {
    const token = await new SignJWT({ sub: 'ann' }).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)
    return new ExtendedClient(await openSocket(server.url, [LOBBY_SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX + token]))
  }
  const early = await connect('one')
  expect((await early.hearOne('ERROR')).data).toMatchObject({ code: 'unavailable', closing: true, retryAfter: 2000 })
  isUp = true
  const client = await connect('one')
  await client.hearOne('WELCOME')
  const unknown = await connect('two')
  expect((await unknown.hearOne('ERROR')).data).toMatchObject({ code: 'unauthorized', closing: true })
})
