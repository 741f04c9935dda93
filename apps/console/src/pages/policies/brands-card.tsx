import type { PolicyItem } from 'nestjs-lockout/admin';
import { useState } from 'preact/hooks';
import { hashTo } from '../../address.js';
import { t } from '../../messages.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { BrandList } from './brand-list.js';

/** As long as the server takes. */
const MAX_LENGTH = 64;

/** Brands that use rules of their own instead of these, and a way to give one such rules. */
export function BrandsCard({ item, canEdit }: { readonly item: PolicyItem; readonly canEdit: boolean }) {
  return (
    <Card title={t('console.policies.brands')}>
      <div class="stack">
        <p class="muted">
          {t(item.brands.length === 0 ? 'console.policies.brands.none' : 'console.policies.brands.intro')}
        </p>
        {item.brands.length === 0 ? null : <BrandList item={item} />}
        {canEdit ? <AddBrand name={item.name} /> : null}
      </div>
    </Card>
  );
}

function AddBrand({ name }: { readonly name: string }) {
  const [brand, setBrand] = useState('');
  const [asked, setAsked] = useState(false);
  const isBlank = brand.trim() === '';
  return (
    <form
      class="brand-add"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (!isBlank) location.hash = hashTo(['policies', name, 'brands', brand.trim()], { tab: 'edit' });
      }}
    >
      <div class="field">
        <label for="new-brand">{t('console.policies.brands.name')}</label>
        <input
          id="new-brand"
          type="text"
          autocomplete="off"
          spellcheck={false}
          maxLength={MAX_LENGTH}
          value={brand}
          aria-invalid={(asked && isBlank) || undefined}
          aria-describedby={asked && isBlank ? 'new-brand-problem' : undefined}
          onInput={({ currentTarget }) => setBrand(currentTarget.value)}
        />
        {asked && isBlank ? (
          <p class="field-error" id="new-brand-problem" role="alert">
            {t('console.policies.brands.blank')}
          </p>
        ) : null}
      </div>
      <Button type="submit">{t('console.policies.brands.go')}</Button>
    </form>
  );
}
