import { describe, expect, test } from '@jest/globals'
import { sneakPaths } from '../../../src/testing/paths/sneak-paths.ts'
import { walkSneakPath } from '../../../src/testing/paths/walk-path.ts'
import { LampDriver } from './lamp-driver.ts'
import { Lamp, light, LIGHT_EVENTS, type LightEvent } from './light.ts'

describe('sneakPaths', () => {
  test('for every state what it refuses, all of it in a final one', () => {
    const paths = sneakPaths(light, { events: LIGHT_EVENTS })
    expect(paths.map(({ name, refused }) => [name, refused.map(({ type }) => type)])).toEqual([
      ['at the start', ['BREAK', 'REPAIR']],
      ['PRESS', ['REPAIR']],
      ['PRESS > BREAK(fall)', ['PRESS', 'BREAK']],
      ['PRESS > BREAK(fall) > REPAIR', ['BREAK', 'REPAIR']],
      ['PRESS > BREAK(fall) > REPAIR > PRESS', ['REPAIR']],
      ['PRESS > BREAK(fall) > REPAIR > PRESS > BREAK(fall)', ['PRESS', 'BREAK', 'REPAIR']],
    ])
  })

  test('leaves out what is not possible', () => {
    const paths = sneakPaths(light, { events: LIGHT_EVENTS, isPossible: (_, { type }) => type === 'PRESS' })
    expect(paths).toEqual([])
  })
})

describe('walkSneakPath', () => {
  const walkAll = async (make: () => LampDriver): Promise<void> => {
    for (const path of sneakPaths(light, { events: LIGHT_EVENTS })) await walkSneakPath(path, make())
  }

  test('passes where nothing changes', async () => {
    await walkAll(() => new LampDriver())
  })

  test('finds what changes, and names it', async () => {
    const walk = walkAll(() => new LampDriver(new Lamp(true)))
    await expect(walk).rejects.toThrow('PRESS > BREAK(fall), then PRESS is refused: the lamp is on, not broken')
  })

  test('tries by the driver of its own, where there is one', async () => {
    const tried: string[] = []
    class Trying extends LampDriver {
      attempt({ type }: LightEvent, { value }: { value: string }): void {
        tried.push(`${type} in ${value}`)
      }
    }
    await walkAll(() => new Trying(new Lamp(true)))
    expect(tried).toHaveLength(11)
    expect(tried).toContain('PRESS in broken')
  })
})
