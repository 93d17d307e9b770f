import { describe, expect, test } from '@jest/globals'
import { assign, createMachine, fromPromise, setup, type SnapshotFrom } from 'xstate'
import { type TransitionPathOptions, transitionPaths } from '../../../src/testing/paths/transition-paths.ts'
import { walkPath } from '../../../src/testing/paths/walk-path.ts'
import { codeOf } from '../../services/multiplayer-api/support/api-world.ts'
import { LampDriver } from './lamp-driver.ts'
import { Lamp, light, LIGHT_EVENTS, type LightEvent } from './light.ts'

const names = (options: Partial<TransitionPathOptions<SnapshotFrom<typeof light>, LightEvent>> = {}): string[] =>
  transitionPaths(light, { events: LIGHT_EVENTS, ...options }).paths.map(({ name }) => name)

describe('transitionPaths', () => {
  test('passes every transition by the shortest way to it; what begins another path is left out', () => {
    expect(names()).toEqual([
      'PRESS > PRESS',
      'PRESS > BREAK(fall) > REPAIR > PRESS > PRESS',
      'PRESS > BREAK(fall) > REPAIR > PRESS > BREAK(fall)',
    ])
  })

  test('joins paths up to a length', () => {
    expect(names({ join: 7 })).toEqual([
      'PRESS > PRESS > PRESS > BREAK(fall) > REPAIR > PRESS > PRESS',
      'PRESS > BREAK(fall) > REPAIR > PRESS > BREAK(fall)',
    ])
    expect(names({ join: 100 })).toEqual([
      'PRESS > PRESS > PRESS > BREAK(fall) > REPAIR > PRESS > PRESS > PRESS > BREAK(fall)',
    ])
  })

  test('leaves out what is not possible', () => {
    expect(names({ isPossible: (_, { type }) => type !== 'REPAIR' })).toEqual(['PRESS > PRESS', 'PRESS > BREAK(fall)'])
  })

  test('counts states by the key that it is given', () => {
    const stateKey = ({ value }: { value: unknown }): string => String(value)
    const { coverage } = transitionPaths(light, { events: LIGHT_EVENTS, stateKey })
    expect([coverage.states, coverage.transitions]).toEqual([3, 4])
    const whole = transitionPaths(light, { events: LIGHT_EVENTS }).coverage
    expect([whole.states, whole.transitions]).toEqual([6, 7])
  })

  test('says what each step leads to and what the model emits there', () => {
    const [path] = transitionPaths(light, { events: LIGHT_EVENTS }).paths
    expect(path?.start.value).toBe('off')
    expect(path?.steps.map(({ state }) => state.value)).toEqual(['on', 'off'])
    expect(path?.steps.map(({ emitted }) => emitted.length)).toEqual([1, 2])
  })

  test('a model without an end is refused', () => {
    const counter = setup({
      types: {} as { context: { count: number }; events: { type: 'UP' } },
    }).createMachine({
      context: { count: 0 },
      on: { UP: { actions: assign({ count: ({ context }) => context.count + 1 }) } },
    })
    const paths = (): unknown => transitionPaths(counter, { events: [{ type: 'UP' }], limit: 50 })
    expect(paths).toThrow('more than 50 states')
    expect(codeOf(paths)).toBe('ERR_INVALID_PARAMETER')
  })

  test('a model in which something runs or time passes by itself is refused, however deep it is', () => {
    const never = fromPromise(() => new Promise<void>(() => undefined))
    const invoking = createMachine({ id: 'm', initial: 'a', states: { a: { invoke: { src: never } } } })
    const delayed = createMachine({
      id: 'm',
      initial: 'a',
      states: { a: { initial: 'b', states: { b: { after: { 100: 'c' } }, c: {} } } },
    })
    for (const [model, where] of [
      [invoking, 'm.a'],
      [delayed, 'm.a.b'],
    ] as const) {
      const paths = (): unknown => transitionPaths(model, { events: [{ type: 'ANY' }] })
      expect(paths).toThrow(`'${where}'`)
      expect(codeOf(paths)).toBe('ERR_INVALID_PARAMETER')
    }
  })

  test('a model of one state has no paths and is covered', () => {
    const { paths, coverage } = transitionPaths(createMachine({}), { events: [{ type: 'ANY' }] })
    expect(paths).toEqual([])
    expect(coverage.transitions).toBe(0)
  })
})

describe('walkPath', () => {
  test('leads the real thing along, checks the start and every step, and counts', async () => {
    const { paths, coverage } = transitionPaths(light, { events: LIGHT_EVENTS })
    expect(String(coverage)).toBe('states 0/6, transitions 0/7')
    for (const [index, path] of paths.entries()) {
      expect(() => {
        coverage.assertComplete()
      }).toThrow('never passed')
      const driver = new LampDriver()
      await walkPath(path, coverage, driver)
      if (index === 0) expect(driver.seen).toEqual(['off', 'on', 'off'])
    }
    expect(String(coverage)).toBe('states 6/6, transitions 7/7')
    coverage.assertComplete()
  })

  test('a failure names the events until there, and what it counts is what was right', async () => {
    const { paths, coverage } = transitionPaths(light, { events: LIGHT_EVENTS })
    class Sticking extends Lamp {
      override repair(): void {
        this.clicks++
        super.repair()
      }
    }
    const walks = paths.map((path) => walkPath(path, coverage, new LampDriver(new Sticking())))
    const outcomes = await Promise.allSettled(walks)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    await expect(walks[1]).rejects.toThrow('PRESS > BREAK(fall) > REPAIR: 2 clicks, not 1')
    expect(String(coverage)).toBe('states 3/6, transitions 3/7')
  })
})
