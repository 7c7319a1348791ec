import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
  redirect,
} from "@tanstack/react-router";
import { session } from "../api";
import { Alone } from "./Alone";
import { NotFound, PageError, PagePending } from "./fallbacks";
import { queryClient } from "./query";
import { Shell } from "./Shell";
import { isLeaving, isSetupNeeded, isSignedIn } from "./session";

const root = createRootRoute();

const TOOLS = ["furniture", "surfaces", "room"] as const;

/** Only addresses inside this app may be returned to after signing in. */
function safeNext(value: unknown): string | undefined {
  return typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;
}

/** The token of a link in a letter. */
const linkToken = (search: Record<string, unknown>): { token?: string } => ({
  token: typeof search.token === "string" ? search.token : undefined,
});

const door = createRoute({
  getParentRoute: () => root,
  id: "door",
  component: lazyRouteComponent(() => import("../features/platform/accounts/AuthLayout"), "AuthLayout"),
});

const login = createRoute({
  getParentRoute: () => door,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): { next?: string; problem?: string } => ({
    next: safeNext(search.next),
    problem: typeof search.problem === "string" ? search.problem : undefined,
  }),
  beforeLoad: async ({ search }) => {
    if (await isSignedIn()) throw redirect({ to: search.next ?? "/", replace: true });
    if (await isSetupNeeded()) throw redirect({ to: "/setup", replace: true });
  },
  component: lazyRouteComponent(() => import("../features/platform/accounts/LoginPage"), "LoginPage"),
});

const register = createRoute({
  getParentRoute: () => door,
  path: "/register",
  beforeLoad: async () => {
    if (await isSignedIn()) throw redirect({ to: "/", replace: true });
    if (await isSetupNeeded()) throw redirect({ to: "/setup", replace: true });
  },
  component: lazyRouteComponent(() => import("../features/platform/accounts/RegisterPage"), "RegisterPage"),
});

const setup = createRoute({
  getParentRoute: () => door,
  path: "/setup",
  validateSearch: linkToken,
  beforeLoad: async () => {
    if (!(await isSetupNeeded())) throw redirect({ to: "/", replace: true });
  },
  component: lazyRouteComponent(() => import("../features/platform/accounts/SetupPage"), "SetupPage"),
});

const forgotPassword = createRoute({
  getParentRoute: () => door,
  path: "/forgot-password",
  component: lazyRouteComponent(
    () => import("../features/platform/accounts/ForgotPasswordPage"),
    "ForgotPasswordPage",
  ),
});

const resetPassword = createRoute({
  getParentRoute: () => door,
  path: "/reset-password",
  validateSearch: linkToken,
  component: lazyRouteComponent(
    () => import("../features/platform/accounts/ResetPasswordPage"),
    "ResetPasswordPage",
  ),
});

const verifyEmail = createRoute({
  getParentRoute: () => door,
  path: "/verify-email",
  validateSearch: linkToken,
  component: lazyRouteComponent(
    () => import("../features/platform/accounts/VerifyEmailPage"),
    "VerifyEmailPage",
  ),
});

async function signedInOnly({ location }: { location: { href: string } }): Promise<void> {
  if (await isSignedIn()) {
    if (isLeaving()) throw redirect({ to: "/leaving", replace: true });
    return;
  }
  if (await isSetupNeeded()) throw redirect({ to: "/setup", replace: true });
  const next = location.href === "/" ? undefined : safeNext(location.href);
  throw redirect({ to: "/login", search: { next }, replace: true });
}

const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: signedInOnly,
  component: Shell,
});

/** Pages that need the whole window for themselves. */
const alone = createRoute({
  getParentRoute: () => root,
  id: "alone",
  beforeLoad: signedInOnly,
  component: Alone,
});

const editRoute = createRoute({
  getParentRoute: () => alone,
  path: "/projects/$projectId/images/$imageId/edit",
  validateSearch: (search: Record<string, unknown>): { tool?: (typeof TOOLS)[number] } => ({
    tool: TOOLS.find((tool) => tool === search.tool),
  }),
  component: lazyRouteComponent(() => import("../features/staging/scenes/EditorPage"), "EditorPage"),
});

const projects = createRoute({
  getParentRoute: () => inside,
  path: "/",
  component: lazyRouteComponent(() => import("../features/staging/projects/ProjectsPage"), "ProjectsPage"),
});

