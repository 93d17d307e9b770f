import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { BrokerSignal } from '../../../../../src/services/lobby/broker/broker.ts'
import { Inbox } from '../../../../../src/services/lobby/broker/redis/inbox.ts'
import { LobbyView } from '../../../../../src/services/lobby/broker/redis/lobby-view.ts'
import { Outbox } from '../../../../../src/services/lobby/broker/redis/outbox.ts'
import { Reports } from '../../../../../src/services/lobby/broker/redis/reports.ts'
import type { WireSignals } from '../../../../../src/services/lobby/broker/redis/wire.ts'

const LOGGER = { info: () => undefined, warn: () => undefined, error: () => undefined }

function signal(sequence: number, to = 2, data = 'x'): BrokerSignal {
  return { lobby: 'castle', from: 1, session: 's', stay: 1, sequence, to, type: 4, data }
}

/** An outbox whose messages wait to be answered by the test. */
function makeOutbox(patience = 1000): { outbox: Outbox; sent: Sent[]; nodes: Map<number, string> } {
  const sent: Sent[] = []
  const nodes = new Map([
    [2, 'north'],
    [3, 'south'],
  ])
  const outbox = new Outbox({
    node: 'here',
    patience,
    locate: ({ to }) => nodes.get(to) ?? null,
    publish: (node, signals) =>
      new Promise((resolve, reject) => {
        sent.push({ node, signals, resolve, reject })
      }),
  })
  return { outbox, sent, nodes }
}

interface Sent {
  readonly node: string
  readonly signals: WireSignals
  resolve(listeners: number): void
  reject(error: Error): void
}

const sequences = ({ signals }: WireSignals): number[] => signals.map(({ sequence }) => sequence)
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the outbox of the Redis broker', () => {
  test('has one batch under way for each server, and the next goes when it has arrived', async () => {
    const { outbox, sent } = makeOutbox()
    outbox.open()
    for (let number = 0; number < 100; number++) outbox.put(signal(number))
    outbox.put(signal(100, 3))
    expect(sent.map(({ node, signals }) => [node, sequences(signals)])).toEqual([
      ['north', [0]],
      ['south', [100]],
    ])
    sent[0]?.resolve(1)
    await turn()
    expect(sequences(sent[2]?.signals as WireSignals)).toEqual(Array.from({ length: 64 }, (_, index) => index + 1))
    sent[2]?.resolve(1)
    await turn()
    expect(sequences(sent[3]?.signals as WireSignals)).toEqual(Array.from({ length: 35 }, (_, index) => index + 65))
    expect(outbox.dropped).toBe(0)
  })

  test('keeps everything while it is paused, up to a bound', async () => {
    const { outbox, sent } = makeOutbox()
    for (let number = 0; number < 10_100; number++) outbox.put(signal(number))
    expect(sent).toEqual([])
    expect(outbox.dropped).toBe(100)
    const arrived: number[] = []
    outbox.open()
    for (let batch = sent.shift(); batch !== undefined; batch = sent.shift()) {
      arrived.push(...sequences(batch.signals))
      batch.resolve(1)
      await turn()
    }
    expect(arrived).toEqual(Array.from({ length: 10_000 }, (_, index) => index))
  })

  test('is bounded in bytes too', () => {
    const { outbox } = makeOutbox()
    const data = 'x'.repeat(1024 * 1024)
    for (let number = 0; number < 20; number++) outbox.put(signal(number, 2, data))
    expect(outbox.dropped).toBe(4)
  })

  test('sends what may not have arrived again, under the same number', async () => {
    const { outbox, sent } = makeOutbox()
    outbox.open()
    outbox.put(signal(1))
    outbox.pause()
    sent[0]?.reject(new Error('broken'))
    await turn()
    outbox.put(signal(2))
    outbox.open()
    expect(sent[1]?.signals).toEqual(sent[0]?.signals)
    sent[1]?.resolve(1)
    await turn()
    expect(sequences(sent[2]?.signals as WireSignals)).toEqual([2])
  })

  test('drops what is for nobody', () => {
    const { outbox, sent } = makeOutbox()
    outbox.open()
    outbox.put(signal(1, 77))
    expect(sent).toEqual([])
    expect(outbox.dropped).toBe(1)
  })

  test('what waited for a member that moved goes after it; of whom nothing is known any more, its last server may know', async () => {
    const { outbox, sent, nodes } = makeOutbox()
    for (const [number, to] of [2, 3, 2, 3].entries()) outbox.put(signal(number, to))
    nodes.delete(2)
    nodes.set(3, 'west')
    outbox.open()
    await turn()
    expect(sent.map(({ node, signals }) => [node, sequences(signals)])).toEqual([
      ['north', [0, 2]],
      ['west', [1]],
    ])
    sent[1]?.resolve(1)
    await turn()
    expect(sequences(sent[2]?.signals as WireSignals)).toEqual([3])
    expect(outbox.dropped).toBe(0)
  })

  describe('with a server that does not listen', () => {
    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] })
    })
    afterEach(() => {
      jest.useRealTimers()
    })

    /** Lets that time pass, while everyone but north listens. */
    const pass = async (sent: Sent[], milliseconds: number): Promise<void> => {
      for (let passed = 0; passed <= milliseconds; passed += 100) {
        for (const { node, resolve } of sent) resolve(node === 'north' ? 0 : 1)
        await turn()
        jest.advanceTimersByTime(100)
      }
    }

    test('what is for members who have moved goes to their new servers at once', async () => {
      const { outbox, sent, nodes } = makeOutbox()
      nodes.set(4, 'north')
      outbox.open()
      for (const [number, to] of [4, 2, 4, 2].entries()) outbox.put(signal(number, to))
      await pass(sent, 300)
      nodes.set(2, 'west')
      await pass(sent, 300)
      const west = sent.filter(({ node }) => node === 'west').flatMap(({ signals }) => sequences(signals))
      expect(west).toEqual([1, 3])
      await pass(sent, 2000)
      expect(outbox.dropped).toBe(2)
    })

    test('is given up when the patience ends: nothing more is tried; what is for others goes to them', async () => {
      const { outbox, sent, nodes } = makeOutbox(50)
      nodes.set(4, 'north')
      outbox.open()
      for (const [number, to] of [4, 2, 4, 2].entries()) outbox.put(signal(number, to))
      await turn()
      nodes.set(2, 'west')
      await pass(sent, 500)
      expect(sent.map(({ node, signals }) => [node, sequences(signals)])).toEqual([
        ['north', [0]],
        ['west', [1]],
        ['west', [3]],
      ])
      expect(outbox.dropped).toBe(2)
    })
  })
})

