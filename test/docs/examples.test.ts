import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import ts from 'typescript'

const root = join(import.meta.dirname, '../..')

interface Example {
  name: string
  code: string
}

/** The TypeScript blocks of the README, of docs/ and of the documentation comments in src/. */
function examples(): Example[] {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('src', file))
  const documents = ['README.md', ...readdirSync(join(root, 'docs')).map((file) => join('docs', file))]
  return [...sources, ...documents]
    .filter((file) => /\.(ts|md)$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8').replace(/^ *\* ?/gm, file.endsWith('.ts') ? '' : '$&')
      return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code], i) => ({
        name: `${file} ${i + 1}`,
        code: code ?? '',
      }))
    })
}

describe('examples in the documentation', () => {
  const found = examples()
  const files = new Map(found.map(({ code }, i) => [join(root, `example-${i}.ts`), `${code}\nexport {}\n`]))
  const options: ts.CompilerOptions = {
    ...ts.convertCompilerOptionsFromJson(
      {
        target: 'ES2022',
        lib: ['ES2023', 'DOM', 'ESNext.Disposable'],
        module: 'NodeNext',
        moduleResolution: 'NodeNext',
        types: ['node'],
      },
      root,
    ).options,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    paths: {
      'webrtc-multiplayer': [join(root, 'src/index.ts')],
      'webrtc-multiplayer/browser': [join(root, 'src/browser.ts')],
      'webrtc-multiplayer/inspector': [join(root, 'src/inspector.ts')],
      'webrtc-multiplayer/lobby': [join(root, 'src/lobby.ts')],
      'webrtc-multiplayer/lobby-server': [join(root, 'src/lobby-server.ts')],
      'webrtc-multiplayer/multiplayer-api': [join(root, 'src/multiplayer-api.ts')],
      'webrtc-multiplayer/react': [join(root, 'src/react.ts')],
      'webrtc-multiplayer/variant': [join(root, 'src/variant.ts')],
      'webrtc-multiplayer/testing': [join(root, 'src/testing/index.ts')],
      '#platform': [join(root, 'src/platform/node.ts')],
      '#websocket': [join(root, 'src/platform/websocket-node.ts')],
      '#inspector-server': [join(root, 'src/platform/inspector-node.ts')],
    },
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (file) => files.has(file) || fileExists(file)
  host.readFile = (file) => files.get(file) ?? readFile(file)
  host.getSourceFile = (file, ...rest) => {
    const text = files.get(file)
    return text === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, text, ts.ScriptTarget.ES2022)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  const paths = [...files.keys()]

  test('there are some, in the README and in the sources', () => {
    expect(found.some(({ name }) => name.startsWith('README.md'))).toBe(true)
    expect(found.some(({ name }) => name.includes('multiplayer-peer.ts'))).toBe(true)
  })

  test.each(found.map(({ name }, i) => [name, paths[i] ?? ''] as const))('%s compiles', (_, path) => {
    const file = program.getSourceFile(path)
    const problems = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
  })
})
