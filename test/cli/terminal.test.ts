import type { ReadStream, WriteStream } from 'node:tty'
import { describe, expect, test } from '@jest/globals'
import { readKeys } from '../../src/cli/demo/keyboard.ts'
import type { ScreenState } from '../../src/cli/demo/screen-state.ts'
import { TerminalDisplay } from '../../src/cli/demo/terminal.ts'

const STATE: ScreenState = {
  elapsed: 1_000,
  peers: [],
  news: [{ at: 500, text: 'peer 1 failed: broken', tone: 'bad' }],
  footer: 'q quit',
}

/** As much of a terminal as the display uses. */
class FakeTerminal {
  written = ''
  readonly columns: number
  readonly rows: number
  readonly #colors: boolean

  constructor({ columns = 60, rows = 14, colors = true } = {}) {
    this.columns = columns
    this.rows = rows
    this.#colors = colors
  }

  write(text: string): boolean {
    this.written += text
    return true
  }

  hasColors(): boolean {
    return this.#colors
  }

  /** What was written since the last call. */
  take(): string {
    const { written } = this
    this.written = ''
    return written
  }

  get stream(): WriteStream {
    return this as unknown as WriteStream
  }
}

describe('the terminal', () => {
  test('is taken over, and given back once', () => {
    const terminal = new FakeTerminal()
    const listeners = process.listenerCount('exit')
    const display = new TerminalDisplay(terminal.stream)
    expect(terminal.take()).toBe('\x1b[?1049h\x1b[?25l')
    expect(process.listenerCount('exit')).toBe(listeners + 1)
    display.close()
    expect(terminal.take()).toBe('\x1b[?25h\x1b[?1049l')
    expect(process.listenerCount('exit')).toBe(listeners)
    display.close()
    display.show(STATE)
    expect(terminal.take()).toBe('')
  })

  test('gets each screen in one piece, from its upper left corner, without a line too many', () => {
    const terminal = new FakeTerminal()
    const display = new TerminalDisplay(terminal.stream)
    terminal.take()
    display.show(STATE)
    const screen = terminal.take()
    expect(screen.startsWith('\x1b[H')).toBe(true)
    expect(screen.endsWith('q quit\x1b[22m\x1b[K\x1b[J')).toBe(true)
    expect(screen.split('\r\n')).toHaveLength(14)
    expect(screen).toContain('\x1b[31m  peer 1 failed: broken\x1b[39m')
    display.close()
  })

  test('without colors gets plain text', () => {
    const terminal = new FakeTerminal({ colors: false })
    const display = new TerminalDisplay(terminal.stream)
    terminal.take()
    display.show(STATE)
    const text = terminal.take().replaceAll('\x1b[K', '').replace('\x1b[H', '').replace('\x1b[J', '')
    expect(text).toContain('  peer 1 failed: broken')
    expect(text).not.toContain('\x1b')
    display.close()
  })

  test('that tells no size is taken for the usual one', () => {
    const terminal = new FakeTerminal({ columns: 0, rows: 0 })
    const display = new TerminalDisplay(terminal.stream)
    display.show(STATE)
    expect(terminal.take().split('\r\n')).toHaveLength(24)
    display.close()
  })
})

describe('the keyboard', () => {
  test('gives single keys, Ctrl-C as q, and gives the terminal its mode back', () => {
    const calls: string[] = []
    let hear: (data: Buffer) => void = () => undefined
    const stdin = {
      setRawMode: (on: boolean) => calls.push(`raw ${on}`),
      on: (_: 'data', listener: typeof hear) => (hear = listener),
      off: () => calls.push('off'),
      pause: () => calls.push('pause'),
    }
    const keys: string[] = []
    const stop = readKeys(stdin as unknown as ReadStream, (key) => keys.push(key))
    hear(Buffer.from('ak'))
    hear(Buffer.from('\x03'))
    expect(keys).toEqual(['a', 'k', 'q'])
    stop()
    expect(calls).toEqual(['raw true', 'off', 'raw false', 'pause'])
  })
})
