import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import { type JoinedLobby, joinLobby } from '../../src/lobby.ts'
import { createLobbyServer, type LobbyServer } from '../../src/lobby-server.ts'
import { waitFor } from '../support/real-time.ts'
import { TcpBalancer } from '../support/tcp-balancer.ts'
import { INSTALLED, launch, openPage } from './support/browser.ts'
import { eventually } from './support/eventually.ts'
import { ScriptServer } from './support/script-server.ts'

const LOBBY = 'pages'
const TOKEN = 'let.me-in'

const ascending = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b)

describe('a lobby of Node and every installed browser', () => {
  const browsers: Browser[] = []
  let script: ScriptServer
  let server: LobbyServer
  /** What can be broken on the way from the pages to the server. */
  let way: TcpBalancer
  let url = ''
  let node: JoinedLobby
  const pages: Page[] = []

  beforeAll(async () => {
    for (const name of INSTALLED) browsers.push(await launch(name))
    script = await ScriptServer.start('test/browser/page/lobby-page.ts')
  })
  beforeEach(async () => {
    server = await createLobbyServer({
      port: 0,
      host: '127.0.0.1',
      authorize: ({ token }) => (token === null || token === TOKEN ? { identity: token } : { refuse: 'unauthorized' }),
    })
    way = await TcpBalancer.open([server.port])
    url = `ws://127.0.0.1:${way.port}`
    node = await joinLobby(server.url, { lobby: LOBBY, create: { onHostLeave: 'keep' } })
    for (const browser of browsers) pages.push(await openPage(browser, script.url))
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close()
    await node.leave()
    way.close()
    await server.close()
  })
  afterAll(async () => {
    for (const browser of browsers) await browser.close()
    await script.close()
  })

  const connectedInNode = (): number[] =>
    ascending([...node.peer.getPeers()].filter(([, { connected }]) => connected).map(([id]) => id))

  const joinPages = async (): Promise<number[]> => {
    const ids: number[] = []
    for (const page of pages) ids.push(await page.evaluate((at, lobby) => lobbyPage.join(at, lobby), url, LOBBY))
    return ids
  }

  const expectAllConnected = async (ids: readonly number[]): Promise<void> => {
    for (const [index, page] of pages.entries()) {
      const others = ascending([node.id, ...ids.filter((_, other) => other !== index)])
      await eventually(async () => {
        expect(await page.evaluate(() => lobbyPage.connected())).toEqual(others)
      })
    }
    await waitFor(() => connectedInNode().join() === ascending(ids).join(), 'Node is connected to all pages')
  }

  test('all join, connect to each other and talk', async () => {
    const ids = await joinPages()
    await expectAllConnected(ids)
    const heardInNode: string[] = []
    node.peer.packets$.subscribe(({ peer, data }) => heardInNode.push(`${peer} ${new TextDecoder().decode(data)}`))
    node.peer.send(new TextEncoder().encode('hello'))
    for (const page of pages) await page.evaluate(() => lobbyPage.say('hello'))
    for (const [index, page] of pages.entries()) {
      const others = [node.id, ...ids.filter((_, other) => other !== index)]
      await eventually(async () => {
        const arrivals = await page.evaluate(() => lobbyPage.arrivals)
        expect(arrivals.sort()).toEqual(others.map((id) => `${id} hello`).sort())
      })
    }
    await waitFor(() => heardInNode.length === ids.length, 'Node hears all pages')
    expect(heardInNode.sort()).toEqual(ids.map((id) => `${id} hello`).sort())
  })

  test('one page joins and leaves thirty times', async () => {
    for (const page of pages) {
      const ids = await page.evaluate((at, lobby) => lobbyPage.comeAndGo(at, lobby, 30), url, LOBBY)
      expect(new Set(ids).size).toBe(30)
      await waitFor(() => node.members.length === 0 && node.peer.getPeers().size === 0, 'the page is gone')
    }
  }, 120_000)

  test('sockets are cut: the pages come back under their ids, and peers stay connected', async () => {
    const ids = await joinPages()
    await expectAllConnected(ids)
    const gone: number[] = []
    node.peer.peerDisconnected$.subscribe((id) => gone.push(id))
    for (let round = 0; round < 3; round++) {
      way.breakAll()
      for (const page of pages) {
        await eventually(async () => {
          expect(await page.evaluate(() => lobbyPage.state())).toBe('joined')
        })
      }
    }
    await expectAllConnected(ids)
    expect(gone).toEqual([])
  })

  test('a page that is reloaded, or closed, is gone at once', async () => {
    await expectAllConnected(await joinPages())
    for (const page of pages) await page.reload()
    await waitFor(() => connectedInNode().length === 0 && node.members.length === 0, 'all pages are gone')
    await expectAllConnected(await joinPages())
    const closed = performance.now()
    for (const page of pages.splice(0)) await page.close()
    await waitFor(() => connectedInNode().length === 0 && node.members.length === 0, 'all pages are gone')
    expect(performance.now() - closed).toBeLessThan(5_000)
  })

  test('the token reaches the server, and a refusal the page', async () => {
    for (const page of pages) {
      const refusal = (token: string): Promise<string> =>
        page.evaluate((at, lobby, given) => lobbyPage.refusal(at, lobby, given), url, LOBBY, token)
      expect([await refusal(TOKEN), await refusal('another')]).toEqual(['none', 'ERR_UNAUTHORIZED'])
    }
  })
})
