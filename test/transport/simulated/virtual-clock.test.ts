import { describe, expect, test } from '@jest/globals'
import { delay, interval, map, of, take, timer } from 'rxjs'
import { createActor, createMachine } from 'xstate'
import { VirtualClock } from '../../../src/testing/index.ts'

/** What is written down, with the time at which it was. */
function diary(clock: VirtualClock): { entries: string[]; note: (text: string) => () => void } {
  const entries: string[] = []
  return { entries, note: (text) => () => entries.push(`${clock.now()} ${text}`) }
}

describe('timers', () => {
  test('run in the order of their times, then in the order in which they were set', () => {
    const clock = new VirtualClock()
    const { entries, note } = diary(clock)
    clock.setTimeout(note('c'), 20)
    clock.setTimeout(note('a'), 10)
    clock.setTimeout(note('d'), 20)
    clock.setTimeout(note('b'), 10)
    clock.advance(19)
    expect(entries).toEqual(['10 a', '10 b'])
    clock.advance(1)
    expect(entries).toEqual(['10 a', '10 b', '20 c', '20 d'])
    expect(clock.now()).toBe(20)
  })

  test('10,000 of them at random times run sorted, also when half of them are cleared', () => {
    const clock = new VirtualClock()
    const ran: number[] = []
    let state = 7
    const timers = Array.from({ length: 10_000 }, () => {
      state = (state * 1103515245 + 12345) % 2147483648
      return clock.setTimeout(() => ran.push(clock.now()), state % 1000)
    })
    timers.forEach((id, index) => {
      if (index % 2 === 0) clock.clearTimeout(id)
    })
    expect(clock.pending).toBe(5000)
    clock.advance(1000)
    expect(ran).toHaveLength(5000)
    expect(ran).toEqual([...ran].sort((a, b) => a - b))
  })

  test('set by a timer run in the same advance if they fall due in it', () => {
    const clock = new VirtualClock()
    const { entries, note } = diary(clock)
    clock.setTimeout(() => {
      clock.setTimeout(note('second'), 5)
      clock.setTimeout(note('later turn'), 0)
      clock.setTimeout(note('too late'), 50)
    }, 10)
    clock.advance(20)
    expect(entries).toEqual(['10 later turn', '15 second'])
  })

  test('that are cleared do not run; clearing again, or nothing, is harmless', () => {
    const clock = new VirtualClock()
    const { entries, note } = diary(clock)
    const id = clock.setTimeout(note('never'), 10)
    const ran = clock.setTimeout(note('ran'), 5)
    clock.advance(5)
    for (const each of [id, id, ran, null, undefined]) clock.clearTimeout(each)
    clock.advance(10)
    expect(entries).toEqual(['5 ran'])
    expect(clock.pending).toBe(0)
  })

  test('that throw stop the clock at their time', () => {
    const clock = new VirtualClock()
    clock.setTimeout(() => {
      throw new Error('broken')
    }, 10)
    expect(() => {
      clock.advance(100)
    }).toThrow('broken')
    expect(clock.now()).toBe(10)
  })
})

describe('promises', () => {
  test('run() lets them run between timers, however long their chains', async () => {
    const clock = new VirtualClock()
    const { entries, note } = diary(clock)
    clock.setTimeout(() => {
      void (async () => {
        for (let step = 0; step < 100; step++) await Promise.resolve()
        note('end of the chain')()
      })()
    }, 10)
    clock.setTimeout(note('next timer'), 10)
    await clock.run(10)
    expect(entries).toEqual(['10 end of the chain', '10 next timer'])
  })

  test('runUntil() stops as soon as the condition holds', async () => {
    const clock = new VirtualClock()
    let count = 0
    interval(10, clock).subscribe(() => count++)
    await clock.runUntil(() => count === 3)
    expect([count, clock.now()]).toEqual([3, 30])
  })

  test('runUntil() rejects when nothing is left to run, and at its limit', async () => {
    const clock = new VirtualClock()
    await expect(clock.runUntil(() => false, { what: 'the moon' })).rejects.toThrow(/Nothing is left.*the moon/)
    interval(10, clock).subscribe()
    await expect(clock.runUntil(() => false, { limit: 100 })).rejects.toThrow(/100 ms of virtual time/)
    expect(clock.now()).toBe(100)
  })

  test('runUntilIdle() runs until no timer is set', async () => {
    const clock = new VirtualClock()
    interval(10, clock).pipe(take(5)).subscribe()
    await clock.runUntilIdle()
    expect([clock.now(), clock.pending]).toEqual([50, 0])
  })
})

describe('other libraries', () => {
  test('RxJS: timer, delay and interval, and no timer is left after unsubscribing', () => {
    const clock = new VirtualClock()
    const { entries, note } = diary(clock)
    timer(30, clock).subscribe(note('timer'))
    of('x').pipe(delay(20, clock)).subscribe(note('delay'))
    const subscription = interval(25, clock)
      .pipe(map((n) => n + 1))
      .subscribe((n) => {
        note(`interval ${n}`)()
      })
    clock.advance(60)
    expect(entries).toEqual(['20 delay', '25 interval 1', '30 timer', '50 interval 2'])
    subscription.unsubscribe()
    expect(clock.pending).toBe(0)
  })

  test('XState: delayed transitions', () => {
    const clock = new VirtualClock()
    const machine = createMachine({ initial: 'waiting', states: { waiting: { after: { 1000: 'done' } }, done: {} } })
    const actor = createActor(machine, { clock }).start()
    clock.advance(999)
    expect(actor.getSnapshot().value).toBe('waiting')
    clock.advance(1)
    expect(actor.getSnapshot().value).toBe('done')
  })
})
