import { createActor, type EventObject } from 'xstate'
import { getAdjacencyMap } from 'xstate/graph'
import { invalid } from '../../checks.ts'
import type { Model, ModelPath, ModelSnapshot, PathOptions, PathStep } from './path-types.ts'
import { pathName } from './path-types.ts'

interface Edge<Event> {
  readonly event: Event
  readonly from: string
  readonly to: string
  readonly key: string
}

interface Node<State, Event> {
  readonly state: State
  readonly edges: readonly Edge<Event>[]
}

/** What XState's adjacency map has of a state, whose own type has keys that `Object.entries` does not see. */
interface Adjacent<State, Event> {
  readonly state: State
  readonly transitions: Readonly<Record<string, { event: Event; state: State }>>
}

/** What XState knows of a state of a machine. */
interface StateNode {
  readonly id: string
  readonly invoke: readonly unknown[]
  readonly after: readonly unknown[]
  readonly states: Readonly<Record<string, StateNode>>
}

const DEFAULT_LIMIT = 20_000

/** Every state that a model can reach, and every transition between them. */
export class ModelGraph<State extends ModelSnapshot<Event>, Event extends EventObject, Emitted extends EventObject> {
  readonly startKey: string
  readonly #model: Model<State, Event, Emitted>
  readonly #possible: (state: State) => Event[]
  readonly #nodes = new Map<string, Node<State, Event>>()

  constructor(
    model: Model<State, Event, Emitted>,
    { events, isPossible = () => true, stateKey = defaultKey, limit = DEFAULT_LIMIT }: PathOptions<State, Event>,
  ) {
    // Other logic than that of a state machine has no root.
    const { root } = model as { root?: StateNode }
    if (root !== undefined) assertTimeless(root)
    this.#model = model
    this.#possible = (state) => events.filter((event) => isPossible(state, event))
    let visited = 0
    const adjacency: unknown = getAdjacencyMap(model as unknown as Model<State, Event>, {
      events: (state) => {
        if (++visited > limit) {
          throw invalid(`The model has more than ${limit} states; bound what it counts, or raise the limit.`, limit)
        }
        return this.#possible(state)
      },
      // XState's defaults put the last event into the key, take events that are refused, and walk on past final states.
      serializeState: (state) => stateKey(state),
      filterEvents: (state, event) => state.can(event),
      stopWhen: isFinal,
    })
    for (const [from, { state, transitions }] of Object.entries(adjacency as Record<string, Adjacent<State, Event>>)) {
      const edges = Object.entries(transitions).map(([event, next]) => ({
        event: next.event,
        from,
        to: stateKey(next.state),
        key: `${from} ${event}`,
      }))
      this.#nodes.set(from, { state, edges })
    }
    this.startKey = stateKey(createActor<Model<State, Event, Emitted>>(model, { input: undefined }).getSnapshot())
  }

  get states(): readonly string[] {
    return [...this.#nodes.keys()]
  }

  get transitions(): readonly string[] {
    return [...this.#nodes.values()].flatMap(({ edges }) => edges.map(({ key }) => key))
  }

  /** The events that the model refuses in a state: all of them in a final one. */
  refused(key: string): Event[] {
    const { state } = this.#node(key)
    const possible = this.#possible(state)
    return isFinal(state) ? possible : possible.filter((event) => !state.can(event))
  }

  /** The shortest way from a state to one of these transitions, that transition included; null if there is none. */
  shortest(from: string, isWanted: (edge: Edge<Event>) => boolean): Edge<Event>[] | null {
    const cameBy = new Map<string, Edge<Event> | null>([[from, null]])
    for (const key of cameBy.keys()) {
      const { edges } = this.#node(key)
      const wanted = edges.find(isWanted)
      if (wanted !== undefined) return [...this.#way(cameBy, key), wanted]
      for (const edge of edges) if (!cameBy.has(edge.to)) cameBy.set(edge.to, edge)
    }
    return null
  }

  path(edges: readonly Edge<Event>[]): ModelPath<State, Event, Emitted> {
    return {
      name: pathName(edges.map(({ event }) => event)),
      start: this.#node(this.startKey).state,
      startKey: this.startKey,
      steps: edges.map((edge) => this.#step(edge)),
    }
  }

  #step({ event, from, to, key }: Edge<Event>): PathStep<State, Event, Emitted> {
    const { state: snapshot } = this.#node(from)
    const actor = createActor(this.#model, { snapshot, input: undefined })
    const emitted: Emitted[] = []
    actor.on('*', (said) => emitted.push(said))
    actor.start()
    actor.send(event)
    actor.stop()
    return { event, state: this.#node(to).state, emitted, stateKey: to, transitionKey: key }
  }

  #way(cameBy: ReadonlyMap<string, Edge<Event> | null>, to: string): Edge<Event>[] {
    const way: Edge<Event>[] = []
    for (let edge = cameBy.get(to); edge; edge = cameBy.get(edge.from)) way.unshift(edge)
    return way
  }

  #node(key: string): Node<State, Event> {
    return this.#nodes.get(key) as Node<State, Event>
  }
}

/** What it invokes would run while paths are looked for, and no path would pass what a delay leads to. */
function assertTimeless(node: StateNode): void {
  if (node.invoke.length > 0)
    throw invalid(`The model invokes something in '${node.id}'; a model invokes nothing.`, node.id)
  if (node.after.length > 0) {
    throw invalid(`The model has a delay in '${node.id}'; let the end of a time be an event.`, node.id)
  }
  for (const child of Object.values(node.states)) assertTimeless(child)
}

function isFinal(state: { status: string }): boolean {
  return state.status !== 'active'
}

function defaultKey({ value, context }: { value: unknown; context: unknown }): string {
  return JSON.stringify([value, context])
}
