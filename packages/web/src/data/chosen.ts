import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { useCallback } from "react";
import { useLocation, useNavigate, useParams } from "react-router";
import { useWallet } from "./wallet";

/** Which account the page shows, and whether its owner is the connected wallet. */
export interface Chosen {
  readonly account: AccountRef | undefined;
  readonly own: boolean;
  readonly choose: (account: AccountRef) => void;
}

const pattern = /^\/account\/([^/]+)\/(\d{1,5})$/;

/**
 * The account that the page is about: the one that the address names (`#/account/<owner>/<id>`, or
 * `?owner=…&id=…` on other pages), otherwise number 0 of the connected wallet.
 */
export function useChosenAccount(): Chosen {
  const { address } = useWallet();
  const { pathname, search } = useLocation();
  const params = useParams();
  const navigate = useNavigate();
  const named = accountOf(params.owner, params.id) ?? accountInSearch(search);
  const account = named ?? (address === undefined ? undefined : { owner: address, id: 0 });
  const choose = useCallback(
    ({ owner, id }: AccountRef) => {
      if (pathname === "/account" || pattern.test(pathname)) {
        void navigate(accountPath({ owner, id }));
      } else {
        void navigate({ pathname, search: accountSearch({ owner, id }) });
      }
    },
    [navigate, pathname],
  );
  return { account, own: account !== undefined && account.owner === address, choose };
}

/** Where an account is shown. */
export function accountPath({ owner, id }: AccountRef): string {
  return `/account/${owner}/${id}`;
}

/** The part of an address that names an account. */
export function accountSearch({ owner, id }: AccountRef): string {
  return `?${new URLSearchParams({ owner, id: String(id) })}`;
}

function accountInSearch(search: string): AccountRef | undefined {
  const params = new URLSearchParams(search);
  return accountOf(params.get("owner"), params.get("id"));
}

function accountOf(owner: string | null | undefined, id: string | null | undefined) {
  if (owner === null || owner === undefined || owner === "") return undefined;
  const number = Number(id ?? "0");
  return Number.isInteger(number) && number >= 0 && number <= 65_535
    ? { owner, id: number }
    : undefined;
}
