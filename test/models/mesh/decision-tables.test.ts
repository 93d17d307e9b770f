import { describe, expect, test } from '@jest/globals'
import { createActor } from 'xstate'
import type { MeshModelEvent, MeshModelOptions, MeshModelStatus } from '../../../src/testing/models/mesh-model-types.ts'
import { meshModel } from '../../../src/testing/models/mesh-model.ts'
import { type Column, DECISION_TABLE_3, own } from '../../services/multiplayer-peer/decision-table-3.ts'
import { DECISION_TABLE_4, idOfPeer, type Mode } from '../../services/multiplayer-peer/decision-table-4.ts'

/** What each event of the table of Godot 4 is in the model. */
const EVENTS_4: Readonly<Record<string, (id: number) => MeshModelEvent[]>> = {
  'it was created': () => [],
  'all channels open': (id) => [{ type: 'OPEN', id }],
  'fails before open': (id) => [{ type: 'LOST', id, state: 'CLOSED' }],
  'the connection is lost after open': (id) => [{ type: 'LOST', id, state: 'DISCONNECTED' }],
  'one channel closes while the connection stays': (id) => [
    { type: 'CHANNEL_CLOSES', id, channel: 2 },
    { type: 'TIME_OUT', of: 'drain' },
  ],
  'removePeer of a connected peer': (id) => [{ type: 'REMOVE', id }],
  'removePeer of a peer that is not connected': (id) => [{ type: 'REMOVE', id }],
  'disconnectPeer of a connected peer': (id) => [{ type: 'DISCONNECT', id }],
  'disconnectPeer of a peer that is not connected': (id) => [{ type: 'DISCONNECT', id }],
  'disconnectPeer by force': (id) => [{ type: 'FORCE', id }],
  'disconnectPeer by force before open': (id) => [{ type: 'FORCE', id }],
  'close()': () => [{ type: 'CLOSE' }],
}

/** Runs the model, and says what is heard, as the tables do: each signal with the status at that moment. */
class Run {
  readonly #actor
  heard: string[] = []
  status: MeshModelStatus = 'DISCONNECTED'

  constructor(options: MeshModelOptions) {
    this.#actor = createActor(meshModel(options), { input: undefined })
    this.#actor.on('*', (said) => {
      if (said.type === 'status') this.status = said.status
      else if (said.type !== 'peerRemoved') {
        this.heard.push(`${said.type}${'id' in said ? `(${said.id})` : ''} ${this.status}`)
      }
    })
    this.#actor.start()
    this.send({ type: 'START' })
  }

  send(...events: readonly MeshModelEvent[]): void {
    for (const event of events) {
      expect(this.#actor.getSnapshot().can(event)).toBe(true)
      this.#actor.send(event)
    }
  }

  add(id: number, isOpen: boolean): void {
    this.send({ type: 'ADD', id }, ...(isOpen ? [{ type: 'OPEN', id } as const] : []))
  }
}

describe("the specification of a mesh says what Godot 4's decision table says", () => {
  for (const mode of ['mesh', 'server', 'client'] as const satisfies Mode[]) {
    test.each(DECISION_TABLE_4)(`${mode}: $event`, ({ event, open, ...outcomes }) => {
      const id = idOfPeer[mode]
      const run = new Run({ mode, uniqueId: mode === 'server' ? 1 : 5 })
      run.add(id, open)
      run.heard = []
      run.send(...(EVENTS_4[event]?.(id) ?? []))
      expect(EVENTS_4).toHaveProperty([event])
      expect({ heard: run.heard, status: run.status }).toEqual(outcomes[mode])
    })
  }
})

describe("the specification of a mesh says what Godot 3's decision table says", () => {
  const cells = DECISION_TABLE_3.flatMap((row) =>
    (Object.keys(row.outcome) as Column[]).flatMap((column) =>
      (['stay', 'disconnect'] as const).map((onServerLost) => ({ ...row, column, onServerLost })),
    ),
  )
  test.each(cells)('$event, $column, $onServerLost', ({ peer, open, act, outcome, column, onServerLost }) => {
    const run = new Run({ mode: 'mesh', uniqueId: own[column], serverCompatibility: column !== 'plain', onServerLost })
    run.add(2, true)
    if (column === 'afterServer') run.add(1, true)
    if (peer !== 1 || column !== 'afterServer') run.add(peer, open)
    run.heard = []
    if (act === 'open') run.send({ type: 'OPEN', id: peer })
    else if (act === 'remove') run.send({ type: 'REMOVE', id: peer })
    else run.send({ type: 'LOST', id: peer, state: 'CLOSED' })

    const lost = onServerLost === 'stay' ? 'CONNECTED' : 'DISCONNECTED'
    const expected = outcome[column]
    expect(run.heard).toEqual(expected?.heard)
    expect(run.status).toBe(expected?.status === 'lost' ? lost : expected?.status)
  })
})
