/**
 * Godot 3, `initialize(id, server_compatibility)`: the columns are the four situations, P is peer 3, and peer 2 is another one that is open all along.
 * `lost` is the status after the server is lost: CONNECTED by the documentation, DISCONNECTED by the engine; both are tested.
 */
export type Column = 'plain' | 'compatibleServer' | 'beforeServer' | 'afterServer'
export interface Outcome {
  heard: string[]
  status: 'CONNECTED' | 'CONNECTING' | 'lost'
}

export const own: Record<Column, number> = { plain: 5, compatibleServer: 1, beforeServer: 5, afterServer: 5 }
const connected = (...heard: string[]): Outcome => ({ heard, status: 'CONNECTED' })
const connecting = (...heard: string[]): Outcome => ({ heard, status: 'CONNECTING' })

export interface Row {
  event: string
  /** Peer of the event, whether it is open before, and what happens to it. */
  peer: number
  open: boolean
  act: 'open' | 'fail' | 'remove'
  outcome: Partial<Record<Column, Outcome>>
}

const serverLost: Outcome = { heard: ['peerDisconnected(1) CONNECTED', 'serverDisconnected CONNECTED'], status: 'lost' }
const lostP = connected('peerDisconnected(3) CONNECTED')

export const DECISION_TABLE_3: readonly Row[] = [
  {
    event: 'peer P opens',
    peer: 3,
    open: false,
    act: 'open',
    outcome: {
      plain: connected('peerConnected(3) CONNECTED'),
      compatibleServer: connected('peerConnected(3) CONNECTED'),
      beforeServer: connecting(),
      afterServer: connected('peerConnected(3) CONNECTED'),
    },
  },
  {
    event: 'peer 1 opens',
    peer: 1,
    open: false,
    act: 'open',
    outcome: {
      plain: connected('peerConnected(1) CONNECTED'),
      beforeServer: connected(
        'peerConnected(1) CONNECTED',
        'connectionSucceeded CONNECTED',
        'peerConnected(2) CONNECTED',
      ),
    },
  },
  ...(['fail', 'remove'] as const).flatMap((act): Row[] => [
    {
      event: `peer P ${act}s before open`,
      peer: 3,
      open: false,
      act,
      outcome: {
        plain: connected(),
        compatibleServer: connected(),
        beforeServer: connecting(),
        afterServer: connected(),
      },
    },
    {
      event: `peer P ${act}s after open`,
      peer: 3,
      open: true,
      act,
      outcome: {
        plain: lostP,
        compatibleServer: lostP,
        // The engine says peer_disconnected of a peer that it never announced; its documentation, and we, do not.
        beforeServer: connecting(),
        afterServer: lostP,
      },
    },
    {
      event: `peer 1 ${act}s before open`,
      peer: 1,
      open: false,
      act,
      outcome: { plain: connected(), beforeServer: connecting() },
    },
    {
      event: `peer 1 ${act}s after open`,
      peer: 1,
      open: true,
      act,
      outcome: { plain: connected('peerDisconnected(1) CONNECTED'), afterServer: serverLost },
    },
  ]),
]
