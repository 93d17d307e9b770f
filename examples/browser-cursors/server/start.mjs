// The one command: serves the page, opens the lobby, and lets the bot in. Node runs no TypeScript, so Vite loads the bot's as it does the page's.
import { createServer } from 'node:http'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createServer as createVite } from 'vite'
import { createLobbyServer } from 'webrtc-multiplayer/lobby-server'

const LOBBY = 'cursors'

const { values: options } = parseArgs({
  options: {
    /** 0 takes any that is free. */
    port: { type: 'string', default: '5173' },
    /** 0.0.0.0 lets other machines in. */
    host: { type: 'string', default: 'localhost' },
  },
})

const server = createServer()
server.listen(Number(options.port), options.host)
await once(server, 'listening').catch((error) => {
  console.error(`${error.message}; choose another with --port.`)
  process.exit(1)
})
const { port } = server.address()

const vite = await createVite({
  configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
  logLevel: 'warn',
  server: { middlewareMode: true, ws: { server } },
})
server.on('request', (request, response) => {
  // Which lobby the page is to join.
  if (request.url === '/lobby.json') response.end(JSON.stringify({ lobby: LOBBY }))
  else vite.middlewares(request, response)
})

const { startBot } = await vite.ssrLoadModule('/server/bot.ts')
const isEverywhere = options.host === '0.0.0.0' || options.host === '::'
const host = isEverywhere ? 'localhost' : options.host
const here = `${host.includes(':') ? `[${host}]` : host}:${port}`
// Vite's own socket is on the same server.
const lobbyServer = await createLobbyServer({ server, path: '/lobby' })
const stopBot = await startBot(`ws://${here}/lobby`, LOBBY)

console.log(`Cursors:  http://${here}/`)
if (isEverywhere) for (const address of ownAddresses()) console.log(`          http://${address}:${port}/`)
console.log('Open it in two windows. Ctrl-C ends it.')

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end)

/** Closes everything; then nothing keeps the process. */
async function end() {
  await stopBot()
  await lobbyServer.close()
  await vite.close()
  server.close()
  server.closeAllConnections()
}

function ownAddresses() {
  const addresses = Object.values(networkInterfaces()).flat()
  return addresses.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address)
}
