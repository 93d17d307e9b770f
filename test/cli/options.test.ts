import { describe, expect, test } from '@jest/globals'
import { UsageError } from '../../src/cli/command.ts'
import { parseDemoOptions } from '../../src/cli/demo/options.ts'

const parse = (line: string): ReturnType<typeof parseDemoOptions> =>
  parseDemoOptions(line.split(' ').filter((word) => word !== ''))

describe('arguments of the demo', () => {
  test('without any: four peers, live, without end', () => {
    expect(parse('')).toEqual({
      kind: 'live',
      peers: 4,
      port: null,
      duration: null,
      every: 6000,
      inspector: true,
      record: null,
    })
  })

  test('a live run', () => {
    expect(parse('--peers 7 --port 0 --duration 2.5 --every=0 --no-inspector')).toEqual({
      kind: 'live',
      peers: 7,
      port: 0,
      duration: 2500,
      every: null,
      inspector: false,
      record: null,
    })
  })

  test('a bounded run', () => {
    expect(parse('--once --json --peers=3 --packets 5 --timeout 10')).toEqual({
      kind: 'once',
      json: true,
      peers: 3,
      packets: 5,
      limit: 10_000,
      record: null,
    })
    expect(parse('--once --record run.jsonl')).toMatchObject({ record: 'run.jsonl' })
    expect(parse('--record run.jsonl')).toMatchObject({ inspector: true, record: 'run.jsonl' })
    expect(parse('--once')).toMatchObject({ json: false, peers: 4, packets: 40, limit: 30_000 })
  })

  test.each([
    ['--peers 1', "--peers is a whole number from 2 to 200, not '1'"],
    ['--peers x', "--peers is a whole number from 2 to 200, not 'x'"],
    ['--peers 3.5', "not '3.5'"],
    ['--peers 201', "not '201'"],
    ['--peers', "'--peers <value>' argument missing"],
    ['--duration 0', "not '0'"],
    ['--record run.jsonl --no-inspector', '--record needs the inspector'],
    ['--once --no-inspector', '--no-inspector is for the live run'],
    ['--duration -3', '--duration'],
    ['--duration soon', '--duration is a number of seconds above 0'],
    ['--duration 1e9', '--duration'],
    ['--once --packets 0', '--packets is a whole number from 1 to'],
    ['--json', '--json needs --once'],
    ['--packets 5', '--packets needs --once'],
    ['--once --duration 5', '--duration is for the live run'],
    ['--bogus', "Unknown option '--bogus'"],
    ['extra', "Unexpected argument 'extra'"],
    ['--once=yes', "'--once'"],
  ])('%s is refused in one line', (line, message) => {
    let error: unknown
    try {
      parse(line)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(UsageError)
    expect((error as Error).message).toContain(message)
    expect((error as Error).message).not.toContain('\n')
  })
})
