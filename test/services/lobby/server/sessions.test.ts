import { describe, expect, test } from '@jest/globals'
import type {
  BrokerListener,
  BrokerNode,
  BrokerSignal,
  LobbyBroker,
  LobbyMember,
  LobbyRecord,
} from '../../../../src/services/lobby/broker/broker.ts'
import { memoryBroker } from '../../../../src/services/lobby/broker/memory-broker.ts'
import { SignalFilter } from '../../../../src/services/lobby/server/signal-filter.ts'
import { CoreWorld } from './support/core-world.ts'
import { ExtendedClient } from './support/extended-client.ts'

/** A broker whose listener the test can tell things, as one would that had lost its data for a while. */
class ScriptedBroker implements LobbyBroker {
  listener: BrokerListener | null = null
  record: LobbyRecord | null = null
  sent: BrokerSignal[] = []
  readonly #revisions: number

  /** @param revisions - how many changes there were before, of whatever lobbies. */
  constructor(revisions = 0) {
    this.#revisions = revisions
  }

  async connect(listener: BrokerListener): Promise<BrokerNode> {
    this.listener = listener
    const node = await memoryBroker().connect({
      changed: (lobby) => {
        this.record = { ...lobby, revision: lobby.revision + this.#revisions }
        listener.changed(this.record)
      },
      closed: (lobby) => {
        listener.closed(lobby)
      },
      signal: (signal) => {
        listener.signal(signal)
      },
      available: (isAvailable) => {
        listener.available(isAvailable)
      },
    })
    node.signal = (signal) => {
      this.sent.push(signal)
    }
    return node
  }

  /** Tells of a lobby with these members changed; null for one that is gone. */
  change(members: Readonly<Record<number, Partial<LobbyMember> | null>>): void {
    const { record } = this
    if (record === null) throw new Error('there is no lobby yet')
    const next = new Map(record.members)
    for (const [key, change] of Object.entries(members)) {
      const id = Number(key)
      const known = next.get(id) ?? { id, session: 'remote', node: 'elsewhere' }
      if (change === null) next.delete(id)
      else next.set(id, { ...known, ...change })
    }
    this.record = { ...record, members: next, revision: record.revision + 1 }
    this.listener?.changed(this.record)
  }
}

/** A host and a guest at this server, in a lobby with member 7 elsewhere. */
async function gather(revisions = 0) {
  const broker = new ScriptedBroker(revisions)
  const world = await CoreWorld.open({ broker })
  const host = new ExtendedClient(world.connect('extended'))
  host.say('JOIN', 0, '')
  const lobby = String((await host.hear(4))[2]?.[2])
  const guest = new ExtendedClient(world.connect('extended'))
  guest.say('JOIN', 0, lobby)
  const id = (await guest.hear(5))[1]?.[1] ?? 0
  await host.hear(1)
  broker.change({ 7: {} })
  for (const client of [host, guest]) expect(await client.hear(1)).toEqual([['PEER_CONNECT', 7, '']])
  return { world, broker, host, guest, id, lobby }
}

describe('when the broker says that', () => {
  test("a member's session changed, both sides of each pair with it hear that the other left and joined", async () => {
    const { broker, host, guest, id } = await gather()
    broker.change({ [id]: { session: 'another' } })
    expect(host.rest).toEqual([
      ['PEER_DISCONNECT', id, ''],
      ['PEER_CONNECT', id, ''],
    ])
    expect(guest.rest).toEqual([
      ['PEER_DISCONNECT', 1, ''],
      ['PEER_DISCONNECT', 7, ''],
      ['PEER_CONNECT', 1, ''],
      ['PEER_CONNECT', 7, ''],
    ])
    guest.say('OFFER', 7, 'x')
    expect(broker.sent).toEqual([expect.objectContaining({ from: id, to: 7, session: 'another', data: 'x' })])
  })

  test('a member of this server is none any more, it is closed and the others hear of it', async () => {
    const { world, broker, host, guest, id } = await gather()
    broker.change({ [id]: null })
    await world.pass()
    expect(host.rest).toEqual([['PEER_DISCONNECT', id, '']])
    expect(await guest.closed()).toEqual({ code: 4000, reason: 'Server error, lobby not found' })
    expect(world.core.stats().members).toBe(1)
  })

  test('something older than what is known, nothing happens', async () => {
    const { broker, host } = await gather()
    const old = broker.record
    broker.change({ 8: {} })
    await host.hear(1)
    if (old !== null) broker.listener?.changed(old)
    expect(host.rest).toEqual([])
  })
})

describe('signals through the broker', () => {
  const signal = { from: 7, session: 'remote', stay: 1, sequence: 1, to: 1, type: 4, data: 'x' }

  test.each([
    ['from a member, are given', {}, null],
    ['from an earlier stay, are dropped', { session: 'earlier' }, 'sender-left'],
    ['from nobody, are dropped', { from: 9 }, 'sender-left'],
    ['to one that is not here, are dropped', { to: 9 }, 'receiver-elsewhere'],
    ['of a lobby that is not here, are dropped', { lobby: 'other' }, 'receiver-elsewhere'],
  ])('%s', async (_what, more, drop) => {
    const { world, broker, host, lobby } = await gather()
    broker.listener?.signal({ ...signal, lobby, ...more })
    expect(host.rest).toEqual(drop === null ? [['OFFER', 7, 'x']] : [])
    expect(world.core.stats().drops).toEqual(drop === null ? {} : { [drop]: 1 })
  })

  test('that come again are given once', async () => {
    const { world, broker, host, lobby } = await gather()
    for (const sequence of [1, 2, 1, 2, 3]) broker.listener?.signal({ ...signal, lobby, sequence, data: `${sequence}` })
    expect(host.rest.map(([, , data]) => data)).toEqual(['1', '2', '3'])
    expect(world.core.stats().drops).toEqual({ duplicate: 2 })
  })

  test('for one that moved away follow it, those that were kept and those that come late', async () => {
    const { broker, guest, id, lobby } = await gather()
    guest.raw.end(1006)
    broker.listener?.signal({ ...signal, lobby, to: id, sequence: 5 })
    broker.change({ [id]: { node: 'elsewhere' } })
    broker.listener?.signal({ ...signal, lobby, to: id, sequence: 6 })
    expect(broker.sent).toEqual([
      { ...signal, lobby, to: id, sequence: 5 },
      { ...signal, lobby, to: id, sequence: 6 },
    ])
  })

  test('say with which revision their sender came to its server, and count', async () => {
    const { broker, guest } = await gather()
    for (let times = 0; times < 3; times++) guest.say('OFFER', 7, '')
    expect(broker.sent).toEqual([1, 2, 3].map((sequence) => expect.objectContaining({ stay: 2, sequence })))
  })

  test.each([2 ** 25, 2 ** 45])('are told from each other after %d changes too', async (revisions) => {
    const { broker, guest } = await gather(revisions)
    for (let times = 0; times < 3; times++) guest.say('OFFER', 7, '')
    const { sent } = broker
    expect(sent).toHaveLength(3)
    const filter = new SignalFilter(null)
    expect(sent.map((each) => filter.accept(each, 0))).toEqual([true, true, true])
    expect(sent.map((each) => filter.accept(each, 0))).toEqual([false, false, false])
  })
})
