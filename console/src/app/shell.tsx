/** What stands around every screen: the names of screens, and the collection that is looked at. */

import { AppShell, Burger, Group, NavLink, ScrollArea, Select, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  ChecklistIcon,
  PulseIcon,
  SlidersIcon,
  PackageIcon,
  EyeIcon,
  InboxIcon,
  KeyIcon,
  HomeIcon,
  HistoryIcon,
  WebhookIcon,
  ArchiveIcon,
  HeartIcon,
  TasklistIcon,
  VerifiedIcon,
  GearIcon,
  FeedPersonIcon,
  PeopleIcon,
  type Icon,
} from "@primer/octicons-react";
import { Link, Outlet, useLocation } from "@tanstack/react-router";

import { useChooseCollection, useCollection, useCollections } from "../api/collections";
import { useCaller, useMay, type Need } from "../api/session";
import { SignIn } from "../screens/account/SignIn";
import { Answer } from "../parts/Answer";
import { Unreached } from "../parts/Unreached";
import { useTexts, type Key } from "../texts/language";
import { useIdleSignOut } from "./idle";

/** Those about the whole server, which keys that are bound to a collection do not see. */
const OF_SERVER = new Set(["/keys", "/settings", "/webhooks", "/backup"]);

interface Screen {
  to: string;
  text: Key;
  icon: Icon;
  /** Any of them is enough. */
  needs: Need[];
}

const SCREENS: Screen[] = [
  { to: "/", text: "overview", icon: HomeIcon, needs: [] },
  { to: "/people", text: "people", icon: PeopleIcon, needs: ["browse"] },
  { to: "/inbox", text: "inbox", icon: InboxIcon, needs: ["browse"] },
  { to: "/review", text: "review", icon: ChecklistIcon, needs: ["browse"] },
  { to: "/sightings", text: "sightings", icon: HistoryIcon, needs: ["browse"] },
  { to: "/try", text: "try", icon: EyeIcon, needs: ["detect", "verify", "recognize"] },
  { to: "/decisions", text: "decisions", icon: SlidersIcon, needs: ["browse"] },
  { to: "/health", text: "health", icon: HeartIcon, needs: ["admin"] },
  { to: "/models", text: "models", icon: PackageIcon, needs: ["models"] },
  { to: "/jobs", text: "jobs", icon: TasklistIcon, needs: ["jobs"] },
  { to: "/keys", text: "keys", icon: KeyIcon, needs: ["admin"] },
  { to: "/audit", text: "audit", icon: PulseIcon, needs: ["audit"] },
  { to: "/receipts", text: "receipts", icon: VerifiedIcon, needs: ["erase", "audit"] },
  { to: "/webhooks", text: "webhooks", icon: WebhookIcon, needs: ["admin"] },
  { to: "/backup", text: "backup", icon: ArchiveIcon, needs: ["admin"] },
  { to: "/settings", text: "settings", icon: GearIcon, needs: ["admin"] },
  { to: "/account", text: "account", icon: FeedPersonIcon, needs: [] },
];

export function Shell() {
  const caller = useCaller();
  return (
    <Answer query={caller}>{(signedIn) => (signedIn === null ? <SignIn /> : <Around />)}</Answer>
  );
}

function Around() {
  const [opened, { toggle, close }] = useDisclosure();
  useIdleSignOut();
  const t = useTexts();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding="md"
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t("menu")}
            />
            <Text fw={700} size="lg" c="var(--mantine-primary-color-text)">
              Facet
            </Text>
          </Group>
          <CollectionChoice />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        <ScrollArea>
          <Screens onChoose={close} />
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main>
        <Unreached />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

function Screens({ onChoose }: { onChoose: () => void }) {
  const t = useTexts();
  const may = useMay();
  const bound = useCaller().data?.collection_id !== null;
  const { pathname } = useLocation();
  const shown = SCREENS.filter(({ needs, to }) => {
    if (bound && OF_SERVER.has(to)) return false;
    return needs.length === 0 || needs.some(may);
  });
  return shown.map(({ to, text, icon: Sign }) => (
    <NavLink
      key={to}
      label={t(text)}
      leftSection={<Sign size={18} aria-hidden />}
      active={to === "/" ? pathname === "/" : pathname.startsWith(to)}
      onClick={onChoose}
      renderRoot={(props: object) => <Link to={to} {...props} />}
    />
  ));
}

function CollectionChoice() {
  const t = useTexts();
  const { data } = useCollections();
  const chosen = useCollection();
  const choose = useChooseCollection();
  if (!data?.length || !chosen) return null;
  return (
    <Select
      aria-label={t("collection")}
      data={data.map((one) => one.name)}
      value={chosen.name}
      onChange={(name) => {
        if (name) choose(name);
      }}
      allowDeselect={false}
      searchable={data.length > 10}
      w={180}
    />
  );
}
