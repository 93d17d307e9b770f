import type { TestApi } from '../../../src/testing/index.ts'

/** Declares tests by their full names, to be run one at a time when asked for: a test runner's `describe` and `test`, for pages. */
export class TestRegistry implements TestApi {
  readonly #tests = new Map<string, () => Promise<void>>()
  readonly #names: string[] = []

  readonly describe = (name: string, body: () => void): void => {
    this.#names.push(name)
    body()
    this.#names.pop()
  }

  readonly test = (name: string, body: () => Promise<void>): void => {
    const fullName = [...this.#names, name].join(' ')
    if (this.#tests.has(fullName)) throw new Error(`Two tests are called "${fullName}".`)
    this.#tests.set(fullName, body)
  }

  get names(): readonly string[] {
    return [...this.#tests.keys()]
  }

  /** @returns what failed, or null. */
  async run(fullName: string): Promise<string | null> {
    const body = this.#tests.get(fullName)
    if (!body) return `There is no test "${fullName}" in this page.`
    try {
      await body()
      return null
    } catch (error) {
      return error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error)
    }
  }
}
