import { LOBBY_SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from '../../../../../src/protocol/lobby/message.ts'
import type { LobbyBroker } from '../../../../../src/services/lobby/broker/broker.ts'
import { memoryBroker } from '../../../../../src/services/lobby/broker/memory-broker.ts'
import type { Grant } from '../../../../../src/services/lobby/server/authorization.ts'
import type { LobbyServer } from '../../../../../src/services/lobby/server/lobby-server.ts'
import { waitFor } from '../../../../support/real-time.ts'
import { CoreWorld } from './core-world.ts'
import type { ExtendedWorld, ExtendedWorldOptions, OpenExtendedWorld } from './extended-world.ts'
import { openSocket, startServer } from './server-world.ts'

/** Cores under a virtual clock. */
export const openCores: OpenExtendedWorld = async ({ servers = 1, ...options } = {}) => {
  const world = await CoreWorld.open(options, servers)
  return {
    connect: ({ server = 0, grant: { identity = null, ...grant } = {} } = {}) =>
      Promise.resolve(world.connect('extended', { identity, ...grant }, server)),
    connectPlain: () => Promise.resolve(world.connect('json')),
    stats: (server = 0) => (world.cores[server] as (typeof world.cores)[0]).stats(),
    pass: (milliseconds) => world.pass(milliseconds),
    until: async (condition, what) => {
      await world.pass()
      if (!condition()) throw new Error(`Waited in vain until ${what}.`)
    },
    drain: (server) => (world.cores[server] as (typeof world.cores)[0]).drain(),
    close: () => world.close(),
  }
}

/** Servers with real sockets and a memory in common. */
export const openServers: OpenExtendedWorld = (options) => openServersOn(memoryBroker(), options)

/** Servers with real sockets on this broker. Their tokens say in clear what they allow. */
export async function openServersOn(
  broker: LobbyBroker,
  { servers: count = 1, ...options }: ExtendedWorldOptions = {},
): Promise<ExtendedWorld> {
  const authorize = ({ token }: { token: string | null }): Grant =>
    token === null ? {} : (JSON.parse(Buffer.from(token, 'base64url').toString()) as Grant)
  const servers: LobbyServer[] = []
  for (let server = 0; server < count; server++) servers.push(await startServer({ ...options, broker, authorize }))
  const server = (index: number): LobbyServer => servers[index] as LobbyServer
  return {
    connect: ({ server: index = 0, grant } = {}) => {
      const token = grant && Buffer.from(JSON.stringify(grant)).toString('base64url')
      return openSocket(server(index).url, [
        LOBBY_SUBPROTOCOL,
        ...(token === undefined ? [] : [`${TOKEN_SUBPROTOCOL_PREFIX}${token}`]),
      ])
    },
    connectPlain: () => openSocket(server(0).url),
    stats: (index = 0) => server(index).stats(),
    // Real time passes by itself.
    pass: () => Promise.resolve(),
    until: waitFor,
    drain: (index) => server(index).drain(),
    close: async () => {
      await Promise.all(servers.map((each) => each.close()))
    },
  }
}
