import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { WebSocket as NodeWebSocket, WebSocketServer } from 'ws'
import type { InputState } from '../../../src/inspector-page/inputs/input.ts'
import { WebSocketInput } from '../../../src/inspector-page/inputs/web-socket-input.ts'
import type { InspectorMessage } from '../../../src/services/inspector/wire/messages.ts'
import { waitFor } from '../../support/real-time.ts'
import { Teller } from '../support/teller.ts'

// Node 20 has none; a page has its own.
const before = globalThis.WebSocket
beforeAll(() => {
  globalThis.WebSocket = NodeWebSocket as unknown as typeof WebSocket
})
afterAll(() => {
  globalThis.WebSocket = before
})

async function serve(port = 0): Promise<{ server: WebSocketServer; port: number }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port })
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

async function close(server: WebSocketServer): Promise<void> {
  for (const client of server.clients) client.terminate()
  server.close()
  await once(server, 'close')
}

test('takes frames of messages, counts what is none, and comes back when the server does', async () => {
  const teller = new Teller()
  const heard: { messages: InspectorMessage[]; states: InputState[]; restarts: number; missed: number } = {
    messages: [],
    states: [],
    restarts: 0,
    missed: 0,
  }
  const { server, port } = await serve()
  const connected = once(server, 'connection') as Promise<[NodeWebSocket]>
  const end = new WebSocketInput(`ws://127.0.0.1:${port}/view`).start({
    messages: (messages) => heard.messages.push(...messages),
    state: (state) => heard.states.push(state),
    restart: () => heard.restarts++,
    missed: (count) => (heard.missed += count),
  })
  const [socket] = await connected
  const [begin, mesh] = [teller.begin(), teller.mesh(1)]
  socket.send(JSON.stringify([begin, { type: 'webrtc.missed', count: 40 }, { type: 'what?' }, mesh]))
  socket.send('no JSON')
  socket.send(Buffer.from([1, 2, 3]))
  await waitFor(() => heard.missed === 43, 'everything has come')
  expect(heard.messages).toEqual([begin, mesh])
  expect([heard.states, heard.restarts]).toEqual([['open'], 0])

  await close(server)
  await waitFor(() => heard.states.at(-1) === 'lost', 'the loss is seen')
  const { server: again } = await serve(port)
  await waitFor(() => heard.restarts === 1, 'it is connected again')
  expect(heard.states.at(-1)).toBe('open')

  const [client] = again.clients
  if (!client) throw new Error('nobody is connected')
  const gone = once(client, 'close')
  end()
  await gone
  await close(again)
})
