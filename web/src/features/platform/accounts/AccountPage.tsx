import { Button, Skeleton } from "@mantine/core";
import {
  IconArchive,
  IconArmchair,
  IconChevronRight,
  IconDevices,
  IconKey,
  IconLogout,
  IconShieldLock,
  IconUsers,
} from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { accounts } from "../../../api";
import { keys } from "../../../app/keys";
import { plural } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { ErrorState } from "../../../ui";
import { QuotaBar } from "../billing/QuotaBar";
import classes from "./AccountPage.module.css";
import { PasswordCard } from "./PasswordCard";
import { PreferencesCard } from "./PreferencesCard";
import { ProfileCard } from "./ProfileCard";

export function AccountPage() {
  useTitle("Account");
  const me = useQuery({ queryKey: keys.me, queryFn: accounts.me });
  const logout = useMutation({ mutationFn: accounts.logout });

  return (
    <div className={classes.page}>
      <h1>Account</h1>
      {me.isError ? (
        <ErrorState error={me.error} onRetry={() => void me.refetch()} />
      ) : (
        <>
          <ProfileCard me={me.data} />
          <section className={classes.card} aria-labelledby="plan">
            <h2 id="plan">Plan and usage</h2>
            {me.data ? (
              <>
                <p className={classes.plan}>
                  <strong>{me.data.plan.name}</strong>
                  <span>
                    {me.data.plan.images_per_month == null
                      ? "No limit on images"
                      : `${plural(me.data.plan.images_per_month, "image")} a month`}
                  </span>
                </p>
                <QuotaBar wide />
                <p className={classes.note}>Failed and canceled images are never counted.</p>
              </>
            ) : (
              <Skeleton h={70} />
            )}
          </section>
        </>
      )}
      <PasswordCard />
      <PreferencesCard />
      <Link to="/account/security" className={classes.linkCard}>
        <IconShieldLock size={22} stroke={1.7} aria-hidden />
        <span>
          <strong>Security</strong>
          <small>Two-step sign-in and passkeys</small>
        </span>
        <IconChevronRight size={20} aria-hidden />
      </Link>
      <Link to="/account/sessions" className={classes.linkCard}>
        <IconDevices size={22} stroke={1.7} aria-hidden />
        <span>
          <strong>Devices</strong>
          <small>Where you are signed in</small>
        </span>
        <IconChevronRight size={20} aria-hidden />
      </Link>
      <Link to="/account/api-keys" className={classes.linkCard}>
        <IconKey size={22} stroke={1.7} aria-hidden />
        <span>
          <strong>API keys</strong>
          <small>For programs that work for you</small>
        </span>
        <IconChevronRight size={20} aria-hidden />
      </Link>
      <Link to="/workspace" className={classes.linkCard}>
        <IconUsers size={22} stroke={1.7} aria-hidden />
        <span>
          <strong>Workspace</strong>
          <small>Its name, members and invitations</small>
        </span>
        <IconChevronRight size={20} aria-hidden />
      </Link>
      <Link to="/account/data" className={classes.linkCard}>
        <IconArchive size={22} stroke={1.7} aria-hidden />
        <span>
          <strong>Your data</strong>
          <small>Take everything along, or delete the account</small>
        </span>
        <IconChevronRight size={20} aria-hidden />
      </Link>
      <Link to="/credits" className={classes.linkCard}>
        <IconArmchair size={22} stroke={1.7} aria-hidden />
        <span>
          <strong>Credits</strong>
          <small>Whose work the imported furniture is</small>
        </span>
        <IconChevronRight size={20} aria-hidden />
      </Link>
      <div>
        <Button
          variant="default"
          leftSection={<IconLogout size={18} />}
          loading={logout.isPending}
          onClick={() => logout.mutate()}
        >
          Sign out
        </Button>
      </div>
    </div>
  );
}
