import { BrowserPeerConnection } from '../../../src/transport/browser/browser-peer-connection.ts'
import { TestRegistry } from '../../browser/page/registry.ts'
import { realModelWorld } from '../support/real-model-world.ts'
import { realSuite } from '../support/real-suite.ts'

/** What the test process uses of this page. */
export interface ModelsPage {
  run(test: string): Promise<string | null>
  /** What the suite printed. */
  readonly lines: readonly string[]
}

const lines: string[] = []
const registry = new TestRegistry()
realSuite(
  registry,
  () => realModelWorld(BrowserPeerConnection),
  (line) => lines.push(line),
)
const modelsPage: ModelsPage = { run: (test) => registry.run(test), lines }
Object.assign(globalThis, { modelsPage })
