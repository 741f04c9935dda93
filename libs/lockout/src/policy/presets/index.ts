import { aspNetIdentity } from './asp-net-identity.js';
import { asvs } from './asvs.js';
import { authelia } from './authelia.js';
import { authgear } from './authgear.js';
import { cognito } from './cognito.js';
import { contentstack } from './contentstack.js';
import { devise } from './devise.js';
import { djangoAxes } from './django-axes.js';
import { entra } from './entra.js';
import { keycloak } from './keycloak.js';
import { nist } from './nist.js';
import { oneWelcome } from './one-welcome.js';
import { outSystems } from './out-systems.js';
import { pamFaillock } from './pam-faillock.js';
import { pciDss } from './pci-dss.js';
import { reachFive } from './reach-five.js';
import { vault } from './vault.js';
import { zitadel } from './zitadel.js';

export { type AspNetIdentityOptions, aspNetIdentity } from './asp-net-identity.js';
export { type AsvsOptions, asvs } from './asvs.js';
export { type AutheliaOptions, authelia } from './authelia.js';
export { type AuthgearOptions, authgear } from './authgear.js';
export { type CognitoOptions, cognito } from './cognito.js';
export {
  CONTENTSTACK_MESSAGES,
  CONTENTSTACK_ROWS,
  type ContentstackOptions,
  contentstack,
} from './contentstack.js';
export { type DeviseOptions, devise } from './devise.js';
export { type AxesParameter, type AxesTier, type DjangoAxesOptions, djangoAxes } from './django-axes.js';
export { type EntraOptions, entra } from './entra.js';
export { type KeycloakOptions, keycloak } from './keycloak.js';
export { type NistOptions, nist } from './nist.js';
export { type OneWelcomeOptions, oneWelcome } from './one-welcome.js';
export {
  OUT_SYSTEMS_MESSAGES,
  type OutSystemsLevel,
  type OutSystemsOptions,
  outSystems,
} from './out-systems.js';
export { type PamFaillockOptions, pamFaillock } from './pam-faillock.js';
export { type PciDssOptions, pciDss } from './pci-dss.js';
export { type ReachFiveOptions, reachFive } from './reach-five.js';
export { type VaultOptions, vault } from './vault.js';
export { type ZitadelOptions, zitadel } from './zitadel.js';

/** The presets by name, for settings that choose one (`LOCKOUT_PRESET=reachfive`). Each returns a list of policies. */
export const presets = Object.freeze({
  outsystems: outSystems,
  reachfive: reachFive,
  onewelcome: oneWelcome,
  authgear,
  contentstack,
  keycloak,
  devise,
  'django-axes': djangoAxes,
  'aspnet-identity': aspNetIdentity,
  entra,
  cognito,
  vault,
  authelia,
  'pam-faillock': pamFaillock,
  zitadel,
  nist,
  'pci-dss': pciDss,
  asvs,
});

export type PresetName = keyof typeof presets;
