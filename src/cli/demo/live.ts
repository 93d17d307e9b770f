import { Board } from './board.ts'
import type { Inspector } from '../../services/inspector/server/inspector.ts'
import type { ChildPeer } from './child-peer.ts'
import { openInspector, recordedText } from './demo-inspector.ts'
import { Fleet, type FleetEvent } from './fleet.ts'
import { LobbyHost } from './lobby-host.ts'
import { readKeys } from './keyboard.ts'
import type { LiveArguments } from './options.ts'
import { PlainDisplay } from './plain-display.ts'
import type { NewsItem, ScreenState } from './screen-state.ts'
import { TerminalDisplay } from './terminal.ts'

/** Who comes and goes, one step at a time, over and over. A pause before the next joins, in which the kill is noticed. */
const RHYTHM = ['add', 'kill', 'pause', 'pause', 'add', 'leave'] as const

type Step = (typeof RHYTHM)[number]

const REPORT_EVERY = 500
const DRAW_EVERY = 250
/** Milliseconds for everyone to close before they are killed: Ctrl-C should not be felt as hanging. */
const CLOSE_PATIENCE = 3_000

/** Runs the live demo until it is ended, by time, signal or key. Returns the exit code: 0, or 1 if a peer failed by itself. */
export function runLive(program: string, options: LiveArguments): Promise<number> {
  return new LiveRun(program, options).run()
}

class LiveRun {
  readonly #options: LiveArguments
  readonly #fleet: Fleet
  readonly #board: Board
  readonly #display: TerminalDisplay | PlainDisplay
  readonly #started = performance.now()
  readonly #stopped: Promise<void>
  readonly #counts = { joined: 0, killed: 0, left: 0, failed: 0 }
  #stop: () => void = () => undefined
  #host: LobbyHost | null = null
  #inspector: Inspector | null = null
  #isClosing = false
  #step = 0

