import { type JoinedLobby, joinLobby } from '../../../src/lobby.ts'

/** What the tests do with the lobby that this page is in. */
interface LobbyPage {
  join(url: string, lobby: string, token?: string): Promise<number>
  /** Ids of the peers that are connected, in ascending order. */
  connected(): number[]
  state(): string
  /** What arrived, as `<peer> <text>`. */
  arrivals: string[]
  say(text: string): void
  leave(): Promise<void>
  /** Joins and leaves so often, each time until somebody is connected. Returns the ids that it had. */
  comeAndGo(url: string, lobby: string, times: number): Promise<number[]>
  /** The code of the error that joining ends with. */
  refusal(url: string, lobby: string, token: string): Promise<string>
}

declare global {
  var lobbyPage: LobbyPage
}

let joined: JoinedLobby | null = null

const join = async (url: string, lobby: string, token?: string): Promise<JoinedLobby> => {
  const entered = await joinLobby(url, {
    lobby,
    create: { onHostLeave: 'keep' },
    ...(token !== undefined && { token }),
  })
  entered.peer.packets$.subscribe(({ peer, data }) => {
    globalThis.lobbyPage.arrivals.push(`${peer} ${new TextDecoder().decode(data)}`)
  })
  return entered
}

const somebody = ({ peer }: JoinedLobby): Promise<unknown> =>
  new Promise((resolve) => {
    peer.peerConnected$.subscribe(resolve)
  })

globalThis.lobbyPage = {
  arrivals: [],
  join: async (url, lobby, token) => {
    joined = await join(url, lobby, token)
    return joined.id
  },
  connected: () => {
    const peers = [...(joined?.peer.getPeers() ?? [])]
    return peers
      .filter(([, { connected }]) => connected)
      .map(([id]) => id)
      .sort((a, b) => a - b)
  },
  state: () => joined?.state ?? 'none',
  say: (text) => {
    joined?.peer.send(new TextEncoder().encode(text))
  },
  leave: async () => {
    await joined?.leave()
    joined = null
  },
  comeAndGo: async (url, lobby, times) => {
    const ids: number[] = []
    for (let round = 0; round < times; round++) {
      const entered = await join(url, lobby)
      ids.push(entered.id)
      await somebody(entered)
      await entered.leave()
    }
    return ids
  },
  refusal: async (url, lobby, token) => {
    try {
      await (await join(url, lobby, token)).leave()
      return 'none'
    } catch (error) {
      return (error as { code: string }).code
    }
  },
}
