import { describe, expect, test } from '@jest/globals'
import { chartOf } from '../../../../src/inspector-page/views/statechart/chart.ts'
import { elkGraphOf, initialId } from '../../../../src/inspector-page/views/statechart/elk-graph.ts'
import type { MachineNode } from '../../../../src/services/inspector/recorder/machine-node.ts'
import { definition, MACHINES, orderMachine, playerMachine } from '../support/machines.ts'
import { peerMachine } from '../../../../src/machines/peer-machine.ts'

function* nodesOf(node: MachineNode): Generator<MachineNode> {
  yield node
  for (const child of Object.values(node.states)) yield* nodesOf(child)
}

const transitionsOf = ({ transitions, always = [] }: MachineNode) => [...[...transitions.values()].flat(), ...always]

const measure = (text: string): number => text.length * 7

describe.each(MACHINES.map((machine) => [machine.id, machine] as const))('%s', (_id, machine) => {
  const chart = chartOf(definition(machine))
  const nodes = [...nodesOf(machine.root)]

  test('has every state, where it is', () => {
    expect([...chart.states.keys()]).toEqual(nodes.map(({ id }) => id))
    for (const { id, parent, type, states } of nodes) {
      const state = chart.states.get(id)
      expect(state).toMatchObject({ kind: type, parent: parent?.id ?? null })
      expect(state?.children).toEqual(Object.values(states).map((child) => child.id))
    }
  })

  test('has every transition, on a line for each of its targets or in the small print of its state', () => {
    expect(chart.transitions).toHaveLength(nodes.flatMap(transitionsOf).length)
    for (const node of nodes) {
      for (const { target, guard } of transitionsOf(node)) {
        const same = chart.transitions.filter(
          (transition) =>
            transition.source === node.id &&
            String(transition.targets) === String((target ?? []).map(({ id }) => id)) &&
            (transition.guard === null) === (guard === undefined),
        )
        expect(same.length).toBeGreaterThan(0)
      }
    }
    for (const { id, targets, source } of chart.transitions) {
      const lines = chart.edges.filter(({ transitions }) => transitions.some((other) => other.id === id))
      expect(lines.map((line) => line.target)).toEqual([...targets])
      const notes = chart.states.get(source)?.notes.filter(({ transition }) => transition === id) ?? []
      expect(notes).toHaveLength(targets.length === 0 ? 1 : 0)
    }
    expect(new Set(chart.transitions.map(({ id }) => id)).size).toBe(chart.transitions.length)
  })

  test('has a marker for each state that is entered by another', () => {
    const initials = nodes.filter(({ type }) => type === 'compound')
    expect([...chart.states.values()].filter(({ initial }) => initial !== null).map(({ id }) => id)).toEqual(
      initials.map(({ id }) => id),
    )
    for (const { id, initial } of initials) expect(chart.states.get(id)?.initial).toBe(initial.target?.[0]?.id)
  })

  test('is a graph with a node for each state and each marker, and an edge for each line', () => {
    const graph = elkGraphOf(chart, measure)
    const ids: string[] = []
    const collect = (children: typeof graph.children = []): void => {
      for (const { id, children: within } of children) {
        ids.push(id)
        collect(within ?? [])
      }
    }
    collect(graph.children)
    const markers = [...chart.states.values()].flatMap(({ id, initial }) => (initial === null ? [] : [initialId(id)]))
    expect(ids.sort()).toEqual([...chart.states.keys(), ...markers].sort())
    expect(graph.edges).toHaveLength(chart.edges.length + markers.length)
    for (const { sources, targets } of graph.edges ?? [])
      for (const id of [...sources, ...targets]) expect(ids).toContain(id)
  })
})

test('what a peer does in its states is in small print, shortened; XState’s own names are in words', () => {
  const { states, edges } = chartOf(definition(peerMachine))
  expect(states.get('peer.connected')?.notes.map(({ text }) => text)).toEqual([
    'entry / enter',
    'channel.state / noteChannel',
  ])
  expect(states.get('peer')?.notes[0]?.text).toBe('invoke link')
  for (const { text, full } of states.get('peer')?.notes ?? []) {
    expect(text.length).toBeLessThanOrEqual(42)
    expect(full.startsWith(text.replace(/…$/, ''))).toBe(true)
  }
  const toClosed = edges.find(({ id }) => id === 'peer→peer.closed')
  expect(toClosed?.transitions.map(({ text }) => text).sort()).toEqual([
    'actor link failed',
    'channel.state [channelIsShut]',
    'close',
    'connection.state [connectionIsLost]',
    'disconnected.timeout',
  ])
  const draining = edges.find(({ id }) => id === 'peer.draining→peer.closed')
  expect(draining?.transitions.map(({ text }) => text).sort()).toEqual(['after drainTimeout', 'always [isDrained]'])
})

test('delays, ends and histories are in words', () => {
  const order = chartOf(definition(orderMachine))
  const textsOf = (id: string): string[] =>
    order.edges.find((edge) => edge.id === id)?.transitions.map(({ text }) => text) ?? []
  expect(textsOf('order.payment→order.shipping')).toEqual(['done'])
  expect(textsOf('order.payment.card.verifying→order.payment.card.entering').sort()).toEqual([
    'actor verification failed',
    'after 30 s',
  ])
  expect(textsOf('order.payment.card.verifying→order.payment.paid')).toEqual(['actor verification done'])
  const player = chartOf(definition(playerMachine))
  expect(player.states.get('player.playback.playing.before')?.notes.map(({ text }) => text)).toEqual([
    'history, else normal',
  ])
  expect(player.states.get('player')?.notes.map(({ text }) => text)).toEqual(['volume.* / setVolume'])
})

test('a definition from elsewhere may lead where nothing is', () => {
  const { edges, transitions, states } = chartOf({
    id: 'odd',
    initial: 'nowhere',
    states: { a: { id: 'odd.a', on: { go: [{ target: ['#missing'] }] } } },
  })
  expect(edges).toEqual([])
  expect(transitions).toHaveLength(1)
  const graph = elkGraphOf({ root: 'odd', states, transitions, edges }, measure)
  expect(graph.edges).toEqual([])
})
