import type { MeshModelEvent, MeshModelState } from '../../../src/testing/models/mesh-model-types.ts'

/** A deep state, which events at random may easily never reach. */
export interface DeepState {
  readonly name: string
  /** Without it, the one command that leads there says so. */
  isReached?(state: MeshModelState, event: MeshModelEvent): boolean
}

const inStage = ({ context: { peers } }: MeshModelState, stage: string): number =>
  peers.filter((peer) => peer.stage === stage).length
const running = ({ context: { timers } }: MeshModelState, of: string): number =>
  timers.filter((timer) => timer.of === of).length

export const DEEP_STATES = {
  allAnnounced: (count: number): DeepState => ({
    name: `${count} announced`,
    isReached: (state) => inStage(state, 'announced') === count,
  }),
  draining: { name: 'draining', isReached: (state) => inStage(state, 'draining') > 0 },
  wavering: { name: 'wavering', isReached: (state) => running(state, 'healing') > 0 },
  drainingAndWavering: {
    name: 'draining and wavering',
    isReached: (state) => running(state, 'healing') > 0 && running(state, 'drain') > 0,
  },
  lostByTime: {
    name: 'a time ends',
    isReached: ({ context: { peers } }, { type }) => type === 'TIME_OUT' && peers.length > 0,
  },
  waiting: { name: '2 wait for the server', isReached: (state) => inStage(state, 'waiting') > 1 },
  serverLost: { name: 'server lost', isReached: ({ value }) => value === 'serverLost' },
  othersLiveOn: {
    name: 'server lost, others live on',
    isReached: (state) => state.value === 'serverLost' && inStage(state, 'announced') > 0,
  },
  restarted: { name: 'closed', isReached: ({ value }, { type }) => value === 'unstarted' && type === 'CLOSE' },
  replacedByListener: { name: 'replaced by a listener' },
  closedByListener: { name: 'closed by a listener' },
} satisfies Record<string, DeepState | ((count: number) => DeepState)>

/** Counts how many runs reached each deep state. */
export class Reach {
  readonly #deep: readonly DeepState[]
  readonly #counts = new Map<string, number>()
  #now = new Set<string>()
  #runs = 0

  constructor(deep: readonly DeepState[]) {
    this.#deep = deep
  }

  /** A new run begins. */
  begin(): void {
    this.#now = new Set()
    this.#runs++
  }

  note(state: MeshModelState, event: MeshModelEvent): void {
    for (const { name, isReached } of this.#deep) if (isReached?.(state, event) === true) this.noteNamed(name)
  }

  noteNamed(name: string): void {
    if (this.#now.has(name)) return
    this.#now.add(name)
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  toString(): string {
    return this.#deep.map(({ name }) => `${name} ${this.#counts.get(name) ?? 0}/${this.#runs}`).join(', ')
  }

  assertAll(): void {
    const missing = this.#deep.filter(({ name }) => !this.#counts.has(name)).map(({ name }) => name)
    if (missing.length > 0) throw new Error(`Never reached: ${missing.join(', ')}. Change the weights.`)
  }
}
