import type { EventObject } from 'xstate'
import { ModelGraph } from './model-graph.ts'
import { PathCoverage } from './path-coverage.ts'
import type { Model, ModelPath, ModelSnapshot, PathOptions } from './path-types.ts'

/** Options of {@link transitionPaths}. */
export interface TransitionPathOptions<State, Event> extends PathOptions<State, Event> {
  /**
   * A path goes on with transitions that no path has passed yet, up to this many steps: fewer steps in all, where each costs time, but longer
   * ones to read when one fails. Default: every path is the shortest one to its last transition.
   */
  join?: number
}

/** Paths that pass every transition of a model, and how many were walked. */
export interface TransitionPaths<State, Event, Emitted> {
  readonly paths: readonly ModelPath<State, Event, Emitted>[]
  readonly coverage: PathCoverage
}

/**
 * Paths through a model that together pass every transition it has, in every state and with every event given. Paths that are the beginning of another are left
 * out.
 *
 * @example
 * ```ts
 * import { transitionPaths, walkPath } from 'webrtc-multiplayer/testing'
 * import { createMachine } from 'xstate'
 *
 * const light = createMachine({
 *   initial: 'off',
 *   states: { off: { on: { PRESS: 'on' } }, on: { on: { PRESS: 'off', BREAK: 'broken' } }, broken: {} },
 * })
 * const { paths, coverage } = transitionPaths(light, { events: [{ type: 'PRESS' }, { type: 'BREAK' }] })
 * for (const path of paths) {
 *   const lamp = { isLit: false }
 *   await walkPath(path, coverage, {
 *     act: ({ type }) => (lamp.isLit = type === 'PRESS' && !lamp.isLit),
 *     check: ({ value }) => console.assert(lamp.isLit === (value === 'on')),
 *   })
 * }
 * console.log(coverage.toString()) // states 3/3, transitions 3/3
 * ```
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for a model that invokes something or has delays, or that has more states than the limit.
 */
export function transitionPaths<
  State extends ModelSnapshot<Event>,
  Event extends EventObject,
  Emitted extends EventObject,
>(
  model: Model<State, Event, Emitted>,
  options: TransitionPathOptions<State, Event>,
): TransitionPaths<State, Event, Emitted> {
  const { join = 0 } = options
  const graph = new ModelGraph(model, options)
  const left = new Set(graph.transitions)
  type Way = NonNullable<ReturnType<typeof graph.shortest>>
  const ways: Way[] = []
  while (left.size > 0) {
    const way: Way = []
    for (;;) {
      const next = graph.shortest(way.at(-1)?.to ?? graph.startKey, ({ key }) => left.has(key))
      if (next === null || (way.length > 0 && way.length + next.length > join)) break
      for (const edge of next) left.delete(edge.key)
      way.push(...next)
    }
    ways.push(way)
  }
  return {
    paths: withoutBeginnings(ways).map((way) => graph.path(way)),
    coverage: new PathCoverage(graph.states, graph.transitions),
  }
}

function withoutBeginnings<Edge extends { key: string }>(ways: readonly (readonly Edge[])[]): (readonly Edge[])[] {
  const beginnings = new Set<string>()
  for (const way of ways) {
    let name = ''
    for (const { key } of way.slice(0, -1)) beginnings.add((name += `${key}\n`))
  }
  return ways.filter((way) => !beginnings.has(way.map(({ key }) => `${key}\n`).join('')))
}
