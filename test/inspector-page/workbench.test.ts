import { describe, expect, test } from '@jest/globals'
import type { Input, InputEvents } from '../../src/inspector-page/inputs/input.ts'
import { openFile, openUrl } from '../../src/inspector-page/inputs/open-recording.ts'
import { Workbench } from '../../src/inspector-page/workbench.ts'
import { Teller } from './support/teller.ts'

/** Somebody who tells when the test says so. */
class Told implements Input {
  events: InputEvents | null = null

  start(events: InputEvents): () => void {
    this.events = events
    return () => {
      this.events = null
    }
  }

  get now(): InputEvents {
    if (!this.events) throw new Error('It was not started, or has ended.')
    return this.events
  }
}

function live(): { workbench: Workbench; input: Told; teller: Teller; end: () => void } {
  const workbench = new Workbench()
  const input = new Told()
  const end = workbench.listen(input)
  return { workbench, input, teller: new Teller(), end }
}

describe('what is live', () => {
  test('the best of all inputs says how it is connected', () => {
    const { workbench, input, end } = live()
    const other = new Told()
    const endOther = workbench.listen(other)
    expect(workbench.connection).toBe('connecting')
    input.now.state('lost')
    expect(workbench.connection).toBe('connecting')
    other.now.state('open')
    expect(workbench.connection).toBe('open')
    endOther()
    expect([workbench.connection, workbench.isLive]).toEqual(['lost', true])
    end()
    expect([workbench.connection, workbench.isLive]).toEqual([null, false])
  })

  test('an inspector that comes back tells all anew; what was seen before can still be opened', () => {
    const { workbench, input, teller } = live()
    input.now.restart()
    expect(workbench.hasBefore).toBe(false)
    input.now.messages([teller.begin('first'), teller.mesh(1)])
    const { session } = workbench
    input.now.restart()
    input.now.messages([new Teller('q').begin('second')])
    expect(workbench.session).not.toBe(session)
    expect([...workbench.session.sources.values()].map(({ name }) => name)).toEqual(['second'])
    workbench.openBefore()
    expect([...workbench.session.sources.values()].map(({ name }) => name)).toEqual(['first'])
    workbench.backToLive()
    workbench.forgetBefore()
    expect([workbench.hasBefore, workbench.session]).toEqual([false, workbench.live])
  })

  test('messages that were missed are counted', () => {
    const { workbench, input } = live()
    input.now.missed(3)
    input.now.missed(4)
    expect(workbench.missed).toBe(7)
  })

  test('is looked at moment by moment while it goes on', () => {
    const { workbench, input, teller } = live()
    input.now.messages([teller.begin(), teller.mesh(1, 'disconnected')])
    workbench.rewind()
    workbench.recording?.seek(1)
    input.now.messages([teller.peer(1, 2)])
    expect(workbench.session.actors.size).toBe(0)
    workbench.backToLive()
    expect(workbench.session.actors.size).toBe(2)
    expect(workbench.player).toBe(null)
  })

  test('saved, it is a file that opens again', async () => {
    const { workbench, input, teller } = live()
    input.now.messages([teller.begin(), teller.mesh(1), teller.verdict(1, 2), teller.peer(1, 3)])
    const { blob, name } = workbench.save()
    expect(name).toMatch(/^session-1970-01-01T00-00-01\.jsonl$/)
    expect(workbench.saved).toBe(`Saved as ${name}.`)
    await workbench.open(openFile(new File([blob], name)))
    expect(workbench.recording?.messages).toHaveLength(4)
    // It opens where something failed.
    expect([workbench.recording?.entry, workbench.session.actors.size]).toEqual([2, 1])
  })
})

describe('opening', () => {
  test('what is no recording is said, and nothing else changes', async () => {
    const { workbench } = live()
    const { session } = workbench
    const opening = workbench.open(openFile(new File(['hello\n'], 'notes.txt')))
    expect(workbench.isOpening).toBe(true)
    await opening
    expect([workbench.isOpening, workbench.recording, workbench.session]).toEqual([false, null, session])
    expect(workbench.problem).toMatch(/^notes\.txt is no recording/)
    workbench.dismissProblem()
    expect(workbench.problem).toBe(null)
  })

  test('recordings of other hosts are not asked for', async () => {
    const page = new URL('http://127.0.0.1:9280/?recording=x')
    await expect(openUrl('http://evil.example/recording', page)).rejects.toThrow(/another host/)
    await expect(openUrl('//evil.example/recording', page)).rejects.toThrow(/another host/)
  })

  test('a server that does not answer, or not with a recording', async () => {
    await expect(openUrl('/recording', new URL('http://127.0.0.1:1/'))).rejects.toThrow(/recording cannot be loaded/)
  })
})
