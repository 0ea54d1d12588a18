import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, it } from "vitest";
import { Dialog } from "./Dialog";
import { Toasts, useNotify } from "./Toast";

afterEach(cleanup);

function Page() {
  const notify = useNotify();
  const [open, setOpen] = useState(true);
  return (
    <>
      <Dialog open={open} onOpenChange={setOpen} title="Deposit" description="Into the account.">
        <button type="button" onClick={() => notify({ tone: "healthy", title: "Deposited" })}>
          Send
        </button>
      </Dialog>
      <p>{open ? "open" : "closed"}</p>
    </>
  );
}

it("a dialog closes by Escape before a message that came later does", async () => {
  render(
    <Toasts>
      <Page />
    </Toasts>,
  );
  fireEvent.click(screen.getByRole("button", { name: "Send" }));
  const message = () => screen.queryByText("Deposited", { selector: "[class*=title]" });
  await waitFor(() => expect(message()).toBeTruthy());
  fireEvent.keyDown(document, { key: "Escape" });
  await screen.findByText("closed");
  expect(message()).toBeTruthy();
  fireEvent.keyDown(document, { key: "Escape" });
  await waitFor(() => expect(message()).toBeNull());
});
