import { type ReactNode, useState } from 'react'

export interface Column<Row> {
  readonly name: string
  readonly cell: (row: Row) => ReactNode
  /** Numbers stand under each other. */
  readonly isNumber?: boolean
}

interface TableProps<Row> {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly isChosen?: (row: Row) => boolean
  /** Said where there are no rows. */
  readonly empty: string
}

/** More rows are drawn when they are asked for: a mesh of 64 peers has 2,016 links. */
const STEP = 100

export function Table<Row>({ caption, columns, rows, keyOf, isChosen, empty }: TableProps<Row>): ReactNode {
  const [shown, setShown] = useState(STEP)
  return (
    <>
      <table>
        <caption>
          {caption} <span className="faint">{rows.length}</span>
        </caption>
        <thead>
          <tr>
            {columns.map(({ name, isNumber = false }) => (
              <th key={name} scope="col" className={isNumber ? 'number' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((row) => (
            <tr key={keyOf(row)} aria-current={isChosen?.(row) === true ? true : undefined}>
              {columns.map(({ name, cell, isNumber = false }) => (
                <td key={name} className={isNumber ? 'number' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {rows.length === 0 && (
            <tr>
              <td colSpan={columns.length} className="faint">
                {empty}
              </td>
            </tr>
          )}
        </tbody>
      </table>
      {rows.length > shown && (
        <button type="button" className="link list-more" onClick={() => setShown(shown + STEP)}>
          {rows.length - shown} more {caption.toLowerCase()}
        </button>
      )}
    </>
  )
}
