import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'
import { type Line, plainText } from './line.ts'
import { renderScreen } from './screen.ts'
import type { ScreenState, Tone } from './screen-state.ts'

const ENTER_ALTERNATE_SCREEN = '\x1b[?1049h'
const LEAVE_ALTERNATE_SCREEN = '\x1b[?1049l'
const HIDE_CURSOR = '\x1b[?25l'
const SHOW_CURSOR = '\x1b[?25h'
const HOME = '\x1b[H'
const CLEAR_TO_END_OF_LINE = '\x1b[K'
const CLEAR_TO_END_OF_SCREEN = '\x1b[J'

/** For a terminal that says it has no size, as some do. */
const USUAL_SIZE = { columns: 80, rows: 24 }

const FORMATS: Readonly<Record<Exclude<Tone, 'plain'>, Parameters<typeof styleText>[0]>> = {
  strong: 'bold',
  faint: 'dim',
  good: 'green',
  waiting: 'yellow',
  bad: 'red',
}

/** Shows the live screen in a terminal. The terminal is as it was before when {@link close} returns, or when the process ends without. */
export class TerminalDisplay {
  readonly #stream: WriteStream
  readonly #restore = (): void => {
    this.close()
  }
  #isOpen = true

  constructor(stream: WriteStream) {
    this.#stream = stream
    stream.write(ENTER_ALTERNATE_SCREEN + HIDE_CURSOR)
    process.once('exit', this.#restore)
  }

  show(state: ScreenState): void {
    if (!this.#isOpen) return
    const { columns, rows } = this.#stream
    const lines = renderScreen(state, columns > 0 && rows > 0 ? { columns, rows } : USUAL_SIZE)
    // In one write and without clearing first, so that nothing flickers.
    this.#stream.write(
      HOME + lines.map((line) => this.#paint(line) + CLEAR_TO_END_OF_LINE).join('\r\n') + CLEAR_TO_END_OF_SCREEN,
    )
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    process.off('exit', this.#restore)
    this.#stream.write(SHOW_CURSOR + LEAVE_ALTERNATE_SCREEN)
  }

  #paint(line: Line): string {
    // hasColors() respects NO_COLOR and TERM; styleText would ask standard output once more for every piece.
    if (!this.#stream.hasColors()) return plainText(line)
    return line.map(({ text, tone }) => (tone === 'plain' ? text : paint(text, tone))).join('')
  }
}

function paint(text: string, tone: keyof typeof FORMATS): string {
  return styleText(FORMATS[tone], text, { validateStream: false })
}
