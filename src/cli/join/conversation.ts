import type { Writable } from 'node:stream'
import type { JoinedLobby } from '../../lobby.ts'
import type { Packet } from '../../services/multiplayer-peer/packet.ts'
import { hasControlCharacters, printable } from './printable.ts'

/** What happens in the lobby, for a program to read. */
type Event =
  | { readonly event: 'joined'; readonly id: number; readonly lobby: string; readonly mode: string }
  | { readonly event: 'state'; readonly state: string }
  | { readonly event: 'peer-connected' | 'peer-disconnected'; readonly peer: number }
  | { readonly event: 'packet'; readonly peer: number; readonly text?: string; readonly bytes: number }
  | { readonly event: 'not-connected'; readonly peer: number; readonly reason: string; readonly message: string }

/** Tells on two streams what happens in a lobby: what others say on the one, all else on the other. */
export class Conversation {
  readonly #output: Writable
  readonly #news: Writable
  readonly #isJson: boolean

  constructor(output: Writable, news: Writable, isJson: boolean) {
    this.#output = output
    this.#news = news
    this.#isJson = isJson
  }

  follow({ id, lobby, mode, peer, state$, verdicts$ }: JoinedLobby): void {
    this.#tell({ event: 'joined', id, lobby, mode }, `In lobby ${lobby} as peer ${id}.`)
    state$.subscribe((state) => {
      if (state !== 'joined') this.#tell({ event: 'state', state }, `The lobby is ${state}.`)
    })
    peer.peerConnected$.subscribe((other) => {
      this.#tell({ event: 'peer-connected', peer: other }, `Peer ${other} is here.`)
    })
    peer.peerDisconnected$.subscribe((other) => {
      this.#tell({ event: 'peer-disconnected', peer: other }, `Peer ${other} is gone.`)
    })
    verdicts$.subscribe(({ peer: other, reason, message }) => {
      this.#tell({ event: 'not-connected', peer: other, reason, message }, message)
    })
    peer.packets$.subscribe((packet) => {
      this.#hear(packet)
    })
  }

  #hear({ peer, data }: Packet): void {
    const text = readText(data)
    const bytes = data.byteLength
    if (this.#isJson) this.#tell({ event: 'packet', peer, ...(text !== null && { text }), bytes }, '')
    else this.#output.write(`${peer}: ${text ?? `(${bytes} bytes)`}\n`)
  }

  #tell(event: Event, text: string): void {
    if (this.#isJson) this.#output.write(`${JSON.stringify(event)}\n`)
    // Names and reasons are the server's words.
    else this.#news.write(`${printable(text)}\n`)
  }
}

/** The text of a packet; null if it is none. */
export function readText(data: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data)
    return hasControlCharacters(text) ? null : text
  } catch {
    return null
  }
}
