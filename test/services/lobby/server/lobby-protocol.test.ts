import { describe } from '@jest/globals'
import { CoreWorld } from './support/core-world.ts'
import { jsonSuite, type OpenProtocolWorld, protocolSuite, textSuite } from './support/protocol-suite.ts'
import { JSON_WIRE, TEXT_WIRE } from './support/wire.ts'

const open: OpenProtocolWorld = async (limits = {}) => {
  const world = await CoreWorld.open({ limits })
  return {
    connect: (dialect) => Promise.resolve(world.connect(dialect)),
    pass: (milliseconds) => world.pass(milliseconds),
    close: () => world.close(),
  }
}

describe('the core speaks the JSON protocol of Godot 4', () => {
  describe('every row', () => protocolSuite(JSON_WIRE, open))
  describe('what only JSON has', () => jsonSuite(open))
})

describe('the core speaks the text protocol of Godot 3', () => {
  describe('every row', () => protocolSuite(TEXT_WIRE, open))
  describe('what only text has', () => textSuite(open))
})
