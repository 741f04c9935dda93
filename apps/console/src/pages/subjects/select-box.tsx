import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../messages.js';
import type { Ticking } from './subject-columns.js';

interface SelectBoxProps {
  readonly label: string;
  readonly checked: boolean;
  readonly mixed?: boolean;
  readonly disabled?: boolean;
  readonly onToggle: () => void;
}

/** A box to tick, with a target large enough for a thumb. */
export function SelectBox({ label, checked, mixed = false, disabled = false, onToggle }: SelectBoxProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = mixed;
  }, [mixed]);
  return (
    <label>
      <span class="visually-hidden">{label}</span>
      <input ref={box} type="checkbox" checked={checked} disabled={disabled} onChange={onToggle} />
    </label>
  );
}

export function SelectAllBox<Item>({
  ticking: { ticked, maximum, toggleAll },
}: {
  readonly ticking: Ticking<Item>;
}) {
  return (
    <SelectBox
      label={t('console.list.select-all', { maximum })}
      checked={ticked === 'all'}
      mixed={ticked === 'some'}
      onToggle={toggleAll}
    />
  );
}
