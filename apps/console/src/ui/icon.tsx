/** Outlines of 20 × 20, drawn with the colour of the text. Never the only thing that says something. */
const PATHS = {
  overview: 'M3.5 10.5h4v6h-4zM8.5 3.5h4v13h-4zM13.5 7.5h4v9h-4z',
  accounts: 'M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 16.5c.6-3 3-4.5 6-4.5s5.4 1.5 6 4.5',
  addresses:
    'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM3.2 10h13.600M10 3c2 2 2.8 4.4 2.8 7S12 15 10 17c-2-2-2.8-4.4-2.8-7S8 5 10 3z',
  history: 'M3.5 10a6.5 6.5 0 1 0 2-4.700L3.5 7M3.5 3.500V7H7M10 6.500V10l2.5 1.5',
  policies:
    'M4 5.500h6M14 5.500h2M4 10h1M9 10h7M4 14.500h7M15 14.500h1M12 3.800v3.400M7 8.300v3.400M13 12.800v3.4',
  deliveries: 'M2.5 9.500l15-6-5 13-3-5.500zM9.5 11l8-7.500',
  simulator: 'M6 4.200v11.600l9.5-5.800z',
  search: 'M9 14.500a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4',
  lock: 'M6.5 9V6.500a3.5 3.5 0 0 1 7 0V9M4.5 9h11v7.500h-11z',
  unlock: 'M6.5 9V6.500a3.5 3.5 0 0 1 6.8-1.200M4.5 9h11v7.500h-11z',
  warning: 'M10 3.5 17.5 16.500h-15zM10 8v4M10 14.200v.3',
  check: 'M4 10.500l4 4 8-9',
  close: 'M5 5l10 10M15 5L5 15',
  sun: 'M10 13.200a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.400zM10 2.500v1.800M10 15.700v1.800M2.5 10h1.800M15.7 10h1.800M4.7 4.7 6 6M14 14l1.3 1.300M15.3 4.7 14 6M6 14l-1.3 1.3',
  moon: 'M16 11.700A6.5 6.5 0 0 1 8.3 4a6.5 6.5 0 1 0 7.7 7.700z',
  screen: 'M3 4.500h14v9H3zM7.5 16.500h5M10 13.500v3',
  chevron: 'M7.5 5l5 5-5 5',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