export const projectRoute = createRoute({
  getParentRoute: () => inside,
  path: "/projects/$projectId",
  /** `view` is the image open in the viewer, so that it can be linked to. */
  validateSearch: (search: Record<string, unknown>): { view?: string } => ({
    view: typeof search.view === "string" ? search.view : undefined,
  }),
  component: lazyRouteComponent(() => import("../features/staging/projects/ProjectPage"), "ProjectPage"),
});

const account = createRoute({
  getParentRoute: () => inside,
  path: "/account",
  component: lazyRouteComponent(() => import("../features/platform/accounts/AccountPage"), "AccountPage"),
});

const sessions = createRoute({
  getParentRoute: () => inside,
  path: "/account/sessions",
  component: lazyRouteComponent(() => import("../features/platform/accounts/SessionsPage"), "SessionsPage"),
});

const security = createRoute({
  getParentRoute: () => inside,
  path: "/account/security",
  component: lazyRouteComponent(
    () => import("../features/platform/accounts/security/SecurityPage"),
    "SecurityPage",
  ),
});

const apiKeys = createRoute({
  getParentRoute: () => inside,
  path: "/account/api-keys",
  component: lazyRouteComponent(() => import("../features/platform/api_keys/ApiKeysPage"), "ApiKeysPage"),
});

const accountData = createRoute({
  getParentRoute: () => inside,
  path: "/account/data",
  component: lazyRouteComponent(() => import("../features/platform/accounts/DataPage"), "DataPage"),
});

const workspace = createRoute({
  getParentRoute: () => inside,
  path: "/workspace",
  component: lazyRouteComponent(
    () => import("../features/platform/workspaces/WorkspacePage"),
    "WorkspacePage",
  ),
});

const join = createRoute({
  getParentRoute: () => inside,
  path: "/join",
  validateSearch: linkToken,
  component: lazyRouteComponent(() => import("../features/platform/workspaces/JoinPage"), "JoinPage"),
});

const leaving = createRoute({
  getParentRoute: () => root,
  path: "/leaving",
  beforeLoad: async () => {
    if (!(await isSignedIn())) throw redirect({ to: "/login", replace: true });
    if (!isLeaving()) throw redirect({ to: "/", replace: true });
  },
  component: lazyRouteComponent(() => import("../features/platform/accounts/LeavingPage"), "LeavingPage"),
});

const unsubscribe = createRoute({
  getParentRoute: () => door,
  path: "/unsubscribe",
  validateSearch: linkToken,
  component: lazyRouteComponent(
    () => import("../features/platform/notifications/UnsubscribePage"),
    "UnsubscribePage",
  ),
});

const notifications = createRoute({
  getParentRoute: () => inside,
  path: "/notifications",
  validateSearch: (search: Record<string, unknown>): { show?: "unread"; kind?: string; page?: number } => ({
    show: search.show === "unread" ? "unread" : undefined,
    kind: typeof search.kind === "string" ? search.kind : undefined,
    page: typeof search.page === "number" && search.page > 1 ? Math.floor(search.page) : undefined,
  }),
  component: lazyRouteComponent(
    () => import("../features/platform/notifications/NotificationsPage"),
    "NotificationsPage",
  ),
});

const notificationPreferences = createRoute({
  getParentRoute: () => inside,
  path: "/notifications/preferences",
  component: lazyRouteComponent(
    () => import("../features/platform/notifications/PreferencesPage"),
    "PreferencesPage",
  ),
});

const notificationSchedules = createRoute({
  getParentRoute: () => inside,
  path: "/notifications/schedules",
  component: lazyRouteComponent(
    () => import("../features/platform/notifications/SchedulesPage"),
    "SchedulesPage",
  ),
});

const notificationRules = createRoute({
  getParentRoute: () => inside,
  path: "/notifications/rules",
  component: lazyRouteComponent(() => import("../features/platform/notifications/RulesPage"), "RulesPage"),
});

const credits = createRoute({
  getParentRoute: () => inside,
  path: "/credits",
  component: lazyRouteComponent(() => import("../features/staging/furniture/CreditsPage"), "CreditsPage"),
});

const support = createRoute({
  getParentRoute: () => inside,
  path: "/support",
  component: lazyRouteComponent(() => import("../features/hub/support/SupportPage"), "SupportPage"),
});

const cannedReplies = createRoute({
  getParentRoute: () => inside,
  path: "/support/replies",
  component: lazyRouteComponent(
    () => import("../features/hub/support/CannedRepliesPage"),
    "CannedRepliesPage",
  ),
});

const ticket = createRoute({
  getParentRoute: () => inside,
  path: "/support/$ticketId",
  component: lazyRouteComponent(() => import("../features/hub/support/TicketPage"), "TicketPage"),
});

