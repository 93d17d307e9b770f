import { describe, expect, test } from '@jest/globals'
import { Session } from '../../../src/inspector-page/model/session.ts'
import { classOfLink } from '../../../src/inspector-page/model/state-class.ts'
import type { InspectorMessage } from '../../../src/services/inspector/wire/messages.ts'
import { link, Teller } from '../support/teller.ts'

function told(...messages: readonly InspectorMessage[]): Session {
  const session = new Session()
  for (const message of messages) session.apply(message)
  return session
}

const linesOf = (session: Session): string[] =>
  session.log.map(({ kind, label, text }) => [kind, label, text].join(' | '))

describe('sources and actors', () => {
  test('a source that is gone takes its actors, its peers and its ends of links with it', () => {
    const [one, two] = [new Teller('one'), new Teller('two')]
    const session = told(
      one.begin(),
      one.mesh(1),
      one.peer(1, 2, 'connected'),
      two.begin(),
      two.mesh(2),
      two.peer(2, 1, 'connected'),
      two.after(100).gone(),
    )
    expect(session.sources.get('two')?.isGone).toBe(true)
    expect(session.sources.get('one')?.isGone).toBe(false)
    expect([...session.actors.values()].map(({ sessionId, endedAt }) => [sessionId, endedAt])).toEqual([
      ['one/x:0', null],
      ['one/x:1-2', null],
      ['two/x:0', 1_100],
      ['two/x:2-1', 1_100],
    ])
    expect(session.peers.get('tea|1')?.goneAt).toBe(null)
    expect(session.peers.get('tea|2')?.goneAt).toBe(1_100)
    const between = session.links.get('tea|1-2')
    expect([...(between?.ends.values() ?? [])].map(({ from, goneAt }) => [from, goneAt])).toEqual([
      [1, null],
      [2, 1_100],
    ])
  })

  test('a source and its actors may be told of again, which is no news, and come back after they were gone', () => {
    const teller = new Teller()
    const session = told(teller.begin(), teller.mesh(1), teller.begin(), teller.mesh(1))
    expect(linesOf(session)).toEqual([
      'source | process p | reports: process p',
      'actor | 1/mesh | starts in connected',
    ])
    session.apply(teller.gone())
    expect(session.peers.get('tea|1')?.goneAt).toBe(1_000)
    session.applyAll([teller.begin(), teller.mesh(1)])
    expect(session.actors.get('p/x:0')?.endedAt).toBe(null)
    expect(session.peers.get('tea|1')?.goneAt).toBe(null)
    expect(session.sources.get('p')?.isGone).toBe(false)
    expect(linesOf(session).slice(2)).toEqual([
      'source | process p | reports no more',
      'source | process p | reports: process p',
      'actor | 1/mesh | starts in connected',
    ])
  })

  test('a source that begins anew may count from 1 again', () => {
    const before = new Teller()
    const session = told(before.begin(), before.mesh(1), before.peer(1, 2, 'connected'), before.facts(1, [link(2)]))
    session.applyAll([before.facts(1, [link(2)]), before.gone()])
    const again = new Teller()
    session.applyAll([again.begin(), again.mesh(1), again.facts(1, [link(2, 'connecting')])])
    expect(session.links.get('tea|1-2')?.ends.get(1)).toMatchObject({ goneAt: null, facts: { state: 'connecting' } })
    expect(session.actors.get('p/x:0')?.endedAt).toBe(null)
  })

  test('what comes too late does not undo what is newer', () => {
    const teller = new Teller()
    const [begin, mesh, older, newer] = [
      teller.begin(),
      teller.mesh(1, 'disconnected'),
      teller.snapshot('x:0', 'a', { value: 'connecting' }),
      teller.snapshot('x:0', 'b', { value: 'connected' }),
    ]
    const session = told(begin, newer, older, mesh)
    expect(session.actors.get('p/x:0')).toMatchObject({ kind: 'mesh', uniqueId: 1, snapshot: { value: 'connected' } })
    expect(session.peers.get('tea|1')?.goneAt).toBe(null)
    expect(session.log).toHaveLength(3)
  })

  test('actors that nobody has introduced, parents that are not there, and machines without a definition', () => {
    const teller = new Teller()
    const session = told(
      teller.event('x:9', 'go'),
      teller.snapshot('x:9', 'go', { value: 'there' }, 1),
      teller.peer(1, 2, 'connecting', 'x:77'),
    )
    expect(session.sources.get('p')).toMatchObject({ name: 'p', platform: 'unknown' })
    expect(session.actors.get('p/x:9')).toMatchObject({ kind: 'other', machine: null, snapshot: { value: 'there' } })
    expect(session.actors.get('p/x:1-2')?.machine).toBe('p peer')
    expect(session.machines.size).toBe(0)
    expect(session.links.get('tea|1-2')?.ends.get(1)?.facts.state).toBe('connecting')
  })

  test('a definition is read once, and found by whoever runs the same machine', () => {
    const teller = new Teller()
    const definition = JSON.stringify({
      id: 'door',
      initial: 'shut',
      states: { shut: { on: { OPEN: 'open' } }, open: {} },
    })
    const session = told(
      teller.actor('a', 'other', 0, { sessionId: 'x:1', state: 'shut', definition, machine: 'door' }),
      teller.actor('b', 'other', 0, { sessionId: 'x:2', state: 'open', machine: 'door' }),
    )
    const machine = session.actors.get('p/x:2')?.machine ?? ''
    expect(session.machines.get(machine)?.states?.['shut']?.on).toEqual({ OPEN: [{ target: ['#door.open'] }] })
  })

  test('of sources that are gone only the newest are kept, and those that are there', () => {
    const session = told(new Teller('stays').begin())
    for (let i = 0; i < 150; i++) {
      const teller = new Teller(`s${i}`)
      const definition = JSON.stringify({ id: 'door', states: { shut: {} } })
      session.applyAll([teller.begin(), teller.actor('a', 'other', 0, { sessionId: 'x:1', definition }), teller.gone()])
    }
    expect(session.sources.size).toBe(101)
    expect(session.machines.size).toBe(100)
    expect(['stays', 's49', 's50'].map((source) => session.sources.has(source))).toEqual([true, false, true])
  })

  test('of actors that have ended only the newest are kept', () => {
    const teller = new Teller()
    const session = new Session()
    session.applyAll([teller.begin(), teller.mesh(1)])
    for (let i = 0; i < 3_000; i++) {
      const sessionId = `x:${i + 1}`
      session.apply(teller.actor(`a${i}`, 'other', 1, { sessionId, state: 'on' }))
      session.apply(teller.snapshot(sessionId, 'xstate.stop', { status: 'stopped', value: 'on' }))
    }
    expect(session.actors.size).toBe(1_001)
    expect(session.actors.has('p/x:3000')).toBe(true)
    expect(session.actors.has('p/x:0')).toBe(true)
  })
})

