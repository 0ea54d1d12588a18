import type { KeplrWallet } from "@bulwark/client";

declare global {
  interface Window {
    /** Put there by Keplr, and by other wallets that offer the same. */
    readonly keplr?: KeplrWallet;
  }
}
