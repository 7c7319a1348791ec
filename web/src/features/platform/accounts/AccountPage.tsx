import { Button, SegmentedControl, Skeleton, useMantineColorScheme } from "@mantine/core";
import { IconArmchair, IconChevronRight, IconDevices, IconLogout, IconShieldLock } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { accounts, type Me } from "../../../api";
import { keys } from "../../../app/keys";
import { plural } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { ErrorState } from "../../../ui";
import { QuotaBar } from "../billing/QuotaBar";
import classes from "./AccountPage.module.css";
import { PasswordCard } from "./PasswordCard";

export function AccountPage() {
  useTitle("Account");
  const me = useQuery({ queryKey: keys.me, queryFn: accounts.me });
  const logout = useMutation({ mutationFn: accounts.logout });
  const { colorScheme, setColorScheme } = useMantineColorScheme();

  return (
    <div className={classes.page}>
      <h1>Account</h1>
      {me.isError ? (
        <ErrorState error={me.error} onRetry={() => void me.refetch()} />
      ) : (
        <>
          <section className={classes.card} aria-labelledby="who">
            <h2 id="who">Profile</h2>
            {me.data ? <Profile me={me.data} /> : <Skeleton h={96} />}
          </section>
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
      <section className={classes.card} aria-labelledby="look">
        <h2 id="look">Appearance</h2>
        <SegmentedControl
          aria-label="Colour scheme"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as typeof colorScheme)}
          data={[
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
            { value: "auto", label: "System" },
          ]}
        />
      </section>
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

function Unverified({ email }: { email: string }) {
  const ask = useMutation({ mutationFn: () => accounts.requestVerification(email) });
  if (ask.isSuccess) return <span role="status">A link is on its way.</span>;
  return (
    <>
      <span className={classes.tag}>not verified</span>{" "}
      <Button size="compact-sm" variant="subtle" loading={ask.isPending} onClick={() => ask.mutate()}>
        Send the link again
      </Button>
    </>
  );
}

function Profile({ me }: { me: Me }) {
  const workspace = me.workspaces.find((one) => one.is_personal) ?? me.workspaces[0];
  return (
    <dl className={classes.facts}>
      <dt>Name</dt>
      <dd>{me.user.full_name}</dd>
      <dt>E-mail</dt>
      <dd>
        {me.user.email} {!me.user.email_verified && <Unverified email={me.user.email} />}
      </dd>
      {workspace && (
        <>
          <dt>Workspace</dt>
          <dd>{workspace.name}</dd>
        </>
      )}
      {me.user.is_operator && (
        <>
          <dt>Role</dt>
          <dd>Operator of this installation</dd>
        </>
      )}
    </dl>
  );
}
