export {
  type LockoutHealthDetails,
  LockoutHealthIndicator,
  type LockoutHealthLimits,
} from './lockout-health-indicator.js';
