import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { announced } from '../support/announced.ts'
import { failuresOf } from '../../../src/inspector-page/model/failures.ts'
import { FilteredLog } from '../../../src/inspector-page/model/filtered-log.ts'
import { NO_FILTER } from '../../../src/inspector-page/model/log-filter.ts'
import { Recording } from '../../../src/inspector-page/model/recording.ts'
import { completeSelection, firstSelection } from '../../../src/inspector-page/model/selection.ts'
import { Session } from '../../../src/inspector-page/model/session.ts'
import { classOfActor, classOfLink } from '../../../src/inspector-page/model/state-class.ts'
import type { InspectorMessage } from '../../../src/services/inspector/wire/messages.ts'
import { checkInspectorMessage } from '../../../src/services/inspector/wire/parse.ts'
import { pictureOf } from '../support/picture-of.ts'

/** Few names, so that messages meet each other. */
const name = fc.constantFrom(
  '',
  'a',
  'a/x:0',
  'b/x:1',
  'mesh',
  'peer:1',
  'peer:2',
  'peer:99999999999',
  '__proto__',
  'constructor',
  'a|b',
)
const id = fc.constantFrom(0, 1, 2, 3, 2 ** 31, Number.MAX_SAFE_INTEGER)
const count = fc.oneof(fc.nat(), fc.constant(Number.MAX_SAFE_INTEGER))
const number = fc.oneof(fc.double(), fc.constantFrom(0, -1, 1e308, 1_795_255_200_000))
const json = fc.jsonValue({ maxDepth: 3 })
const object = fc.dictionary(name, json, { maxKeys: 4 })
const value = fc.oneof(fc.constantFrom('new', 'connected', 'closed', 'constructor', 'toString'), json)

const stamp = { source: fc.constantFrom('a', 'b', ''), seq: fc.nat({ max: 40 }), time: number }
const stately = {
  ...stamp,
  id: fc.constant(null),
  _version: name,
  createdAt: name,
  sessionId: name,
  rootId: name,
}
const event = fc.tuple(object, name).map(([members, type]) => ({ ...members, type }))
const snapshot = fc.record(
  { status: fc.constantFrom('active', 'done', 'error', 'stopped'), value, context: object, output: json, error: name },
  { requiredKeys: ['status'] },
)
const kind = fc.constantFrom('mesh', 'peer', 'negotiation', 'authentication', 'other')
const channel = fc.record({
  label: name,
  channel: id,
  mode: id,
  sentPackets: count,
  sentBytes: count,
  receivedPackets: count,
  receivedBytes: count,
  droppedPackets: count,
  bufferedAmount: count,
})
const facts = fc.record({
  peer: id,
  state: name,
  roundTripTime: fc.option(number),
  pair: fc.constant(null),
  channels: fc.array(channel, { maxLength: 2 }),
  drops: fc.dictionary(
    name.filter((key) => key !== '__proto__'),
    count,
    { maxKeys: 2 },
  ),
})
const ofMesh = { sessionId: name, group: name, uniqueId: id }

const message: fc.Arbitrary<InspectorMessage> = fc
  .oneof(
    fc.record({
      ...stamp,
      type: fc.constant('webrtc.source'),
      name,
      platform: fc.constantFrom('node', 'browser'),
      detail: name,
      version: name,
    }),
    fc.record({ ...stamp, type: fc.constant('webrtc.source-gone') }),
    fc.record(
      {
        ...stately,
        type: fc.constant('@xstate.actor'),
        name,
        snapshot,
        kind,
        group: name,
        uniqueId: id,
        parentId: name,
        definition: json.map((any) => JSON.stringify(any)),
        machine: name,
      },
      { requiredKeys: [...Object.keys(stately), 'type', 'name', 'snapshot', 'kind', 'group', 'uniqueId'] as never[] },
    ),
    fc.record({ ...stately, type: fc.constant('@xstate.event'), event }),
    fc.record({ ...stately, type: fc.constant('@xstate.snapshot'), event, snapshot, causedBy: fc.nat({ max: 40 }) }),
    fc.record({
      ...stamp,
      type: fc.constant('webrtc.facts'),
      ...ofMesh,
      status: id,
      links: fc.array(facts, { maxLength: 4 }),
    }),
    fc.record({
      ...stamp,
      type: fc.constant('webrtc.verdict'),
      group: name,
      uniqueId: id,
      peer: id,
      reason: name,
      message: name,
      verdict: object,
    }),
    fc.record({
      ...stamp,
      type: fc.constant('webrtc.packet'),
      ...ofMesh,
      direction: fc.constantFrom('sent', 'received'),
      peer: id,
      channel: id,
      mode: id,
      size: id,
    }),
  )
  // Through JSON, as it comes.
  .map((any) => JSON.parse(JSON.stringify(any)) as unknown)
  .filter(checkInspectorMessage)

describe('whatever passes the check', () => {
  test('never breaks the session, and what it is then can be shown, chosen, searched and replayed', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60 }), (messages) => {
        const session = new Session({ logLimit: 30 })
        for (const each of messages) session.apply(each)
        expect(session.log.length).toBeLessThanOrEqual(30)
        for (const actor of session.actors.values()) {
          expect(typeof classOfActor(actor)).toBe('string')
          completeSelection(session, { actor: actor.sessionId })
        }
        for (const link of session.links.values()) {
          expect(typeof classOfLink(link)).toBe('string')
          expect(link.low).toBeLessThanOrEqual(link.high)
          expect(session.peers.size).toBeGreaterThan(0)
          completeSelection(session, { link: link.key })
        }
        for (const peer of session.peers.keys()) completeSelection(session, { peer })
        for (const { index } of session.log) completeSelection(session, { entry: index })
        firstSelection(session)
        failuresOf(session.log)
        announced(session.log)
        new FilteredLog({ ...NO_FILTER, text: 'proto' }).read(session.log)
        const recording = new Recording('any', messages)
        const end = pictureOf(recording.session)
        recording.seek(Math.floor(messages.length / 2))
        recording.seek(messages.length)
        expect(pictureOf(recording.session)).toEqual(end)
      }),
      { numRuns: 300 },
    )
  })
})
