import { describe, expect, test } from '@jest/globals'
import { EMPTY_SCENE, nextScene, type Scene, type SceneEvent } from '../../examples/browser-cursors/src/scene.ts'
import { decode, encode, MAX_TEXT, type Message } from '../../examples/browser-cursors/src/wire.ts'

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

describe('the packets of browser-cursors', () => {
  test.each<[string, Message]>([
    ['a cursor', { is: 'cursor', x: 0, y: 1 }],
    ['a name', { is: 'hello', name: 'Zoë 🦉', hue: 359 }],
    ['the longest text', { is: 'chat', text: '\u0000'.repeat(MAX_TEXT - 1) + 'x' }],
  ])('%s arrives as it was sent', (_, message) => {
    expect(decode(encode(message))).toEqual(message)
  })

  test('a cursor takes five bytes, is exact to less than a pixel, and stays on the stage', () => {
    const packet = encode({ is: 'cursor', x: 1 / 3, y: 7 })
    expect(packet).toHaveLength(5)
    const { x, y } = decode(packet) as { x: number; y: number }
    expect(x).toBeCloseTo(1 / 3, 4)
    expect(y).toBe(1)
  })

  test.each([
    ['nothing', new Uint8Array()],
    ['a cursor cut short', Uint8Array.of(1, 0, 0, 0)],
    ['no JSON', Uint8Array.of(0x7b, 0xff)],
    ['null', bytesOf(null)],
    ['a hue off the circle', bytesOf({ is: 'hello', name: 'x', hue: 360 })],
    ['a name of spaces', bytesOf({ is: 'hello', name: '  ', hue: 0 })],
    ['a text too long', bytesOf({ is: 'chat', text: 'x'.repeat(MAX_TEXT + 1) })],
    ['too many bytes', bytesOf({ is: 'chat', text: 'x', more: 'x'.repeat(2048) })],
    ['an unknown kind', bytesOf({ is: 'shout', text: 'x' })],
  ])('%s is no message', (_, packet) => {
    expect(decode(packet)).toBeNull()
  })
})

describe('the scene of browser-cursors', () => {
  const after = (...events: SceneEvent[]): Scene => events.reduce(nextScene, EMPTY_SCENE)
  const heard = (message: Message, peer = 7): SceneEvent => ({ is: 'heard', peer, message })
  const ADA = heard({ is: 'hello', name: 'Ada', hue: 1 })
  const texts = ({ lines }: Scene): string[] => lines.map(({ who, text }) => `${who?.name ?? '*'} ${text}`)

  test('somebody is there from the hello on, under the newest name, until they leave', () => {
    const scene = after(heard({ is: 'cursor', x: 0, y: 0 }), ADA, heard({ is: 'cursor', x: 0.5, y: 1 }))
    expect([...scene.people]).toEqual([[7, { name: 'Ada', hue: 1, cursor: { x: 0.5, y: 1 }, said: null }]])
    const renamed = nextScene(scene, heard({ is: 'hello', name: 'Lovelace', hue: 2 }))
    expect(renamed.people.get(7)).toMatchObject({ name: 'Lovelace', hue: 2, cursor: { x: 0.5, y: 1 } })
    const left = nextScene(renamed, { is: 'left', peer: 7 })
    expect(left.people.size).toBe(0)
    expect(texts(left)).toEqual(['* Ada is here', '* Lovelace has left'])
  })

  test('lines keep the name of their time, and the newest is said by the cursor', () => {
    const scene = after(ADA, heard({ is: 'chat', text: 'hi' }), heard({ is: 'hello', name: 'Lovelace', hue: 2 }))
    expect(texts(scene)).toEqual(['* Ada is here', 'Ada hi'])
    expect(scene.people.get(7)?.said).toBe(scene.lines[1])
  })

  test('two hundred lines are kept, with keys that are never used twice', () => {
    const { lines } = after(ADA, ...Array.from({ length: 300 }, () => heard({ is: 'chat', text: 'hi' })))
    expect(lines.map(({ key }) => key)).toEqual(Array.from({ length: 200 }, (_, index) => index + 102))
  })

  test('what is said stays when the mesh is left', () => {
    const scene = after(ADA, heard({ is: 'chat', text: 'hi' }), { is: 'alone' })
    expect(scene.people.size).toBe(0)
    expect(texts(scene)).toEqual(['* Ada is here', 'Ada hi'])
  })
})