describe('the log', () => {
  test('a line for each message but facts, with what led to it', () => {
    const teller = new Teller()
    const session = told(
      teller.begin(),
      teller.mesh(1, 'disconnected'),
      teller.event('x:0', 'configure'),
      teller.snapshot('x:0', 'configure', { value: 'connected' }, 3),
      teller.event('x:0', 'peer.add'),
      teller.snapshot('x:0', 'peer.add', { value: 'connected' }, 5),
      teller.facts(1, []),
      teller.snapshot('x:0', 'xstate.stop', { status: 'done', value: 'closed', output: { reason: 'removed' } }, 99),
    )
    expect(linesOf(session)).toEqual([
      'source | process p | reports: process p',
      'actor | 1/mesh | starts in disconnected',
      'event | 1/mesh | configure',
      'snapshot | 1/mesh | disconnected → connected',
      'event | 1/mesh | peer.add',
      'snapshot | 1/mesh | connected',
      'end | 1/mesh | done: removed in connected → closed',
    ])
    expect(session.log.map(({ causedBy }) => causedBy)).toEqual([null, null, null, 2, null, 4, null])
    expect(session.log.map(({ isTransition }) => isTransition)).toEqual([false, false, false, true, false, false, true])
    expect(session.log.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  test('old lines are forgotten beyond the limit; the others keep their indices', () => {
    const teller = new Teller()
    const session = new Session({ logLimit: 100 })
    for (let i = 0; i < 1_234; i++) {
      session.apply(teller.event('x:0', `e${i}`))
      expect(session.log.length).toBeLessThanOrEqual(100)
      expect(session.log.at(-1)).toMatchObject({ index: i, text: `e${i}` })
    }
    const [first] = session.log
    expect(session.log.map(({ index }) => index)).toEqual(session.log.map((_, i) => (first?.index ?? 0) + i))
    expect(session.log.length).toBeGreaterThanOrEqual(90)
  })

  test('an actor that fails, and one that is no machine', () => {
    const teller = new Teller()
    const session = told(
      teller.actor('a', 'other', 0, { sessionId: 'x:1' }),
      teller.snapshot('x:1', 'x', { status: 'active' }),
      teller.snapshot('x:1', 'y', { status: 'error', error: 'no such thing' }),
    )
    expect(linesOf(session)).toEqual(['actor | a | starts', 'snapshot | a | active', 'end | a | fails: no such thing'])
  })
})

test('packets are told of where they are asked for', () => {
  const teller = new Teller()
  const session = told(teller.mesh(1), teller.packet(1, 'sent'), teller.packet(1, 'received', 12))
  expect(linesOf(session).slice(1)).toEqual([
    'packet | 1/mesh | sent 20 B to 7, channel 0',
    'packet | 1/mesh | received 20 B from 7, channel 0, 12 before it untold',
  ])
})

describe('peers and links', () => {
  test('a mesh gets its id when it was started; before that it is no peer', () => {
    const teller = new Teller()
    const session = told(teller.begin(), teller.mesh(0, 'disconnected'))
    expect(session.peers.size).toBe(0)
    session.apply(teller.snapshot('x:0', 'configure', { value: 'connected', context: { mode: 'mesh', uniqueId: 7 } }))
    expect(session.peers.get('tea|7')).toMatchObject({ id: 7, meshId: 'p/x:0', mode: 'mesh', goneAt: null })
    // Started again with another id.
    session.apply(teller.facts(8, []))
    expect(session.peers.get('tea|7')?.goneAt).toBe(1_000)
    expect(session.peers.get('tea|8')).toMatchObject({ meshId: 'p/x:0', status: 2 })
  })

  test('a peer that does not report is known from others, until none of them tells of it', () => {
    const teller = new Teller()
    const session = told(teller.begin(), teller.mesh(1), teller.facts(1, [link(9)]))
    expect(session.peers.get('tea|9')).toMatchObject({ meshId: null, status: null, goneAt: null })
    session.apply(teller.after(500).facts(1, []))
    expect(session.peers.get('tea|9')?.goneAt).toBe(1_500)
    expect(session.links.get('tea|1-9')?.ends.get(1)?.goneAt).toBe(1_500)
    session.apply(teller.facts(1, [link(9, 'connecting')]))
    expect(session.peers.get('tea|9')?.goneAt).toBe(null)
    session.apply(teller.facts(1, []))
    session.apply(teller.after(9_000).facts(1, []))
    expect(session.peers.has('tea|9')).toBe(true)
    session.apply(teller.after(2_000).facts(1, []))
    expect(session.peers.has('tea|9')).toBe(false)
    expect(session.links.size).toBe(0)
  })

  test('the state of an end is that of its actor, at once', () => {
    const teller = new Teller()
    const session = told(
      teller.begin(),
      teller.mesh(1),
      teller.peer(1, 2, 'connecting'),
      teller.facts(1, [link(2, 'connecting')]),
    )
    session.apply(teller.snapshot('x:1-2', 'channel.state', { value: 'channelsOpen' }))
    const end = session.links.get('tea|1-2')?.ends.get(1)
    expect(end?.facts).toMatchObject({ state: 'channelsOpen', roundTripTime: 20 })
    session.apply(teller.snapshot('x:1-2', 'close', { status: 'done', value: 'closed' }))
    expect(session.links.get('tea|1-2')?.ends.get(1)).toMatchObject({ facts: { state: 'closed' }, goneAt: 1_000 })
  })

  test('facts that are older than what an actor has said do not bring a lost link back', () => {
    const teller = new Teller()
    const messages = [teller.begin(), teller.mesh(1), teller.peer(1, 2, 'connected')]
    const facts = teller.facts(1, [link(2)])
    const closed = teller.snapshot('x:1-2', 'close', { status: 'done', value: 'closed' })
    // As a hub tells whoever looks late: the newest facts come last.
    const session = told(...messages, closed, facts)
    expect(session.links.get('tea|1-2')?.ends.get(1)?.goneAt).toBe(1_000)
  })

  test('a link is as good as its worse end', () => {
    const [one, two] = [new Teller('one'), new Teller('two')]
    const session = told(one.mesh(1), two.mesh(2), one.facts(1, [link(2)]), two.facts(2, [link(1, 'channelsOpen')]))
    const present = (): string => {
      const found = session.links.get('tea|1-2')
      return found ? classOfLink(found) : 'none'
    }
    expect(present()).toBe('gated')
    session.apply(two.facts(2, [link(1)]))
    expect(present()).toBe('connected')
    session.apply(two.facts(2, []))
    expect(present()).toBe('closed')
  })

  test('two that gave each other up stay until they connect, or one is gone', () => {
    const teller = new Teller()
    const session = told(teller.begin(), teller.mesh(1), teller.verdict(1, 5))
    expect(session.links.get('tea|1-5')).toMatchObject({ verdict: { reason: 'relay-needed', entry: 2 } })
    expect(session.peers.get('tea|5')?.goneAt).toBe(null)
    session.apply(teller.after(60_000).facts(1, []))
    expect(session.links.has('tea|1-5')).toBe(true)
    session.apply(teller.facts(1, [link(5, 'connecting')]))
    expect(session.links.get('tea|1-5')?.verdict).not.toBe(null)
    session.apply(teller.facts(1, [link(5)]))
    expect(session.links.get('tea|1-5')?.verdict).toBe(null)
    session.applyAll([teller.verdict(1, 6), teller.gone()])
    expect(session.peers.get('tea|6')?.goneAt).toBe(teller.now)
  })

  test('a peer whose reports are lost while others still tell of it is believed to live after a while', () => {
    const [one, two] = [new Teller('one'), new Teller('two')]
    const session = told(one.begin(), two.begin(), one.mesh(1), two.mesh(2), one.facts(1, [link(2)]), two.gone())
    expect(session.peers.get('tea|2')).toMatchObject({ goneAt: 1_000, meshId: 'two/x:0' })
    one.after(30_000)
    session.applyAll([one.facts(1, [link(2)]), one.facts(1, [link(2)])])
    expect(session.peers.get('tea|2')?.goneAt).toBe(1_000)
    session.apply(one.after(6_000).facts(1, [link(2)]))
    expect(session.peers.get('tea|2')).toMatchObject({ goneAt: null, meshId: null })
  })

  test('a peer that is gone stays for as long as it is seen that others ceased to tell of it', () => {
    const [one, two] = [new Teller('one'), new Teller('two')]
    const session = told(one.begin(), two.begin(), one.mesh(1), two.mesh(2), one.facts(1, [link(2)]), two.gone())
    one.after(17_000)
    session.applyAll([one.facts(1, [link(2)]), one.facts(1, []), one.facts(1, [])])
    expect(session.peers.get('tea|2')?.goneAt).toBe(1_000)
    expect(session.links.get('tea|1-2')?.ends.get(1)).toMatchObject({ goneAt: 18_000 })
    session.apply(one.after(9_000).facts(1, []))
    expect(session.peers.has('tea|2')).toBe(true)
    session.apply(one.after(1_001).facts(1, []))
    expect([session.peers.has('tea|2'), session.links.size]).toEqual([false, 0])
  })

  test('groups have nothing to do with each other', () => {
    const [tea, milk] = [new Teller('one', { group: 'tea' }), new Teller('two', { group: 'milk' })]
    const session = told(tea.mesh(1), milk.mesh(1), tea.facts(1, [link(2)]), milk.facts(1, [link(2)]))
    expect([...session.links.keys()]).toEqual(['tea|1-2', 'milk|1-2'])
    expect([...session.peers.keys()].sort()).toEqual(['milk|1', 'milk|2', 'tea|1', 'tea|2'])
  })

  test('versions count, and whoever listens hears of each change', () => {
    const teller = new Teller()
    const session = new Session()
    let heard = 0
    const stop = session.subscribe(() => heard++)
    session.apply(teller.begin())
    session.applyAll([teller.mesh(1), teller.facts(1, [])])
    expect([session.version, heard, session.time]).toEqual([2, 2, 1_000])
    stop()
    session.apply(teller.gone())
    expect([session.version, heard]).toEqual([3, 2])
  })
})
