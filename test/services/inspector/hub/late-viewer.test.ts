import { beforeAll, describe, expect, test } from '@jest/globals'
import { Session } from '../../../../src/inspector-page/model/session.ts'
import { Backlog } from '../../../../src/services/inspector/hub/backlog.ts'
import { toEntry } from '../../../../src/services/inspector/hub/entry.ts'
import { Hub } from '../../../../src/services/inspector/hub/hub.ts'
import type { HubSource } from '../../../../src/services/inspector/hub/source-port.ts'
import type { InspectorMessage } from '../../../../src/services/inspector/wire/messages.ts'
import { VirtualClock } from '../../../../src/testing/index.ts'
import { inspectorSession } from '../../../support/inspector-session.ts'
import { Collector } from '../support/collector.ts'

/** A session of seven peers, one of which is killed. */
let messages: readonly InspectorMessage[]

beforeAll(async () => {
  messages = await inspectorSession()
  // More than the history has room for.
  expect(messages.length).toBeGreaterThan(1_000)
}, 60_000)

/** What the page shows of what is there. */
function shown(told: readonly InspectorMessage[]) {
  const session = new Session()
  session.applyAll(told)
  const alive = [...session.actors.values()].filter(({ endedAt }) => endedAt === null)
  return {
    sources: [...session.sources.values()]
      .filter(({ isGone }) => !isGone)
      .map(({ name }) => name)
      .sort(),
    actors: alive
      .map(({ sessionId, group, uniqueId, parentId, snapshot }) => ({ sessionId, group, uniqueId, parentId, snapshot }))
      .sort(bySessionId),
    charts: alive
      .map(({ sessionId, machine }) => ({ sessionId, chart: machine && session.machines.get(machine)?.id }))
      .sort(bySessionId),
    links: [...session.links.values()]
      .flatMap(({ key, ends }) =>
        [...ends.values()]
          .filter(({ goneAt }) => goneAt === null)
          .map(({ from, facts }) => `${key} ${from} ${facts.state}`),
      )
      .sort(),
    verdicts: session.verdicts.map(({ uniqueId, peer }) => `${uniqueId} ${peer}`),
  }
}

const bySessionId = (a: { sessionId: string }, b: { sessionId: string }): number =>
  a.sessionId.localeCompare(b.sessionId)

/** Tells each source's messages as its process would. */
function tell(hub: Hub, all: readonly InspectorMessage[]): void {
  const ports = new Map<string, HubSource>()
  for (const message of all) {
    const port = ports.get(message.source) ?? hub.addSource({ watch: () => undefined })
    ports.set(message.source, port)
    port.receive(message)
  }
}

describe('a page that looks late', () => {
  test.each([0.05, 0.2, 0.4, 0.6, 0.8, 1])(
    'shows the same as one that looked from the beginning on, after %d of the session',
    (share) => {
      const clock = new VirtualClock()
      const hub = new Hub({ sampleInterval: 500, clock, limits: { historyMessages: 300 } })
      const early = new Collector()
      hub.addFeed(early)
      const count = Math.floor(messages.length * share)
      tell(hub, messages.slice(0, count))
      const late = new Collector()
      hub.addFeed(late)
      clock.advance(1_000)
      expect(early.messages).toHaveLength(count)
      expect(shown(late.messages)).toEqual(shown(early.messages))
      expect(hub.stats()).toMatchObject({ lost: 0, drops: { foreign: 0 } })
    },
  )
})

describe('a page that is too slow', () => {
  test.each([0.05, 0.2, 0.4, 0.6, 0.8])(
    'shows the same in the end as one that is not, when it falls behind after %d of the session',
    (share) => {
      const count = Math.floor(messages.length * share)
      const backlog = new Backlog({ merged: 100, mergedSize: Infinity, mostSize: Infinity })
      for (const message of messages.slice(count)) backlog.push(toEntry(message))
      const rest = backlog.take(Infinity).map(({ message }) => message)
      expect(backlog.missed).toBeGreaterThan(0)
      expect(shown([...messages.slice(0, count), ...rest])).toEqual(shown(messages))
    },
  )
})
