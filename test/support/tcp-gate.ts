import { connect, createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'

/** A way to a port on this machine that can be cut: what passes breaks, and new connections are refused. */
export class TcpGate {
  readonly port: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #isOpen = true
  #isMute = false

  private constructor(server: Server, target: number) {
    this.#server = server
    this.port = (server.address() as { port: number }).port
    server.on('connection', (socket: Socket) => {
      if (this.#isOpen) this.#forward(socket, connect(target, '127.0.0.1'))
      else socket.destroy()
    })
  }

  static async open(target: number): Promise<TcpGate> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new TcpGate(server, target)
  }

  cut(): void {
    this.#isOpen = false
    for (const socket of [...this.#sockets]) socket.destroy()
  }

  /** Lets connections through again, and everything that was held up. */
  mend(): void {
    this.#isOpen = true
    this.#isMute = false
    for (const socket of this.#sockets) socket.resume()
  }

  /** Nothing passes any more, though the connections stand, as where a network swallows packets. */
  mute(): void {
    this.#isMute = true
    for (const socket of this.#sockets) socket.pause()
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.cut()
    await closed
  }

  #forward(socket: Socket, onward: Socket): void {
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      this.#sockets.add(from)
      from.on('data', (data) => to.write(data))
      from.on('error', () => to.destroy())
      from.on('close', () => {
        this.#sockets.delete(from)
        to.destroy()
      })
      if (this.#isMute) from.pause()
    }
  }
}
