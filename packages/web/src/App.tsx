import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { RouterProvider } from "react-router/dom";
import { ConnectionProvider } from "./data/connection";
import { queryDefaults } from "./data/defaults";
import { WalletProvider } from "./data/wallet";
import { Starting } from "./layout/Starting";
import { Toasts } from "./parts/Toast";
import { router } from "./routes";

/** The page: what it knows of the network, the wallet, and where the reader is. */
export function App() {
  const [queries] = useState(() => new QueryClient(queryDefaults));
  return (
    <QueryClientProvider client={queries}>
      <ConnectionProvider fallback={(error) => <Starting error={error} />}>
        <Toasts>
          <WalletProvider>
            <RouterProvider router={router} />
          </WalletProvider>
        </Toasts>
      </ConnectionProvider>
    </QueryClientProvider>
  );
}
