import { assign, emit, setup } from 'xstate'

export type LightEvent = { type: 'PRESS' } | { type: 'BREAK'; by: string } | { type: 'REPAIR' }

/** A small model: off, on, and broken for good after the second break. */
export const light = setup({
  types: {} as { context: { breaks: number }; events: LightEvent; emitted: { type: 'click'; count: number } },
  actions: {
    click: emit({ type: 'click', count: 1 }),
    count: assign({ breaks: ({ context }) => context.breaks + 1 }),
  },
}).createMachine({
  context: { breaks: 0 },
  initial: 'off',
  states: {
    off: { on: { PRESS: { target: 'on', actions: 'click' } } },
    on: {
      on: {
        PRESS: { target: 'off', actions: ['click', 'click'] },
        BREAK: [
          { guard: ({ context }) => context.breaks === 1, target: 'gone' },
          { target: 'broken', actions: 'count' },
        ],
      },
    },
    broken: { on: { REPAIR: 'off' } },
    gone: { type: 'final' },
  },
})

export const LIGHT_EVENTS: readonly LightEvent[] = [
  { type: 'PRESS' },
  { type: 'BREAK', by: 'fall' },
  { type: 'REPAIR' },
]

/** The real thing; with a fault, it can be pressed while it is broken. */
export class Lamp {
  isLit = false
  breaks = 0
  isBroken = false
  clicks = 0
  readonly #hasFault: boolean

  constructor(hasFault = false) {
    this.#hasFault = hasFault
  }

  press(): void {
    if (this.isBroken && !this.#hasFault) return
    this.clicks += this.isLit ? 2 : 1
    this.isLit = !this.isLit
  }

  fall(): void {
    if (!this.isLit) return
    this.isLit = false
    this.isBroken = true
    this.breaks++
  }

  repair(): void {
    if (this.isBroken && this.breaks < 2) this.isBroken = false
  }

  get state(): string {
    return this.isLit ? 'on' : this.breaks === 2 ? 'gone' : this.isBroken ? 'broken' : 'off'
  }
}
