import { encodeJson, parseJson } from '../../../../../src/protocol/lobby/json-protocol.ts'
import { type LobbyMessage, LobbyMessageType } from '../../../../../src/protocol/lobby/message.ts'
import type { ServerSocket } from '../../../../../src/services/lobby/server/core-options.ts'
import type { VirtualClock } from '../../../../../src/transport/simulated/virtual-clock.ts'
import { MemorySockets } from './memory-sockets.ts'

/** One socket of a {@link ScriptedServer}, with what the client has said on it. */
export interface ScriptedSocket {
  readonly socket: ServerSocket
  readonly protocol: string
  readonly received: LobbyMessage[]
  say(type: LobbyMessageType, id?: number, data?: unknown): void
}

/** A lobby server that says what a test wants it to. */
export class ScriptedServer {
  readonly sockets: MemorySockets
  /** Every socket that was opened. */
  readonly opened: ScriptedSocket[] = []
  /** The subprotocols that each socket had asked for. */
  readonly asked: (readonly string[])[] = []
  /** Which subprotocol is taken up. Default: the first. */
  choose: (protocols: readonly string[]) => string = (protocols) => protocols[0] ?? ''
  onOpen: (socket: ScriptedSocket) => void = () => undefined
  onMessage: (socket: ScriptedSocket, message: LobbyMessage) => void = () => undefined

  constructor(clock: VirtualClock) {
    this.sockets = new MemorySockets(clock, {
      choose: (protocols) => {
        this.asked.push(protocols)
        return this.choose(protocols)
      },
      accept: (socket, protocol) => {
        const scripted: ScriptedSocket = {
          socket,
          protocol,
          received: [],
          say: (type, id = 0, data = '') => {
            socket.send(encodeJson({ type, id, data: typeof data === 'string' ? data : JSON.stringify(data) }))
          },
        }
        this.opened.push(scripted)
        this.onOpen(scripted)
        return {
          message: (data) => {
            const message = parseJson(data ?? '')
            if (message === null) return
            scripted.received.push(message)
            this.onMessage(scripted, message)
          },
          closed: () => undefined,
        }
      },
    })
  }

  get last(): ScriptedSocket {
    const socket = this.opened.at(-1)
    if (socket === undefined) throw new Error('no socket was opened')
    return socket
  }

  /** Welcomes, and lets everybody in as a member with that id, with a token for later. */
  admit(id: number, { members = [] as readonly number[], heartbeat = 10_000, welcome = {} } = {}): void {
    this.onOpen = (socket) => {
      socket.say(LobbyMessageType.WELCOME, 0, { version: 1, heartbeat, maxMessageSize: 65_536, ...welcome })
    }
    this.onMessage = (socket, { type, data }) => {
      if (type === (LobbyMessageType.PING as number)) socket.say(LobbyMessageType.PONG, 0, data)
      if (type !== (LobbyMessageType.JOIN as number)) return
      socket.say(LobbyMessageType.ID, id, 'true')
      for (const member of members) socket.say(LobbyMessageType.PEER_CONNECT, member)
      socket.say(LobbyMessageType.JOIN, 0, 'lobby')
      socket.say(LobbyMessageType.TOKEN, 0, { token: 'ticket', graceTime: 15_000 })
    }
  }
}
