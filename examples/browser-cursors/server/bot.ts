import type { WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
import { joinLobby } from 'webrtc-multiplayer/lobby'
import { send } from '../src/send.ts'
import { decode, MAX_TEXT, type Message, type Point, type Profile } from '../src/wire.ts'

const PROFILE: Profile = { name: 'Robin the bot', hue: 305 }
/** Milliseconds between two steps of its cursor. */
const STEP = 50
/** Milliseconds before it speaks: what it answers takes other ways to the others, and may arrive there later than the answer. */
const PAUSE = 300

/** A peer like any other, in this process: moves its cursor, greets who comes, answers in the chat. Resolves with the function that ends it. */
export async function startBot(lobbyUrl: string, lobby: string): Promise<() => Promise<void>> {
  const joined = await joinLobby(lobbyUrl, { lobby, create: { onHostLeave: 'keep' } })
  const bot = new Bot(joined.peer)
  return async () => {
    bot.stop()
    await joined.leave()
  }
}

class Bot {
  readonly #mesh: WebRTCMultiplayerPeer
  readonly #names = new Map<number, string>()
  readonly #timer: NodeJS.Timeout

  constructor(mesh: WebRTCMultiplayerPeer) {
    this.#mesh = mesh
    mesh.peerConnected$.subscribe((peer) => {
      send(mesh, { is: 'hello', ...PROFILE }, peer)
    })
    mesh.peerDisconnected$.subscribe((peer) => {
      this.#names.delete(peer)
    })
    mesh.packets$.subscribe(({ peer, data }) => {
      const message = decode(data)
      if (message) this.#hear(peer, message)
    })
    this.#timer = setInterval(() => {
      send(mesh, { is: 'cursor', ...whereabouts(performance.now() / 1000) })
    }, STEP)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #hear(peer: number, message: Message): void {
    if (message.is === 'hello') {
      if (!this.#names.has(peer)) this.#say(`Welcome, ${message.name}! Ask me “ping” or “who”.`)
      this.#names.set(peer, message.name)
    } else if (message.is === 'chat') {
      const answer = this.#answer(message.text.trim().toLowerCase())
      if (answer !== null) this.#say(answer)
    }
  }

  #answer(question: string): string | null {
    switch (question) {
      case 'ping':
        return 'pong'
      case 'who':
        return `Here are ${[...this.#names.values()].join(', ')}, and me.`.slice(0, MAX_TEXT)
      default:
        return null
    }
  }

  #say(text: string): void {
    setTimeout(() => {
      send(this.#mesh, { is: 'chat', text })
    }, PAUSE)
  }
}

/** Rounds and rounds, never quite the same way. */
function whereabouts(seconds: number): Point {
  return { x: 0.5 + 0.32 * Math.sin(seconds * 0.61), y: 0.5 + 0.3 * Math.sin(seconds * 0.83 + 1) }
}
