import type { Memory, Pending } from "@bulwark/client";

/** What could not be stored: it is known as long as the page is open. */
const unstored = new Map<string, readonly Pending[]>();

/**
 * Where the signer of an address keeps what it signed, beyond this load of the page: it may be closed,
 * or the wallet connected anew or in another tab, before it is known what became of it.
 */
export function unsettledOf(chainId: string, address: string): Memory {
  const place = `bulwark-unsettled ${chainId} ${address}`;
  return {
    read: () => {
      const here = unstored.get(place);
      return here ?? JSON.parse(localStorage.getItem(place) ?? "[]");
    },
    write: (pending) => {
      try {
        if (pending.length === 0) localStorage.removeItem(place);
        else localStorage.setItem(place, JSON.stringify(pending));
        unstored.delete(place);
      } catch {
        unstored.set(place, pending);
      }
    },
  };
}
