/** The messages of Godot's demo as exact texts, written down from its specification and not by the code under test. */
export interface Wire {
  readonly dialect: 'json' | 'text'
  join(lobby: string): string
  readonly seal: string
  /** Signals, to or from a peer. */
  offer(peer: number, data: string): string
  answer(peer: number, data: string): string
  candidate(peer: number, data: string): string
  /** What a server says. */
  id(id: number): string
  connected(peer: number): string
  disconnected(peer: number): string
  joined(lobby: string): string
  readonly sealed: string
  /** Takes a message apart, for what cannot be known before: ids and names. */
  parse(text: string): { readonly kind: string; readonly id: number; readonly data: string }
}

const json = (type: number, id: number, data: string): string =>
  `{"type":${type},"id":${id},"data":${JSON.stringify(data)}}`

/** Godot 4, mesh lobbies. */
export const JSON_WIRE: Wire = {
  dialect: 'json',
  join: (lobby) => json(0, 0, lobby),
  seal: json(7, 0, ''),
  offer: (peer, data) => json(4, peer, data),
  answer: (peer, data) => json(5, peer, data),
  candidate: (peer, data) => json(6, peer, data),
  id: (id) => json(1, id, 'true'),
  connected: (peer) => json(2, peer, ''),
  disconnected: (peer) => json(3, peer, ''),
  joined: (lobby) => json(0, 0, lobby),
  sealed: json(7, 0, ''),
  parse: (text) => {
    const { type, id, data } = JSON.parse(text) as { type: number; id: number; data: string }
    return { kind: 'JINDOACS'[type] ?? '?', id, data }
  },
}

/** Godot 3. */
export const TEXT_WIRE: Wire = {
  dialect: 'text',
  join: (lobby) => `J: ${lobby}\n`,
  seal: 'S: \n',
  offer: (peer, data) => `O: ${peer}\n${data}`,
  answer: (peer, data) => `A: ${peer}\n${data}`,
  candidate: (peer, data) => `C: ${peer}\n${data}`,
  id: (id) => `I: ${id}\n`,
  connected: (peer) => `N: ${peer}\n`,
  disconnected: (peer) => `D: ${peer}\n`,
  joined: (lobby) => `J: ${lobby}\n`,
  sealed: 'S: \n',
  parse: (text) => {
    const [first = '', ...rest] = text.split('\n')
    const argument = first.slice(3)
    const kind = first.slice(0, 1)
    return kind === 'J' ? { kind, id: 0, data: argument } : { kind, id: Number(argument), data: rest.join('\n') }
  },
}
