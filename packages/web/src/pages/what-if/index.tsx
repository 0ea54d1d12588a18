import { useState } from "react";
import { useChosenAccount } from "../../data/chosen";
import { Button } from "../../parts/Button";
import { Page } from "../../parts/Page";
import { Experiment } from "./Experiment";
import { Which } from "./Which";

/** The page “What if”: an account at other prices, worked out on this device. */
export function Component() {
  const { account } = useChosenAccount();
  const [isMadeUp, setMadeUp] = useState(false);
  const shown = isMadeUp ? undefined : account;
  return (
    <Page
      title="What if"
      lead={
        shown === undefined
          ? "Put an account together, move prices, and see what would become of it. It is worked out on this device; nothing is sent."
          : "Move prices, volatility and amounts, and see what would become of the account. It is worked out on this device; nothing is sent."
      }
      actions={shown !== undefined && <Which account={shown} />}
    >
      <Experiment
        key={shown === undefined ? "made up" : `${shown.owner}/${shown.id}`}
        account={shown}
        swap={
          account !== undefined && (
            <Button small onClick={() => setMadeUp(!isMadeUp)}>
              {isMadeUp ? "Back to the account" : "Start from an empty account"}
            </Button>
          )
        }
      />
    </Page>
  );
}
