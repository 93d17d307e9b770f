import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { InspectorMessage, Json, JsonObject } from '../../../../src/services/inspector/wire/messages.ts'
import {
  checkInspectorMessage,
  MAX_FRAME_LENGTH,
  MAX_FRAME_MESSAGES,
  parseInspectorMessages,
} from '../../../../src/services/inspector/wire/parse.ts'

const STAMP = { source: 's', seq: 1, time: 1_700_000_000_000.5 }
const STATELY = { id: null, _version: '0.7.2', createdAt: '1700000000000', sessionId: 's/x:1', rootId: 's/x:0' }
const CANDIDATE = { type: 'host', protocol: 'udp', address: '10.0.0.1', port: 5_000 }

/** One message of each type, with every member that it can have. */
const COMPLETE: { readonly [T in InspectorMessage['type']]: Extract<InspectorMessage, { readonly type: T }> } = {
  'webrtc.source': {
    ...STAMP,
    type: 'webrtc.source',
    name: 'n',
    platform: 'node',
    detail: 'process 1',
    version: '1.0.0',
  },
  'webrtc.source-gone': { ...STAMP, type: 'webrtc.source-gone' },
  '@xstate.actor': {
    ...STAMP,
    ...STATELY,
    type: '@xstate.actor',
    name: 'peer:7',
    parentId: 's/x:0',
    snapshot: { status: 'error', value: { a: 'b' }, context: { a: [1] }, output: null, error: 'e' },
    definition: '{}',
    machine: 'peer',
    kind: 'peer',
    group: 'g',
    uniqueId: 7,
  },
  '@xstate.event': { ...STAMP, ...STATELY, type: '@xstate.event', event: { type: 'GO', a: [{}] }, sourceId: 's/x:2' },
  '@xstate.snapshot': {
    ...STAMP,
    ...STATELY,
    type: '@xstate.snapshot',
    event: { type: 'GO' },
    snapshot: { status: 'active', value: 'on' },
    causedBy: 1,
    transitions: [{ eventType: 'GO', from: 'a.off', to: ['a.on'], guard: 'g' }],
  },
  'webrtc.facts': {
    ...STAMP,
    type: 'webrtc.facts',
    sessionId: 's/x:0',
    group: 'g',
    uniqueId: 1,
    status: 2,
    links: [
      {
        peer: 7,
        state: 'connected',
        roundTripTime: 1.5,
        pair: { local: CANDIDATE, remote: CANDIDATE },
        channels: [
          {
            label: 'reliable',
            channel: 0,
            mode: 2,
            sentPackets: 1,
            sentBytes: 2,
            receivedPackets: 3,
            receivedBytes: 4,
            droppedPackets: 5,
            bufferedAmount: 6,
          },
        ],
        drops: { late: 1 },
      },
    ],
  },
  'webrtc.verdict': {
    ...STAMP,
    type: 'webrtc.verdict',
    group: 'g',
    uniqueId: 1,
    peer: 7,
    reason: 'no-answer',
    message: 'm',
    verdict: { step: 'answer' },
  },
  'webrtc.packet': {
    ...STAMP,
    type: 'webrtc.packet',
    sessionId: 's/x:0',
    group: 'g',
    uniqueId: 1,
    direction: 'sent',
    peer: 7,
    channel: 0,
    mode: 2,
    size: 3,
    data: 'AQID',
    skipped: 2,
  },
}
const ALL = Object.values(COMPLETE)

/** Members that a message may do without. */
const OPTIONAL = new Set(['parentId', 'definition', 'machine', 'sourceId', 'causedBy', 'transitions', 'guard', 'value'])
for (const name of ['context', 'output', 'error', 'data', 'skipped']) OPTIONAL.add(name)
/** Under these is any JSON, whose members are nobody's business. */
const ANYTHING = new Set(['event', 'value', 'context', 'output', 'verdict', 'drops'])

/** Paths of all members that have a fixed form. */
function* pathsOf(value: Json, path: readonly string[] = []): Iterable<readonly string[]> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value as JsonObject)) {
    yield [...path, key]
    if (!ANYTHING.has(key)) yield* pathsOf(member, [...path, key])
  }
}

