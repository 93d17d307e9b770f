import fc from 'fast-check'
import { type Actor, createActor } from 'xstate'
import { meshModelEvents } from '../../../src/testing/models/mesh-model-events.ts'
import type { MeshModel, MeshModelEmitted, MeshModelEvent } from '../../../src/testing/models/mesh-model-types.ts'
import { eventName } from '../../../src/testing/paths/path-types.ts'
import type { MeshDriver } from './mesh-driver.ts'
import type { Reach } from './reach.ts'

/** The specification as it runs beside the real mesh, and what it has said since it was last asked. */
export class RunningModel {
  readonly actor: Actor<MeshModel>
  readonly reach: Reach
  #emitted: MeshModelEmitted[] = []

  constructor(model: MeshModel, reach: Reach) {
    this.actor = createActor(model, { input: undefined })
    this.actor.on('*', (said) => this.#emitted.push(said))
    this.actor.start()
    this.reach = reach
  }

  get state() {
    return this.actor.getSnapshot()
  }

  takeEmitted(): readonly MeshModelEmitted[] {
    return this.#emitted.splice(0)
  }
}

export type MeshCommand = fc.AsyncCommand<RunningModel, MeshDriver>

/** Makes an event happen if the specification takes it, else tries it: nothing may change then. */
async function happen(event: MeshModelEvent, model: RunningModel, driver: MeshDriver): Promise<void> {
  const before = model.state
  if (before.can(event)) {
    await driver.act(event)
    model.actor.send(event)
  } else {
    await driver.attempt(event, before)
  }
  await driver.check(model.state, model.takeEmitted())
  model.reach.note(model.state, event)
}

class EventCommand implements MeshCommand {
  readonly #event: MeshModelEvent

  constructor(event: MeshModelEvent) {
    this.#event = event
  }

  check(): boolean {
    return true
  }

  run(model: RunningModel, driver: MeshDriver): Promise<void> {
    return happen(this.#event, model, driver)
  }

  toString(): string {
    return eventName(this.#event)
  }
}

const stageOf = ({ state }: Readonly<RunningModel>, id: number): string | undefined =>
  state.context.peers.find((peer) => peer.id === id)?.stage

/** Brings the peer to where it can be opened. */
async function dial(id: number, model: RunningModel, driver: MeshDriver): Promise<void> {
  if (model.state.value === 'unstarted') await happen({ type: 'START' }, model, driver)
  if (stageOf(model, id) === undefined) await happen({ type: 'ADD', id }, model, driver)
}

/** Adds a peer and opens it, whatever it was: without this, random events hardly ever bring one up. */
class EstablishCommand implements MeshCommand {
  readonly #id: number

  constructor(id: number) {
    this.#id = id
  }

  check(model: Readonly<RunningModel>): boolean {
    return ['dialing', undefined].includes(stageOf(model, this.#id))
  }

  async run(model: RunningModel, driver: MeshDriver): Promise<void> {
    await dial(this.#id, model, driver)
    await happen({ type: 'OPEN', id: this.#id }, model, driver)
  }

  toString(): string {
    return `establish(${this.#id})`
  }
}

/** A peer that is replaced by a listener at the moment at which it is open: the mesh never hears of the opening. */
class ReplaceCommand implements MeshCommand {
  readonly #id: number

  constructor(id: number) {
    this.#id = id
  }

  check(model: Readonly<RunningModel>): boolean {
    return ['dialing', undefined].includes(stageOf(model, this.#id))
  }

  async run(model: RunningModel, driver: MeshDriver): Promise<void> {
    const id = this.#id
    await dial(id, model, driver)
    await driver.openReplacing(id)
    model.actor.send({ type: 'REMOVE', id })
    model.actor.send({ type: 'ADD', id })
    await driver.check(model.state, model.takeEmitted())
    model.reach.noteNamed('replaced by a listener')
  }

  toString(): string {
    return `replace(${this.#id})`
  }
}

/** An event, and a listener that closes the mesh at the first signal: nothing is heard after that. */
class CloseInListenerCommand implements MeshCommand {
  readonly #event: MeshModelEvent

  constructor(event: MeshModelEvent) {
    this.#event = event
  }

  check({ state }: Readonly<RunningModel>): boolean {
    return state.can(this.#event)
  }

  async run(model: RunningModel, driver: MeshDriver): Promise<void> {
    const before = model.state
    await driver.actClosingOnSignal(this.#event)
    model.actor.send(this.#event)
    const emitted = model.takeEmitted()
    const signal = emitted.findIndex(({ type }) => type === 'peerConnected' || type === 'peerDisconnected')
    if (signal === -1) {
      await driver.check(model.state, emitted)
      return
    }
    const heard = emitted.slice(0, signal + 1)
    const status = heard.findLast((said) => said.type === 'status')?.status
    const isConnected = status === undefined ? before.value === 'connected' : status === 'CONNECTED'
    model.actor.send({ type: 'CLOSE' })
    model.takeEmitted()
    await driver.check(model.state, [
      ...heard,
      ...(isConnected ? [{ type: 'status', status: 'DISCONNECTED' } as const] : []),
    ])
    model.reach.noteNamed('closed by a listener')
  }

  toString(): string {
    return `closeInListener(${eventName(this.#event)})`
  }
}

/** The transports of former peers of this id speak once more. */
class StaleCommand implements MeshCommand {
  readonly #id: number

  constructor(id: number) {
    this.#id = id
  }

  check(): boolean {
    return true
  }

  async run(model: RunningModel, driver: MeshDriver): Promise<void> {
    driver.speakOfGone(this.#id)
    await driver.check(model.state, model.takeEmitted())
  }

  toString(): string {
    return `stale(${this.#id})`
  }
}

/** How often each event comes, beside its like. What ends everything is rare. */
const WEIGHTS: Partial<Record<MeshModelEvent['type'], number>> = {
  START: 1,
  CLOSE: 2,
  ADD: 4,
  OPEN: 8,
  CHANNEL_CLOSES: 9,
  WAVERS: 9,
  HEALS: 4,
}

/** Commands on a mesh with these remote ids, and with others that it refuses. */
export function meshCommands(
  ids: readonly number[],
  refused: readonly MeshModelEvent[],
  replayPath?: string,
): fc.Arbitrary<Iterable<MeshCommand>> {
  const events = meshModelEvents(ids)
  const telling = events.filter(({ type }) => ['OPEN', 'LOST', 'REMOVE', 'DISCONNECT', 'TIME_OUT'].includes(type))
  const types = [...new Set(events.map(({ type }) => type))]
  return fc.commands(
    [
      fc.oneof(
        { weight: 32, arbitrary: fc.constantFrom(...ids).map((id) => new EstablishCommand(id)) },
        { weight: 4, arbitrary: fc.constantFrom(...ids).map((id) => new StaleCommand(id)) },
        { weight: 3, arbitrary: fc.constantFrom(...ids).map((id) => new ReplaceCommand(id)) },
        { weight: 6, arbitrary: fc.constantFrom(...telling).map((event) => new CloseInListenerCommand(event)) },
        { weight: 1, arbitrary: fc.constantFrom(...refused).map((event) => new EventCommand(event)) },
        ...types.map((type) => ({
          weight: WEIGHTS[type] ?? 2,
          arbitrary: fc
            .constantFrom(...events.filter((event) => event.type === type))
            .map((event) => new EventCommand(event)),
        })),
      ),
    ],
    { maxCommands: 60, size: 'max', ...(replayPath !== undefined && { replayPath }) },
  )
}
