import { Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { billing, type Usage } from "../../../api";
import { keys } from "../../../app/keys";
import { day } from "../../../lib/format";
import classes from "./QuotaBar.module.css";

export function useUsage() {
  return useQuery({ queryKey: keys.usage, queryFn: billing.usage, staleTime: 30_000 });
}

/** Images left this month; always in sight, silent when the plan has no limit. */
export function QuotaBar({ wide = false }: { wide?: boolean }) {
  const { data } = useUsage();
  if (!data || data.images.limit == null) return null;
  return (
    <Tooltip label={sentence(data)} disabled={wide} multiline maw={280}>
      <div className={classes.quota} data-wide={wide || undefined}>
        <Meter usage={data} />
        <span className={`${classes.label} v-number`}>
          {wide ? sentence(data) : `${data.images.remaining ?? 0} left`}
        </span>
      </div>
    </Tooltip>
  );
}

function sentence({ images, plan, period_end }: Usage): string {
  const reserved = images.reserved > 0 ? `, ${images.reserved} under way` : "";
  return `${images.used} of ${images.limit} images used${reserved} on the ${plan.name} plan. Starts anew on ${day(period_end)}.`;
}

function Meter({ usage: { images } }: { usage: Usage }) {
  const limit = Math.max(1, images.limit ?? 1);
  const used = Math.min(100, (images.used / limit) * 100);
  const reserved = Math.min(100 - used, (images.reserved / limit) * 100);
  const state = used + reserved >= 100 ? "full" : used + reserved >= 80 ? "near" : "fine";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <meter> cannot show used and reserved in two colours
    <div
      className={classes.track}
      data-state={state}
      role="meter"
      aria-label="Images used this month"
      aria-valuemin={0}
      aria-valuemax={limit}
      aria-valuenow={Math.min(limit, images.used + images.reserved)}
    >
      <div className={classes.used} style={{ width: `${used}%` }} />
      <div className={classes.reserved} style={{ width: `${reserved}%` }} />
    </div>
  );
}
