// A lobby server in a process of its own, run in a network namespace; it ends with the test's IPC.
import { memoryBroker } from '../../../src/services/lobby/broker/memory-broker.ts'
import { createLobbyServer } from '../../../src/services/lobby/server/lobby-server.ts'
import type { ServerNews, ServerOrder } from './lobby-messages.ts'

const tell = (news: ServerNews): void => {
  process.send?.(news)
}

async function serve({ host, turn }: ServerOrder): Promise<void> {
  const server = await createLobbyServer({ host, port: 0, broker: memoryBroker(), turn })
  process.once('disconnect', () => void server.close())
  tell({ is: 'serving', url: server.url })
}

process.on('message', (order: ServerOrder) => void serve(order))
tell({ is: 'ready' })
