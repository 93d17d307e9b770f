import { describe, jest, test } from '@jest/globals'
import {
  isPossibleInLobbySessionModel,
  lobbySessionModelEvents,
} from '../../../src/testing/models/lobby-session-model-events.ts'
import type {
  LobbySessionModelEvent,
  LobbySessionModelMember,
  LobbySessionModelOptions,
} from '../../../src/testing/models/lobby-session-model-types.ts'
import { lobbySessionModel } from '../../../src/testing/models/lobby-session-model.ts'
import { sneakPaths } from '../../../src/testing/paths/sneak-paths.ts'
import { transitionPaths } from '../../../src/testing/paths/transition-paths.ts'
import { walkPath, walkSneakPath } from '../../../src/testing/paths/walk-path.ts'
import { led } from '../support/led.ts'
import { LobbySessionDriver } from '../support/lobby-session-driver.ts'
import { PATIENCE } from '../support/patience.ts'
import { report } from '../support/report.ts'

jest.setTimeout(PATIENCE)

interface Case extends LobbySessionModelOptions {
  name: string
  /** Who comes and goes, beside the host that a guest finds. */
  others?: readonly LobbySessionModelMember[]
  /** Also leaves out what the other cases pass. */
  without?: readonly LobbySessionModelEvent['type'][]
}

const CASES: readonly Case[] = [
  { name: 'a guest', role: 'guest', server: 'extended', others: [] },
  {
    name: 'a guest of a lobby that outlives its host',
    role: 'guest',
    server: 'extended',
    onHostLeave: 'keep',
    without: ['SEAL', 'ABORT'],
  },
  { name: "a guest at Godot's demo server", role: 'guest', server: 'plain', others: [] },
  { name: 'a host', role: 'host', server: 'extended' },
  { name: 'a host of a lobby that outlives it', role: 'host', server: 'extended', onHostLeave: 'keep' },
  { name: "a host at Godot's demo server", role: 'host', server: 'plain' },
]

/** Steps of one path. */
const JOIN = 12

describe.each(CASES)(
  'the session of $name keeps to its specification',
  ({ name, others, without = [], ...options }) => {
    const events = lobbySessionModelEvents(options, others).filter(({ type }) => !without.includes(type))
    const path = { events, isPossible: isPossibleInLobbySessionModel }

    test('in every transition', async () => {
      const { paths, coverage } = transitionPaths(lobbySessionModel(options), { ...path, join: JOIN })
      for (const way of paths) {
        await led(await LobbySessionDriver.start(options), (driver) => walkPath(way, coverage, driver))
      }
      report(`lobby session of ${name}`, coverage, paths.length)
    })

    test('which refuses what it must, in every state', async () => {
      for (const way of sneakPaths(lobbySessionModel(options), path)) {
        await led(await LobbySessionDriver.start(options), (driver) => walkSneakPath(way, driver))
      }
    })
  },
)
