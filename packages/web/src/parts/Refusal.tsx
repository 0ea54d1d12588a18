import { asError, BulwarkError, findError } from "@bulwark/client";
import { useProblems } from "../words/problems";
import { Button } from "./Button";
import { Notice } from "./Notice";

/**
 * Why something is refused, in plain words, and what to do; of an error or of a contract's text.
 * What a contract refuses it refuses again; of anything else it can be tried again.
 */
export function Refusal(props: { of: Error | string; onRetry?: () => void }) {
  const problems = useProblems();
  const error =
    typeof props.of === "string" ? (findError(props.of) ?? new Error(props.of)) : asError(props.of);
  const { tone, title, detail } = problems(error);
  return (
    <Notice
      tone={tone}
      title={title}
      live
      action={
        props.onRetry !== undefined &&
        !(error instanceof BulwarkError) && (
          <Button small onClick={props.onRetry}>
            Try again
          </Button>
        )
      }
    >
      {detail}
    </Notice>
  );
}
