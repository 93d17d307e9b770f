import { afterAll, describe, expect, test } from '@jest/globals'
import { createLobbyServer } from '../../../../src/lobby-server.ts'
import { Child } from '../../../support/child-process.ts'
import { waitFor } from '../../../support/real-time.ts'
import { removeBundles, runChild } from '../../../support/run-child.ts'
import { TcpGate } from '../../../support/tcp-gate.ts'

afterAll(removeBundles)

describe('leave() of members with real connections', () => {
  // What comes before the first space is the state.
  test.each([
    'offering',
    'offering without ICE servers',
    'checking',
    'securing',
    'connected',
    'backingOff after DTLS',
    'backingOff after a DTLS that took too long',
    'gaveUp after DTLS',
  ])('%s: resolves, and the process ends by itself', async (name) => {
    const result = await runChild('test/services/lobby/client/children/leave-in-state.ts', { args: [name] })
    expect(result).toMatchObject({ code: 0, signal: null, stderr: '' })
    const { reached, took } = JSON.parse(result.stdout) as { reached: string; took: number }
    expect(reached).toBe(name.split(' ')[0])
    // A graceful close takes two seconds at most.
    expect(took).toBeLessThan(3_000)
  })

  test('while the server says nothing any more: the process ends all the same', async () => {
    const server = await createLobbyServer({ port: 0, host: '127.0.0.1' })
    const gate = await TcpGate.open(Number(new URL(server.url).port))
    const member = await Child.start<{ id: number }>(
      'test/services/lobby/fleet/member-process.ts',
      `ws://127.0.0.1:${gate.port}`,
      'x',
    )
    try {
      await waitFor(() => member.news.length > 0, `the member has joined (${member.errors})`)
      gate.mute()
      const start = performance.now()
      member.tell({ is: 'leave' })
      await expect(member.ended()).resolves.toBe(0)
      // `ws` would wait half a minute for the server's goodbye.
      expect(performance.now() - start).toBeLessThan(10_000)
    } finally {
      await member.kill()
      await gate.close()
      await server.close()
    }
  })
})
