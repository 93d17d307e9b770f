import type { InspectorState } from '../../../src/inspector-page/model/state.ts'

/** All that a view can draw of a session, but the version, as plain values to be compared. */
export function pictureOf(state: InspectorState): unknown {
  const { time, sources, actors, machines, peers, links, verdicts, log } = state
  return {
    time,
    sources: [...sources.values()],
    actors: [...actors.values()],
    machines: [...machines.entries()],
    peers: [...peers.values()],
    links: Array.from(links.values(), (link) => ({
      ...link,
      ends: Array.from(link.ends.values(), ({ from, meshId, facts, goneAt, newest, samples }) => ({
        ...{ from, meshId, facts, goneAt, newest },
        samples: [...samples],
      })),
    })),
    verdicts: [...verdicts],
    log: [...log],
  }
}
