// A server without a game: opens one lobby, is peer 1 in it, and passes on what the players send each other.
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { joinLobby } from 'webrtc-multiplayer/lobby'
import { createLobbyServer } from 'webrtc-multiplayer/lobby-server'
import { MultiplayerAPI } from 'webrtc-multiplayer/multiplayer-api'

const { values: options } = parseArgs({
  options: {
    lobby: { type: 'string', default: 'relay' },
    port: { type: 'string', default: '9080' },
    /** 0.0.0.0 lets other machines in. */
    host: { type: 'string', default: '127.0.0.1' },
  },
})
const { lobby, host } = options

// Players can join this lobby and do nothing else: no other lobbies, and nobody is quicker than the host.
const token = randomUUID()
const server = await createLobbyServer({
  port: Number(options.port),
  host,
  authorize: (client) => (client.token === token ? {} : { lobby, role: 'member' }),
})
const joined = await joinLobby(server.url, { lobby, token, create: true, mode: 'client-server' })
const api = new MultiplayerAPI(joined.peer)

api.peerConnected$.subscribe((peer) => console.log(`${peer} is here.`))
api.peerDisconnected$.subscribe((peer) => console.log(`${peer} has left.`))
joined.verdicts$.subscribe(({ message }) => console.log(message))
console.log(`Lobby "${lobby}" of ${server.url} is open. Ctrl-C ends it.`)

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end)

/** The players hear of it; then nothing keeps the process. */
async function end() {
  await joined.leave()
  await api.close()
  await server.close()
}
