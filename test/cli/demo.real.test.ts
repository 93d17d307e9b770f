import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { RunSummary } from '../../src/cli/demo/summary.ts'
import { bundleChild } from '../support/run-child.ts'

/** Everything a run said, and how it ended. */
interface Outcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

let program = ''
const started: ChildProcess[] = []

beforeAll(async () => {
  program = await bundleChild('src/cli/main.ts')
})

afterEach(() => {
  for (const { pid } of started.splice(0)) if (pid !== undefined && groupLives(pid)) process.kill(-pid, 'SIGKILL')
})

/** The command line in a process group of its own, as a terminal would start it, so that one sees whether any process is left. */
class Run {
  readonly pid: number
  readonly ended: Promise<Outcome>
  stdout = ''
  readonly #process: ChildProcess
  #wake: () => void = () => undefined

  constructor(...args: string[]) {
    const child = spawn(process.execPath, [program, ...args], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    started.push(child)
    this.#process = child
    this.pid = child.pid ?? NaN
    let stderr = ''
    child.stdout.on('data', (data: Buffer) => {
      this.stdout += data.toString()
      this.#wake()
    })
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => {
        this.#wake()
        resolve({ code, signal, stdout: this.stdout, stderr })
      })
    })
  }

  /** Resolves when it has printed this. */
  async printed(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.stdout)) {
      if (this.#process.exitCode !== null) throw new Error(`it ended without printing ${pattern}:\n${this.stdout}`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  stopReading(): void {
    this.#process.stdout?.destroy()
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal)
  }

  /** As Ctrl-C in a terminal: every process of the group gets it. */
  interrupt(): void {
    process.kill(-this.pid, 'SIGINT')
  }
}

function groupLives(pid: number): boolean {
  try {
    return process.kill(-pid, 0)
  } catch {
    return false
  }
}

function groupSize(pid: number): number {
  const groups = spawnSync('ps', ['-eo', 'pgid='], { encoding: 'utf8' }).stdout
  return groups.split('\n').filter((group) => Number(group) === pid).length
}

