import type {
  IceCandidate,
  IceServer,
  SelectedCandidatePair,
  SessionDescription,
} from '../../../src/transport/peer-connection.ts'

/** What the test tells a process with one bare connection. */
export type BarePeerOrder =
  | { readonly do: 'start'; readonly iceServers: readonly IceServer[]; readonly offers: boolean }
  | { readonly do: 'describe'; readonly description: SessionDescription }
  | { readonly do: 'candidate'; readonly candidate: IceCandidate }
  | { readonly do: 'send'; readonly text: string }
  | { readonly do: 'close' }

/** What that process tells the test. */
export type BarePeerNews =
  | { readonly is: 'ready' }
  | { readonly is: 'described'; readonly description: SessionDescription }
  | { readonly is: 'candidate'; readonly candidate: IceCandidate }
  | { readonly is: 'open'; readonly pair: SelectedCandidatePair | null }
  | { readonly is: 'received'; readonly text: string }
