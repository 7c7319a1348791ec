/** Picking several photos: toggle, range with shift, all. Ids are of originals and of images alike. */
export type Selection = {
  ids: ReadonlySet<string>;
  /** Where a range starts: the last card toggled without shift. */
  anchor: string | null;
};

export const NOTHING: Selection = { ids: new Set(), anchor: null };

/** A card as selection sees it: the photo and the images under it. */
export type Card = { id: string; parts: readonly string[] };

export function toggleCard(
  selection: Selection,
  cards: readonly Card[],
  id: string,
  isRange: boolean,
): Selection {
  const at = cards.findIndex((card) => card.id === id);
  const from = selection.anchor === null ? -1 : cards.findIndex((card) => card.id === selection.anchor);
  const card = cards[at];
  if (!card) return selection;
  const ids = new Set(selection.ids);
  if (isRange && from >= 0) {
    for (const each of cards.slice(Math.min(at, from), Math.max(at, from) + 1)) addCard(ids, each);
    return { ids, anchor: selection.anchor };
  }
  if (ids.has(id)) {
    for (const part of [card.id, ...card.parts]) ids.delete(part);
  } else {
    addCard(ids, card);
  }
  return { ids, anchor: id };
}

export function toggleImage(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: selection.anchor };
}

export function selectAll(cards: readonly Card[]): Selection {
  const ids = new Set<string>();
  for (const card of cards) addCard(ids, card);
  return { ids, anchor: cards[0]?.id ?? null };
}

/** Without what is gone. */
export function prune(selection: Selection, cards: readonly Card[]): Selection {
  const known = new Set(cards.flatMap((card) => [card.id, ...card.parts]));
  if ([...selection.ids].every((id) => known.has(id))) return selection;
  return { ids: new Set([...selection.ids].filter((id) => known.has(id))), anchor: selection.anchor };
}

function addCard(ids: Set<string>, card: Card): void {
  ids.add(card.id);
  for (const part of card.parts) ids.add(part);
}
