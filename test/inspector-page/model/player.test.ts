import { describe, expect, test } from '@jest/globals'
import { type Frames, Player } from '../../../src/inspector-page/model/player.ts'
import { Recording } from '../../../src/inspector-page/model/recording.ts'
import { Teller } from '../support/teller.ts'

/** A screen whose frames come when they are told to. */
class Screen implements Frames {
  now = 5_000
  #next: ((now: number) => void) | null = null

  request(callback: (now: number) => void): number {
    this.#next = callback
    return 1
  }

  cancel(): void {
    this.#next = null
  }

  get isDrawing(): boolean {
    return this.#next !== null
  }

  frames(count: number, milliseconds = 20): void {
    for (let i = 0; i < count; i++) {
      this.now += milliseconds
      const next = this.#next
      this.#next = null
      next?.(this.now)
    }
  }
}

function playing(): { recording: Recording; screen: Screen; player: Player } {
  const teller = new Teller()
  const messages = [teller.begin(), ...Array.from({ length: 99 }, () => teller.after(100).event('x:0', 'e'))]
  const recording = new Recording('r', messages)
  const screen = new Screen()
  return { recording, screen, player: new Player(recording, screen) }
}

describe('a recording that goes on by itself', () => {
  test.each([1, 4, 16] as const)('at %s times its speed, to its end, where it stops', (speed) => {
    const { recording, screen, player } = playing()
    player.speed = speed
    player.play()
    expect([player.isPlaying, recording.position]).toEqual([true, 0])
    screen.frames(1)
    // 400 ms of the screen.
    screen.frames(20)
    expect(recording.time - recording.startsAt).toBe(400 * speed)
    screen.frames(1_000)
    expect([player.isPlaying, recording.isAtEnd, screen.isDrawing]).toEqual([false, true, false])
  })

  test('pauses, and goes on from where it is', () => {
    const { recording, screen, player } = playing()
    recording.seekToTime(recording.startsAt + 1_000)
    player.play()
    screen.frames(11)
    player.pause()
    expect(screen.isDrawing).toBe(false)
    expect(recording.time - recording.startsAt).toBe(1_200)
    screen.now += 60_000
    player.play()
    screen.frames(11)
    expect(recording.time - recording.startsAt).toBe(1_400)
  })

  test('from wherever somebody moves it meanwhile, and at another speed', () => {
    const { recording, screen, player } = playing()
    recording.seek(1)
    player.play()
    screen.frames(11)
    recording.seekToTime(recording.startsAt + 5_000)
    screen.frames(11)
    expect(recording.time - recording.startsAt).toBe(5_200)
    player.speed = 4
    screen.frames(11)
    expect(recording.time - recording.startsAt).toBe(6_000)
  })

  test('from the beginning, if it was at the end', () => {
    const { recording, screen, player } = playing()
    expect(recording.isAtEnd).toBe(true)
    player.play()
    screen.frames(1)
    expect(recording.position).toBeLessThan(2)
  })

  test('whoever shows it hears when it begins and ends', () => {
    const { screen, player } = playing()
    const heard: boolean[] = []
    player.subscribe(() => heard.push(player.isPlaying))
    player.play()
    player.play()
    screen.frames(2_000)
    player.pause()
    expect(heard).toEqual([true, false])
  })
})
