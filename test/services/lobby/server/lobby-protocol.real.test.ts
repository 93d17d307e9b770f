import { describe } from '@jest/globals'
import { jsonSuite, type OpenProtocolWorld, protocolSuite, textSuite } from './support/protocol-suite.ts'
import { openSocket, startServer } from './support/server-world.ts'
import { JSON_WIRE, TEXT_WIRE } from './support/wire.ts'

const open: OpenProtocolWorld = async (limits = {}) => {
  const server = await startServer({ limits })
  return {
    connect: (dialect) => openSocket(dialect === 'text' ? `${server.url}/godot3` : server.url),
    // Real time passes by itself.
    pass: () => Promise.resolve(),
    close: () => server.close(),
  }
}

describe('over real WebSockets: the JSON protocol of Godot 4', () => {
  describe('every row', () => protocolSuite(JSON_WIRE, open))
  describe('what only JSON has', () => jsonSuite(open))
})

describe('over real WebSockets: the text protocol of Godot 3', () => {
  describe('every row', () => protocolSuite(TEXT_WIRE, open))
  describe('what only text has', () => textSuite(open))
})
