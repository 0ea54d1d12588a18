import { BulwarkError } from "@bulwark/client";
import type { ReactNode } from "react";
import { useAssets } from "../data/assets";
import { refusalOf } from "../words/refusals";
import type { Tone } from "./Badge";
import { Button } from "./Button";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import styles from "./Notice.module.css";

const signs: Record<Tone, IconName> = {
  healthy: "check",
  caution: "caution",
  danger: "danger",
  neutral: "help",
};

/** Something to be read, in place. `live` makes screen readers say it when it appears. */
export function Notice(props: {
  tone: Tone;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  live?: boolean;
}) {
  return (
    <div
      className={cx(styles.notice, styles[props.tone])}
      {...(props.live === true ? { role: "status" } : {})}
    >
      <Icon name={signs[props.tone]} />
      <div className={styles.body}>
        <p className={styles.title}>{props.title}</p>
        {props.children !== undefined && <div className={styles.detail}>{props.children}</div>}
      </div>
      {props.action}
    </div>
  );
}

/** A grey place for what is still being fetched. */
export function Skeleton(props: { height?: string; width?: string }) {
  return (
    <span
      className={styles.skeleton}
      style={{ height: props.height ?? "1.25rem", width: props.width ?? "100%" }}
      aria-hidden="true"
    />
  );
}

/** What could not be fetched, in place, with a way to try again. */
export function Trouble(props: { what: string; error: Error; onRetry?: () => void }) {
  const assets = useAssets();
  const { error } = props;
  return (
    <Notice
      tone="caution"
      title={`${props.what} could not be fetched`}
      live
      action={
        props.onRetry !== undefined && (
          <Button small onClick={props.onRetry}>
            Try again
          </Button>
        )
      }
    >
      {error instanceof BulwarkError ? refusalOf(error, assets).reason : error.message}
    </Notice>
  );
}
