/** The piece in hand: where it is, turning, colour, swapping, removing; without one, the list of all pieces. */
import { ActionIcon, Button, ColorSwatch, Tooltip } from "@mantine/core";
import {
  IconArmchair,
  IconArrowsExchange,
  IconCheck,
  IconChevronRight,
  IconRotate2,
  IconRotateClockwise2,
  IconTrash,
  IconX,
} from "@tabler/icons-react";
import { useState } from "react";
import type { Furniture } from "../../../api";
import { plural } from "../../../lib/format";
import { CatalogueGrid } from "./CataloguePanel";
import { nameOf, placeOf, sizeOf, sizeOnWall } from "./describe";
import classes from "./Panel.module.css";
import { PrintPanel } from "./PrintPanel";
import { isPrint } from "./prints";
import type { Editor } from "./useEditor";
import { useCatalogue } from "./useScene";

const COLOURS: [name: string, value: string][] = [
  ["Chalk", "#e9e4da"],
  ["Oat", "#cbb898"],
  ["Clay", "#b56a4c"],
  ["Brick", "#8f3b2e"],
  ["Mustard", "#c99a3b"],
  ["Olive", "#6f7a4b"],
  ["Forest", "#2f5546"],
  ["Petrol", "#2f5a66"],
  ["Denim", "#4c6382"],
  ["Plum", "#5b3a4e"],
  ["Stone", "#8b8780"],
  ["Charcoal", "#34383a"],
];

export function PiecePanel({ editor, onAdd }: { editor: Editor; onAdd: () => void }) {
  return editor.selected ? (
    <Inspector key={editor.selected.id} editor={editor} piece={editor.selected} />
  ) : (
    <PieceList editor={editor} onAdd={onAdd} />
  );
}

function PieceList({ editor, onAdd }: { editor: Editor; onAdd: () => void }) {
  const { furniture, room } = editor.draft;
  if (furniture.length === 0) {
    return (
      <div className={classes.empty}>
        <IconArmchair size={34} stroke={1.3} aria-hidden />
        <p>Nothing stands here yet. Add pieces, or take a whole arrangement.</p>
        <Button onClick={onAdd}>Add furniture</Button>
      </div>
    );
  }
  return (
    <>
      <p className={classes.hint}>
        {plural(furniture.length, "piece")}. Press one here or in the picture; drag it over the floor.
      </p>
      <ul className={classes.list}>
        {furniture.map((piece) => (
          <li key={piece.id}>
            <button type="button" className={classes.row} onClick={() => editor.select(piece.id)}>
              <span className={classes.rowText}>
                <span className={classes.rowName}>{nameOf(piece)}</span>
                <span className={classes.rowSub}>{placeOf(piece, room)}</span>
              </span>
              <IconChevronRight size={17} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Inspector({ editor, piece }: { editor: Editor; piece: Furniture }) {
  const [isSwapping, setSwapping] = useState(false);
  const canTurn = piece.support !== "wall" && piece.movable;
  return (
    <section aria-label={nameOf(piece)}>
      <div className={classes.pieceHead}>
        <div className={classes.rowText}>
          <h2 className={classes.pieceName}>{nameOf(piece)}</h2>
          <span className={`${classes.rowSub} v-number`}>
            {isPrint(piece) ? sizeOnWall(piece) : sizeOf(piece)}
          </span>
          <span className={`${classes.rowSub} v-number`}>{placeOf(piece, editor.draft.room)}</span>
        </div>
        <Tooltip label="Let go">
          <ActionIcon aria-label="Let go of this piece" onClick={() => editor.select(null)}>
            <IconX size={19} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.tools}>
        {canTurn && (
          <>
            <Button
              variant="default"
              leftSection={<IconRotate2 size={17} aria-hidden />}
              onClick={() => editor.turnBy(piece.id, 1)}
            >
              Turn left
            </Button>
            <Button
              variant="default"
              leftSection={<IconRotateClockwise2 size={17} aria-hidden />}
              onClick={() => editor.turnBy(piece.id, -1)}
            >
              Turn right
            </Button>
          </>
        )}
        <Button
          variant={isSwapping ? "light" : "default"}
          aria-expanded={isSwapping}
          leftSection={<IconArrowsExchange size={17} aria-hidden />}
          onClick={() => setSwapping((open) => !open)}
        >
          Swap
        </Button>
        <Button
          variant="default"
          color="brick"
          className={classes.danger}
          leftSection={<IconTrash size={17} aria-hidden />}
          onClick={() => editor.remove(piece.id)}
        >
          Remove
        </Button>
      </div>
      {isSwapping && (
        <div className={classes.block}>
          <h3>Another {nameOf(piece).toLowerCase()}</h3>
          <CatalogueGrid
            filter={{ kind: piece.kind }}
            isCurrent={(item) =>
              (item.asset ?? null) === piece.asset &&
              (piece.asset !== null || (item.option === piece.option && item.style === piece.style))
            }
            verb="Swap for"
            onPick={(item) => editor.swap(piece.id, item)}
          />
        </div>
      )}
      {isPrint(piece) ? (
        <PrintPanel editor={editor} piece={piece} />
      ) : (
        <Colours editor={editor} piece={piece} />
      )}
      {piece.asset && <PieceCredit asset={piece.asset} />}
    </section>
  );
}

/** Whose work an imported piece is. */
function PieceCredit({ asset }: { asset: string }) {
  const imported = useCatalogue({ imported: true });
  const credit = imported.data?.find((item) => item.asset === asset)?.credit;
  return credit ? <p className={classes.credit}>{credit}</p> : null;
}

function Colours({ editor, piece }: { editor: Editor; piece: Furniture }) {
  const current = piece.color?.toLowerCase() ?? null;
  const isCustom = current !== null && !COLOURS.some(([, value]) => value === current);
  return (
    <div className={classes.block}>
      <h3>Colour</h3>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div className={classes.swatches} role="group" aria-label="Colour">
        {COLOURS.map(([name, value]) => (
          <Tooltip key={value} label={name}>
            <ColorSwatch
              component="button"
              type="button"
              color={value}
              size={30}
              className={classes.swatch}
              aria-label={name}
              aria-pressed={current === value}
              onClick={() => editor.recolour(piece.id, value)}
            >
              {current === value && <IconCheck size={16} stroke={3} className={classes.tick} aria-hidden />}
            </ColorSwatch>
          </Tooltip>
        ))}
      </div>
      <div className={classes.ownColour}>
        <label className={classes.colourInput} data-on={isCustom || undefined}>
          <input
            type="color"
            value={current ?? "#8b8780"}
            onChange={(event) => editor.recolour(piece.id, event.currentTarget.value)}
          />
          Own colour
        </label>
        {current && (
          <Button variant="subtle" size="compact-sm" onClick={() => editor.recolour(piece.id, null)}>
            As designed
          </Button>
        )}
      </div>
    </div>
  );
}
