import { useBlock } from "../../data/block";
import { type Live, useConnection } from "../../data/connection";
import { Age } from "../../parts/Age";
import { Badge, type Tone } from "../../parts/Badge";
import { Card } from "../../parts/Card";
import { Figure, Figures } from "../../parts/Figure";
import { countText, NOTHING } from "../../words/format";

const states: Record<Live, readonly [Tone, string]> = {
  connecting: ["neutral", "Connecting"],
  live: ["healthy", "Live"],
  polling: ["neutral", "Asking every few seconds"],
  offline: ["danger", "Not connected"],
};

/** The chain, as the node tells of it. */
export function Chain() {
  const { network, live } = useConnection();
  const block = useBlock();
  const [tone, words] = states[live];
  return (
    <Card title="Chain" actions={<Badge tone={tone}>{words}</Badge>}>
      <Figures>
        <Figure label="Newest block" detail={block && <Age since={block.time} />}>
          {block === undefined ? NOTHING : countText(block.height)}
        </Figure>
        <Figure label="Chain" detail={`Node ${network.rpc}`}>
          {network.chainId}
        </Figure>
      </Figures>
    </Card>
  );
}
