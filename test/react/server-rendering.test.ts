import { expect, test } from '@jest/globals'
import { createElement, type ReactElement } from 'react'
import { renderToString } from 'react-dom/server'
import { ConnectionStatus } from '../../src/machines/mesh-types.ts'
import { useMesh, usePackets } from '../../src/react.ts'

function Room(): ReactElement {
  const { mesh, id, status, peers, error } = useMesh(() => {
    throw new Error('A server joins no mesh.')
  })
  usePackets(mesh, () => undefined)
  return createElement('p', null, JSON.stringify({ mesh, id, status: ConnectionStatus[status], peers, error }))
}

test('on a server nothing is joined', () => {
  expect(renderToString(createElement(Room)).replaceAll('&quot;', '"')).toBe(
    '<p>{"mesh":null,"id":0,"status":"DISCONNECTED","peers":[],"error":null}</p>',
  )
})
