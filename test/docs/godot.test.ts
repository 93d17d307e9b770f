import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { LobbyMessageType } from '../../src/protocol/lobby/message.ts'

const text = readFileSync('docs/godot.md', 'utf8')
const blocksOf = (language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, code]) => code ?? '')

test('the messages of the GDScript have the numbers of the protocol', () => {
  const [, names = ''] = /enum Message \{ (.*) \}/.exec(text) ?? []
  expect(names.split(', ')).toEqual(Array.from({ length: 8 }, (_, type) => LobbyMessageType[type]))
})

test('GDScript and TypeScript declare the same remote methods', () => {
  const inGodot = [...(blocksOf('gdscript')[1] ?? '').matchAll(/^@rpc\(.*\)\nfunc (\w+)\(/gm)].map(([, name]) => name)
  const here = [...(blocksOf('ts')[0] ?? '').matchAll(/^ {2}(\w+): rpc\(/gm)].map(([, name]) => name)
  expect(inGodot).toHaveLength(2)
  expect(here.sort()).toEqual(inGodot.sort())
})
