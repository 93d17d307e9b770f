import type { ChildProcess } from 'node:child_process'
import { bundleChild } from '../../support/run-child.ts'
import type { NetworkWorld, Place } from './network-world.ts'

/** A Node process in one of the namespaces that talks with the test by IPC, which no network fault reaches. */
export class NamespaceProcess<Order extends object, News extends object> {
  readonly #child: ChildProcess
  readonly #news: News[] = []
  readonly #listeners = new Set<(news: News) => void>()
  readonly #ended: Promise<void>
  #stderr = ''

  private constructor(child: ChildProcess) {
    this.#child = child
    child.stderr?.on('data', (data: Buffer) => (this.#stderr += data.toString()))
    child.on('message', (message) => {
      const news = message as News
      this.#news.push(news)
      for (const listener of [...this.#listeners]) listener(news)
    })
    this.#ended = new Promise((resolve) => child.once('exit', () => resolve()))
  }

  /** @param script - path from the root of the package. */
  static async start<Order extends object, News extends object>(
    world: NetworkWorld,
    place: Place,
    script: string,
  ): Promise<NamespaceProcess<Order, News>> {
    const child = world.spawn(place, process.execPath, [await bundleChild(script)], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    })
    return new NamespaceProcess(child)
  }

  /** Everything that it has told. */
  get news(): readonly News[] {
    return this.#news
  }

  tell(order: Order): void {
    this.#child.send(order)
  }

  /** Calls the listener with everything that it tells from now on. */
  listen(listener: (news: News) => void): void {
    this.#listeners.add(listener)
  }

  /** What it told first, or will tell first, that is so. Rejects if it ends without, or says nothing of the kind within `limit` milliseconds. */
  async heard<Wanted extends News>(isWanted: (news: News) => news is Wanted, limit = 20_000): Promise<Wanted> {
    const before = this.#news.find(isWanted)
    if (before !== undefined) return before
    let listener: (news: News) => void = () => undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const told = new Promise<Wanted>((resolve, reject) => {
      listener = (news) => {
        if (isWanted(news)) resolve(news)
      }
      timer = setTimeout(() => {
        reject(new Error(`Not told within ${limit} ms, but: ${JSON.stringify(this.#news)}\n${this.#stderr}`))
      }, limit)
    })
    this.#listeners.add(listener)
    try {
      const ended = this.#ended.then(() => {
        throw new Error(`It ended; before that it told ${JSON.stringify(this.#news)}\n${this.#stderr}`)
      })
      return await Promise.race([told, ended])
    } finally {
      clearTimeout(timer)
      this.#listeners.delete(listener)
    }
  }

  /** Resolves with the exit code when it has ended by itself. */
  async ended(): Promise<number | null> {
    await this.#ended
    return this.#child.exitCode
  }
}

/** Picks one kind of news, for {@link NamespaceProcess.heard}. */
export function isNews<News extends { readonly is: string }, Kind extends News['is']>(
  kind: Kind,
): (news: News) => news is Extract<News, { readonly is: Kind }> {
  return (news): news is Extract<News, { readonly is: Kind }> => news.is === kind
}
