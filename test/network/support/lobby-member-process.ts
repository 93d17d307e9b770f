// A member of a lobby in a process of its own, run in a network namespace. The test tells it by IPC what to do, and hears of what happens.
import { filter } from 'rxjs'
import { joinLobby } from '../../../src/services/lobby/client/join-lobby.ts'
import type { DialProgress } from '../../../src/services/lobby/client/dial-progress.ts'
import type { JoinedLobby } from '../../../src/services/lobby/client/joined-lobby.ts'
import type { MemberNews, MemberOrder } from './lobby-messages.ts'

const tell = (news: MemberNews): void => {
  process.send?.(news)
}

let joined: JoinedLobby | null = null

async function join({ url, options }: Extract<MemberOrder, { do: 'join' }>): Promise<void> {
  const lobby = await joinLobby(url, options)
  joined = lobby
  tell({ is: 'joined', id: lobby.id, lobby: lobby.lobby })
  lobby.dials$.pipe(filter(isConnected)).subscribe(({ peer, pair }) => {
    tell({ is: 'connected', peer, pair })
  })
  lobby.verdicts$.subscribe(({ failure: _, ...verdict }) => {
    tell({ is: 'verdict', verdict })
  })
  lobby.peer.packets$.subscribe(({ peer, data }) => {
    tell({ is: 'received', peer, text: new TextDecoder().decode(data) })
  })
}

const isConnected = ({ state, pair }: DialProgress): boolean => state === 'connected' && pair !== null

process.on('message', (order: MemberOrder) => {
  switch (order.do) {
    case 'join':
      void join(order)
      break
    case 'send':
      joined?.peer.send(new TextEncoder().encode(order.text))
      break
    case 'leave':
      void (joined?.leave() ?? Promise.resolve()).finally(() => {
        process.disconnect()
      })
      break
  }
})
tell({ is: 'ready' })
