/** Engines, plans, and how the instance was set up at its start. */
import { Badge, Skeleton, Switch, TextInput } from "@mantine/core";
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import {
  type AdminEngine,
  asApiError,
  billing,
  type InstanceSetting,
  operator,
  type Plan,
} from "../../../api";
import { keys } from "../../../app/keys";
import { money, plural } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { ErrorState, toasts } from "../../../ui";
import classes from "./Operator.module.css";

export function SettingsPage() {
  useTitle("Settings");
  const engines = useQuery({ queryKey: keys.adminEngines, queryFn: operator.engines });
  const plans = useQuery({ queryKey: keys.billingPlans, queryFn: billing.plans });
  const settings = useQuery({ queryKey: keys.adminSettings, queryFn: operator.settings });
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const fits = (one: InstanceSetting) => `${one.name} ${one.description}`.toLowerCase().includes(wanted);
  const shown = settings.data?.settings.filter(fits) ?? [];
  return (
    <>
      <div>
        <h1>Settings</h1>
        <p className={classes.lead}>
          What this instance offers, and how it was set up
          {settings.data && `. Vitrine ${settings.data.version}`}.
        </p>
      </div>
      <Section title="Engines" query={engines}>
        <ul className={classes.list}>
          {engines.data?.items.map((one) => (
            <EngineRow key={one.engine.id} engine={one} />
          ))}
        </ul>
      </Section>
      <Section title="Plans" query={plans} lead="Workspaces are put on a plan under Workspaces.">
        <ul className={classes.list}>
          {plans.data?.items.map((plan) => (
            <PlanRow key={plan.code} plan={plan} />
          ))}
        </ul>
      </Section>
      <Section
        title="Set at the start"
        query={settings}
        lead="By environment variables or vitrine.toml; a change needs a restart. Secrets are shown to nobody."
      >
        <TextInput
          aria-label="Search settings"
          placeholder="Search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {shown.length === 0 && (
          <p className={classes.detail} role="status">
            No setting is called so.
          </p>
        )}
        <ul className={classes.list}>
          {shown.map((one) => (
            <SettingRow key={one.name} setting={one} />
          ))}
        </ul>
      </Section>
    </>
  );
}

function Section(props: {
  title: string;
  lead?: string;
  query: UseQueryResult<unknown>;
  children: ReactNode;
}) {
  const { query, title } = props;
  return (
    <section className={classes.section} aria-label={title}>
      <h2>{title}</h2>
      {props.lead && <p className={classes.detail}>{props.lead}</p>}
      {query.isPending && <Skeleton h={72} radius="lg" />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && props.children}
    </section>
  );
}

function EngineRow({ engine: { engine, is_enabled } }: { engine: AdminEngine }) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (wanted: boolean) => operator.switchEngine(engine.id, wanted),
    onError: (error) => toasts.show({ tone: "bad", text: asApiError(error).message }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.adminEngines }),
  });
  return (
    <li className={classes.row}>
      <div className={classes.body}>
        <div className={classes.name}>{engine.label}</div>
        <div className={classes.detail}>
          {[
            perImage(engine.price.amount_micros, engine.price.currency),
            `about ${plural(engine.typical_seconds, "second")} each`,
            engine.available ? null : (engine.reason ?? "not available"),
          ]
            .filter(Boolean)
            .join(" · ")}
        </div>
      </div>
      <Switch
        label="Takes new images"
        aria-label={`${engine.label} takes new images`}
        checked={is_enabled}
        disabled={change.isPending}
        onChange={(event) => change.mutate(event.currentTarget.checked)}
      />
    </li>
  );
}

function perImage(micros: number, currency: string): string {
  const shown = money(micros, currency);
  return shown ? `${shown} for an image` : "images are free";
}

/** Minor units are ten thousand micros. */
function price({ amount, currency }: { amount: number; currency: string }): string {
  const shown = money(amount * 10_000, currency);
  return shown ? `${shown} a month` : "free";
}

function PlanRow({ plan }: { plan: Plan }) {
  return (
    <li className={classes.row}>
      <div className={classes.body}>
        <div className={classes.name}>{plan.name}</div>
        <div className={classes.detail}>
          {[
            plan.images_per_month == null
              ? "images without limit"
              : `${plural(plan.images_per_month, "image")} a month`,
            `${plan.concurrency} at the same time`,
            plan.seats == null ? "people without limit" : plural(plan.seats, "seat"),
          ].join(" · ")}
        </div>
      </div>
      <span className={classes.detail}>{plan.price ? price(plan.price) : "not for sale"}</span>
    </li>
  );
}

function SettingRow({ setting }: { setting: InstanceSetting }) {
  return (
    <li className={classes.row}>
      <div className={classes.body}>
        <div className={classes.name}>
          <code>{setting.name}</code> {!setting.has_effect && <Badge color="gray">No effect yet</Badge>}
        </div>
        <div className={classes.detail}>{setting.description}</div>
      </div>
      <div className={classes.value}>
        <code>{setting.value ?? (setting.is_set ? "••••••••" : "not set")}</code>
        <span className={classes.detail}>
          {setting.is_set ? `from ${setting.origin === "file" ? "the file" : "the environment"}` : "default"}
        </span>
      </div>
    </li>
  );
}
