import type { PriceResponse } from "@bulwark/client/types/BulwarkOracle.types";
import type { ConfigResponse, MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import type { Tone } from "../../parts/Badge";
import { Card } from "../../parts/Card";
import { Figure, Figures } from "../../parts/Figure";
import { Meter } from "../../parts/Meter";
import { Amount, Usd } from "../../parts/Numbers";
import { percentText, spanText } from "../../words/format";
import { shareOf, worthText } from "./figures";
import styles from "./markets.module.css";

/** What is in a market's pool, and how near it is to its limits. */
export function Pool(props: {
  market: MarketResponse;
  price: PriceResponse | undefined;
  config: ConfigResponse | undefined;
}) {
  const { market, price, config } = props;
  const { limits } = market;
  const deposits = (BigInt(market.idle) + BigInt(market.supplied)).toString();
  const used = Number(market.utilisation);
  const most = Number(limits.max_utilisation);
  const usd = (amount: string) => {
    const value = worthText(market, amount, price);
    return value === undefined ? undefined : <Usd value={value} compact />;
  };
  const of = (part: string, whole: string) => (
    <>
      <Amount asset={market.asset} amount={part} symbol={false} /> of{" "}
      <Amount asset={market.asset} amount={whole} />
    </>
  );
  return (
    <Card title="Pool">
      <Figures>
        <Figure label="Cash" detail={usd(market.cash)}>
          <Amount asset={market.asset} amount={market.cash} />
        </Figure>
        <Figure label="Idle deposits" detail={usd(market.idle)}>
          <Amount asset={market.asset} amount={market.idle} />
        </Figure>
        <Figure label="Reserve" detail={usd(market.reserve)}>
          <Amount asset={market.asset} amount={market.reserve} />
        </Figure>
      </Figures>
      <div className={styles.meters}>
        <Meter
          label="Utilisation"
          value={used}
          words={percentText(market.utilisation)}
          mark={{ at: most, label: `no new borrows beyond ${percentText(limits.max_utilisation)}` }}
          tone={used >= most ? "caution" : "neutral"}
          detail={`New borrows stop at ${percentText(limits.max_utilisation)}, the mark.`}
        />
        <Meter
          label="Deposit cap"
          value={shareOf(deposits, limits.deposit_cap)}
          words={of(deposits, limits.deposit_cap)}
          tone={fullness(deposits, limits.deposit_cap)}
        />
        <Meter
          label="Borrow cap"
          value={shareOf(market.borrowed, limits.borrow_cap)}
          words={of(market.borrowed, limits.borrow_cap)}
          tone={fullness(market.borrowed, limits.borrow_cap)}
        />
        {market.outflow_limit !== null && market.outflow_limit !== undefined && (
          <Meter
            label={
              config === undefined
                ? "Net outflow"
                : `Net outflow within ${spanText(config.parameters.outflow_window)}`
            }
            value={shareOf(market.outflow, market.outflow_limit)}
            words={of(market.outflow, market.outflow_limit)}
            tone={fullness(market.outflow, market.outflow_limit)}
            detail="Lent deposits and borrows that leave. Idle deposits, repayments and liquidations are never held back."
          />
        )}
      </div>
    </Card>
  );
}

function fullness(part: string, whole: string): Tone {
  return BigInt(part) > 0n && shareOf(part, whole) >= 0.9 ? "caution" : "neutral";
}
