import { type Estimate, type Message, NodeUnreachable, type Receipt } from "@bulwark/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { queryDefaults } from "./defaults";
import { useEstimate, useSend } from "./send";

const messages: readonly Message[] = [
  { contract: "wasm1vault", msg: { accrue: { assets: [] } }, funds: [] },
];
const settled = { timeout: 10_000 };

/** Of a transaction that uses so much gas now. */
const estimate = (used: number): Estimate => ({
  gas: Math.ceil(used * 1.3),
  feeAmount: BigInt(used),
  fee: { amount: [], gas: String(Math.ceil(used * 1.3)) },
});

/** How the page has a signer send. */
interface How {
  readonly estimate: Estimate;
}

const signer = {
  address: "wasm1me",
  estimate: vi.fn<() => Promise<Estimate>>(),
  send: vi.fn<(_: readonly Message[], how: How) => Promise<Receipt>>(),
};

vi.mock("./wallet", () => ({ useWallet: () => ({ signer, address: signer.address }) }));

function Form() {
  const shown = useEstimate(messages);
  const { sending, send } = useSend();
  return (
    <>
      <p>fee {String(shown.data?.feeAmount ?? "unknown")}</p>
      <p>{sending.step}</p>
      <p>{sending.step === "failed" ? sending.error.message : ""}</p>
      <button
        type="button"
        onClick={() => shown.data && void send(messages, { estimate: shown.data, done: "Done" })}
      >
        Send
      </button>
    </>
  );
}

function open(form: ReactNode) {
  render(<QueryClientProvider client={new QueryClient(queryDefaults)}>{form}</QueryClientProvider>);
}

beforeEach(() => {
  signer.estimate.mockReset();
  signer.send.mockReset();
  signer.send.mockImplementation(async () => ({
    hash: "AB".repeat(32),
    height: 5,
    gasUsed: 1,
    gasWanted: 2,
    events: [],
  }));
});
afterEach(cleanup);

it("signs the fee that is shown, though a little less would do by now", async () => {
  signer.estimate.mockResolvedValueOnce(estimate(1_000));
  signer.estimate.mockResolvedValue(estimate(980));
  open(<Form />);
  await screen.findByText("fee 1000");
  fireEvent.click(screen.getByRole("button"));
  await screen.findByText("done");
  expect(signer.send.mock.calls[0]?.[1].estimate).toEqual(estimate(1_000));
});

it("signs nothing once the shown fee does not do, shows the new one, and signs that", async () => {
  signer.estimate.mockResolvedValueOnce(estimate(1_000));
  signer.estimate.mockResolvedValue(estimate(1_500));
  open(<Form />);
  await screen.findByText("fee 1000");
  fireEvent.click(screen.getByRole("button"));
  await screen.findByText(/needs more gas now/);
  expect(signer.send).not.toHaveBeenCalled();
  await screen.findByText("fee 1500");
  fireEvent.click(screen.getByRole("button"));
  await screen.findByText("done");
  expect(signer.send.mock.calls[0]?.[1].estimate).toEqual(estimate(1_500));
});

it("asks a node again that did not answer", async () => {
  signer.estimate.mockRejectedValueOnce(new NodeUnreachable("http://127.0.0.1:1"));
  signer.estimate.mockResolvedValue(estimate(1_000));
  open(<Form />);
  await waitFor(() => expect(screen.getByText("fee 1000")).toBeTruthy(), settled);
});
