import type { Redis, RedisOptions } from 'ioredis'
import { MultiplayerError } from '../../../../multiplayer-error.ts'
import type { ResolvedOptions } from './options.ts'
import { SCRIPTS, type ScriptName } from './scripts.ts'
import { encodeArguments } from './wire.ts'

/** What a {@link RedisConnection} tells. */
export interface ConnectionListener {
  /** Both connections stand; nothing is subscribed to. */
  ready(): void
  /** One of them was lost; both will be made again. */
  broken(): void
  message(text: string): void
}

/** Makes an ioredis client with these options. */
export type MakeClient = (options: Omit<RedisOptions, 'replyMapping'>) => Redis

/** Milliseconds that a connection has to close in good order; a Redis that hangs never does its part. */
const CLOSE_TIMEOUT = 100

/** Milliseconds between attempts to connect: at first, and at most. Short, since members are given up after a lease. */
const RETRY = { first: 50, most: 1000 }

/**
 * Two connections to one Redis: for commands, and for what is published. Nothing is queued while they are down, and nothing is sent again: whoever sent a command
 * hears that its outcome is not known.
 */
export class RedisConnection {
  readonly #commands: Redis
  readonly #events: Redis
  readonly #options: ResolvedOptions
  readonly #listener: ConnectionListener
  #isUp = false
  #isClosed = false
  #lastError: unknown = null

  constructor(make: MakeClient, options: ResolvedOptions, listener: ConnectionListener) {
    this.#options = options
    this.#listener = listener
    const most = Math.min(RETRY.most, options.renewEvery)
    const client = (): Redis =>
      make({
        lazyConnect: true,
        enableOfflineQueue: false,
        autoResendUnfulfilledCommands: false,
        autoResubscribe: false,
        maxRetriesPerRequest: 0,
        keyPrefix: '',
        commandTimeout: options.commandTimeout,
        connectTimeout: options.commandTimeout,
        disconnectTimeout: CLOSE_TIMEOUT,
        // Half of each wait is random, so that servers do not all come at once.
        retryStrategy: (times) => Math.min(RETRY.first * 2 ** Math.min(times, 10), most) * (0.5 + Math.random() / 2),
      })
    this.#commands = client()
    this.#events = client()
    for (const redis of [this.#commands, this.#events]) {
      redis.on('error', (error) => (this.#lastError = error))
      redis.on('ready', () => {
        this.#look()
      })
      redis.on('close', () => {
        this.#look()
      })
    }
    this.#events.on('message', (_channel, text) => {
      listener.message(text)
    })
  }

  /** Connects for the first time. @throws MultiplayerError `ERR_UNAVAILABLE`, and nothing is open any more. */
  async open(): Promise<void> {
    try {
      await Promise.all([this.#commands.connect(), this.#events.connect()])
    } catch (error) {
      await this.close()
      throw unavailable('Redis cannot be reached: check its address, and that it runs', this.#lastError ?? error)
    }
  }

  /** Both connections stand. */
  get isUp(): boolean {
    return this.#isUp
  }

  /** Gives Redis all scripts, so that they can be called by their names; another Redis process knows none. */
  async loadScripts(): Promise<void> {
    await Promise.all(Object.values(SCRIPTS).map(({ lua }) => this.#try(this.#commands.script('LOAD', lua))))
  }

  /** @throws MultiplayerError `ERR_UNAVAILABLE` */
  async run(name: ScriptName, values: object): Promise<unknown> {
    const { prefix } = this.#options
    const reply = await this.#try(this.#commands.evalsha(SCRIPTS[name].sha, 1, prefix, encodeArguments(values)))
    return JSON.parse(String(reply)) as unknown
  }

  /** @returns how many connections are subscribed to the channel. @throws MultiplayerError `ERR_UNAVAILABLE` */
  async publish(channel: string, text: string): Promise<number> {
    return this.#try(this.#commands.publish(channel, text))
  }

  /** @throws MultiplayerError `ERR_UNAVAILABLE` */
  async subscribe(channel: string): Promise<void> {
    await this.#try(this.#events.subscribe(channel))
  }

  /** Finds out whether the connection for what is published is alive, since it says nothing by itself. @throws MultiplayerError `ERR_UNAVAILABLE` */
  async ping(): Promise<void> {
    await this.#try(this.#events.ping())
  }

  /** Makes both connections anew. */
  reset(): void {
    this.#commands.disconnect(true)
    this.#events.disconnect(true)
    this.#down()
  }

  /** Closes both for good. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#isUp = false
    await Promise.all([end(this.#commands), end(this.#events)])
  }

  #look(): void {
    if (this.#isClosed) return
    const isUp = [this.#commands, this.#events].every(({ status }) => status === 'ready')
    if (!isUp) this.#down()
    else if (!this.#isUp) {
      this.#isUp = true
      this.#listener.ready()
    }
  }

  #down(): void {
    if (!this.#isUp) return
    this.#isUp = false
    this.#listener.broken()
  }

  async #try<Reply>(command: Promise<Reply>): Promise<Reply> {
    try {
      return await command
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      // Redis hangs, has forgotten the scripts, or is not the one that takes writes any more: whatever it is, begin anew.
      if (/^(Command timed out|NOSCRIPT|READONLY|MASTERDOWN|LOADING)/.test(text) && this.#isUp) this.reset()
      throw unavailable('Redis did not carry out a command; try again', error)
    }
  }
}

/** A client that waits for its next attempt to connect does not report its end; what it has set for that is over after the timeout. */
async function end(redis: Redis): Promise<void> {
  if (redis.status === 'end') return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 2 * CLOSE_TIMEOUT)
    redis.once('end', () => {
      clearTimeout(timer)
      resolve()
    })
    redis.disconnect()
  })
}

/**
 * The error of an operation that Redis did not carry out, or of which it is not known. The reason is in the message; as its `cause` too it would be said twice by loggers that
 * append what the causes say.
 */
export function unavailable(what: string, cause?: unknown): MultiplayerError {
  const reason = cause instanceof Error ? ` (${cause.message})` : ''
  return new MultiplayerError('ERR_UNAVAILABLE', `${what}${reason}.`)
}
