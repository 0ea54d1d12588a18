import { Button } from "../parts/Button";
import { Notice } from "../parts/Notice";
import styles from "./Starting.module.css";

/** Before the configuration is there, and when it is wrong. */
export function Starting(props: { error: Error | undefined }) {
  return (
    <main className={styles.starting}>
      <title>Bulwark</title>
      <h1>Bulwark</h1>
      {props.error === undefined ? (
        <p role="status">Reading which network this page is for…</p>
      ) : (
        <Notice
          tone="danger"
          title="This page does not know which network it is for"
          live
          action={
            <Button small onClick={() => window.location.reload()}>
              Try again
            </Button>
          }
        >
          <p>{props.error.message}</p>
          <p>
            Whoever serves this page has to put a <code>config.json</code> beside it.
          </p>
        </Notice>
      )}
    </main>
  );
}
