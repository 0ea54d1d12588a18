import type { AccountRef, MarginResponse } from "@bulwark/client/types/BulwarkVault.types";
import { Card } from "../../parts/Card";
import { Explain } from "../../parts/Explain";
import { Figure, Figures } from "../../parts/Figure";
import { Gauge } from "../../parts/Gauge";
import { Notice } from "../../parts/Notice";
import { Ratio, Usd } from "../../parts/Numbers";
import { StatusBadge } from "../../parts/StatusBadge";
import { shownRatio } from "../../words/ratio";
import { openingRatio } from "./margin";
import styles from "./Overview.module.css";
import { Safety } from "./Safety";

/** How safe an account is, at a glance, and the figures behind it. */
export function Overview(props: { account: AccountRef; margin: MarginResponse }) {
  const { account, margin } = props;
  return (
    <Card title="Margin" actions={<StatusBadge status={margin.status} />}>
      <div className={styles.overview}>
        <div className={styles.glance}>
          <Gauge ratio={shownRatio(margin)} status={margin.status} opening={openingRatio(margin)} />
        </div>
        <div className={styles.figures}>
          <Safety account={account} margin={margin} />
          <Figures>
            <Figure
              label="Equity"
              detail="deposits less debts"
              explain={
                <Explain term="equity">
                  What would be left if everything were sold and repaid at today's prices.
                </Explain>
              }
            >
              <Usd value={margin.equity} />
            </Figure>
            <Figure
              label="Maintenance margin"
              detail="below it: liquidatable"
              explain={
                <Explain term="maintenance margin">
                  The loss that this basket must be able to bear. Hedges and diversification lower
                  it, volatility raises it. The margin ratio is equity divided by it.
                </Explain>
              }
            >
              <Usd value={margin.maintenance} />
            </Figure>
            <Figure
              label="Initial margin"
              detail="needed to borrow or withdraw"
              explain={
                <Explain term="initial margin">
                  What equity at opening prices has to reach before anything that adds risk is
                  allowed. Equity at opening prices is <Usd value={margin.equity_open} />.
                </Explain>
              }
            >
              <Usd value={margin.initial} />
            </Figure>
            <Figure label="Deposits">
              <Usd value={margin.deposits} />
            </Figure>
            <Figure label="Debts">
              <Usd value={margin.debts} />
            </Figure>
            <Figure
              label="Collateral ratio"
              detail="deposits per debt"
              explain={
                <Explain term="collateral ratio">
                  The value of deposits divided by the value of debts, as other lending markets
                  report it. Bulwark decides by the margin ratio.
                </Explain>
              }
            >
              <Ratio ratio={margin.collateral_ratio} />
            </Figure>
          </Figures>
          {margin.locked && (
            <Notice tone="neutral" title="An outside call is running">
              The vault takes no message until it has ended.
            </Notice>
          )}
        </div>
      </div>
    </Card>
  );
}
