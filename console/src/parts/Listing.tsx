/** A table, whose rows on a phone are cards with the name of each value beside it. */

import { Table } from "@mantine/core";
import type { ReactNode } from "react";

import style from "./listing.module.css";

export interface Column<T> {
  name: string;
  show: (row: T) => ReactNode;
  /** Of buttons and the like: the name is for those who listen. */
  unnamed?: boolean;
  /** Pixels at most, in a table. */
  width?: number;
}

interface Props<T> {
  columns: Column<T>[];
  rows: T[];
  keyOf: (row: T) => string | number;
  /** Pixels of the table; a window that is narrower scrolls it, unless it is a phone. */
  minWidth: number;
  isOver?: (row: T) => boolean;
}

export function Listing<T>({ columns, rows, keyOf, minWidth, isOver }: Props<T>) {
  // Browsers forget that a table is one when its rows are laid out otherwise, so every role is named.
  return (
    <div className={style["frame"]}>
      <Table role="table" className={style["listing"] ?? ""} miw={{ base: 0, sm: minWidth }}>
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {columns.map(({ name, unnamed }) => (
              <Table.Th key={name} role="columnheader" {...(unnamed && { "aria-label": name })}>
                {!unnamed && name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)} role="row" c={isOver?.(row) ? "dimmed" : "inherit"}>
              {columns.map(({ name, show, unnamed, width }) => (
                <Table.Td key={name} role="cell" maw={{ base: "none", sm: width ?? "none" }}>
                  {!unnamed && (
                    <span className={style["name"]} aria-hidden>
                      {name}
                    </span>
                  )}
                  <div className={style["value"]}>{show(row)}</div>
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
