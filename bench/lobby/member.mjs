/** A member of a lobby over a bare WebSocket, which counts what it hears. */
import WebSocket from 'ws'

const [JOIN, PEER_CONNECT, OFFER] = [0, 2, 4]

export class Member {
  lobby = ''
  peers = []
  /** Hears the data of signals. */
  onSignal = () => undefined
  #socket

  /** Opens a socket and joins a lobby, or creates one if the name is empty; resolves when the server says that it did. */
  async join(url, lobby) {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    this.#socket = socket
    await new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('close', (code, reason) => reject(new Error(`closed: ${code} ${reason}`)))
      socket.once('open', () => this.#say(JOIN, 0, lobby))
      socket.on('message', (message) => {
        const { type, id, data } = JSON.parse(String(message))
        if (type >= OFFER) this.onSignal(data)
        else if (type === PEER_CONNECT) this.peers.push(id)
        else if (type === JOIN) {
          this.lobby = data
          resolve()
        }
      })
    })
  }

  signal(to, data) {
    this.#say(OFFER, to, data)
  }

  #say(type, id, data) {
    this.#socket.send(JSON.stringify({ type, id, data }))
  }
}
