export const SHORTCUTS: [string[], string][] = [
  [["Tab"], "Next piece or corner"],
  [["←", "→", "↑", "↓"], "Move by 5 cm"],
  [["Shift", "arrows"], "Move by 25 cm"],
  [["Q", "E"], "Turn left, right by 15°"],
  [["[", "]"], "Turn left, right by 15°"],
  [["Shift"], "While turning by hand: any angle"],
  [["Delete"], "Remove the piece"],
  [["Esc"], "Let go of the piece"],
  [["Ctrl", "Z"], "Undo"],
  [["Ctrl", "Shift", "Z"], "Redo"],
  [["Ctrl", "S"], "Save"],
  [["P"], "Show the photo alone"],
];
