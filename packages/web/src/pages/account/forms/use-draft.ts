import { findError } from "@bulwark/client";
import type { AccountRef, MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import { useState } from "react";
import { useAssets } from "../../../data/assets";
import { useNetwork } from "../../../data/connection";
import { useDebounced } from "../../../data/debounced";
import {
  useAccount,
  useBalances,
  useMargin,
  useMarkets,
  useMaxBorrow,
  useMaxWithdraw,
  useSimulate,
} from "../../../data/queries";
import { useEstimate } from "../../../data/send";
import { useWallet } from "../../../data/wallet";
import { readAmount } from "../../../parts/AmountInput";
import { percentText } from "../../../words/format";
import {
  actionsOf,
  type Draft,
  isWhole,
  lessFees,
  maximumOf,
  messagesOf,
  wholeRepayment,
} from "./draft";
import { type ActionKind, offers } from "./kinds";
import { useMaxTransfer } from "./use-max-transfer";

/** A form's state: what was typed, what the chain says of it, and what can be sent. */
export function useDraft(of: {
  kind: ActionKind;
  account: AccountRef;
  asset: string | undefined;
  lend: boolean;
  to: AccountRef | undefined;
}) {
  const { kind, account } = of;
  const network = useNetwork();
  const assets = useAssets();
  const wallet = useWallet();
  const markets = useMarkets().data ?? [];
  const holdings = useAccount(account).data?.holdings ?? [];
  const margin = useMargin(account);
  const balances = useBalances(
    wallet.address,
    markets.map((market) => market.asset),
  ).data;

  const held = (asset: string) => holdings.find((holding) => holding.asset === asset);
  const options = markets
    .filter((market) => offered(kind, market, held(market.asset)))
    .map((market) => market.asset);
  const [chosen, setChosen] = useState(of.asset);
  const asset = chosen ?? preferred(kind, options, balances) ?? "";
  const [text, setText] = useState("");
  const [wasWhole, setWasWhole] = useState(false);
  const market = markets.find((one) => one.asset === asset);
  const holding = held(asset);

  const balance = balances?.get(asset);
  const spendable = balance === undefined ? undefined : lessFees(balance, asset, network.gasPrice);
  const maxBorrow = useMaxBorrow(kind === "borrow" ? account : undefined, asset || undefined).data;
  const maxWithdraw = useMaxWithdraw(
    kind === "withdraw" || kind === "transfer" ? account : undefined,
    asset || undefined,
  ).data;
  const maxTransfer = useMaxTransfer(kind === "transfer" ? account : undefined, holding);
  const maximum = maximumOf(kind, {
    holding,
    market,
    wallet: spendable,
    maxBorrow,
    maxWithdraw,
    maxTransfer,
  });

  const counting = assets.counting(asset);
  const typed = readAmount(text, counting);
  const draft = drafted();
  const settled = useDebounced(draft === undefined ? undefined : JSON.stringify(draft, asText));
  const current = draft === undefined ? undefined : JSON.stringify(draft, asText);
  const asked = draft !== undefined && settled === current ? draft : undefined;
  const simulation = useSimulate(account, asked === undefined ? undefined : actionsOf(asked));
  const estimate = useEstimate(asked === undefined ? undefined : messagesOf(network, asked));

  const simulated = asked === undefined ? undefined : simulation.data;
  const refusedBySimulation =
    simulated?.refusal === null || simulated?.refusal === undefined
      ? undefined
      : movesShares(kind, simulated.refusal)
        ? undefined
        : simulated.refusal;
  const refusal = refusedBySimulation ?? estimate.error ?? simulation.error ?? undefined;
  const allowed = asked !== undefined && refusal === undefined && estimate.data !== undefined;

  function drafted(): Draft | undefined {
    if (typed.kind !== "amount" || typed.amount === 0n || asset === "") return undefined;
    if (kind === "transfer" && of.to === undefined) return undefined;
    const whole = isWhole(kind, holding, typed.amount, wasWhole);
    const amount =
      kind === "repay" && whole && spendable !== undefined
        ? wholeRepayment(typed.amount, spendable)
        : typed.amount;
    return { kind, account, asset, amount, whole, lend: of.lend, to: of.to };
  }

  return {
    asset,
    setAsset: (next: string) => {
      setChosen(next);
      enter("");
    },
    options,
    optionLabel: (option: string) => labelled(option),
    nothing: nothing[kind],
    text,
    setText: enter,
    maximum,
    maximumWords:
      kind === "deposit" && maximum !== spendable ? "until the cap" : maximumWords[kind],
    problem: typed.kind === "wrong" ? typed.problem : tooMuch(),
    hint: hinted(),
    lendLabel:
      market === undefined
        ? "Lend it"
        : `Lend it: earns ${percentText(market.supply_rate, 2)} a year`,
    draft,
    /** The chain is being asked about what stands there. */
    pending:
      draft !== undefined && (asked === undefined || simulation.isFetching || estimate.isFetching),
    before: simulated?.before ?? margin.data,
    after: simulated?.after ?? undefined,
    estimate: asked === undefined ? undefined : estimate.data,
    refusal,
    /** Asks anew what was not answered. */
    retry: () => {
      if (simulation.isError) void simulation.refetch();
      if (estimate.isError) void estimate.refetch();
    },
    allowed,
  };

  function enter(next: string) {
    const entered = readAmount(next, counting);
    setText(next);
    setWasWhole(entered.kind === "amount" && isWhole(kind, holding, entered.amount));
  }

  function labelled(option: string): string {
    const symbol = assets.symbol(option);
    const one = held(option);
    if (kind === "deposit") {
      const has = balances?.get(option);
      return has === undefined ? symbol : `${symbol}, ${assets.amount(option, has)} in your wallet`;
    }
    if (kind === "borrow") {
      const rate = markets.find((known) => known.asset === option)?.borrow_rate;
      return rate === undefined ? symbol : `${symbol}, ${percentText(rate, 2)} a year`;
    }
    if (one === undefined) return symbol;
    const amounts: Partial<Record<ActionKind, [bigint, string]>> = {
      withdraw: [BigInt(one.idle) + BigInt(one.lent), "deposited"],
      transfer: [BigInt(one.idle) + BigInt(one.lent), "deposited"],
      lend: [BigInt(one.idle), "idle"],
      recall: [BigInt(one.lent), "lent"],
      repay: [BigInt(one.debt), "owed"],
    };
    const [amount, word] = amounts[kind] ?? [0n, ""];
    return `${symbol}, ${assets.amount(option, amount)} ${word}`;
  }

  function tooMuch(): string | undefined {
    if (typed.kind !== "amount" || typed.amount === 0n) return undefined;
    const fromWallet = kind === "deposit" || kind === "repay";
    if (fromWallet && spendable !== undefined && typed.amount > spendable) {
      return `Your wallet has ${assets.amount(asset, spendable)}${balance === spendable ? "" : " beside what fees need"}.`;
    }
    return undefined;
  }

  function hinted(): string | undefined {
    if (kind === "deposit" && holding?.side === "debt") {
      return `It first repays the ${assets.amount(asset, holding.debt)} that the account owes.`;
    }
    if (kind === "repay" && draft?.whole === true) {
      return "A little more is sent for the interest until then. What is not used comes back.";
    }
    return undefined;
  }
}

/** What {@link useDraft} gives. */
export type DraftForm = ReturnType<typeof useDraft>;

function offered(
  kind: ActionKind,
  market: MarketResponse,
  holding: Parameters<typeof offers>[1] | undefined,
): boolean {
  if (kind === "deposit") return market.deposit_enabled || holding?.side === "debt";
  if (kind === "borrow") return market.borrow_enabled && holding?.side !== "deposit";
  return holding !== undefined && offers(kind, holding);
}

/** The first asset, or of a deposit the first that the wallet has. */
function preferred(
  kind: ActionKind,
  options: readonly string[],
  balances: ReadonlyMap<string, bigint> | undefined,
): string | undefined {
  const affordable = options.find((asset) => (balances?.get(asset) ?? 0n) > 0n);
  return kind === "deposit" ? (affordable ?? options[0]) : options[0];
}

/** Lent deposits move between accounts as shares: cash and outflow do not bind a transfer. */
function movesShares(kind: ActionKind, refusal: string): boolean {
  const name = findError(refusal)?.name;
  return kind === "transfer" && (name === "insufficient_cash" || name === "outflow_limit");
}

function asText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

const maximumWords: Readonly<Record<ActionKind, string>> = {
  deposit: "in your wallet",
  withdraw: "can leave now",
  borrow: "at most",
  repay: "at most",
  lend: "idle",
  recall: "can come back now",
  transfer: "can leave now",
};

const nothing: Readonly<Record<ActionKind, string>> = {
  deposit: "No market takes deposits now.",
  withdraw: "This account has no deposits.",
  borrow: "No market lends now what this account does not hold.",
  repay: "This account owes nothing.",
  lend: "This account has no idle deposits.",
  recall: "This account has lent nothing.",
  transfer: "This account has no deposits.",
};
