import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { type Column, Table } from "./Table";

afterEach(cleanup);

const columns: readonly Column<string>[] = [
  { header: "Asset", cell: (row) => row },
  { header: "Price", cell: () => "$1.00" },
  { header: "Cash", cell: () => "5", detail: true },
];
const table = (some: readonly Column<string>[]) => (
  <Table caption="Markets" columns={some} rows={["ATOM", "OSMO"]} rowKey={(row) => row} />
);

it("a row opens and closes alone, and says whether it is open", () => {
  render(table(columns));
  const row = (name: string) => screen.getByRole("row", { name: new RegExp(`^${name}`) });
  const more = (name: string) => within(row(name)).getByRole("button");
  expect(more("ATOM").getAttribute("aria-expanded")).toBe("false");
  fireEvent.click(more("ATOM"));
  expect(more("ATOM").getAttribute("aria-expanded")).toBe("true");
  expect(row("ATOM").className).not.toContain("closed");
  expect(more("OSMO").getAttribute("aria-expanded")).toBe("false");
  expect(row("OSMO").className).toContain("closed");
  fireEvent.click(more("ATOM"));
  expect(row("ATOM").className).toContain("closed");
});

it("rows are named by what heads them, and each button by its row", () => {
  render(table(columns));
  expect(screen.getByRole("rowheader", { name: "ATOM" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "More ATOM" })).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "More OSMO" }));
  expect(screen.getByRole("button", { name: "Less OSMO" })).toBeTruthy();
});

it("a table without details has no such buttons", () => {
  render(table(columns.slice(0, 2)));
  expect(screen.queryByRole("button")).toBeNull();
});