const moderation = createRoute({
  getParentRoute: () => inside,
  path: "/community/moderation",
  component: lazyRouteComponent(() => import("../features/hub/community/ModerationPage"), "ModerationPage"),
});

/** Pages everybody may read, signed in or not. */
const outside = createRoute({
  getParentRoute: () => root,
  id: "outside",
  beforeLoad: async () => {
    await isSignedIn();
  },
  component: lazyRouteComponent(() => import("../features/hub/PublicShell"), "PublicShell"),
});

const community = createRoute({
  getParentRoute: () => outside,
  path: "/community",
  component: lazyRouteComponent(() => import("../features/hub/community/CommunityPage"), "CommunityPage"),
});

const post = createRoute({
  getParentRoute: () => outside,
  path: "/community/$postId",
  component: lazyRouteComponent(() => import("../features/hub/community/PostPage"), "PostPage"),
});

const operatorArea = createRoute({
  getParentRoute: () => inside,
  path: "/operator",
  component: lazyRouteComponent(() => import("../features/platform/admin/OperatorLayout"), "OperatorLayout"),
});

const operatorStart = createRoute({
  getParentRoute: () => operatorArea,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/operator/status", replace: true });
  },
});

const operatorStatus = createRoute({
  getParentRoute: () => operatorArea,
  path: "/status",
  component: lazyRouteComponent(() => import("../features/hub/status/StatusAdminPage"), "StatusAdminPage"),
});

const operatorUsers = createRoute({
  getParentRoute: () => operatorArea,
  path: "/users",
  component: lazyRouteComponent(() => import("../features/platform/admin/UsersPage"), "UsersPage"),
});

const operatorWorkspaces = createRoute({
  getParentRoute: () => operatorArea,
  path: "/workspaces",
  component: lazyRouteComponent(() => import("../features/platform/admin/WorkspacesPage"), "WorkspacesPage"),
});

const operatorJobs = createRoute({
  getParentRoute: () => operatorArea,
  path: "/jobs",
  component: lazyRouteComponent(() => import("../features/platform/admin/JobsPage"), "JobsPage"),
});

const operatorAudit = createRoute({
  getParentRoute: () => operatorArea,
  path: "/audit",
  component: lazyRouteComponent(() => import("../features/platform/admin/AuditPage"), "AuditPage"),
});

const operatorReports = createRoute({
  getParentRoute: () => operatorArea,
  path: "/reports",
  component: lazyRouteComponent(() => import("../features/platform/admin/ReportsPage"), "ReportsPage"),
});

const operatorSettings = createRoute({
  getParentRoute: () => operatorArea,
  path: "/settings",
  component: lazyRouteComponent(() => import("../features/platform/admin/SettingsPage"), "SettingsPage"),
});

/** `history` is given by tests only; the app lives in the address bar. */
export function makeRouter(history?: RouterHistory) {
  return createRouter({
    history,
    routeTree: root.addChildren([
      door.addChildren([login, register, setup, forgotPassword, resetPassword, verifyEmail, unsubscribe]),
      inside.addChildren([
        projects,
        projectRoute,
        account,
        security,
        sessions,
        credits,
        apiKeys,
        accountData,
        workspace,
        join,
        support,
        cannedReplies,
        ticket,
        moderation,
        operatorArea.addChildren([
          operatorStart,
          operatorStatus,
          operatorUsers,
          operatorWorkspaces,
          operatorJobs,
          operatorAudit,
          operatorReports,
          operatorSettings,
        ]),
        notifications,
        notificationPreferences,
        notificationSchedules,
        notificationRules,
      ]),
      outside.addChildren([community, post]),
      alone.addChildren([editRoute]),
      leaving,
    ]),
    defaultPreload: "intent",
    // Preloading runs the door checks too; the data itself is read by the pages.
    defaultPreloadStaleTime: 30_000,
    defaultPendingMs: 250,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

export const router = makeRouter();

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

// Losing the session empties the cache and leads to the door, whichever tab it happened in.
session.subscribe(() => {
  if (session.snapshot().status !== "signed_out") return;
  queryClient.clear();
  const { pathname, href } = router.state.location;
  if (
    /^\/(login|register|setup|forgot-password|reset-password|verify-email|unsubscribe|community)(?!\/moderation)/.test(
      pathname,
    )
  )
    return;
  void router.navigate({ to: "/login", search: { next: href === "/" ? undefined : safeNext(href) } });
});
