// A lobby server on the Redis at argv[2], as a process of its own. Tells its port; SIGTERM drains it.
import { createLobbyServer, redisBroker } from '../../../../src/lobby-server.ts'

const [, , redis = '', lease = '2000'] = process.argv

const server = await createLobbyServer({
  port: 0,
  host: '127.0.0.1',
  broker: redisBroker(redis, { lease: Number(lease) }),
  limits: { graceTime: 10_000 },
})
process.once('SIGTERM', () => {
  void server.drain().then(() => {
    process.disconnect()
  })
})
process.once('disconnect', () => {
  void server.close()
})
process.send?.({ port: server.port })
