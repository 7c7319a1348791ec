/** The frame of every page behind the door: header on a desk, bottom navigation on a phone. */
import { ActionIcon, Avatar, Indicator, Menu, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconActivity,
  IconBellCog,
  IconDeviceLaptop,
  IconDevices,
  IconHeartbeat,
  IconHome2,
  IconLifebuoy,
  IconLogout,
  IconMoon,
  IconSun,
  IconTool,
  IconUser,
  IconUsers,
} from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { accounts } from "../api";
import { useAppearance, usePreferencesOnPage } from "../features/platform/accounts/usePreferences";
import { QuotaBar } from "../features/platform/billing/QuotaBar";
import { useRunningJobs } from "../features/platform/jobs/useJobs";
import { Bell } from "../features/platform/notifications/Bell";
import { WorkspaceSwitcher } from "../features/platform/workspaces/WorkspaceSwitcher";
import { Logo } from "../ui";
import { useLiveMode } from "./live";
import classes from "./Shell.module.css";
import { useUser } from "./session";

const JobDrawer = lazy(() =>
  import("../features/platform/jobs/JobDrawer").then((module) => ({ default: module.JobDrawer })),
);

export function Shell() {
  const [isOpen, drawer] = useDisclosure(false);
  const [wasOpened, opened] = useDisclosure(false);
  const running = useRunningJobs();
  usePreferencesOnPage();
  const openJobs = () => {
    opened.open();
    drawer.open();
  };

  return (
    <>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <header className={classes.header}>
        <Link to="/" className={classes.home} aria-label="Vitrine, projects">
          <Logo />
        </Link>
        <WorkspaceSwitcher />
        <nav className={classes.nav} aria-label="Main">
          <Link to="/" className={classes.navLink} activeOptions={{ exact: true }}>
            Projects
          </Link>
          <Link to="/community" className={classes.navLink}>
            Community
          </Link>
          <Link to="/support" className={classes.navLink}>
            Support
          </Link>
        </nav>
        <div className={classes.right}>
          <PollingNote />
          <QuotaBar />
          <Tooltip label="Activity">
            <Indicator
              className={classes.deskOnly}
              label={running}
              size={17}
              offset={5}
              disabled={running === 0}
              color="glass"
            >
              <ActionIcon
                onClick={openJobs}
                aria-label={running ? `Activity, ${running} running` : "Activity"}
              >
                <IconActivity size={21} stroke={1.7} />
              </ActionIcon>
            </Indicator>
          </Tooltip>
          <Bell />
          <AccountMenu />
        </div>
      </header>

      <main id="content" className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>

      <nav className={classes.bottom} aria-label="Main, bottom">
        <Link to="/" className={classes.tab} activeOptions={{ exact: true }}>
          <IconHome2 size={23} stroke={1.7} aria-hidden />
          Projects
        </Link>
        <Link to="/community" className={classes.tab}>
          <IconUsers size={23} stroke={1.7} aria-hidden />
          Community
        </Link>
        <Link to="/support" className={classes.tab}>
          <IconLifebuoy size={23} stroke={1.7} aria-hidden />
          Support
        </Link>
        <button
          type="button"
          className={classes.tab}
          aria-label={running ? `Activity, ${running} running` : "Activity"}
          onClick={openJobs}
        >
          <Indicator label={running} size={16} disabled={running === 0} color="glass">
            <IconActivity size={23} stroke={1.7} aria-hidden />
          </Indicator>
          Activity
        </button>
        <Link to="/account" className={classes.tab}>
          <IconUser size={23} stroke={1.7} aria-hidden />
          Account
        </Link>
      </nav>

      {wasOpened && (
        <Suspense>
          <JobDrawer isOpen={isOpen} onClose={drawer.close} />
        </Suspense>
      )}
    </>
  );
}

/** Says so when the page asks instead of being told; nothing to worry about, but honest. */
function PollingNote() {
  const mode = useLiveMode();
  return (
    <span className={classes.live} role="status">
      {mode === "polling" && (
        <Tooltip label="The live connection is blocked, so the page asks for news every 3 seconds.">
          <span className={classes.pollingNote}>Checking every 3 s</span>
        </Tooltip>
      )}
    </span>
  );
}

function AccountMenu() {
  const user = useUser();
  const logout = useMutation({ mutationFn: accounts.logout });
  const { theme, setTheme } = useAppearance();
  if (!user) return null;
  const schemes = [
    { id: "light", label: "Light", icon: <IconSun size={17} /> },
    { id: "dark", label: "Dark", icon: <IconMoon size={17} /> },
    { id: "auto", label: "Like the system", icon: <IconDeviceLaptop size={17} /> },
  ] as const;
  return (
    <Menu position="bottom-end" width={240} withinPortal>
      <Menu.Target>
        <button type="button" className={classes.avatar} aria-label="Account menu">
          <Avatar size={34} radius="xl" color="glass" name={user.full_name} variant="light" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{user.full_name}</strong>
          <span>{user.email}</span>
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} to="/account" leftSection={<IconUser size={17} />}>
          Account
        </Menu.Item>
        <Menu.Item component={Link} to="/account/sessions" leftSection={<IconDevices size={17} />}>
          Devices
        </Menu.Item>
        <Menu.Item component={Link} to="/notifications/preferences" leftSection={<IconBellCog size={17} />}>
          Notifications
        </Menu.Item>
        {user.is_operator && (
          <Menu.Item component={Link} to="/operator/status" leftSection={<IconTool size={17} />}>
            Operator
          </Menu.Item>
        )}
        <Menu.Item component="a" href="/status" leftSection={<IconHeartbeat size={17} />}>
          System status
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        {schemes.map((scheme) => (
          <Menu.Item
            key={scheme.id}
            leftSection={scheme.icon}
            aria-current={theme === scheme.id}
            data-current={theme === scheme.id || undefined}
            className={classes.scheme}
            closeMenuOnClick={false}
            onClick={() => setTheme(scheme.id)}
          >
            {scheme.label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={17} />} onClick={() => logout.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
