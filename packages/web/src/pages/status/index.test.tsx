import { cleanup, render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Component } from ".";

/** What is known of announced changes. */
let changes: { isKnown: boolean; error: Error | null };

const answered = <T,>(data: T) => ({ data, error: null, isError: false });

vi.mock("../../data/changes", () => ({
  useWaitingChanges: () => ({
    changes: [],
    isPending: false,
    refetch: () => undefined,
    ...changes,
  }),
}));
vi.mock("../../data/connection", () => ({ useConnection: () => ({ live: "live" }) }));
vi.mock("../../data/oracle", () => ({ useFeeds: () => answered([]) }));
vi.mock("../../data/queries", () => ({
  useConfig: () => answered({ pauses: [], locked: false }),
  useMarkets: () => answered([]),
  usePrices: () => answered(new Map()),
  useSolvency: () => answered([]),
}));
vi.mock("./Chain", () => ({ Chain: () => null }));
vi.mock("./Contracts", () => ({ Contracts: () => null }));
vi.mock("./Feeds", () => ({ Feeds: () => null }));
vi.mock("./Pauses", () => ({ Pauses: () => null }));
vi.mock("./Roles", () => ({ Roles: () => null }));
vi.mock("./Solvent", () => ({ Solvent: () => null }));

beforeEach(() => {
  changes = { isKnown: true, error: null };
});
afterEach(cleanup);

it("all is all right once everything is known", () => {
  render(<Component />, { wrapper: MemoryRouter });
  expect(screen.getByText("Everything is all right")).toBeTruthy();
});

it("nothing is called all right while a part of it could not be fetched", () => {
  changes = { isKnown: false, error: new Error("no answer") };
  render(<Component />, { wrapper: MemoryRouter });
  expect(screen.queryByText("Everything is all right")).toBeNull();
  expect(screen.getByText("A part of the status could not be fetched")).toBeTruthy();
});

it("what was fetched a while ago still counts while the node is away", () => {
  changes = { isKnown: true, error: new Error("no answer") };
  render(<Component />, { wrapper: MemoryRouter });
  expect(screen.getByText("Everything is all right")).toBeTruthy();
});
