// The theme follows the system's unless the user chooses one, which this browser remembers.
const KEY = "vitrine.theme";
export const themes = ["auto", "light", "dark"];

export function theme() {
  const kept = localStorage.getItem(KEY);
  return themes.includes(kept) ? kept : "auto";
}

export function applyTheme() {
  document.documentElement.dataset.theme = theme();
}

export function chooseTheme(name) {
  localStorage.setItem(KEY, name);
  applyTheme();
}
