/** Addresses of the screens; each is loaded when it is looked at. */

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from "@tanstack/react-router";

import { filtersOf } from "../screens/people/filters";
import { Failed } from "./Failed";
import { Shell } from "./shell";

interface Search {
  /** The name of the collection that is looked at. */
  c?: string;
  /** The tab of the screen that is looked at. */
  tab?: string;
}

const root = createRootRoute({
  component: Shell,
  validateSearch: ({ c, tab }: Record<string, unknown>): Search => ({
    ...(typeof c === "string" && { c }),
    ...(typeof tab === "string" && { tab }),
  }),
  search: { middlewares: [retainSearchParams(["c"])] },
});

const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("../screens/overview/Overview"), "Overview"),
});
const people = createRoute({
  getParentRoute: () => root,
  path: "/people",
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import("../screens/people/People"), "People"),
});
const person = createRoute({
  getParentRoute: () => root,
  path: "/people/$subject",
  component: lazyRouteComponent(() => import("../screens/people/Person"), "Person"),
});
const inbox = createRoute({
  getParentRoute: () => root,
  path: "/inbox",
  component: lazyRouteComponent(() => import("../screens/inbox/Inbox"), "Inbox"),
});
const review = createRoute({
  getParentRoute: () => root,
  path: "/review",
  component: lazyRouteComponent(() => import("../screens/review/Review"), "Review"),
});
const sightings = createRoute({
  getParentRoute: () => root,
  path: "/sightings",
  component: lazyRouteComponent(() => import("../screens/sightings/Sightings"), "Sightings"),
});
const trying = createRoute({
  getParentRoute: () => root,
  path: "/try",
  component: lazyRouteComponent(() => import("../screens/try/Try"), "Try"),
});
const decisions = createRoute({
  getParentRoute: () => root,
  path: "/decisions",
  component: lazyRouteComponent(() => import("../screens/decisions/Decisions"), "Decisions"),
});
const health = createRoute({
  getParentRoute: () => root,
  path: "/health",
  component: lazyRouteComponent(() => import("../screens/health/Health"), "Health"),
});
const models = createRoute({
  getParentRoute: () => root,
  path: "/models",
  component: lazyRouteComponent(() => import("../screens/models/Models"), "Models"),
});
const jobs = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  component: lazyRouteComponent(() => import("../screens/jobs/Jobs"), "Jobs"),
});
const keys = createRoute({
  getParentRoute: () => root,
  path: "/keys",
  component: lazyRouteComponent(() => import("../screens/administration/Keys"), "Keys"),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  component: lazyRouteComponent(() => import("../screens/administration/Audit"), "Audit"),
});
const receipts = createRoute({
  getParentRoute: () => root,
  path: "/receipts",
  component: lazyRouteComponent(() => import("../screens/administration/Receipts"), "Receipts"),
});
const webhooks = createRoute({
  getParentRoute: () => root,
  path: "/webhooks",
  component: lazyRouteComponent(() => import("../screens/administration/Webhooks"), "Webhooks"),
});
const backup = createRoute({
  getParentRoute: () => root,
  path: "/backup",
  component: lazyRouteComponent(() => import("../screens/administration/Backup"), "Backup"),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("../screens/administration/Settings"), "Settings"),
});
const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  component: lazyRouteComponent(() => import("../screens/account/Account"), "Account"),
});

const places = [
  overview,
  people,
  person,
  inbox,
  review,
  sightings,
  trying,
  decisions,
  health,
  models,
  jobs,
  keys,
  audit,
  receipts,
  webhooks,
  backup,
  settings,
  account,
];

export const router = createRouter({
  routeTree: root.addChildren(places),
  basepath: new URL(document.baseURI).pathname.replace(/\/$/, ""),
  defaultErrorComponent: Failed,
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
  interface HistoryState {
    /** Whether a person's page was opened from the list of people. */
    fromPeople?: boolean;
  }
}
