import type { JoinLobbyOptions } from '../../../src/services/lobby/client/join-options.ts'
import type { DialPair } from '../../../src/services/lobby/client/dial-candidate.ts'
import type { Verdict } from '../../../src/services/lobby/client/verdict.ts'

/** What the test tells a process that joins a lobby. */
export type MemberOrder =
  | {
      readonly do: 'join'
      readonly url: string
      readonly options: Pick<JoinLobbyOptions, 'lobby' | 'attempts' | 'times'>
    }
  | { readonly do: 'send'; readonly text: string }
  | { readonly do: 'leave' }

/** What that process tells the test. */
export type MemberNews =
  | { readonly is: 'ready' }
  | { readonly is: 'joined'; readonly id: number; readonly lobby: string }
  | { readonly is: 'connected'; readonly peer: number; readonly pair: DialPair | null }
  | { readonly is: 'received'; readonly peer: number; readonly text: string }
  | { readonly is: 'verdict'; readonly verdict: Omit<Verdict, 'failure'> }

/** What the test tells the lobby server's process. */
export interface ServerOrder {
  readonly do: 'serve'
  readonly host: string
  /** TURN and STUN servers for its clients. */
  readonly turn: { readonly secret: string; readonly urls: readonly string[] }
}

/** What that process tells the test. */
export type ServerNews = { readonly is: 'ready' } | { readonly is: 'serving'; readonly url: string }
