/** The name of somebody, which leads to them. */

import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";

interface Props {
  id: string;
  name: string;
}

export function PersonLink({ id, name }: Props) {
  return (
    <Anchor
      style={{ overflowWrap: "anywhere" }}
      renderRoot={(props: object) => <Link to="/people/$subject" params={{ subject: id }} {...props} />}
    >
      {name}
    </Anchor>
  );
}
