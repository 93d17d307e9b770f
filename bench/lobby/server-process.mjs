/** One contestant's server in a process of its own. The bench asks it for its memory and processor time. Needs --expose-gc. */

const [contestant, sockets, lobbies] = process.argv.slice(2)
const count = Number(sockets)

const start = {
  relay: async () => (await import('./relay.mjs')).startRelay(),
  ours: async () => {
    const { createLobbyServer, memoryBroker } = await import('../../dist/lobby-server.js')
    return createLobbyServer({
      port: 0,
      host: '127.0.0.1',
      broker: memoryBroker(),
      // All sockets come from one address here, and in a burst.
      limits: {
        sockets: 2 * count,
        pendingSockets: 2 * count,
        socketsPerAddress: 2 * count,
        newSocketsPerMinute: 100 * count,
        lobbies: 2 * Number(lobbies),
        messageRate: 100_000,
        messageBurst: 100_000,
        byteRate: 700_000_000,
        byteBurst: 700_000_000,
      },
    })
  },
}

const { url } = await start[contestant]()

process.on('message', (question) => {
  if (question === 'memory') {
    globalThis.gc()
    process.send({ memory: process.memoryUsage.rss() })
  } else process.send({ cpu: process.cpuUsage() })
})
process.on('disconnect', () => process.exit(0))
process.send({ url })
