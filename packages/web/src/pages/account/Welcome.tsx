import { isAddress } from "@bulwark/client";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { accountPath } from "../../data/chosen";
import { useNetwork } from "../../data/connection";
import { useWallet } from "../../data/wallet";
import { Button } from "../../parts/Button";
import { Card } from "../../parts/Card";
import { Field } from "../../parts/Field";
import { Page } from "../../parts/Page";
import styles from "./Welcome.module.css";

/** Without a wallet and without an address to look at. */
export function Welcome() {
  const { connecting } = useWallet();
  return (
    <Page
      title="Account"
      lead="One margin account over many assets: what you hold, what you owe, and how safe it is."
    >
      <div className={styles.cards}>
        <Card title={connecting ? "Connecting your wallet…" : "Connect a wallet"}>
          <p>
            {connecting
              ? "Your wallet may be asking you to allow this page."
              : "Use “Connect” at the top. Until you sign something, this page only reads."}
          </p>
        </Card>
        <Card title="Look at any account">
          <LookUp />
        </Card>
      </div>
    </Page>
  );
}

/** For an owner that no chain of this kind has. */
export function NoAddress(props: { owner: string }) {
  return (
    <Page title="Account" lead={`“${props.owner}” is no address of this chain.`}>
      <Card title="Look at any account">
        <LookUp />
      </Card>
    </Page>
  );
}

/** Goes to the account of an address. */
function LookUp() {
  const { prefix } = useNetwork();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const owner = text.trim();
    if (isAddress(owner, prefix)) void navigate(accountPath({ owner, id: 0 }));
    else setProblem(`Enter an address of this chain: ${prefix}1…`);
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <Field label="Owner's address" problem={problem}>
        {(control) => (
          <input
            {...control}
            value={text}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              setText(event.target.value);
              setProblem(undefined);
            }}
          />
        )}
      </Field>
      <Button type="submit">Look at it</Button>
    </form>
  );
}
