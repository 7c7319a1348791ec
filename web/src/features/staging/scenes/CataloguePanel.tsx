/** What there is to put in: by category, style and name. */
import { Select, Skeleton, TextInput } from "@mantine/core";
import { IconPhotoOff, IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { CatalogueFilter, CatalogueItem, StagingOptions } from "../../../api";
import { humanize } from "../../../lib/format";
import { sides } from "../../../lib/lengths";
import { ErrorState } from "../../../ui";
import { nameOf } from "./describe";
import classes from "./Panel.module.css";
import { useCatalogue } from "./useScene";

const CATEGORIES: CatalogueItem["category"][] = [
  "seating",
  "tables",
  "beds",
  "storage",
  "lighting",
  "textiles",
  "decor",
  "plants",
];

type Props = {
  options: StagingOptions | undefined;
  style: string;
  onPick: (item: CatalogueItem) => void;
};

export function CataloguePanel({ options, style, onPick }: Props) {
  const [category, setCategory] = useState<CatalogueItem["category"] | null>("seating");
  const [chosenStyle, setStyle] = useState<string>(style);
  const [search, setSearch] = useState("");
  const styles = options?.styles.map(({ id, label }) => ({ value: id, label })) ?? [];
  const isSearching = search.trim().length > 1;
  return (
    <>
      <TextInput
        size="sm"
        aria-label="Search furniture"
        placeholder="Search furniture"
        leftSection={<IconSearch size={17} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Select
        size="sm"
        aria-label="Style of furniture"
        data={[{ value: "", label: "All styles" }, ...styles]}
        value={chosenStyle}
        onChange={(value) => setStyle(value ?? "")}
        allowDeselect={false}
        className={classes.style}
      />
      {!isSearching && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
        <div className={classes.chips} role="group" aria-label="Category">
          {CATEGORIES.map((one) => (
            <button
              key={one}
              type="button"
              className={classes.chip}
              aria-pressed={one === category}
              onClick={() => setCategory(one)}
            >
              {humanize(one)}
            </button>
          ))}
          <button
            type="button"
            className={classes.chip}
            aria-pressed={category === null}
            onClick={() => setCategory(null)}
          >
            Imported
          </button>
        </div>
      )}
      <CatalogueGrid
        filter={
          category === null && !isSearching
            ? { imported: true }
            : { category: isSearching ? undefined : (category ?? undefined), style: chosenStyle || undefined }
        }
        ifEmpty={
          category === null && !isSearching
            ? "No furniture was imported yet. Models come in by the API or with “vitrine furniture import”."
            : undefined
        }
        search={isSearching ? search : ""}
        verb="Add"
        onPick={onPick}
      />
    </>
  );
}

export function CatalogueGrid(props: {
  filter: CatalogueFilter;
  search?: string;
  isCurrent?: (item: CatalogueItem) => boolean;
  ifEmpty?: string;
  verb: string;
  onPick: (item: CatalogueItem) => void;
}) {
  const list = useCatalogue(props.filter);
  if (list.isPending) {
    return (
      <div className={classes.grid} role="status" aria-label="Loading furniture">
        {[0, 1, 2, 3, 4, 5].map((n) => (
          <Skeleton key={n} height={132} />
        ))}
      </div>
    );
  }
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  const words = (props.search ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const items = list.data.filter((item) => {
    const text = `${item.name} ${item.kind} ${item.category}`.toLowerCase().replaceAll("_", " ");
    return words.every((word) => text.includes(word));
  });
  if (items.length === 0)
    return (
      <p className={classes.hint}>{props.ifEmpty ?? "Nothing of the kind. Try another style or word."}</p>
    );
  return (
    <ul className={classes.grid}>
      {items.map((item) => {
        const isCurrent = props.isCurrent?.(item) ?? false;
        return (
          <li key={item.id}>
            <button
              type="button"
              className={classes.card}
              aria-label={`${props.verb} ${item.name}`}
              aria-current={isCurrent || undefined}
              disabled={isCurrent}
              title={item.credit ? `${item.name}. ${item.credit}` : item.name}
              onClick={() => props.onPick(item)}
            >
              <Thumb src={item.thumb_url} />
              <span className={classes.cardName}>{nameOf(item)}</span>
              <span className={`${classes.rowSub} v-number`}>
                {isCurrent
                  ? "Here now"
                  : [
                      props.filter.style || item.credit ? null : humanize(item.style),
                      sides(item.size_m[0] as number, item.size_m[2] as number),
                    ]
                      .filter(Boolean)
                      .join(" · ")}
              </span>
              {item.credit && <span className={classes.cardCredit}>{item.credit}</span>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Tries to load a portrait before it is given up. */
const MOST_TRIES = 8;

function Thumb({ src }: { src: string | null }) {
  const [failures, setFailures] = useState(0);
  const [isWaiting, setWaiting] = useState(false);
  // A portrait that nobody looked at yet is drawn now, two at a time; the server turns the others away for a moment.
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(() => setWaiting(false), 900 + 400 * failures);
    return () => clearTimeout(timer);
  }, [isWaiting, failures]);
  if (!src || failures > MOST_TRIES) {
    return (
      <span className={classes.noThumb}>
        <IconPhotoOff size={22} stroke={1.3} aria-hidden />
      </span>
    );
  }
  if (isWaiting) return <span className={classes.noThumb} />;
  return (
    <img
      src={src}
      alt=""
      className={classes.thumb}
      loading="lazy"
      decoding="async"
      onError={() => {
        setFailures((count) => count + 1);
        setWaiting(true);
      }}
    />
  );
}
