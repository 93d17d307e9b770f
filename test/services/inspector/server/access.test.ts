import { describe, expect, test } from '@jest/globals'
import { type AccessRules, type Door, refuseAccess } from '../../../../src/services/inspector/server/access.ts'

const TOKEN = 'a-token-of-some-length'
const HERE = '127.0.0.1:9280'
const OPEN: AccessRules = { token: null, host: '127.0.0.1' }
const GUARDED: AccessRules = { token: TOKEN, host: '0.0.0.0' }

/** 0: it may pass. */
const ask = (
  door: Door,
  visitor: { host?: string | undefined; origin?: string | undefined; token?: string | null },
  rules = OPEN,
): number => refuseAccess(door, { host: HERE, origin: undefined, token: null, ...visitor }, rules)?.status ?? 0

const DOORS = ['asset', 'page', 'view', 'tool', 'report'] as const

describe('by which names an inspector without a token is reached', () => {
  test.each([
    [HERE, 0],
    ['localhost:9280', 0],
    ['LOCALHOST:9280', 0],
    ['localhost', 0],
    ['demo.localhost:9280', 0],
    ['[::1]:9280', 0],
    ['192.168.1.7:9280', 0],
    ['attacker.example', 403],
    ['attacker.example:9280', 403],
    ['localhost.attacker.example:9280', 403],
    ['127.0.0.1.attacker.example', 403],
    ['notlocalhost:9280', 403],
    ['127.0.0.1:9280@attacker.example', 400],
    ['localhost:9280 x', 400],
    ['localhost:123456', 400],
    ['[::1', 400],
    ['', 400],
    [undefined, 400],
  ])('%j: %d', (host, status) => {
    for (const door of DOORS) expect(ask(door, { host, origin: `http://${String(host)}` })).toBe(status)
  })

  test('by the name at which it was told to listen too', () => {
    expect(ask('page', { host: 'DevBox:9280' }, { token: null, host: 'devbox' })).toBe(0)
  })

  test('with a token by any name', () => {
    expect(ask('page', { host: 'dev.example', token: TOKEN }, GUARDED)).toBe(0)
    expect(ask('asset', { host: 'dev.example' }, GUARDED)).toBe(0)
    expect(ask('page', { host: 'dev example', token: TOKEN }, GUARDED)).toBe(400)
  })
})

describe('who may look', () => {
  test.each([
    [`http://${HERE}`, 0],
    [`https://${HERE}`, 0],
    [undefined, 403],
    ['null', 403],
    ['http://localhost:9280', 403],
    ['http://127.0.0.1:9281', 403],
    ['http://127.0.0.1', 403],
    ['http://localhost:5173', 403],
    ['https://attacker.example', 403],
    [`http://${HERE}.attacker.example`, 403],
    [`ftp://${HERE}`, 403],
  ])('a page of %j: %d', (origin, status) => {
    expect(ask('view', { origin })).toBe(status)
    // A token does not make other pages welcome: it is in the address of this one.
    expect(ask('view', { origin, token: TOKEN }, GUARDED)).toBe(status)
  })
})

describe('who may look with another tool', () => {
  test.each([
    // A program says of which origin it is as it likes; a browser does not let a page do that.
    [undefined, 0],
    [`http://${HERE}`, 0],
    ['null', 403],
    ['', 403],
    ['http://localhost:5173', 403],
    ['https://attacker.example', 403],
  ])('one of %j: %d', (origin, status) => {
    expect(ask('tool', { origin })).toBe(status)
    expect(ask('tool', { origin, token: TOKEN }, GUARDED)).toBe(status)
  })
})

describe('who may report', () => {
  test.each([
    [undefined, 0],
    [`http://${HERE}`, 0],
    ['http://localhost:5173', 0],
    ['https://localhost', 0],
    ['http://app.localhost:3000', 0],
    ['http://127.0.0.1:8080', 0],
    ['http://[::1]:8080', 0],
    ['null', 403],
    ['', 403],
    ['file://', 403],
    ['https://attacker.example', 403],
    ['http://localhost.attacker.example', 403],
    ['http://192.168.1.7:8080', 403],
    ['chrome-extension://abcdef', 403],
  ])('a page of %j: %d', (origin, status) => {
    expect(ask('report', { origin })).toBe(status)
    expect(ask('report', { origin, token: TOKEN }, GUARDED)).toBe(0)
  })
})

describe('who needs the token', () => {
  test.each([
    ['asset', null, 0],
    ['page', null, 401],
    ['view', null, 401],
    ['tool', null, 401],
    ['report', null, 401],
    ['page', '', 401],
    ['page', 'wrong', 401],
    ['page', TOKEN.slice(0, -1), 401],
    ['page', `${TOKEN}x`, 401],
    ['page', TOKEN.toUpperCase(), 401],
    ['page', TOKEN, 0],
    ['view', TOKEN, 0],
    ['tool', TOKEN, 0],
    ['report', TOKEN, 0],
  ] as const)('%s with %j: %d', (door, token, status) => {
    expect(ask(door, { token, origin: `http://${HERE}` }, GUARDED)).toBe(status)
  })

  test('nobody, where there is none', () => {
    for (const door of DOORS) expect(ask(door, { token: 'anything', origin: `http://${HERE}` })).toBe(0)
  })
})