describe('the inbox of the Redis broker', () => {
  function makeInbox(): { inbox: Inbox; heard: string[]; forwarded: BrokerSignal[] } {
    const heard: string[] = []
    const reports = new Reports(
      {
        changed: ({ members }) => heard.push(`changed ${[...members.keys()].join()}`),
        closed: (lobby) => heard.push(`closed ${lobby}`),
        signal: ({ sequence }) => heard.push(`signal ${sequence}`),
        available: () => undefined,
      },
      LOGGER,
    )
    const view = new LobbyView({ node: 'here', reports, newSession: () => 'fresh', givenUp: () => undefined })
    view.expect('castle', { id: 2, session: 's-2', tokenHash: '', hasArrived: false })
    const forwarded: BrokerSignal[] = []
    const inbox = new Inbox('here', view, reports, (each) => forwarded.push(each))
    return { inbox, heard, forwarded }
  }

  const changed = (revision: number, node: string): string =>
    JSON.stringify({
      changed: {
        name: 'castle',
        recovering: false,
        fields: {
          ...{ birth: 's-1', created: '1', base: '1', mode: 'mesh', sealed: '0', host: '1', onHostLeave: 'keep' },
          ...{ listed: '1', maxMembers: '8', metadata: '', revision: String(revision) },
        },
        members: [
          { id: 2, session: 's-2', node, order: 2, since: revision },
          { id: 1, session: 's-1', node: 'there', order: 1, since: 1 },
        ],
      },
    })
  const joined = changed(2, 'here')
  const batch = (number: number, from = 'there'): string =>
    JSON.stringify({ signals: [signal(number)], from, batch: number })

  test('takes each batch once, in order, and what comes while it holds later', () => {
    const { inbox, heard } = makeInbox()
    inbox.put(joined)
    inbox.put(batch(1))
    expect(heard).toEqual([])
    inbox.release()
    for (const number of [1, 2, 2, 1, 3]) inbox.put(batch(number))
    inbox.put(batch(1, 'elsewhere'))
    expect(heard).toEqual(['changed 1,2', 'signal 1', 'signal 2', 'signal 3', 'signal 1'])
    expect(inbox.dropped).toBe(0)
  })

  test('passes on what comes for a member that has moved, though it was the last one here', () => {
    const { inbox, heard, forwarded } = makeInbox()
    inbox.release()
    inbox.put(joined)
    inbox.put(batch(1))
    inbox.put(changed(3, 'west'))
    inbox.put(batch(2))
    expect(heard).toEqual(['changed 1,2', 'signal 1', 'changed 1,2'])
    expect(forwarded.map(({ sequence }) => sequence)).toEqual([2])
    expect(inbox.dropped).toBe(0)
  })

  test('drops and counts signals for members who are not here, and what cannot be read', () => {
    const { inbox, heard } = makeInbox()
    inbox.release()
    inbox.put(batch(1))
    inbox.put('{')
    expect(inbox.dropped).toBe(2)
    expect(heard).toEqual([])
  })

  test('asks to begin anew when too much waits', () => {
    const { inbox } = makeInbox()
    const outcomes = Array.from({ length: 10_001 }, (_, number) => inbox.put(batch(number)))
    expect(outcomes.filter((isKept) => !isKept)).toHaveLength(1)
    expect(outcomes.at(-1)).toBe(false)
  })

  test('is not stopped by a listener that throws', () => {
    const errors: string[] = []
    const reports = new Reports(
      {
        changed: () => {
          throw new Error('listener')
        },
        closed: () => undefined,
        signal: () => errors.push('signal'),
        available: () => undefined,
      },
      { ...LOGGER, error: (_details, message) => errors.push(message) },
    )
    const view = new LobbyView({ node: 'here', reports, newSession: () => 'fresh', givenUp: () => undefined })
    view.expect('castle', { id: 2, session: 's-2', tokenHash: '', hasArrived: false })
    const inbox = new Inbox('here', view, reports, () => undefined)
    inbox.release()
    inbox.put(joined)
    inbox.put(batch(1))
    expect(errors).toEqual(['A listener of the Redis broker threw.', 'signal'])
  })
})
