import { connect, createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'

/** What stands before several servers: hands each new connection to the next one that takes it, as a load balancer does. */
export class TcpBalancer {
  readonly port: number
  readonly #server: Server
  readonly #sockets: Set<Socket>
  readonly #targets: number[]
  #next = 0

  private constructor(server: Server, port: number, targets: readonly number[], sockets: Set<Socket>) {
    this.#server = server
    this.port = port
    this.#targets = [...targets]
    this.#sockets = sockets
    server.on('connection', (socket: Socket) => {
      this.#forward(socket, this.#targets.length)
    })
  }

  /** @param targets - ports on this machine. */
  static async open(targets: readonly number[]): Promise<TcpBalancer> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new TcpBalancer(server, (server.address() as { port: number }).port, targets, new Set())
  }

  /** Breaks what passes now; new connections go on as before. */
  breakAll(): void {
    for (const socket of [...this.#sockets]) socket.destroy()
  }

  close(): void {
    this.#server.close()
    this.breakAll()
  }

  #forward(socket: Socket, triesLeft: number): void {
    const target = this.#targets[this.#next++ % this.#targets.length]
    if (target === undefined || triesLeft === 0) {
      socket.destroy()
      return
    }
    const onward = connect(target, '127.0.0.1')
    let isThrough = false
    for (const end of [socket, onward]) {
      this.#sockets.add(end)
      end.on('close', () => this.#sockets.delete(end))
    }
    socket.on('error', () => onward.destroy())
    socket.on('close', () => onward.destroy())
    onward.on('connect', () => {
      isThrough = true
      socket.pipe(onward)
      onward.pipe(socket)
    })
    onward.on('error', () => {
      if (isThrough) socket.destroy()
      else this.#forward(socket, triesLeft - 1)
    })
    onward.on('close', () => {
      if (isThrough) socket.destroy()
    })
  }
}
