import { ONE, parseDecimal } from "@bulwark/client";

/** What a plan, a simulation and an event say of a liquidation; values in USD, 18 decimals. */
export interface Terms {
  /** Smallest units of the deposit: what the keeper gets and the reserve's part together. */
  readonly seized: bigint;
  /** The reserve's part, smallest units of the deposit. */
  readonly protocolFee: bigint;
  readonly repaidValue: bigint;
  /** The reserve's part included. */
  readonly bonusValue: bigint;
}

/** What a keeper earns. */
export interface KeepersBonus {
  /** Smallest units of the deposit. */
  readonly amount: bigint;
  /** USD with 18 decimals. */
  readonly value: bigint;
  /** Per value repaid, 18 decimals. */
  readonly fraction: bigint;
}

/**
 * What the keeper keeps of the bonus once the reserve has its part, rounded down. What is seized is
 * worth the repayment and the bonus together, so no price is needed to take it apart.
 */
export function keepersBonus(terms: Terms): KeepersBonus {
  const { seized, protocolFee, repaidValue, bonusValue } = terms;
  const inAll = repaidValue + bonusValue;
  const bonus = inAll === 0n ? 0n : (seized * bonusValue) / inAll;
  const amount = bonus > protocolFee ? bonus - protocolFee : 0n;
  const value = bonus === 0n ? 0n : (bonusValue * amount) / bonus;
  const fraction = repaidValue === 0n ? 0n : (value * ONE) / repaidValue;
  return { amount, value, fraction };
}

/** The same of what the contract wrote. */
export function keepersBonusOf(answer: {
  seized: bigint;
  protocol_fee: string;
  repaid_value: string;
  bonus_value: string;
}): KeepersBonus {
  return keepersBonus({
    seized: answer.seized,
    protocolFee: BigInt(answer.protocol_fee),
    repaidValue: parseDecimal(answer.repaid_value),
    bonusValue: parseDecimal(answer.bonus_value),
  });
}
