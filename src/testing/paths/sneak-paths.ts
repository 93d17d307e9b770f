import type { EventObject } from 'xstate'
import { ModelGraph } from './model-graph.ts'
import type { Model, ModelSnapshot, PathOptions, SneakPath } from './path-types.ts'

/**
 * For every state of a model that refuses any of the events: the shortest path to it and what it refuses there. What a specification refuses must change nothing
 * in the real thing; {@link walkSneakPath} tries each.
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for a model that invokes something or has delays, or that has more states than the limit.
 */
export function sneakPaths<State extends ModelSnapshot<Event>, Event extends EventObject, Emitted extends EventObject>(
  model: Model<State, Event, Emitted>,
  options: PathOptions<State, Event>,
): SneakPath<State, Event, Emitted>[] {
  const graph = new ModelGraph(model, options)
  return graph.states.flatMap((state) => {
    const refused = graph.refused(state)
    if (refused.length === 0) return []
    const way = state === graph.startKey ? [] : (graph.shortest(graph.startKey, ({ to }) => to === state) ?? [])
    return [{ ...graph.path(way), refused }]
  })
}