  constructor(program: string, options: LiveArguments) {
    this.#options = options
    const { stdout } = process
    const plain = new PlainDisplay((text) => stdout.write(text))
    this.#display = stdout.isTTY ? new TerminalDisplay(stdout) : plain
    this.#board = new Board(
      stdout.isTTY
        ? undefined
        : (item: NewsItem) => {
            plain.tell(item)
          },
    )
    this.#fleet = new Fleet(program)
    this.#fleet.events$.subscribe((event) => {
      this.#hear(event)
    })
    this.#stopped = new Promise((resolve) => {
      this.#stop = resolve
    })
  }

  async run(): Promise<number> {
    const { peers, duration, every } = this.#options
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        this.#end()
      })
    }
    const stopKeys = process.stdin.isTTY ? readKeys(process.stdin, (key) => this.#press(key)) : () => undefined
    try {
      await this.#open()
    } catch (error) {
      // So that what is wrong is printed where one reads it.
      stopKeys()
      this.#display.close()
      throw error
    }
    for (let i = 0; i < peers; i++) this.#add()
    const timers = [
      setInterval(() => {
        this.#fleet.running.forEach((peer) => {
          peer.tell({ type: 'report' })
        })
      }, REPORT_EVERY),
      setInterval(() => {
        this.#draw()
      }, DRAW_EVERY),
    ]
    if (every !== null) timers.push(setInterval(() => this.#takeStep(), every))
    const limit = duration === null ? undefined : setTimeout(() => this.#end(), duration)

    await this.#stopped
    this.#isClosing = true
    clearTimeout(limit)
    this.#draw()
    const late = await this.#fleet.close(CLOSE_PATIENCE)
    await this.#host?.close()
    await this.#inspector?.close()
    for (const timer of timers) clearInterval(timer)
    stopKeys()
    this.#display.close()
    process.stdout.write(`${this.#farewell(late)}\n`)
    return this.#counts.failed === 0 ? 0 : 1
  }

  async #open(): Promise<void> {
    const { port, inspector: isWanted, record } = this.#options
    const inspector = isWanted ? await openInspector({ record, isLive: true }) : null
    this.#inspector = inspector
    try {
      this.#host = await LobbyHost.open({ port, isLive: true, inspector: inspector?.reportUrl ?? null })
    } catch (error) {
      await inspector?.close()
      throw error
    }
    this.#board.tell(this.#now, this.#invitation(this.#host), 'strong')
    if (inspector !== null) {
      this.#board.tell(this.#now, `inspector at ${inspector.url}: every connection and statechart, live`, 'strong')
    } else if (isWanted) {
      this.#board.tell(this.#now, 'no inspector, since its page was not built: npm run build', 'waiting')
    }
  }

  get #now(): number {
    return performance.now() - this.#started
  }

  /** Asked twice, it does not wait for anyone. */
  #end(): void {
    if (this.#isClosing) this.#fleet.peers.forEach((peer) => peer.kill())
    this.#stop()
  }

  #press(key: string): void {
    if (key === 'a') this.#do('add')
    else if (key === 'k') this.#do('kill')
    else if (key === 'l') this.#do('leave')
    else if (key === 'q') this.#end()
  }

  /** Whoever has come is let in first, so that one sees them join before something happens to them. */
  #takeStep(): void {
    if (this.#board.isSomebodyArriving) return
    const step = RHYTHM[this.#step++ % RHYTHM.length]
    if (step !== undefined) this.#do(step)
  }

  #do(step: Step): void {
    if (this.#isClosing) return
    const { running } = this.#fleet
    if (step === 'add') this.#add()
    else if (step === 'kill') this.#kill(running.at(-1))
    else if (step === 'leave') this.#leave(running[0])
  }

  #add(): void {
    const { id, pid } = this.#fleet.add()
    this.#board.starting(id, pid)
  }

  #kill(peer: ChildPeer | undefined): void {
    if (peer === undefined) return
    this.#counts.killed++
    peer.kill()
    this.#board.killed(peer.id, this.#now)
  }

  #leave(peer: ChildPeer | undefined): void {
    if (peer === undefined) return
    this.#counts.left++
    this.#board.leaving(peer.id, this.#now)
    peer.leave()
  }

  #hear(event: FleetEvent): void {
    // While everyone leaves at once, who still notices whom is no news.
    if (this.#isClosing && event.type !== 'failed') return
    this.#board.hear(event, this.#now)
    if (event.type === 'failed') this.#counts.failed++
    if (event.type === 'ready') this.#admit(event.of)
    if (event.type === 'joined') this.#begin(event.of)
  }

  #admit(id: number): void {
    if (this.#host !== null) this.#fleet.join(id, this.#host.meeting)
  }

  #begin(id: number): void {
    const others = this.#fleet.running.map((peer) => peer.id).filter((other) => other !== id)
    this.#counts.joined++
    this.#board.joining(id, others, this.#now)
    this.#fleet.get(id)?.tell({ type: 'send', rounds: null, every: this.#roundEvery() })
  }

  /** Ten rounds a second in a small mesh. The traffic of all grows with the square of the peers; from ten on the rounds become rarer, so that it stays the same. */
  #roundEvery(): number {
    return Math.max(100, this.#options.peers ** 2)
  }

  #draw(): void {
    const state: ScreenState = {
      elapsed: this.#now,
      peers: this.#board.rows(this.#now),
      news: this.#board.news,
      footer: this.#footer(),
    }
    this.#display.show(state)
  }

  #footer(): string {
    if (this.#isClosing) return 'closing ...'
    const visit = this.#host?.pageUrl ? `${this.#host.pageUrl} joins   ` : ''
    const inspect = this.#inspector ? `${this.#inspector.url} inspects   ` : ''
    return (
      visit +
      inspect +
      (process.stdin.isTTY ? 'a add a peer   k kill one   l let one leave   q quit' : 'Ctrl-C ends it')
    )
  }

  #invitation({ meeting, pageUrl }: LobbyHost): string {
    const visit = pageUrl === null ? '' : `; open ${pageUrl} in a browser to join`
    return `lobby '${meeting.lobby}' at ${meeting.url}${visit}`
  }

  #farewell(late: readonly number[]): string {
    const { joined, killed, left, failed } = this.#counts
    const counts = [`joined ${joined}`, `killed ${killed}`, `left ${left}`]
    if (failed > 0) counts.push(`failed ${failed}`)
    if (late.length > 0) counts.push(`not closed in time ${late.length}`)
    const recorded = this.#inspector && recordedText(this.#inspector)
    if (recorded) counts.push(recorded)
    return `webrtc-multiplayer demo: ${Math.round(this.#now / 1000)} s, ${counts.join(', ')}`
  }
}