/** A copy with one member changed; `undefined` removes it. */
function changed(value: Json, [key = '', ...rest]: readonly string[], member: Json | undefined): Json {
  const copy = structuredClone(value) as Record<string, Json | undefined>
  copy[key] = rest.length === 0 ? member : changed(copy[key] as Json, rest, member)
  return JSON.parse(JSON.stringify(copy)) as Json
}

const CASES = ALL.flatMap((message) =>
  [...pathsOf(message as unknown as Json)].map((path) => [message.type, path.join('.'), message, path] as const),
)

describe('messages from a network', () => {
  test.each(ALL.map((message) => [message.type, message] as const))('%s is taken', (_, message) => {
    expect(checkInspectorMessage(JSON.parse(JSON.stringify(message)))).toBe(true)
    expect(checkInspectorMessage({ ...message, ofALaterVersion: { a: 1 } })).toBe(true)
  })

  test.each(CASES)('%s without %s', (_, __, message, path) => {
    const name = path.at(-1) ?? ''
    // A shorter list is a list; the error of a snapshot is one of its members, as its value is.
    const mayGo = OPTIONAL.has(name) || /^\d+$/.test(name)
    expect(checkInspectorMessage(changed(message as unknown as Json, path, undefined))).toBe(
      mayGo && !/^\d+$/.test(name),
    )
  })

  test.each(CASES)('%s with something else as %s', (_, __, message, path) => {
    const name = path.at(-1) ?? ''
    // An object is not what any member wants but those that take any, and those that are objects themselves.
    const takesAny = name === 'value' || name === 'output' || name === 'context' || name === 'verdict'
    const wrong = changed(message as unknown as Json, path, { '': -1 })
    expect(checkInspectorMessage(wrong)).toBe(takesAny)
  })

  test.each<[string, Json]>([
    ['a negative number', changed(COMPLETE['webrtc.packet'] as unknown as Json, ['size'], -1)],
    ['a fraction', changed(COMPLETE['webrtc.packet'] as unknown as Json, ['peer'], 1.5)],
    ['a long id', changed(COMPLETE['webrtc.packet'] as unknown as Json, ['sessionId'], 'x'.repeat(201))],
    ['a long name', changed(COMPLETE['@xstate.actor'] as unknown as Json, ['name'], 'x'.repeat(501))],
    ['a long definition', changed(COMPLETE['@xstate.actor'] as unknown as Json, ['definition'], 'x'.repeat(600_000))],
    ['much content', changed(COMPLETE['webrtc.packet'] as unknown as Json, ['data'], 'x'.repeat(513))],
    ['an unknown kind', changed(COMPLETE['@xstate.actor'] as unknown as Json, ['kind'], 'constructor')],
    ['an event without a type', changed(COMPLETE['@xstate.event'] as unknown as Json, ['event'], {})],
    ['a type from a prototype', { ...STAMP, type: 'toString' }],
    ['a time before 1970', changed(COMPLETE['webrtc.source-gone'] as unknown as Json, ['time'], -1)],
    ['a time that no date has', changed(COMPLETE['webrtc.source-gone'] as unknown as Json, ['time'], 8.64e15 + 1)],
    ['a source that looks like a session id', changed(COMPLETE['webrtc.source'] as unknown as Json, ['source'], 's/x')],
    [
      '5000 links',
      changed(
        COMPLETE['webrtc.facts'] as unknown as Json,
        ['links'],
        Array.from({ length: 5_000 }, () => COMPLETE['webrtc.facts'].links[0] as unknown as Json),
      ),
    ],
  ])('%s is refused', (_, message) => {
    expect(checkInspectorMessage(message)).toBe(false)
  })

  test.each(['time', 'roundTripTime'])('%s that JSON cannot say again is refused', (name) => {
    const text = JSON.stringify([COMPLETE['webrtc.facts']]).replace(new RegExp(`"${name}":[\\d.]+`), `"${name}":1e999`)
    expect(JSON.parse(text)).not.toEqual([COMPLETE['webrtc.facts']])
    expect(parseInspectorMessages(text)).toMatchObject({ ok: false })
  })

  test.each(ALL.map((message) => [message.type, message] as const))(
    'whatever else is in a %s can be copied and written again',
    (_, message) => {
      const text = JSON.stringify([message])
      for (const more of [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, '{"a":{"__proto__":{"x":1}}}']) {
        const places = [/^\[\{/, /"snapshot":\{/, /"links":\[\{/, /"local":\{/, /"channels":\[\{/, /"transitions":\[\{/]
        for (const place of places.filter((each) => each.test(text))) {
          const frame = text.replace(place, (start) => `${start}"ofALaterVersion":${more},`)
          expect(parseInspectorMessages(frame)).toMatchObject({ ok: false })
        }
      }
      expect(parseInspectorMessages(text.replace('[{', '[{"__proto__":{"x":1},'))).toMatchObject({ ok: false })
    },
  )

  test('what would change a prototype is refused', () => {
    const text = JSON.stringify([COMPLETE['@xstate.event']])
    for (const [part, hostile] of [
      ['"a":[{}]', '"a":[{"__proto__":{"x":1}}]'],
      ['"a":[{}]', '"__proto__":{"x":1}'],
    ] as const) {
      expect(text).toContain(part)
      expect(parseInspectorMessages(text.replace(part, hostile))).toMatchObject({ ok: false })
    }
    expect(
      parseInspectorMessages(JSON.stringify([COMPLETE['webrtc.facts']]).replace('"late"', '"__proto__"')),
    ).toMatchObject({
      ok: false,
    })
  })
})

describe('frames from a network', () => {
  test('all messages of a frame are taken', () => {
    expect(parseInspectorMessages(JSON.stringify(ALL))).toEqual({ ok: true, messages: ALL, ignored: 0 })
    expect(parseInspectorMessages('[]')).toEqual({ ok: true, messages: [], ignored: 0 })
  })

  test('types that are not known here are left out', () => {
    const frame = JSON.stringify([{ type: 'webrtc.later', x: 1 }, COMPLETE['webrtc.source-gone'], { type: 'y' }])
    expect(parseInspectorMessages(frame)).toEqual({
      ok: true,
      messages: [COMPLETE['webrtc.source-gone']],
      ignored: 2,
    })
  })

  test.each<[string, string, string]>([
    ['no JSON', '[', 'no JSON'],
    ['nothing', '', 'no JSON'],
    ['an object', '{}', 'no array'],
    ['a number in it', '[1]', 'a message without a type'],
    ['null in it', '[null]', 'a message without a type'],
    ['an array in it', '[[]]', 'a message without a type'],
    [
      'a message that is wrong',
      '[{"type":"webrtc.source"}]',
      'a webrtc.source with a member that is missing, wrong or too large',
    ],
    [
      'a frame that is too long',
      `["${'x'.repeat(MAX_FRAME_LENGTH)}"]`,
      `a frame of ${MAX_FRAME_LENGTH + 4} characters`,
    ],
    ['too many messages', JSON.stringify(new Array(MAX_FRAME_MESSAGES + 1).fill(0)), 'a frame of 16385 messages'],
    ['deep nesting', '['.repeat(1_000_000) + ']'.repeat(1_000_000), 'a message without a type'],
    [
      'deep nesting within a message',
      JSON.stringify([COMPLETE['@xstate.event']]).replace('[{}]', '['.repeat(500_000) + ']'.repeat(500_000)),
      'a @xstate.event with a member that is missing, wrong or too large',
    ],
  ])('%s is refused', (_, frame, reason) => {
    expect(parseInspectorMessages(frame)).toEqual({ ok: false, reason })
  })

  test('nothing at all makes it throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.constantFrom(...ALL), fc.jsonValue(), (text, message, value) => {
        parseInspectorMessages(text)
        parseInspectorMessages(`[${text}]`)
        const paths = [...pathsOf(message as unknown as Json)]
        for (const path of paths) checkInspectorMessage(changed(message as unknown as Json, path, value as Json))
      }),
      { numRuns: 100 },
    )
  })
})
