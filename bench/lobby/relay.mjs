/** The baseline: the least that a relay between members of rooms does with `ws`. The messages are those of the lobby, without checks, limits, counters or a broker. */
import { WebSocketServer } from 'ws'

const [JOIN, ID, PEER_CONNECT, PEER_DISCONNECT, OFFER] = [0, 1, 2, 3, 4]

export async function startRelay() {
  const rooms = new Map()
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  let nextRoom = 1
  server.on('connection', (socket) => {
    let room = null
    let own = 0
    const say = (to, type, id, data = '') => to.send(JSON.stringify({ type, id, data }))
    socket.on('message', (message) => {
      const { type, id, data } = JSON.parse(String(message))
      if (type === JOIN) {
        const name = data === '' ? `room ${nextRoom++}` : data
        if (data === '') rooms.set(name, new Map())
        room = rooms.get(name)
        own = room.size + 1
        say(socket, ID, own, 'true')
        for (const [other, member] of room) {
          say(member, PEER_CONNECT, own)
          say(socket, PEER_CONNECT, other)
        }
        room.set(own, socket)
        say(socket, JOIN, 0, name)
      } else if (type >= OFFER) {
        const member = room.get(id)
        if (member !== undefined) say(member, type, own, data)
      }
    })
    socket.on('close', () => {
      room?.delete(own)
      for (const member of room?.values() ?? []) say(member, PEER_DISCONNECT, own)
    })
  })
  await new Promise((resolve) => server.once('listening', resolve))
  return { url: `ws://127.0.0.1:${server.address().port}` }
}