/** Resolves when no process of the group is left; the test's own time limit bounds it. */
async function groupIsGone(pid: number): Promise<void> {
  while (groupLives(pid)) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('the bounded run', () => {
  test.each([4, 3, 2])('with %d peers everything arrives, and the numbers are right', async (peers) => {
    const packets = 10
    const run = new Run('demo', '--once', '--json', '--peers', String(peers), '--packets', String(packets))
    const { code, stdout, stderr } = await run.ended
    expect(stderr).toBe('')
    expect(stdout.trimEnd()).not.toContain('\n')
    const summary = JSON.parse(stdout) as RunSummary
    expect(summary.failures).toEqual([])
    expect({ ok: summary.ok, code, peers: summary.peers }).toEqual({ ok: true, code: 0, peers })

    const connections = (peers * (peers + 1)) / 2
    expect(summary.connections).toMatchObject({ expected: connections, formed: connections })
    const signals = { peerConnected: 2 * connections, peerDisconnected: peers }
    expect(summary.signals).toEqual({ expected: signals, seen: signals })

    // Everyone sends once with `peers` in the mesh, and once more with the late one.
    const sent = packets * (peers + peers + 1)
    const arrivals = {
      broadcast: packets * (peers * (peers - 1) + (peers + 1) * peers),
      one: sent,
      allButOne: packets * (peers * (peers - 2) + (peers + 1) * (peers - 1)),
    }
    expect(summary.channels.map(({ channel, mode, target }) => `${channel} ${mode} ${target}`)).toHaveLength(15)
    for (const row of summary.channels) {
      expect(row).toMatchObject({ sent, expected: arrivals[row.target], duplicated: 0 })
      expect(row.received + row.lost).toBe(row.expected)
      if (row.mode === 'reliable') expect(row).toMatchObject({ lost: 0, outOfOrder: 0 })
    }
    expect(Object.values(summary.times).every((time) => time !== null && time > 0)).toBe(true)
    expect(groupLives(run.pid)).toBe(false)
  })

  test('without --json it prints a table', async () => {
    const { code, stdout } = await new Run('demo', '--once', '--peers', '2', '--packets', '3').ended
    expect(stdout).toMatch(/^channel +target +sent +expected +received +lost/m)
    expect(stdout).toMatch(/ok: everything expected arrived\n$/)
    expect(code).toBe(0)
  })

  test('what does not come in time is an error, and nobody is left', async () => {
    const run = new Run('demo', '--once', '--json', '--peers', '3', '--timeout', '0.05')
    const { code, stdout } = await run.ended
    const summary = JSON.parse(stdout) as RunSummary
    expect(summary.ok).toBe(false)
    expect(summary.failures[0]).toBe('starting the peers: gave up after 0.05 s')
    expect(code).toBe(1)
    expect(groupLives(run.pid)).toBe(false)
  })

  test('an interrupted run is not ok', async () => {
    const run = new Run('demo', '--once', '--json', '--packets', '1000000')
    // It prints nothing before its end; once it has started its peers, it is far from done.
    while (groupSize(run.pid) < 2) await new Promise((resolve) => setTimeout(resolve, 20))
    run.interrupt()
    const { code, stdout } = await run.ended
    expect((JSON.parse(stdout) as RunSummary).failures[0]).toContain('interrupted by SIGINT')
    expect(code).toBe(1)
    expect(groupLives(run.pid)).toBe(false)
  })
})

describe('the live run', () => {
  test('peers join, are killed and leave; it ends by itself', async () => {
    const run = new Run('demo', '--peers', '3', '--every', '2', '--duration', '14')
    const { code, stdout, stderr } = await run.ended
    expect(stderr).toBe('')
    expect(stdout).toMatch(/peer [123] joined: all 2 connections after \d/)
    expect(stdout).toMatch(/peer 4 joined: all 3 connections after \d/)
    expect(stdout).toMatch(/peer 4 is killed/)
    expect(stdout).toMatch(/peer 5 joined: all 3 connections after \d/)
    expect(stdout).toMatch(/peer 1 leaves gracefully/)
    expect(stdout).toMatch(/peer \d saw peer 1 leave after \d/)
    expect(stdout).toMatch(/\d peers, \d+ of \d+ connections, median round trip/)
    expect(stdout).not.toMatch(/failed|lost/)
    expect(code).toBe(0)
    expect(groupLives(run.pid)).toBe(false)
  })

  test('a kill is told to everyone once the lobby has waited for the killed peer to come back', async () => {
    const run = new Run('demo', '--peers', '2', '--every', '3')
    await run.printed(/peer 2 saw peer 3 go after [3-5]\.\d s/)
    run.kill('SIGTERM')
    expect((await run.ended).code).toBe(0)
  }, 45_000)

  test('Ctrl-C ends it within three seconds, everyone closing', async () => {
    const run = new Run('demo', '--peers', '4', '--every', '0')
    await run.printed(/all 3 connections/)
    const before = performance.now()
    run.interrupt()
    const { code, signal, stdout, stderr } = await run.ended
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
    expect(performance.now() - before).toBeLessThan(3_500)
    expect(stdout).toMatch(/joined 4, killed 0, left 0\n$/)
    expect(groupLives(run.pid)).toBe(false)
  })

  test('Ctrl-C while it starts ends it too', async () => {
    const run = new Run('demo', '--every', '0')
    await run.printed(/peer \d is in the lobby/)
    run.interrupt()
    expect((await run.ended).code).toBe(0)
    expect(groupLives(run.pid)).toBe(false)
  })

  test('peers whose parent was killed close and end by themselves', async () => {
    const run = new Run('demo', '--peers', '3', '--every', '0')
    await run.printed(/all 2 connections/)
    run.kill('SIGKILL')
    await groupIsGone(run.pid)
  })

  test('a reader that stops reading ends it', async () => {
    const run = new Run('demo', '--peers', '2', '--every', '0.5')
    await run.printed(/joined/)
    run.stopReading()
    await groupIsGone(run.pid)
  })
})

describe('the command line', () => {
  test('--version and --help', async () => {
    expect((await new Run('--version').ended).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    const help = await new Run('--help').ended
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toContain('demo')
    expect(help.stdout).not.toContain('demo-peer')
    const demoHelp = await new Run('demo', '--help').ended
    expect(demoHelp.stdout).toContain('--peers N')
    expect(demoHelp.code).toBe(0)
  })

  test.each([
    [['dmeo'], "webrtc-multiplayer: unknown command 'dmeo'; there is: demo"],
    [['--bogus'], "webrtc-multiplayer: unknown option '--bogus'; a command comes first: demo"],
    [['toString'], "webrtc-multiplayer: unknown command 'toString'"],
    [['demo', '--peers', '1'], "webrtc-multiplayer: --peers is a whole number from 2 to 200, not '1'"],
    [['demo', '--peers', 'x'], "webrtc-multiplayer: --peers is a whole number from 2 to 200, not 'x'"],
    [['demo', '--bogus'], "webrtc-multiplayer: Unknown option '--bogus'; see: webrtc-multiplayer demo --help"],
    [['demo', '--json'], 'webrtc-multiplayer: --json needs --once'],
    [['demo-peer', '1'], 'webrtc-multiplayer: demo-peer is started by the demo'],
  ])('%j is a wrong use: one line and exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await new Run(...args).ended
    expect(stderr).toContain(message)
    expect(stderr.trimEnd()).not.toContain('\n')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})
