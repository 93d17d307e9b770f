import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { filter, firstValueFrom, merge, startWith } from 'rxjs'
import { type JoinedLobby, joinLobby } from '../../lobby.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { Command } from '../command.ts'
import { Conversation } from './conversation.ts'
import { printable } from './printable.ts'
import { JOIN_HELP, type JoinArguments, parseJoinOptions } from './options.ts'

/** States of a dial in which nothing more is to be expected for now. */
const SETTLED: ReadonlySet<string> = new Set(['connected', 'gaveUp', 'dismissed', 'left'])

/** `webrtc-multiplayer join`. */
export const joinCommand: Command = {
  help: JOIN_HELP,
  run: async (args) => {
    const options = parseJoinOptions(args, process.env)
    const leaving = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        leaving.abort()
      })
    }
    try {
      await takePart(options, leaving.signal)
      return 0
    } catch (error) {
      if (leaving.signal.aborted) return 0
      if (!(error instanceof MultiplayerError)) throw error
      process.stderr.write(`webrtc-multiplayer: ${printable(error.message)}\n`)
      return 1
    }
  },
}

async function takePart(options: JoinArguments, signal: AbortSignal): Promise<void> {
  const { url, lobby, create, mode, channels, iceServers, token, json } = options
  const joined = await joinLobby(url, {
    mode,
    channels,
    signal,
    ...(lobby !== undefined && { lobby }),
    ...(create && { create: true }),
    ...(iceServers && { iceServers }),
    ...(token !== undefined && { token }),
  })
  try {
    new Conversation(process.stdout, process.stderr, json).follow(joined)
    await firstDials(joined)
    await sendLines(process.stdin, joined, signal)
  } finally {
    await joined.leave()
    // A terminal would keep the process otherwise.
    process.stdin.destroy()
  }
}

/** Whoever was there before is connected, or will not be: so that the first lines reach them. */
async function firstDials({ dials$, members$, members, state$ }: JoinedLobby): Promise<void> {
  const waiting = new Set(members)
  const changes$ = merge(dials$, members$, state$.pipe(filter((state) => state === 'left')))
  const subscription = dials$.subscribe(({ peer, state }) => {
    if (SETTLED.has(state)) waiting.delete(peer)
  })
  await firstValueFrom(
    changes$.pipe(
      startWith(null),
      filter(() => waiting.size === 0),
    ),
    { defaultValue: null },
  )
  subscription.unsubscribe()
}

/** Resolves at the end of the input, when everything was brought out as far as it goes, or when the signal aborts. */
async function sendLines(input: Readable, { peer }: JoinedLobby, signal: AbortSignal): Promise<void> {
  const lines = createInterface({ input, signal })
  try {
    for await (const line of lines) {
      if (line !== '') peer.send(new TextEncoder().encode(line))
      await peer.drain()
    }
  } finally {
    lines.close()
  }
}
